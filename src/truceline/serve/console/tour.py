"""The tour for newcomers: what is pointed at on each page, in the order in which a watch is kept."""

from __future__ import annotations

from dataclasses import dataclass

STEPS = {
    "watch": (
        ("realm", ".realmbar"),
        ("queue", ".queue"),
        ("picture", ".mapframe"),
        ("timeline", ".timeframe"),
        ("evidence", "#evidence"),
        ("keys", ".keyfoot"),
        ("known", ".topbar .known"),
    ),
    "board": (("obligations", "[data-board] table"),),
    "map": (("lines", ".mapframe"),),
    "review": (("claims", ".reading"), ("judging", ".reviewacts")),
    "duty": (("notice", ".dutycard"), ("duties", ".subnav")),
    "report": (("papers", ".papers"), ("files", ".files")),
}
"""Place of the top bar -> word of the catalogue and CSS selector of each thing that is pointed at."""


@dataclass(frozen=True, slots=True)
class Tour:
    """The tour's part on one page.

    Args:
        steps: Word of the catalogue and CSS selector, in order.
        next_href: Address of the place where it goes on, or empty at its end.
        next_word: That place's name, or empty.
    """

    steps: tuple[tuple[str, str], ...]
    next_href: str = ""
    next_word: str = ""


def tour_of(place: str, places: list[dict[str, object]]) -> Tour | None:
    """Find the tour's part on a page.

    Args:
        place: Key of the place that is shown.
        places: The places that the viewer sees, in the order of the top bar, with ``key``, ``href`` and ``word``.

    Returns:
        Its steps and where it goes on; None on a page that it leaves out.
    """
    if place not in STEPS:
        return None
    shown = [one for one in places if one["key"] in STEPS]
    keys = [str(one["key"]) for one in shown]
    after = shown[keys.index(place) + 1 :] if place in keys else []
    if not after:
        return Tour(STEPS[place])
    return Tour(STEPS[place], str(after[0]["href"]), str(after[0]["word"]))
