"""Places in degrees: decimal, minutes, seconds, packed; hemispheres before or after, or said by the labels of latitude and longitude."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from truceline.collect.radio.draft import Draft
from truceline.collect.radio.shapes import Found
from truceline.collect.radio.words import Token
from truceline.core.watchlog import Reading, Spot
from truceline.geo import grids
from truceline.geo.points import distance_m

_METRES_A_DEGREE = 111_320.0
_WORDS_A_SIDE = (
    "",
    " _ degree? ~ and? ~ b{0}=number _ minute|minute_letter?",
    " _ degree? ~ and? ~ b{0}=number _ minute|minute_letter? ~ and? ~ c{0}=number _ second?",
)
_UNITS_LAST = (" _ degree?", "", "")
_LABEL = "l{0}=latitude|longitude"


def _side(n: int, parts: int) -> str:
    """A latitude or longitude of one to three numbers, without its hemisphere."""
    return f"a{n}=number" + (_WORDS_A_SIDE[parts - 1] + _UNITS_LAST[parts - 1]).format(n)


def _pair(parts: int, how: str) -> str:
    """Two of them, with hemispheres after, before, or none but labels."""
    sides = []
    for n in (1, 2):
        label = _LABEL.format(n)
        side = _side(n, parts)
        sides.append(
            {
                "after": f"( {label} ~ )? {side} _ h{n}=hemisphere",
                "before": f"( {label} ~ )? h{n}=hemisphere ~ {side}",
                "label": f"{label} ~ h{n}=dash? {side}",
                "label after": f"{side} ~ {label}",
            }[how]
        )
    return " ~ and? ~ ".join(sides)


_SHAPES = tuple(
    _pair(parts, how) for how in ("after", "before", "label", "label after") for parts in (3, 2, 1)
)
_BARE = "p=position? ~ s1=dash? a1=number _ degree? ~ s2=dash? a2=number _ degree?"


def read_degrees(draft: Draft) -> None:
    """Read places in degrees.

    Args:
        draft: The line.
    """
    for shape in _SHAPES:
        for found in draft.find(shape):
            sides = [_value(draft, found, n) for n in (1, 2)]
            if sides[0] is not None and sides[1] is not None and {sides[0][2], sides[1][2]} == {"lat", "lon"}:
                _put(draft, found, sides[0], sides[1], ())
    for found in draft.find(_BARE):
        _bare(draft, found)


_Side = tuple[float, float, str]
"""Degrees, half of the unit of the last digit in degrees, ``lat`` or ``lon``."""


def _value(draft: Draft, found: Found, n: int) -> _Side | None:
    parts = [token for name in "abc" for token in found.tokens(f"{name}{n}")]
    hemisphere = next((t.classes.get("hemisphere", "") for t in found.tokens(f"h{n}")), "")
    label = next((("lat" if "latitude" in t.classes else "lon") for t in found.tokens(f"l{n}")), "")
    axis = {"N": "lat", "S": "lat", "E": "lon", "W": "lon"}.get(hemisphere, label)
    if not axis or (label and label != axis):
        return None
    numbers = _unpacked(parts, axis, is_marked=found.has(f"h{n}")) if len(parts) == 1 else _numbers(parts)
    if numbers is None:
        return None
    most = 90 if axis == "lat" else 180
    values, half = numbers
    degrees = sum(float(value) / 60**at for at, value in enumerate(values))
    if any(value >= 60 for value in values[1:]) or degrees > most:
        draft.refuse(
            "radio.position",
            f"'{draft.said(found.indices)}' is no place: minutes and seconds are less than 60, latitudes at most 90",
            draft.said(found.indices),
            "check the digits",
        )
    is_negative = hemisphere in {"S", "W"} or any("dash" in t.classes for t in found.tokens(f"h{n}"))
    return (-degrees if is_negative else degrees), float(half), axis


def _numbers(parts: Sequence[Token]) -> tuple[list[Decimal], Decimal] | None:
    """Degrees, minutes and seconds, of which only the last may have a fraction, and half of the last digit's unit in degrees."""
    if any("int" not in token.classes for token in parts[:-1]) or len(parts[0].text) > 3:
        return None
    return [token.number for token in parts], _half(parts[-1].text) / 60 ** (len(parts) - 1)


def _half(text: str) -> Decimal:
    plain = text.replace(",", ".")
    return Decimal(1).scaleb(-len(plain.partition(".")[2])) / 2


def _unpacked(parts: Sequence[Token], axis: str, *, is_marked: bool) -> tuple[list[Decimal], Decimal] | None:
    """One number: decimal degrees, or degrees with minutes and seconds in one row of digits."""
    text = parts[0].text.replace(",", ".")
    whole, _, fraction = text.partition(".")
    width = 2 if axis == "lat" else 3
    if len(whole) <= width:
        return [Decimal(text)], _half(text)
    if not is_marked or len(whole) not in {width + 2, width + 4}:
        return None
    cuts = [
        whole[:width],
        whole[width : width + 2],
        *([whole[width + 2 :]] if len(whole) > width + 2 else []),
    ]
    cuts[-1] += f".{fraction}" if fraction else ""
    return [Decimal(cut) for cut in cuts], _half(text) / 60 ** (len(cuts) - 1)


