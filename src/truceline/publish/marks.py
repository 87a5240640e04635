"""Marks of the map as shapes: the shape says the kind, the letter says it again, no shape mirrors, none is a ring."""

from __future__ import annotations

from html import escape

from truceline.core.claims import GROUP_OF

SHAPES = ("fire", "air", "position", "detained", "restriction", "site", "other")
"""Kinds of marks in the order of the legend."""

_BY_TYPE = {
    "overflight": "air",
    "jamming": "air",
    "position_lost": "position",
    "territorial_control": "position",
    "infiltration_repelled": "position",
    "prisoners": "detained",
    "detained_exchange": "detained",
    "freedom_of_movement": "restriction",
    "obstruction_attempt": "restriction",
    "site_visit": "site",
    "humanitarian": "site",
    "monitoring_centre": "site",
    "mine_incident": "site",
}
_OUTLINES = {
    "air": "M0 -11L10.5 8H-10.5Z",
    "position": "M-8.5 -8.5H8.5V8.5H-8.5Z",
    "detained": "M0 -10.5L10 -3.2L6.2 8.6H-6.2L-10 -3.2Z",
    "restriction": "M-4 -9.6H4L9.6 -4V4L4 9.6H-4L-9.6 4V-4Z",
    "site": "M0 -11L9.5 -2.5V8.5H-9.5V-2.5Z",
    "other": "M0 -10L10 0L0 10L-10 0Z",
}


def kind_of(types: tuple[str, ...]) -> str:
    """Choose the kind of mark for an incident by its most frequent claim type."""
    for word in types:
        if word in _BY_TYPE:
            return _BY_TYPE[word]
        if GROUP_OF.get(word) in {"fire", "loss"}:
            return "fire"
    return "other"


def outline(kind: str, extra: str = "") -> str:
    """Write the outline of a kind, centred on the origin."""
    if kind == "fire":
        return f'<circle r="9.5" class="mo{extra}"/>'
    return f'<path d="{_OUTLINES[kind]}" class="mo{extra}"/>'


def sign(kind: str, letter: str, state: str) -> str:
    """Write a mark with its letter; the fill says the state of its determination.

    Args:
        kind: One of `SHAPES`.
        letter: Its letter in the language.
        state: ``reported``, ``agreed``, ``differing`` or ``could not be attributed``.

    Returns:
        The mark as SVG, centred on the origin.
    """
    style = {"agreed": " full", "could not be attributed": " dotted"}.get(state, "")
    y = {"air": 5.6, "site": 4.6}.get(kind, 3.8)
    text = f'<text y="{y}" class="ml{style}" text-anchor="middle">{escape(letter)}</text>'
    if state == "differing":
        return outline(kind) + '<path d="M-2.2 7L2.2 -7" class="split"/>'
    return outline(kind, style) + text
