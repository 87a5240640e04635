"""When an item was published: stated in its head, or worked out from weekdays and comments, and said so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from truceline.core.reports import Publication, Report
from truceline.extract.dates import AMBIGUOUS, Calendar, RawDate, resolve
from truceline.extract.units import Sentence

_STATED = frozenset({"dateline", "counters", "byline", "section", "masthead"})


def find_publication(report: Report, sentences: Iterable[Sentence]) -> Publication | None:
    """Find the day of publication.

    A full date in the head counts (dateline, counters). Else, where the text names today's or yesterday's weekday
    and a comment bears a date, the publication is the latest day of that weekday not after the first comment.

    Args:
        report: The item, for its words.
        sentences: All its sentences, noise included, each with the kind of its segment.

    Returns:
        The day and how it was found, or None.
    """
    weekday: int | None = None
    comment: date | None = None
    sentences = list(sentences)
    dates = [
        unit.values["date"] for sentence in sentences for unit in sentence.units if "date" in unit.values
    ]
    named = {month for raw in dates if not raw.order for month in raw.months}
    first_words = report.text or ""
    for sentence in sentences:
        for unit in sentence.units:
            raw = unit.values.get("date")
            if raw is None:
                continue
            full = _full_day(raw, named)
            words = first_words[unit.start : unit.end]
            if full is not None and (
                sentence.kind in _STATED or _heads_body(sentence, unit.start) or _dated(sentence, unit.start)
            ):
                return Publication(full.isoformat(), "explicit", words)
            if full is not None and sentence.kind == "comment":
                comment = min(comment or full, full)
            if (
                sentence.kind == "body"
                and raw.weekday is not None
                and raw.relative in {0, -1}
                and weekday is None
            ):
                weekday = (raw.weekday - raw.relative - 1) % 7 + 1
    if weekday is not None and comment is not None:
        back = (comment.isoweekday() - weekday) % 7
        day = comment - timedelta(days=back)
        return Publication(day.isoformat(), "inferred", "weekday in the text, date of the first comment")
    return None


def _full_day(raw: RawDate, named: set[int]) -> date | None:
    """Return the day of a full date; 4/10 in a text that names only April is the tenth of April."""
    if raw.day is None or not raw.months or raw.year is None or raw.end_day is not None:
        return None
    if raw.order == AMBIGUOUS and raw.months[0] not in named and raw.day in named:
        raw = replace(raw, day=raw.months[0], months=(raw.day,))
    found = resolve(raw, Calendar())
    return date.fromisoformat(found.start) if found.start else None


_HEAD = 400
_LINE = 12


def _dated(sentence: Sentence, start: int) -> bool:
    """A head line that says what day it reports on ("information as of …"), or a city and date before a dash."""
    if start > _HEAD or sentence.kind not in {"body", "title", "heading"}:
        return False
    before = [unit for unit in sentence.units if unit.start < start]
    if any(unit.tags & {"AS_OF", "ISSUED_ON"} for unit in before) and len(sentence.units) <= 10:
        return not any(unit.tags & {"SAY", "PARTY"} for unit in sentence.units)
    if before and before[0].has("BULLETIN") and len(sentence.units) <= _LINE:
        return not any(unit.has("SAY") for unit in sentence.units)
    behind = [unit for unit in sentence.units if unit.start > start][:6]
    if not before or not before[0].tags & {"CAPITAL", "PLACE"} or len(before) > 5:
        return False
    alone = all(
        unit.tags & {"CAPITAL", "PLACE", "COMMA", "SLASH", "DATE", "DASH", "OPEN", "CLOSE", "SOURCE"}
        for unit in before
    )
    return alone and any(unit.tags & {"DASH", "OPEN"} for unit in behind)


def _heads_body(sentence: Sentence, start: int) -> bool:
    """A line that is nothing but a date, or begins with one before a dash, is a dateline."""
    units = sentence.units
    if sentence.kind not in {"body", "title"} or len(units) > 8 or start - sentence.start > 40:
        return False
    return all(
        unit.tags & {"DATE", "COMMA", "NUM", "COLON", "CAPITAL", "PLACE", "W", "DASH", "MARK", "CLOCK"}
        for unit in units
    ) and (sum(unit.has("W") for unit in units) <= 3)
