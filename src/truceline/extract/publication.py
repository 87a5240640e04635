"""When an item was published: stated in its head, or worked out from weekdays and comments, and said so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from truceline.core.reports import Publication, Report
from truceline.extract.dates import AMBIGUOUS, Calendar, RawDate, resolve
from truceline.extract.units import Sentence, Unit

_STATED = frozenset({"dateline", "counters", "byline", "section", "masthead"})


def find_publication(report: Report, sentences: Iterable[Sentence]) -> Publication | None:
    """Find the day of publication.

    A full date in the head counts (dateline, counters), else one at the foot. A dateline without a year takes the year
    from the other dates of the item and from today's or yesterday's weekday where the text names it. Else, with such a
    weekday and a comment that bears a date, it is the latest day of that weekday not after the first comment.

    Args:
        report: The item, for its words.
        sentences: All its sentences, noise included, each with the kind of its segment.

    Returns:
        The day and how it was found, or None.
    """
    sentences = list(sentences)
    clues = _Clues()
    dates = [
        unit.values["date"] for sentence in sentences for unit in sentence.units if "date" in unit.values
    ]
    # the month that a text calls the current one is that of its own day; else any month that it names may be
    named = {month for raw in dates if raw.qualifier == "current" for month in raw.months}
    named = named or {month for raw in dates if not raw.order for month in raw.months}
    text = report.text or ""
    for sentence in sentences:
        for unit in sentence.units:
            raw = unit.values.get("date")
            if raw is None:
                clues.note_year(unit, sentence.kind)
                continue
            full = _full_day(raw, named)
            heads = (
                sentence.kind in _STATED or _heads_body(sentence, unit.start) or _dated(sentence, unit.start)
            )
            if full is not None and heads:
                return Publication(full.isoformat(), "explicit", text[unit.start : unit.end])
            clues.note(raw, full, sentence.kind, text[unit.start : unit.end], heads=heads)
    return clues.weigh()


@dataclass(slots=True)
class _Clues:
    """What an item tells about its day without saying it outright."""

    weekday: int | None = None
    comment: date | None = None
    foot: tuple[date, str] | None = None
    yearless: tuple[int, int, str] | None = None
    days: list[date] = field(default_factory=list)
    years: set[int] = field(default_factory=set)

    def note(self, raw: RawDate, full: date | None, kind: str, words: str, *, heads: bool) -> None:
        if raw.year is not None and kind != "comment":
            self.years.add(raw.year)
        if full is not None and kind == "comment":
            self.comment = min(self.comment or full, full)
        elif full is not None and kind == "footer":
            self.foot = (full, words)
        elif full is not None:
            self.days.append(full)
        elif raw.year is not None and raw.months and not raw.order:
            self.days.append(date(raw.year, raw.months[0], 1))
        if (
            heads
            and self.yearless is None
            and raw.day
            and raw.months
            and raw.year is None
            and not raw.end_day
        ):
            self.yearless = (raw.months[0], raw.day, words)
        if kind == "body" and raw.weekday is not None and raw.relative in {0, -1} and self.weekday is None:
            self.weekday = (raw.weekday - raw.relative - 1) % 7 + 1

    def note_year(self, unit: Unit, kind: str) -> None:
        """Keep the year of a line of rights at the foot ("© 2020")."""
        number = unit.values.get("number") if kind == "footer" and unit.has("NUM") else None
        if number is not None and number == int(number) and _YEARS[0] <= number <= _YEARS[1]:
            self.years.add(int(number))

    def weigh(self) -> Publication | None:
        if self.foot is not None:
            return Publication(self.foot[0].isoformat(), "explicit", self.foot[1])
        if self.yearless is not None and (day := self._with_year(*self.yearless[:2])) is not None:
            return Publication(
                day.isoformat(), "inferred", f"{self.yearless[2]}; year from the rest of the text"
            )
        if self.weekday is not None and self.comment is not None:
            back = (self.comment.isoweekday() - self.weekday) % 7
            day = self.comment - timedelta(days=back)
            return Publication(day.isoformat(), "inferred", "weekday in the text, date of the first comment")
        return None

    def _with_year(self, month: int, day: int) -> date | None:
        """The first such day that its weekday allows and that lies behind the days that the item tells of."""
        told = max(self.days, default=None)
        for year in sorted(self.years | {year + 1 for year in self.years}):
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if self.weekday not in {None, found.isoweekday()}:
                continue
            if told is None or told <= found:
                return found
        return None


_YEARS = (1990, 2100)


def _full_day(raw: RawDate, named: set[int]) -> date | None:
    """Return the day of a full date; 4/10 in a text whose month is April is the tenth of April."""
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
    longest, reach = (_TWO_CALENDARS, 80) if any(unit.has("HIJRI") for unit in units) else (8, 40)
    if (
        sentence.kind not in {"body", "title", "heading"}
        or len(units) > longest
        or start - sentence.start > reach
    ):
        return False
    if longest == _TWO_CALENDARS:
        return True
    return all(
        unit.tags & {"DATE", "COMMA", "NUM", "COLON", "CAPITAL", "PLACE", "W", "DASH", "MARK", "CLOCK"}
        for unit in units
    ) and (sum(unit.has("W") for unit in units) <= 3)


_TWO_CALENDARS = 18
"""Units in a head line with the date of both calendars and the number of the issue."""
