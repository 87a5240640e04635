"""Zones of times: letters, names, offsets of UTC."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from truceline.collect.radio.draft import Draft
from truceline.collect.radio.shapes import Found

_LETTERS = "ABCDEFGHIKLM"
_WEST = "NOPQRSTUVWXY"
Zone = tuple[tzinfo | None, str, tuple[str, ...]]
"""A zone, its name, notes."""
_NO_ZONE: Zone = (None, "", ())


def zone_of(draft: Draft, found: Found, n: int) -> Zone | None:
    """Return the zone that is said with a time.

    Args:
        draft: The line.
        found: The words of the time.
        n: Which of the two times of a range.

    Returns:
        The zone, its name and notes, all empty where none is said; None where a letter is no zone and the words are no time.
    """
    token = found.token(f"z{n}")
    if token is None:
        return _NO_ZONE
    offset = found.token(f"o{n}")
    if "clock" in token.classes:
        name = token.classes["clock"]
        if offset is not None:
            if name != "UTC":
                return None
            is_west = any("dash" in t.classes for t in found.tokens(f"s{n}"))
            minutes = next((token.text for token in found.tokens(f"om{n}")), "0")
            return _offset(int(offset.text), int(minutes), is_west=is_west)
        if name == "UTC":
            return UTC, "UTC", ()
        if name == "local":
            return _offset_behind(draft, found) or (draft.theatre.zone, draft.theatre.zone.key, ())
        return ZoneInfo(name), name, ()
    letter = token.classes["letters1"]
    if (
        not found.has(f"g{n}")
        and not found.has(f"j{n}")
        and (letter in "MTGFSENWK" or (token.text.islower() and letter != "Z"))
    ):
        return None
    is_apart = token.text.isupper() and (
        found.has(f"g{n}") or (found.has("a") and "article" not in token.classes)
    )
    if offset is not None or not (token.is_glued or is_apart):
        return None
    if letter == "J":
        return draft.theatre.zone, draft.theatre.zone.key, ("J: the observer's local time",)
    if letter == "L":
        said = None if token.text.islower() else _offset_behind(draft, found)
        if said is not None:
            return said
        draft.ask("time", "L: local time, or zone Lima (UTC+11)?", draft.said(found.indices))
        return (
            None
            if token.text.islower()
            else (draft.theatre.zone, "L", ("L read as local time; the error holds zone Lima too",))
        )
    if letter == "Z":
        return UTC, "UTC", ()
    hours = _LETTERS.index(letter) + 1 if letter in _LETTERS else -(_WEST.index(letter) + 1)
    return timezone(timedelta(hours=hours)), f"UTC{hours:+03d}:00", (f"zone letter {letter}",)


def _offset(hours: int, minutes: int, *, is_west: bool) -> Zone | None:
    """The zone of an offset of UTC; None where there is none such."""
    sign = -1 if is_west else 1
    if not -12 <= sign * hours <= 14 or minutes not in {0, 30, 45}:
        return None
    zone = timezone(sign * timedelta(hours=hours, minutes=minutes))
    return zone, f"UTC{sign * hours:+03d}:{minutes:02d}", ()


def _offset_behind(draft: Draft, found: Found) -> Zone | None:
    """The offset that says in brackets what local time is: ``0630L (UTC+4)``."""
    for one in draft.find("open|comma offset_base s=offset_sign o=d1|d2 ( colon om=d2 )? close?"):
        if one.indices[0] == found.indices[-1] + 1:
            is_west = "dash" in one.tokens("s")[0].classes
            minutes = next((token.text for token in one.tokens("om")), "0")
            zone = _offset(int(one.tokens("o")[0].text), int(minutes), is_west=is_west)
            if zone is not None:
                found.extend(one.indices)
            return zone
    return None