def _bare(draft: Draft, found: Found) -> None:
    """Two numbers of which nothing says which is which."""
    tokens = [found.tokens("a1")[0], found.tokens("a2")[0]]
    digits = [len(token.text.replace(",", ".").partition(".")[2]) for token in tokens]
    if min(digits) < (1 if found.has("p") else 3) or any("spoken" in token.classes for token in tokens):
        return
    first, second = (
        float(token.number) * (-1 if _is_negative(draft, found, n) else 1)
        for n, token in enumerate(tokens, 1)
    )
    halves = [float(_half(token.text)) for token in tokens]
    said = draft.said(found.indices)
    straight, turned = (
        abs(lat) <= 90 and abs(lon) <= 180 and draft.theatre.holds(Spot(lon, lat))
        for lat, lon in ((first, second), (second, first))
    )
    if straight == turned:
        draft.take(found.indices)
        draft.ask(
            "position", "which number is the latitude, which the longitude, and of which hemisphere?", said
        )
        return
    note = "hemispheres not said: north and east, as the mission's area lies"
    if turned:
        draft.ask("position", "is the longitude the first of the two numbers?", said)
        note += "; longitude first, as only so the place lies in the area"
        first, second, halves = second, first, halves[::-1]
    _put(draft, found, (first, halves[0], "lat"), (second, halves[1], "lon"), (note,))


def _is_negative(draft: Draft, found: Found, n: int) -> bool:
    """Whether a dash before a number is its sign: it stands at the number and away from what is before."""
    at = found.at(f"a{n}")[0]
    dash = draft.tokens[at - 1] if at else None
    return bool(dash and "dash" in dash.classes and draft.tokens[at].is_glued and not dash.is_glued)


def _put(draft: Draft, found: Found, one: _Side, other: _Side, notes: tuple[str, ...]) -> None:
    lat, lon = (one, other) if one[2] == "lat" else (other, one)
    spot = Spot(lon[0], lat[0])
    error_m = _METRES_A_DEGREE * math.hypot(lat[1], lon[1] * math.cos(math.radians(lat[0])))
    datum, indices = datum_beside(draft, found.indices)
    said = draft.said([*found.indices, *indices])
    system = "degrees, WGS 84"
    if datum == "sk42":
        spot, error_m, system = grids.from_sk42_degrees(spot), error_m + grids.SK42_ERROR_M, "degrees, SK-42"
    elif datum not in {"", "wgs84"}:
        draft.take([*found.indices, *indices])
        draft.ask("position", f"where is this on WGS 84? Degrees of the system {datum} are not read", said)
        return
    elif not datum:
        notes = (*notes, "datum not said: WGS 84")
    draft.take([*found.indices, *indices])
    put_position(draft, Reading(said, spot, round(error_m, 1), "m", system, notes))


def datum_beside(draft: Draft, indices: Sequence[int]) -> tuple[str, tuple[int, ...]]:
    """Return the system that is named beside some words, or alone in the line, and where; an empty word where none is."""
    for step, start in ((-1, indices[0] - 1), (1, indices[-1] + 1)):
        at = start
        while 0 <= at < len(draft.tokens) and {"soft", "position", "filler"} & set(draft.tokens[at].classes):
            at += step
        if 0 <= at < len(draft.tokens) and "system" in draft.tokens[at].classes and at not in draft.taken:
            return draft.tokens[at].classes["system"], (at,)
    rest = [
        at for at, token in enumerate(draft.tokens) if "system" in token.classes and at not in draft.taken
    ]
    return (draft.tokens[rest[0]].classes["system"], (rest[0],)) if len(rest) == 1 else ("", ())


def put_position(draft: Draft, reading: Reading[Spot]) -> None:
    """Keep a place; one that lies outside the area is asked about, a second one has to agree with the first.

    Args:
        draft: The line.
        reading: The place.
    """
    spot = reading.meant
    if not draft.theatre.holds(spot):
        draft.ask("position", "this lies outside the mission's area: is every digit right?", reading.said)
    there = draft.fields.get("position")
    if there is None:
        draft.put("position", reading)
        return
    gap_m = distance_m((spot.lon, spot.lat), (there.meant.lon, there.meant.lat))
    if gap_m > 2 * ((reading.error or 0) + (there.error or 0)) + 5:
        draft.refuse(
            "radio.contradiction",
            f"the line gives two places, {gap_m:.0f} m apart: '{there.said}' and '{reading.said}'",
            f"{there.said} … {reading.said}",
            "say which one holds",
        )
    if (reading.error or 0) < (there.error or 0):
        draft.fields["position"] = reading
