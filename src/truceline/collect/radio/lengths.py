"""Distances and heights: in every unit, as figures, bands or words."""

from __future__ import annotations

from typing import cast

from truceline.collect.radio.bearings import put_compass
from truceline.collect.radio.draft import Draft, half_unit
from truceline.collect.radio.shapes import Found
from truceline.collect.radio.words import Token
from truceline.core.watchlog import Above, Band, Height, Reading

METRES = {"m": 1.0, "km": 1000.0, "nm": 1852.0, "mi": 1609.344, "ft": 0.3048, "yd": 0.9144}
"""Metres of each unit of length; ``mile`` is one of land or sea."""
_MILE = (1609.344, 1852.0)
_FAR_M = 60_000.0
"""What lies further from an observer is asked about: nothing is heard or seen as far."""
_STANDARD_ERROR_M = 300.0
"""By how much a flight level may lie off the height above the sea that it names: 35 hPa of the day's pressure."""
BAND = (
    "( ka=approx dot? filler* )? ( k=least|most|more|less dot? filler* )? ( kb=approx dot? filler* )? ( r=between|from filler* )? "
    "n=number ( _ u1=unit )? ( _ j=dash|to|and filler* n2=number )? ke=ormoresign? _ u=unit "
    "( kc=ormore|ormoresign (?! number ) | quote filler? kd=less|more|less_after|more_after|most_after|least_after | filler* quote? filler* kf=least_after|most_after|more_after|less_after (?! filler* number ) | filler* kg=approx (?! filler* number ) )?"
)
_DISTANCES = (
    f"( k0=approx dot? filler* )? l=distance ~ {BAND} ( ~ t=distance )?",
    f"{BAND} ( ~ l=distance )?",
)
_HEIGHTS = (
    "a=above filler* n=number _ u=unit filler* l=height",
    f"a=above _ l=height ~ {BAND}",
    f"l=height ~ {BAND} ( ~ a=above )?",
    "a=above filler* n=number _ u=unit",
    f"{BAND} ~ l=height? ~ a=above ( ~ l2=height )?",
    "n=number _ u=unit ~ l=height",
)
_LEVELS = ("f=flight ~ n=int", "l=height ~ f=flight ~ n=int")


def band_of_words(draft: Draft, found: Found) -> Reading[Band] | None:
    """Return the band of lengths that some words name.

    Args:
        draft: The line.
        found: Words of the shape `BAND`.

    Returns:
        The band; None where the words are asked about instead.
    """
    first, last = found.tokens("n")[0], found.token("n2")
    joiner = found.token("j")
    if joiner is not None and not {"dash", "to"} & set(joiner.classes) and not _is_between(found):
        said = draft.said(found.indices)
        draft.refuse(
            "radio.distance", f"'{said}': a band, or two distances?", said, "write the band with a dash"
        )
    unit = found.tokens("u")[0].classes["unit"]
    unit_of_first = found.tokens("u1")[0].classes["unit"] if found.has("u1") else unit
    said = draft.said(found.indices)
    for token, its in ((first, unit_of_first), (last, unit)):
        if (
            token is not None
            and its in {"m", "ft", "yd"}
            and "decimal" in token.classes
            and _looks_grouped(token.text)
        ):
            draft.refuse(
                "radio.number",
                f"'{said}': a fraction, or thousands?",
                said,
                "write the number without a sign between its digits",
            )
    if unit == "mm" or "unclear" in unit:
        return None
    if "mile" in {unit, unit_of_first}:
        draft.ask("distance", "miles of land or of sea?", said)
    low, high = _metres(first, unit_of_first), _metres(last or first, unit)
    if last is not None and (low[0] > high[1] or low[0] == high[1]):
        draft.refuse("radio.distance", f"'{said}' does not rise", said, "say the shorter length first")
    half = max(_half_m(first, unit_of_first), _half_m(last, unit) if last is not None else 0.0)
    words = {
        name
        for key in ("k0", "ka", "k", "kb", "kc", "kd", "ke", "kf", "kg")
        for at, token in zip(found.at(key), found.tokens(key), strict=True)
        if "ormoresign" not in token.classes or _is_open(draft, at)
        for name in (kind.removesuffix("_after").replace("ormoresign", "ormore") for kind in token.classes)
        if name in {"least", "most", "more", "less", "approx", "ormore"}
    }
    half *= 2 if "approx" in words else 1
    bounds = words - {"approx"}
    if len(bounds) > 1 or (bounds and last is not None):
        draft.refuse("radio.distance", f"'{said}' bounds one length twice", said, "say one band")
    least: float | None = low[0]
    most: float | None = high[1]
    if bounds & {"least", "more", "ormore"}:
        most = None
    elif bounds:
        least, most = 0.0, high[1]
    notes = ("miles of land or sea not said: the band holds both",) if "mile" in {unit, unit_of_first} else ()
    band = Band(None if least is None else round(least, 3), None if most is None else round(most, 3))
    return Reading(said, band, round(half, 3), "m", unit, notes)


def _is_open(draft: Draft, at: int) -> bool:
    """Whether a plus belongs to the length before it and joins nothing."""
    after = at + 1
    return draft.tokens[at].is_glued or after == len(draft.tokens) or "soft" in draft.tokens[after].classes


