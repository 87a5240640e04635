"""Places on grids: MGRS, UTM, Gauss-Krueger of 1942, in full and cut short."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from truceline.collect.radio.degrees import datum_beside, put_position
from truceline.collect.radio.draft import Draft, half_unit
from truceline.collect.radio.shapes import Found
from truceline.collect.radio.words import Token
from truceline.core.watchlog import Reading, Spot
from truceline.geo import grids
from truceline.geo.points import distance_m

_STEP_M = 100_000.0
"""What coordinates that were cut short leave out counts in steps of this."""
_NEAR_M = 35_000.0
"""A place that was cut short is the one next to the observer, if it is as near as this."""
_EVEN = "d2|d4|d6|d8|d10"
_MGRS = (
    "m=mgrs|position? ~ z=d1|d2 ( b=letters1 ~ s=letters2 | k=letters3 ) _ ( e1=d1 n1=d1 | e2=d2 n2=d2 | e3=d3 n3=d3 | "
    f"e4=d4 n4=d4 | e5=d5 n5=d5 | w={_EVEN} )"
)
_SHORT = "m=mgrs|position ~ s=letters2 _ ( e3=d3 n3=d3 | e4=d4 n4=d4 | e5=d5 n5=d5 | w=d4|d6|d8|d10 )"
_WITH_AFTER = frozenset({"unit", "degree", "mil", "zoneletter"})
_E = "( easting ~ )? ( hemisphere )? ( e=d6|d7|decimal | e1=d3 e2=d3 ) _ unit? ( easting|hemisphere )?"
_N = "( northing ~ )? ( hemisphere )? ( n=d7|decimal | n1=d1 n2=d3 n3=d3 ) _ unit? ( northing|hemisphere )?"
_ZONE = "( u=utm ~ )? ( zone_utm ~ )? z=d1|d2 b=letters1?"
_UTM = (
    f"{_ZONE} ~ {_E} ~ {_N}",
    f"{_ZONE} ~ {_N} ~ {_E}",
    f"{_E} ~ {_N} ~ u=utm|zone_utm+ ~ z=d1|d2 b=letters1?",
    f"{_N} ~ {_E} ~ u=utm|zone_utm+ ~ z=d1|d2 b=letters1?",
    f"u=utm ~ {_E} ~ {_N}",
    f"u=utm ~ {_N} ~ {_E}",
)
_GK = (
    "s=system? ~ zone_utm ~ z=d1|d2 ~ x=gk_x ~ a=int+ _ unit? ~ y=gk_y ~ b=int+ _ unit?",
    "s=system? ~ x=gk_x ~ a=int+ _ unit? ~ y=gk_y ~ b=int+ _ unit?",
    "s=system? ~ y=gk_y ~ b=int+ _ unit? ~ x=gk_x ~ a=int+ _ unit?",
    "s=system ~ a=d7 _ unit? ~ b=d7|d8 _ unit?",
    "a=d7 ~ b=d7|d8 ~ s=system",
    "s=system ~ a=d1 c=d3 c2=d3 _ ~ b=d1|d2 d=d3 d2=d3",
)
_SQUARE = "q=square ~ a=d4 ( ~ snail ~ k=d1 )?"
_SNAIL = {1: (0, 2), 2: (1, 2), 3: (2, 2), 4: (2, 1), 5: (2, 0), 6: (1, 0), 7: (0, 0), 8: (0, 1), 9: (1, 1)}
"""Parts of a square of a kilometre, clockwise from the north-west, the ninth in the middle: columns and rows of thirds."""


def read_grids(draft: Draft) -> None:
    """Read places on grids.

    Args:
        draft: The line.
    """
    for found in draft.find(_MGRS):
        _mgrs(draft, found)
    for found in draft.find(_SHORT):
        _mgrs(draft, found)
    for shape in _UTM:
        for found in draft.find(shape):
            _utm(draft, found)
    for shape in _GK:
        for found in draft.find(shape):
            _gauss(draft, found)
    for found in draft.find(_SQUARE):
        _square(draft, found)


def _digits(draft: Draft, found: Found) -> tuple[str, list[int]] | None:
    """The digits of a grid reference, and which words they are; None where a number belongs to what follows."""
    wide = found.token("w")
    if wide is not None:
        at = found.at("w")[0]
        after = draft.tokens[at + 1] if at + 1 < len(draft.tokens) else None
        if (
            after is not None
            and "int" in after.classes
            and len(after.text) == len(wide.text)
            and len(wide.text) <= 5
        ):
            return None
        return wide.text, []
    parts = [token.text for n in range(1, 6) for name in "en" for token in found.tokens(f"{name}{n}")]
    after_at = found.indices[-1] + 1
    after = draft.tokens[after_at] if after_at < len(draft.tokens) else None
    if (after is not None and (_WITH_AFTER & set(after.classes))) or (
        after is not None and after.is_glued and "word" in after.classes
    ):
        return None
    return "".join(parts), []


def _mgrs(draft: Draft, found: Found) -> None:
    zone_token = found.token("z")
    letters = "".join(
        token.classes.get(f"letters{n}", "")
        for name, n in (("b", 1), ("s", 2), ("k", 3))
        for token in found.tokens(name)
    )
    named = [token for name in "bsk" for token in found.tokens(name)]
    if any("month" in token.classes for token in named) or not all(
        t.text.isupper() or t.is_glued for t in named
    ):
        return
    got = _digits(draft, found)
    said = draft.said(found.indices)
    if got is None:
        draft.refuse(
            "radio.position",
            f"'{said}' is no whole grid reference",
            said,
            "give as many digits of the easting as of the northing",
        )
    digits = got[0]
    try:
        if zone_token is None:
            spot, width_m, note = _in_area(draft, letters, digits)
        else:
            spot, width_m = grids.from_mgrs(int(zone_token.text), letters[0], letters[1:], digits)
            note = ()
    except ValueError as error:
        if not found.has("m") and len(digits) < 6:
            return
        draft.refuse(
            "radio.position",
            f"'{said}' is no grid reference: {error}",
            said,
            "check zone, letters and digits",
        )
    draft.take(found.indices)
    put_position(draft, Reading(said, spot, width_m, "m", "MGRS", note))


def _in_area(draft: Draft, square: str, digits: str) -> tuple[Spot, float, tuple[str, ...]]:
    """The square of those letters that lies in the mission's area."""
    west, south, east, north = draft.theatre.box
    zones = {
        grids.utm_zone(Spot(lon, draft.theatre.middle.lat)) for lon in (west, draft.theatre.middle.lon, east)
    }
    bands = {grids.band_of(lat) for lat in (south, draft.theatre.middle.lat, north)}
    out = []
    for zone in sorted(zones):
        for band in sorted(bands):
            try:
                spot, width_m = grids.from_mgrs(zone, band, square, digits)
            except ValueError:
                continue
            if draft.theatre.holds(spot):
                out.append(
                    (
                        spot,
                        width_m,
                        (f"grid zone not said: {zone}{band}, the only one in the mission's area",),
                    )
                )
    if len(out) != 1:
        raise ValueError(
            f"the grid zone is not said, and {len(out)} squares {square} lie in the mission's area"
        )
    return out[0]


