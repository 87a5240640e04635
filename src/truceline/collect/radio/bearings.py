"""Bearings: in degrees and mils of every system, from every north, as points of the compass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from truceline.collect.radio.draft import Draft, half_unit
from truceline.collect.radio.shapes import Found
from truceline.core.watchlog import Band, Bearing, North, Reading, Spot
from truceline.geo import grids

WINDS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
_FEW = frozenset(WINDS[::2])
_NORTH = "north|letters1"
_VALUE = f"( p=approx ~ )? n=number ( _ ( dash|to ) _ n2=number )? _ ( d=degree | m=mil )? ( ~ nc={_NORTH} )?"
_BEARINGS = (
    "( p=approx ~ )? n=number ( _ dash|to _ n2=number )? _ d=degree ( ~ nc=north )? b=bearing (?! _ number _ degree|mil )",
    f"b=bearing slash distance ~ {_VALUE} (?= ~ slash|comma|dash|number )",
    f"nb=northword ~ b=bearing ~ {_VALUE}",
    f"( p0=approx dot? filler* )? b=bearing ( ~ nb=northword )? ~ {_VALUE}",
    f"b=bearing ~ p=approx? n=number ( ~ nc={_NORTH} )?",
    "nb=northword ~ p=approx? n=number _ ( d=degree | m=mil ) ( ~ nc=north )?",
    f"p=approx? n=number ( _ ( dash|to ) _ n2=number )? _ ( d=degree | m=mil ) ( ~ nc={_NORTH} )? (?! minute ) (?! quote )",
    "n=d3 open? nc=north",
    "nb=northword _ n=d3 (?! _ unit|number|kind|compass|hemisphere|letters1|letters2|letters3|clock|times|weapon|adjective|dash )",
)
_DEFLECTION = (
    "n=d1|d2 dash n2=d2 b=bearing (?! _ number (?! _ unit ) )",
    "( nb=northword ~ )? ( b=bearing ~ )? ( m=mil ~ )? n=d1|d2 dash n2=d2 ( _ m2=mil )? ( ~ nc=north )? (?! _ degree ) (?! dash )",
)
_SEXAGESIMAL = (
    f"( nb=northword ~ )? b=bearing ( ~ nb2=northword )? ~ n=int degree mi=d1|d2 minute ( ~ nc={_NORTH} )?"
)
_COMPASS = ("b=bearing ~ to? filler* c=compass", "b=bearing ~ c=compass_letter", "c=compass ~ b=bearing")


def wind_deg(point: str) -> float:
    """Return the bearing of a point of the compass, degrees."""
    return WINDS.index(point) * 22.5


def wind_error_deg(point: str) -> float:
    """Return by how much a bearing may differ from the point of the compass by which it is called."""
    return 22.5 if point in _FEW else 11.25


def read_bearings(draft: Draft) -> None:
    """Read bearings.

    Args:
        draft: The line.
    """
    for shape in _DEFLECTION:
        for found in draft.find(shape):
            _deflection(draft, found)
    for found in draft.find(_SEXAGESIMAL):
        _sexagesimal(draft, found)
    for shape in _BEARINGS:
        for found in draft.find(shape):
            _bearing(draft, found)
    for shape in _COMPASS:
        for found in draft.find(shape):
            _compass(draft, found)


def _deflection(draft: Draft, found: Found) -> None:
    """Hundreds and units of mils of 6000 with a dash between: 41-67."""
    hundreds, units = found.tokens("n")[0], found.tokens("n2")[0]
    mils = [*found.tokens("m"), *found.tokens("m2")]
    labels = [*found.tokens("b"), *mils]
    if not labels:
        return
    systems = {token.classes["mil"] for token in mils}
    is_russian = any("\u0400" <= letter <= "\u04ff" for token in labels for letter in token.text)
    if not units.is_glued or (not is_russian and "6000" not in systems) or "6400" in systems:
        return
    said = draft.said(found.indices)
    value = int(hundreds.text) * 100 + int(units.text)
    if value > 6000:
        draft.refuse("radio.bearing", f"'{said}' is more than a circle of 60-00", said, "check the digits")
    draft.take(found.indices)
    notes: tuple[str, ...] = ()
    north = _north_of(found, draft)
    if not systems:
        notes = ("divisions with a dash between: 6000 to the circle",)
        if int(hundreds.text) < int(units.text) and north != "grid":
            draft.ask("bearing", "are these divisions of 6000, or is it a range of degrees?", said)
    _put_bearing(draft, said, value * 0.06, 0.03, north, "6000 mils", notes)


def _sexagesimal(draft: Draft, found: Found) -> None:
    """A bearing of degrees and minutes: 15 degrees 30 minutes."""
    degrees, minutes = found.tokens("n")[0].number, found.tokens("mi")[0].number
    said = draft.said(found.indices)
    if degrees > 360 or minutes >= 60:
        draft.refuse("radio.bearing", f"'{said}' is no bearing", said, "check the digits")
    north = _north_of(found, draft)
    draft.take(found.indices)
    _put_bearing(draft, said, float(degrees + minutes / 60), 0.5 / 60, north, "degrees, minutes", ())


def _north_of(found: Found, draft: Draft) -> North | None:
    named = [
        t.classes["north"] for name in ("nb", "nb2", "nc") for t in found.tokens(name) if "north" in t.classes
    ]
    named += [
        t.classes["bearing"]
        for t in found.tokens("b")
        if t.classes.get("bearing") in {"grid", "true", "magnetic"}
    ]
    if len(set(named)) > 1:
        said = draft.said(found.indices)
        draft.refuse("radio.bearing", f"'{said}' names two norths", said, "say true, grid or magnetic")
    return cast("North", named[0]) if named else None


def _bearing(draft: Draft, found: Found) -> None:
    first, last = found.tokens("n")[0], found.token("n2")
    indices = _without_stray_letter(draft, found)
    if indices is None or _runs_on(draft, indices[-1]):
        return
    is_bare = not (found.has("d") or found.has("m") or found.has("b"))
    if (
        is_bare
        and found.has("nc")
        and draft.tokens[found.at("nc")[0]].text == "M"
        and not first.text.startswith("0")
    ):
        return
    if not (found.has("d") or found.has("m") or (found.has("nc") and found.at("nc")[0] in indices)) and next(
        (
            one
            for one in draft.find(
                "number ( _ dash|to|and|colon filler* number )? _ unit|minute|second|clock|calibre|month"
            )
            if indices[-1] in one.indices
        ),
        None,
    ):
        return
    if not found.has("n2") and next(
        (
            one
            for one in draft.find("a=number _ dash|to|colon filler* number")
            if one.at("a")[0] == indices[-1]
        ),
        None,
    ):
        return
    said = draft.said(indices)
    north = _north_of(found, draft)
    if len(indices) < len(found.indices):
        north = cast("North | None", next((t.classes["north"] for t in found.tokens("nb")), None)) or north
    values = [token.number for token in (first, last) if token is not None]
    if (
        "spelled" not in first.classes
        and any("d2" in t.classes or "d1" in t.classes for t in (first,))
        and not (found.has("d") or found.has("m") or found.has("b"))
    ):
        return
    system = next((t.classes["mil"] for t in found.tokens("m")), "")
    half = float(max(half_unit_of_angle(token.text) for token in (first, last) if token is not None))
    about = next(
        (one for one in draft.find("approx (?! filler* number )") if one.indices[0] == indices[-1] + 1), None
    )
    half *= 4 if found.has("p") or found.has("p0") or about is not None else 1
    draft.take([*indices, *(about.indices if about is not None else ())])
    _take_length(draft, found)
    if found.has("m"):
        if not system:
            system, word = _named_apart(draft, "milsystem")
            said = f"{said} … {word}" if word else said
        _mils(draft, said, values, half, north, system)
        return
    if not found.has("d") and max(values) > 360 and first.number >= 1000:
        draft.ask("bearing", "are these mils?", said)
        _mils(draft, said, values, half, north, "")
        return
    if max(values) > 360:
        draft.refuse(
            "radio.bearing",
            f"'{said}' is no bearing: a circle has 360 degrees",
            said,
            "check digits and unit",
        )
    if not found.has("d") and len(first.text.replace(",", ".").partition(".")[0]) > 3:
        draft.refuse("radio.bearing", f"'{said}': degrees or mils?", said, "say the unit")
    low, high = float(values[0]), float(values[-1])
    if len(values) == 2 and (high - low) % 360 > 90:
        draft.refuse(
            "radio.bearing", f"'{said}' is wider than a quarter of a circle", said, "check the digits"
        )
    notes = () if found.has("d") else ("unit not said: degrees",)
    spread = ((high - low) % 360) / 2
    _put_bearing(draft, said, (low + spread) % 360, half + spread, north, "degrees", notes)


def _named_apart(draft: Draft, name: str) -> tuple[str, str]:
    """The north or the system of mils that a word names apart from the bearing, and the word.

    It has to be the only one of the line that belongs to nothing else; both are empty where there is none.
    """
    named = [one for one in draft.find(f"x={name}") if "mgrs" not in one.tokens("x")[0].classes]
    key = name.removesuffix("word")
    values = {one.tokens("x")[0].classes[key] for one in named}
    if len(values) != 1:
        return "", ""
    for one in named:
        draft.take(one.indices)
    return values.pop(), draft.said(named[0].indices)


def _take_length(draft: Draft, found: Found) -> None:
    """Read what stands behind a stroke as metres where it is no bearing, no time and has no unit: 240/5000."""
    if (
        "time" not in draft.fields
        or found.has("n2")
        or not (found.has("b") or found.has("m") or found.has("d"))
    ):
        return
    for one in draft.find(
        "slash n=d4|d5 (?! _ unit|dash|slash|degree|mil|letters1|clock ) (?! number _ unit|number )"
    ):
        if one.indices[0] == found.indices[-1] + 1:
            said = draft.said(one.at("n"))
            metres = float(one.tokens("n")[0].number)
            draft.take(one.indices)
            note = ("unit not said: metres, as behind the stroke of a bearing",)
            half = float(half_unit(one.tokens("n")[0].text))
            draft.put("distance", Reading(said, Band(metres, metres), half, "m", "m", note))
            return


def half_unit_of_angle(text: str) -> Decimal:
    """Return half of the unit of the last digit of an angle, zeros at its end included: observers read them."""
    plain = text.replace(",", ".")
    return Decimal(1).scaleb(-len(plain.partition(".")[2])) / 2


def _without_stray_letter(draft: Draft, found: Found) -> tuple[int, ...] | None:
    """The words of a bearing; a letter at its end is a north only where it is T, M or G at the number, M in capitals."""
    at = found.at("nc")
    if not at:
        return found.indices
    token = draft.tokens[at[0]]
    if "letters1" not in token.classes:
        return found.indices
    is_named = "north" in token.classes and (token.text.isupper() or (token.is_glued and token.text != "m"))
    if is_named:
        return found.indices
    if token.is_glued and "unit" in token.classes:
        return None
    return tuple(index for index in found.indices if index < at[0]) or None


def _runs_on(draft: Draft, at: int) -> bool:
    """Whether letters touch the end of a number, as where a letter was typed for a digit: 24O."""
    after = draft.glued_after(at)
    return after is not None and "number" in draft.tokens[at].classes and after.text.isalpha()


def _mils(
    draft: Draft, said: str, values: Sequence[Decimal], half: float, north: North | None, system: str
) -> None:
    most = float(max(values))
    if most > 6400 or (system == "6000" and most > 6000):
        draft.refuse("radio.bearing", f"'{said}' is more than a circle of mils", said, "check the digits")
    notes: tuple[str, ...] = ()
    names = [system] if system in grids.MILS else ["6400", "6000"]
    if len(names) == 2 and most > 6000:
        names, notes = ["6400"], ("more than 6000: mils of 6400",)
    readings = [grids.degrees_of_mils(float(value), name) for name in names for value in values]
    low, high = min(readings), max(readings)
    if len(names) == 2:
        draft.ask("bearing", "mils of 6400 or of 6000?", said)
        notes = ("system of mils not said: the middle of 6400 and 6000, the error holds both",)
    word = f"{names[0]} mils" if len(names) == 1 else "mils"
    _put_bearing(draft, said, (low + high) / 2, (high - low) / 2 + half * 360 / 6000, north, word, notes)


def _put_bearing(
    draft: Draft, said: str, deg: float, error: float, north: North | None, unit: str, notes: tuple[str, ...]
) -> None:
    """Bring a bearing to true north by where it was taken; without a north the error holds all three."""
    if north is None:
        name, word = _named_apart(draft, "northword")
        north, said = (cast("North", name), f"{said} … {word}") if name else (None, said)
    spots, is_known = _where(draft)
    turns = {"grid": [grids.convergence_deg(spot) for spot in spots]} if north in {"grid", None} else {}
    if north in {"magnetic", None}:
        turns["magnetic"] = [draft.theatre.declination_deg(spot, draft.theatre.on) for spot in spots]
    true_deg = deg
    if north is None:
        widest = max(abs(turn) for row in turns.values() for turn in row)
        draft.ask("bearing", "from which north: true, grid or magnetic?", said)
        error += widest
        notes = (
            *notes,
            f"north not said: true north, {widest:.1f} degrees wider so that grid and magnetic north lie within",
        )
    elif north != "true":
        row = turns[north]
        turn = (min(row) + max(row)) / 2
        true_deg += turn
        error += (max(row) - min(row)) / 2 + (0.5 if north == "magnetic" else 0.0)
        notes = (
            *notes,
            f"{north} north lies {turn:+.2f} degrees of true north"
            + ("" if is_known else " in the middle of the area"),
        )
    meant = Bearing(round(deg % 360, 4), north, round(true_deg % 360, 4))
    reading = Reading(said, meant, round(error, 3), "deg", f"{unit}, {north or 'north not said'}", notes)
    there = draft.fields.get("bearing")
    if there is not None:
        gap = abs((there.meant.true_deg - meant.true_deg + 180) % 360 - 180)
        if gap <= (there.error or 0) + error and there.meant != meant:
            if error < (there.error or 0):
                draft.fields["bearing"] = reading
            return
    draft.put("bearing", reading)


def _where(draft: Draft) -> tuple[list[Spot], bool]:
    """Where the observer is: its post, else the place of the line, else anywhere in the area."""
    observer, position = draft.fields.get("observer"), draft.fields.get("position")
    post = None if observer is None else draft.theatre.post_at(observer.meant.code)
    if post is not None:
        return [post], True
    if position is not None and draft.theatre.holds(position.meant):
        return [position.meant], True
    west, south, east, north = draft.theatre.box
    return [draft.theatre.middle, *(Spot(lon, lat) for lon in (west, east) for lat in (south, north))], False


def _compass(draft: Draft, found: Found) -> None:
    said = draft.said(found.indices)
    draft.take(found.indices)
    draft.measured.update(found.indices)
    classes = found.tokens("c")[0].classes
    put_compass(draft, said, classes.get("compass") or classes["compass_letter"])


def read_lone_compass(draft: Draft) -> None:
    """Read a point of the compass that stands by itself, parted from what is around it, as the bearing of a line that has no other.

    Args:
        draft: The line, everything else read.
    """
    rest = [
        at for at, token in enumerate(draft.tokens) if "compass" in token.classes and at not in draft.taken
    ]
    is_placed = any("place" in token.classes for token in draft.tokens)
    if len(rest) != 1 or is_placed or "bearing" in draft.fields or not _is_apart(draft, rest[0]):
        return
    draft.take(rest)
    draft.measured.update(rest)
    put_compass(draft, draft.said(rest), draft.tokens[rest[0]].classes["compass"])


def _is_apart(draft: Draft, at: int) -> bool:
    """Whether a word has on both sides a sign, an end of the line or what a field has taken."""
    if len(draft.tokens[at].text) == 1 and draft.tokens[at].is_glued:
        return False
    sides = [one for one in (at - 1, at + 1) if 0 <= one < len(draft.tokens)]
    return all(one in draft.taken or "soft" in draft.tokens[one].classes for one in sides)


def put_compass(draft: Draft, said: str, point: str) -> None:
    """Keep a point of the compass as a bearing, as wide as its sector.

    Args:
        draft: The line.
        said: The words.
        point: The point, for example ``NNE``.
    """
    deg = wind_deg(point)
    reading = Reading(
        said,
        Bearing(deg, "true", deg),
        wind_error_deg(point) + 5.0,
        "deg",
        "compass point",
        ("a point of the compass: its sector",),
    )
    there = draft.fields.get("bearing")
    if there is not None and there.meant != reading.meant:
        gap = abs((there.meant.true_deg - deg + 180) % 360 - 180)
        if gap <= (there.error or 0) + (reading.error or 0):
            if (there.error or 0) > (reading.error or 0):
                draft.fields["bearing"] = reading
            return
    draft.put("bearing", reading)


def circle_m(error_deg: float, length_m: float) -> float:
    """Return how far apart two ends of a length lie that differ by an angle, metres."""
    return 2 * length_m * math.sin(math.radians(min(error_deg, 180.0)) / 2)