def _is_between(found: Found) -> bool:
    return any("between" in token.classes for token in found.tokens("r"))


def _looks_grouped(text: str) -> bool:
    return len(text.replace(",", ".").partition(".")[2]) == 3


def _metres(token: Token, unit: str) -> tuple[float, float]:
    value = float(token.number)
    return (value * _MILE[0], value * _MILE[1]) if unit == "mile" else (value * METRES[unit],) * 2


def _half_m(token: Token, unit: str) -> float:
    return float(half_unit(token.text)) * METRES.get(unit, _MILE[1])


def read_distances(draft: Draft) -> None:
    """Read distances; a point of the compass right behind one is a bearing.

    Args:
        draft: The line.
    """
    for shape in _DISTANCES:
        for found in draft.find(shape):
            reading = band_of_words(draft, found)
            if reading is None:
                continue
            if (
                found.tokens("u")[0].text == "M"
                and not found.has("l")
                and not found.has("n2")
                and len(found.tokens("n")[0].text) == 3
            ):
                draft.refuse(
                    "radio.unit",
                    f"'{reading.said}': metres, or a magnetic bearing?",
                    reading.said,
                    "name the distance or the bearing",
                )
            draft.take(found.indices)
            draft.measured.update(found.indices)
            draft.put("distance", reading)
            if (reading.meant.most_m or reading.meant.least_m or 0.0) > _FAR_M:
                draft.ask("distance", "is it as far as this?", reading.said)
            _compass_behind(draft, found.indices[-1] + 1)
            _compass_before(draft, found.indices[0] - 1)
    for found in draft.find("undetermined ~ distance"):
        draft.take(found.indices)
        draft.put("distance", Reading(draft.said(found.indices), Band(None, None), system="undetermined"))
    for found in draft.find("l=distance ~ n=number ( dash|to n2=number )?"):
        draft.take(found.indices)
        said = draft.said(found.indices)
        draft.ask("distance", "in which unit is this distance?", said)


def _compass_before(draft: Draft, end: int) -> None:
    """A point of the compass right before a distance is the bearing; a single letter only as a capital."""
    for found in draft.find("c=compass ~ (?! place )"):
        if found.indices[-1] == end and not draft.taken & set(found.indices):
            token = found.tokens("c")[0]
            if len(token.text) > 1 or token.text.isupper():
                draft.take(found.at("c"))
                draft.measured.update(found.at("c"))
                put_compass(draft, draft.said(found.at("c")), token.classes["compass"])
                return


def _compass_behind(draft: Draft, start: int) -> None:
    for found in draft.find("c=compass_letter"):
        after = start + 1
        is_last = after == len(draft.tokens) or after in draft.taken or "soft" in draft.tokens[after].classes
        if found.indices[0] == start and is_last:
            draft.take(found.indices)
            draft.measured.update(found.indices)
            put_compass(draft, draft.said(found.indices), found.tokens("c")[0].classes["compass_letter"])
            return
    for found in draft.find(
        "close? to? filler* comma|dash|slash? to? filler* c=compass ( of|from filler* )? (?! place )"
    ):
        if found.indices[0] == start and not draft.taken & set(found.indices):
            draft.take(found.indices)
            draft.measured.update(found.indices)
            put_compass(draft, draft.said(found.at("c")), found.tokens("c")[0].classes["compass"])
            return


def read_heights(draft: Draft) -> None:
    """Read heights and flight levels.

    Args:
        draft: The line.
    """
    for shape in _LEVELS:
        for found in draft.find(shape):
            said = draft.said(found.indices)
            draft.take(found.indices)
            metres = float(found.tokens("n")[0].number) * 100 * METRES["ft"]
            note = "a flight level counts from standard pressure: the height above the sea differs by the day's pressure"
            draft.put(
                "height",
                Reading(
                    said,
                    Height(round(metres, 2), "standard pressure"),
                    _STANDARD_ERROR_M,
                    "m",
                    "flight level",
                    (note,),
                ),
            )
    for shape in _HEIGHTS:
        for found in draft.find(shape):
            _height(draft, found)


def _height(draft: Draft, found: Found) -> None:
    reading = band_of_words(draft, found) if found.tokens("u")[0].classes["unit"] in METRES else None
    if reading is None or reading.meant.least_m is None or reading.meant.most_m is None or found.has("k"):
        return
    low, high = reading.meant.least_m or 0.0, reading.meant.most_m or 0.0
    frames = {token.classes["above"] for token in found.tokens("a")}
    frames |= {
        token.classes["height"]
        for name in ("l", "l2")
        for token in found.tokens(name)
        if token.classes["height"]
    }
    if len(frames) > 1:
        draft.refuse(
            "radio.height",
            f"'{reading.said}' counts from two things",
            reading.said,
            "say above sea or above ground",
        )
    above = next(iter(frames), None)
    draft.take(found.indices)
    notes: tuple[str, ...] = ()
    if above is None:
        draft.ask("height", "above the sea or above the ground?", reading.said)
        notes = ("not said from where it counts",)
    error = None if above is None else (reading.error or 0) + (high - low) / 2
    draft.put(
        "height",
        Reading(
            reading.said, Height((low + high) / 2, cast("Above", above)), error, "m", reading.system, notes
        ),
    )