def _utm(draft: Draft, found: Found) -> None:
    east, north = (
        "".join(token.text for name in names for token in found.tokens(name)).replace(",", ".")
        for names in (("e", "e1", "e2"), ("n", "n1", "n2", "n3"))
    )
    if len(east.partition(".")[0].removeprefix("0")) != 6 or len(north.partition(".")[0]) != 7:
        return
    said = draft.said(found.indices)
    zone_token, letter = found.token("z"), found.token("b")
    draft.take(found.indices)
    if zone_token is None:
        draft.ask("position", "which zone of UTM?", said)
        return
    band = letter.classes["letters1"] if letter is not None else ""
    if band == "E" and letter is not None and not letter.is_glued:
        band = ""  # the label of the easting
    zone, east_m, north_m = int(zone_token.text), float(east), float(north)
    notes: tuple[str, ...] = ()
    try:
        spots = {
            is_south: grids.from_utm(zone, east_m, north_m, is_south=is_south) for is_south in (False, True)
        }
    except ValueError as error:
        draft.refuse("radio.position", f"'{said}' is no place of UTM: {error}", said, "check zone and digits")
    fits = {s: band in grids.BANDS and band != "" and grids.band_of(spots[s].lat) == band for s in spots}
    if fits[False] != fits[True]:
        spot = spots[fits[True]]
        if band == "S":
            notes = ("S is the band of latitude, not the southern hemisphere",)
    elif band in {"", "N"}:
        spot = spots[False]
        notes = () if band else ("hemisphere not said: north, as the mission's area lies",)
    elif band == "S":
        spot = spots[True]
        notes = ("S is the southern hemisphere",)
    else:
        draft.refuse(
            "radio.position",
            f"'{said}' does not lie in the band {band}",
            said,
            "check the letter and the northing",
        )
    error_m = math.hypot(float(half_unit_of_metres(east)), float(half_unit_of_metres(north)))
    put_position(draft, Reading(said, spot, round(max(error_m, 1.0), 1), "m", "UTM", notes))


def half_unit_of_metres(text: str) -> float:
    """Return half of the unit of the last digit of metres; three zeros or more at the end were left out, fewer were meant."""
    half = float(half_unit(text))
    return half if half >= 50 else min(half, 0.5)


def _joined(tokens: Sequence[Token], indices: Sequence[int], wanted: Iterable[int]) -> tuple[str, list[int]]:
    """Digits that may stand in groups of three: as many groups as one of the wanted lengths takes."""
    text = ""
    used: list[int] = []
    for token, at in zip(tokens, indices, strict=True):
        if used and len(token.text) != 3:
            break
        text += token.text
        used.append(at)
        if len(text) in wanted:
            return text, used
    return text, used


