"""The day that a text goes on speaking of: named once, it holds for the paragraph; a bulletin has a day of its own."""

from __future__ import annotations

from dataclasses import replace

from truceline.core.times import When
from truceline.extract.dates import RUNNING, Calendar, resolve
from truceline.extract.units import Sentence, Unit

_HEAD = 500
_LONGEST = 16
_BOUND = frozenset({"SINCE", "UNTIL", "AFTER", "INSTRUMENT_DATE", "BETWEEN", "FUTURE"})


def open_sentence(sentence: Sentence, calendar: Calendar) -> None:
    """Make the running day ready for a sentence: a new line goes back to the bulletin's own day, where it has one.

    Args:
        sentence: The sentence about to be read.
        calendar: Brought up to date.
    """
    if sentence.opens_line:
        calendar.running = calendar.report
    day = _reported_day(sentence, calendar)
    if day is not None:
        calendar.report = calendar.running = day


def close_sentence(sentence: Sentence, calendar: Calendar) -> None:
    """Keep the one day that a sentence named, for those of its paragraph that name none.

    Args:
        sentence: The sentence just read.
        calendar: Brought up to date.
    """
    units = sentence.units
    days: list[When] = []
    for at, unit in enumerate(units):
        if not unit.has("DATE"):
            continue
        if any(before.tags & _BOUND for before in units[max(0, at - 3) : at]) or "until" in unit.flags:
            continue
        found = _day(unit, calendar)
        if found is None:
            calendar.running = None
            return
        days.append(found)
    starts = {day.start for day in days}
    if len(starts) == 1:
        calendar.running = replace(days[0], basis=RUNNING)
    elif starts:
        calendar.running = None


def follow(sentence: Sentence, calendar: Calendar) -> None:
    """Keep the day that a sentence named for the next ones, in languages whose papers give each sentence a line.

    Args:
        sentence: The sentence just read.
        calendar: Brought up to date.
    """
    if any(unit.has("DATE") for unit in sentence.units):
        calendar.idle = 0
        close_sentence(sentence, calendar)
        return
    calendar.idle += 1
    if calendar.idle >= _IDLE:
        calendar.running = None


_IDLE = 2


def _day(unit: Unit, calendar: Calendar) -> When | None:
    spare = Calendar(calendar.published, list(calendar.seen), calendar.month)
    found = resolve(unit.values["date"], spare)
    return found if found.precision == "day" and found.start == found.end else None


def _reported_day(sentence: Sentence, calendar: Calendar) -> When | None:
    """As in "Information as of 19:30, 4 May 2021" in the head of a bulletin."""
    units = sentence.units
    if sentence.start > _HEAD or len(units) > _LONGEST or any(unit.has("SAY") for unit in units):
        return None
    for at, unit in enumerate(units):
        raw = unit.values.get("date")
        if raw is not None and raw.year and any(before.has("AS_OF") for before in units[:at]):
            found = _day(unit, calendar)
            return replace(found, basis="the day that the bulletin reports on") if found else None
    return None
