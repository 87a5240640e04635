"""Places by their names: alone, and with a distance and a direction from them."""

from __future__ import annotations

import math

import numpy as np

from truceline.collect.radio.bearings import circle_m, half_unit_of_angle, wind_deg, wind_error_deg
from truceline.collect.radio.degrees import put_position
from truceline.collect.radio.draft import Draft
from truceline.collect.radio.lengths import BAND, band_of_words
from truceline.collect.radio.ports import NamedPlace
from truceline.collect.radio.shapes import Found
from truceline.collect.radio.words import Token
from truceline.core.watchlog import Reading, Spot
from truceline.geo.plane import Plane
from truceline.geo.points import distance_m

_MOST_WORDS = 4
_BOUNDS = frozenset(
    {
        "less",
        "most",
        "more",
        "least",
        "ormore",
        "ormoresign",
        "least_after",
        "most_after",
        "more_after",
        "less_after",
    }
)
_NEAR_M = 2000.0
_WAY = "( c=compass | g=number _ degree )"
_GAP = "filler|sort|dot*"
_OF = "( of|from|to|near filler* )?"
_LONG = f"( distance ~ )? {BAND} ( filler* distance )?"
_OFFSETS = (
    f"{_GAP} {_LONG} ~ ( to|bearing filler* )? {_WAY} {_GAP} {_OF} {_GAP} p=place",
    f"( to|bearing filler* )? {_WAY} ~ {_LONG} {_GAP} of|from {_GAP} p=place",
    f"{_LONG} {_GAP} of|from {_GAP} p=place ~ ( to|bearing filler* )? {_WAY}",
    f"( to|bearing filler* )? {_WAY} {_GAP} {_OF} {_GAP} p=place ~ {_LONG}",
    f"p=place {_GAP} ( from {_GAP} )? {_LONG} {_GAP} ( to|bearing filler* )? {_WAY}",
    f"p=place {_GAP} ( from {_GAP} )? {_WAY} {_GAP} {_LONG}",
)


def mark_places(draft: Draft) -> None:
    """Join the words that name places of the mission, the longest names first.

    Args:
        draft: The line; its tokens are made anew.
    """
    out: list[Token] = []
    at = 0
    while at < len(draft.tokens):
        token, used = _named(draft, at)
        out.append(token)
        at += used
    draft.tokens[:] = out


def _named(draft: Draft, at: int) -> tuple[Token, int]:
    tokens = draft.tokens
    first = tokens[at]
    if not first.text[0].isalpha():
        return first, 1
    ends = [at]
    for next_ in range(at + 1, min(at + 2 * _MOST_WORDS, len(tokens))):
        if tokens[next_].text[0].isalpha():
            ends.append(next_)
        elif "dash" not in tokens[next_].classes:
            break
    for end in reversed(ends[:_MOST_WORDS]):
        words = [token.text for token in tokens[at : end + 1] if token.text[0].isalpha()]
        if end == at and set(first.classes) - {"word", "letters3", "letters2", "letters1"}:
            continue
        if draft.theatre.find_places(words):
            last = _suffix(tokens, end)
            text = draft.line.plain[first.start : tokens[end].end]
            place = Token(
                first.start,
                tokens[last].end,
                text,
                {"place": "\n".join(words)},
                first.is_glued,
                first.is_joined,
            )
            return place, last + 1 - at
    return first, 1


def _suffix(tokens: list[Token], end: int) -> int:
    """The end of a name with the ending that follows an apostrophe."""
    if end + 2 < len(tokens) and "quote" in tokens[end + 1].classes and tokens[end + 1].is_glued:
        after = tokens[end + 2]
        if after.is_glued and after.text.isalpha() and len(after.text) <= 4:
            return end + 2
    return end


def read_places(draft: Draft) -> None:
    """Read places by their names.

    Args:
        draft: The line.
    """
    for shape in _OFFSETS:
        for found in draft.find(shape):
            _offset(draft, found)
    for found in draft.find("( n=near|from|of ~ )? p=place"):
        _alone(draft, found)