def _gauss(draft: Draft, found: Found) -> None:
    north, north_at = _joined(
        [t for name in ("a", "c", "c2") for t in found.tokens(name)],
        [at for name in ("a", "c", "c2") for at in found.at(name)],
        (7, 5),
    )
    east, east_at = _joined(
        [t for name in ("b", "d", "d2") for t in found.tokens(name)],
        [at for name in ("b", "d", "d2") for at in found.at(name)],
        (6, 5) if found.has("z") and len(found.tokens("b")[0].text) in {6, 3} else (7, 8, 5),
    )
    if found.has("b") and len(found.at("b")) > 1 and "d2" in found.tokens("b")[0].classes:
        east, east_at = _joined(found.tokens("b"), found.at("b"), (8, 5))
    named = found.token("s")
    system, more = datum_beside(draft, found.indices)
    if named is not None:
        more = more if system == named.classes["system"] else ()
        system = named.classes["system"]
    indices = (
        [at for at in (*found.indices, *more) if at not in {*found.at("a"), *found.at("b")}]
        + north_at
        + east_at
    )
    said = draft.said(indices)
    zone = found.token("z")
    if zone is not None:
        if len(east) not in {5, 6} and east[:-6] != str(int(zone.text)):
            draft.refuse("radio.position", f"'{said}' names two zones", said, "check the zone and Y")
        if len(east) == 6:
            east = f"{int(zone.text)}{east}"
    if (len(north), len(east)) == (5, 5) and system in {"", "sk42"}:
        draft.take(indices)
        _cut_short(draft, said, (float(north), float(east)), 1.0, system)
        return
    if len(north) != 7 or len(east) not in {7, 8}:
        draft.refuse(
            "radio.position",
            f"'{said}' is no place of Gauss-Krueger: X has seven digits, Y the zone and six, or both five",
            said,
            "check the digits",
        )
    draft.take(indices)
    if system not in {"", "sk42"}:
        draft.ask(
            "position", f"where is this on WGS 84? Coordinates of the system {system} are not read", said
        )
        return
    try:
        spot = grids.from_sk42(float(north), float(east))
        if not found.has("x") and len(east) == 7 and not draft.theatre.holds(spot):
            spot = _turned(draft, said, float(north), float(east), spot)
    except ValueError as error:
        draft.refuse(
            "radio.position",
            f"'{said}' is no place of Gauss-Krueger: {error}",
            said,
            "check X, Y and the zone",
        )
    notes: tuple[str, ...] = ()
    error_m = grids.SK42_ERROR_M + 1.0
    if not system:
        notes, error_m = ("system not said: that of 1942",), 150.0
        draft.ask("position", "are these coordinates of the system of 1942?", said)
    put_position(draft, Reading(said, spot, error_m, "m", "SK-42", notes))


def _turned(draft: Draft, said: str, north_m: float, east_m: float, spot: Spot) -> Spot:
    try:
        other = grids.from_sk42(east_m, north_m)
    except ValueError:
        return spot
    if not draft.theatre.holds(other):
        return spot
    draft.ask("position", "does Y stand before X?", said)
    return other


def _cut_short(draft: Draft, said: str, ends_m: tuple[float, float], width_m: float, system: str) -> None:
    """Place the ends of X and Y by who speaks: of all places with these ends the one next to the observer."""
    observer = draft.fields.get("observer")
    near = None if observer is None else draft.theatre.post_at(observer.meant.code)
    if near is None:
        draft.ask(
            "position",
            "what are the full coordinates? Short ones are placed by the observer's place, which is not known",
            said,
        )
        return
    north_m, east_m = grids.to_sk42(near)
    full = [
        end_m + width_m / 2 * (width_m > 1) + round((here_m - end_m) / _STEP_M) * _STEP_M
        for here_m, end_m in zip((north_m, east_m), ends_m, strict=True)
    ]
    spot = grids.from_sk42(*full)
    if distance_m((near.lon, near.lat), (spot.lon, spot.lat)) > _NEAR_M:
        draft.ask(
            "position", "what are the full coordinates? No place near the observer has these ends", said
        )
        return
    notes: tuple[str, ...] = ("coordinates cut short: the place next to the observer",)
    error_m = grids.SK42_ERROR_M + width_m
    if not system:
        notes, error_m = (*notes, "system not said: that of 1942"), error_m + 140.0
        draft.ask("position", "are these coordinates of the system of 1942?", said)
    put_position(draft, Reading(said, spot, error_m, "m", "SK-42, short", notes))


def _square(draft: Draft, found: Found) -> None:
    digits, part = found.tokens("a")[0].text, found.token("k")
    said = draft.said(found.indices)
    draft.take(found.indices)
    corner = float(digits[:2]) * 1000, float(digits[2:]) * 1000
    width_m = 1000.0
    if part is not None:
        if int(part.text) not in _SNAIL:
            draft.refuse("radio.position", f"'{said}': a square has nine parts", said, "check the digit")
        column, row = _SNAIL[int(part.text)]
        width_m /= 3
        corner = corner[0] + row * width_m, corner[1] + column * width_m
    _cut_short(draft, said, corner, width_m, "")