def _choose(draft: Draft, token: Token, said: str) -> NamedPlace | None:
    """The place that a name means: where several bear it, the smallest if the others hold it; else it is asked."""
    found = sorted(
        draft.theatre.find_places(token.classes["place"].split("\n")), key=lambda one: one.precision_m
    )
    if not found:
        return None
    first = found[0]
    here = (first.spot.lon, first.spot.lat)
    if any(distance_m(here, (other.spot.lon, other.spot.lat)) > other.precision_m for other in found[1:]):
        draft.ask("position", f"which '{token.text}': {', '.join(one.id for one in found)}?", said)
        return None
    return first


def _offset(draft: Draft, found: Found) -> None:
    said = draft.said(found.indices)
    reading = band_of_words(draft, found)
    place = _choose(draft, found.tokens("p")[0], said)
    if reading is None:
        return
    draft.take(found.indices)
    low, high = reading.meant.least_m, reading.meant.most_m
    if (
        place is None
        or low is None
        or high is None
        or any(_BOUNDS & set(t.classes) for key in ("k", "kc", "kd", "ke", "kf") for t in found.tokens(key))
    ):
        draft.ask("position", "how far is it from there?" if place else "which place is meant?", said)
        return
    if found.has("c"):
        point = found.tokens("c")[0].classes["compass"]
        deg, width = wind_deg(point), wind_error_deg(point)
    else:
        number = found.tokens("g")[0]
        deg, width = float(number.number), float(half_unit_of_angle(number.text)) + 10.0
        if deg > 360:
            draft.refuse("radio.bearing", f"'{said}': a circle has 360 degrees", said, "check the digits")
    length_m = (low + high) / 2
    way = math.radians(deg)
    spot = _moved(place.spot, length_m * math.sin(way), length_m * math.cos(way))
    error_m = place.precision_m + (high - low) / 2 + (reading.error or 0) + circle_m(width, length_m)
    notes = [f"{place.id}: the point that stands for it, within {place.precision_m:.0f} m"]
    if place.is_inflected:
        notes.append("the name was found by its stem")
    put_position(
        draft, Reading(said, spot, round(error_m, 0), "m", "place, distance, direction", tuple(notes))
    )


def _moved(spot: Spot, east_m: float, north_m: float) -> Spot:
    lon, lat = Plane(spot.lon, spot.lat).to_ground(np.array([[east_m, north_m]]))
    return Spot(round(float(lon[0]), 7), round(float(lat[0]), 7))


def _alone(draft: Draft, found: Found) -> None:
    said = draft.said(found.indices)
    place = _choose(draft, found.tokens("p")[0], said)
    draft.take(found.indices)
    if place is None:
        draft.ask("position", "which place is meant?", said)
        return
    if _is_measured_from(draft, found):
        draft.refuse(
            "radio.place",
            f"'{said}' stands beside a distance or direction that may count from it",
            said,
            "say distance, direction and place together, or part them with a comma",
        )
    notes = [f"{place.id}: the point that stands for it, within {place.precision_m:.0f} m"]
    error_m = place.precision_m
    if found.has("n"):
        error_m += _NEAR_M
        notes.append(f"near: {_NEAR_M:.0f} m wider")
    if place.is_inflected:
        notes.append("the name was found by its stem")
    there = draft.fields.get("position")
    reading = Reading(said, place.spot, error_m, "m", "place", tuple(notes))
    if there is None:
        put_position(draft, reading)
    elif distance_m((there.meant.lon, there.meant.lat), (place.spot.lon, place.spot.lat)) > error_m + (
        there.error or 0
    ):
        draft.ask("position", f"'{there.said}' does not lie at {said}: which one holds?", said)


def _is_measured_from(draft: Draft, found: Found) -> bool:
    """Whether a length or a point of the compass stands right before or behind a place, with nothing that parts them."""
    for step, start in ((-1, found.indices[0] - 1), (1, found.indices[-1] + 1)):
        at = start
        while 0 <= at < len(draft.tokens) and {"filler", "of", "from", "to", "sort", "dot", "quote"} & set(
            draft.tokens[at].classes
        ):
            at += step
        if (
            0 <= at < len(draft.tokens)
            and at not in draft.taken
            and {"unit", "compass", "distance"} & set(draft.tokens[at].classes)
        ):
            return True
        if (
            step == 1
            and at + 1 < len(draft.tokens)
            and "number" in draft.tokens[at].classes
            and "unit" in draft.tokens[at + 1].classes
        ):
            return True
    return False
