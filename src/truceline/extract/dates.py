"""A date grammar for newspapers: finds dates in a row of units, and resolves them against the publication.

Handles double month names (one date), month names that contradict each other, "yesterday Friday", "last 9
November", "20 of the same month", numeric dates in either order, ranges, and leaves the rest unresolved, said so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from truceline.core.times import When
from truceline.extract.units import Unit

RUNNING = "the day named before"
AMBIGUOUS = "dmy, could be mdy"


@dataclass(slots=True)
class RawDate:
    """A date as written: any field may be missing; ``months`` holds both names where two stand."""

    day: int | None = None
    end_day: int | None = None
    months: tuple[int, ...] = ()
    year: int | None = None
    weekday: int | None = None
    relative: int | None = None
    qualifier: str = ""
    order: str = ""


@dataclass(slots=True)
class Calendar:
    """What dates are resolved against.

    Args:
        published: Day of publication, or None unknown.
        seen: Days already resolved in the text, for dates without a year.
        month: Month last named, for "the same month".
        notes: Conflicts found, in words.
        running: Day that the paragraph speaks of, for its sentences without a date; None where nothing may carry.
        report: Day that a bulletin reports on, where its paragraphs name none.
        idle: Sentences read since the running day was named.
    """

    published: date | None = None
    seen: list[date] = field(default_factory=list)
    month: tuple[int, int] | None = None
    notes: list[str] = field(default_factory=list)
    running: When | None = None
    report: When | None = None
    idle: int = 0


def join_dates(units: list[Unit]) -> list[Unit]:
    """Join the units of each date into one unit of tag ``DATE`` with the value ``date`` (RawDate).

    Args:
        units: Units of a sentence, figures already joined.

    Returns:
        The units with dates joined.
    """
    out: list[Unit] = []
    at = 0
    while at < len(units):
        unit = units[at]
        found = None
        if unit.tags & _STARTS:
            found = _date_at(units, at)
        if found is None:
            out.append(unit)
            at += 1
            continue
        raw, after = found
        last = units[after - 1]
        out.append(Unit(unit.start, last.end, frozenset({"DATE"}), {"date": raw}, unit.flags, unit.form))
        at = after
    return out


_STARTS = frozenset(
    {"NUM", "MONTH", "WEEKDAY", "RELATIVE", "DAYWORD", "YEARWORD", "ORDINAL", "SAME_DAY", "WEEK"}
)


def _date_at(units: list[Unit], at: int) -> tuple[RawDate, int] | None:
    raw = RawDate()
    start = at
    for tag in ("SAME_DAY", "WEEK"):
        if units[at].has(tag):
            return RawDate(qualifier=tag.lower(), relative=units[at].values.get("week")), at + 1
    while at < len(units) and units[at].has("DAYWORD"):
        at += 1
    if at >= len(units):
        return None
    at = _weekday_part(units, at, raw)
    after = _calendar_part(units, _skip_comma(units, at), raw)
    if after is None and raw.weekday is None and raw.relative is None:
        return None
    if after is not None:
        at = after
    return (raw, at) if at > start else None


def _skip_comma(units: list[Unit], at: int) -> int:
    while at < len(units) and units[at].tags & {"COMMA", "DAYWORD", "OPEN"}:
        at += 1
    return at


def _weekday_part(units: list[Unit], at: int, raw: RawDate) -> int:
    while at < len(units):
        unit = units[at]
        if unit.has("WEEKDAY") and raw.weekday is None and _is_weekday(unit):
            raw.weekday = unit.values["weekday"]
        elif unit.has("RELATIVE") and raw.relative is None:
            raw.relative = unit.values["relative"]
        elif unit.has("DAYWORD") and (raw.weekday is not None or raw.relative is not None):
            pass
        elif raw.weekday is not None and unit.tags & {"LAST", "NEXT"}:
            raw.qualifier = "last" if unit.has("LAST") else "next"
        else:
            break
        at += 1
    return at


def _is_weekday(unit: Unit) -> bool:
    """A weekday that the language writes with an article is another word without it ("two", "one of")."""
    return not unit.values.get("weekday_articled") or "the" in unit.flags


def _calendar_part(units: list[Unit], at: int, raw: RawDate) -> int | None:
    if at >= len(units):
        return None
    if units[at].has("YEARWORD"):
        year = _year(units, at + 1)
        if year:
            raw.year = year
            return at + 2
        return None
    if units[at].has("MONTH"):
        return _month_first(units, at, raw)
    day = _small(units, at, 31) or units[at].values.get("ordinal")
    if day is None:
        return _numeric_iso(units, at, raw)
    numeric = _numeric(units, at, raw)
    if numeric is not None:
        return numeric
    after = at + 1
    if after + 1 < len(units) and units[after].has("DASH") and _small(units, after + 1, 31):
        raw.end_day = _small(units, after + 1, 31)
        after += 2
    if (
        after < len(units)
        and units[after].has("OF")
        and any(f.startswith("poss") for f in units[after].flags)
        and units[after].form.endswith("ه")
    ):
        raw.day, raw.qualifier = day, "same"
        return after + 1
    while after < len(units) and (units[after].has("OF") or units[after].has("ORDINAL_MARK")):
        after += 1
    for tag, word in _MONTH_WORDS:
        if after < len(units) and units[after].has(tag):
            raw.day, raw.qualifier = day, word
            return after + 1
    if after < len(units) and units[after].has("MONTH"):
        raw.day = day
        return _month_names(units, after, raw)
    raw.end_day = None
    return None


_MONTH_WORDS = (("SAME_MONTH", "same"), ("THIS_MONTH", "this_month"), ("LAST_MONTH", "last_month"))


def _month_names(units: list[Unit], at: int, raw: RawDate) -> int:
    months = [units[at].values["month"]]
    at += 1
    while at + 1 < len(units) and units[at].tags & {"SLASH", "OPEN", "DASH"} and units[at + 1].has("MONTH"):
        months.append(units[at + 1].values["month"])
        at += 2
        if at < len(units) and units[at].has("CLOSE"):
            at += 1
    raw.months = tuple(dict.fromkeys(months))
    return _tail(units, at, raw)


def _tail(units: list[Unit], at: int, raw: RawDate) -> int:
    """Read a year or a word such as "last" behind a month."""
    look = at
    if look < len(units) and units[look].has("COMMA") and _year(units, look + 1):
        look += 1
    if look < len(units) and units[look].tags & {"OF", "YEARWORD"} and _year(units, look + 1):
        look += 1
    year = _year(units, look)
    if year:
        raw.year = year
        return look + 1
    look = at + 1 if at < len(units) and units[at].has("OF") else at
    if look + 1 < len(units) and units[look].has("YEARWORD"):
        for tag, word in (("LAST", "last_year"), ("CURRENT", "current")):
            if units[look + 1].has(tag):
                raw.qualifier = word
                return look + 2
    for tag, word in (("LAST", "last"), ("NEXT", "next"), ("CURRENT", "current")):
        if at < len(units) and units[at].has(tag):
            raw.qualifier = word
            return at + 1
    return at


def _month_first(units: list[Unit], at: int, raw: RawDate) -> int | None:
    after = _month_names(units, at, raw)
    day = _small(units, after, 31) if raw.year is None else None
    if day is not None and not (after + 1 < len(units) and units[after + 1].has("MONTH")):
        raw.day = day
        after += 1
        if after + 1 < len(units) and units[after].has("DASH") and _small(units, after + 1, 31):
            raw.end_day = _small(units, after + 1, 31)
            after += 2
        return _tail(units, after, raw)
    if raw.year or raw.qualifier:
        return after
    if units[at].has("WEAK_MONTH"):
        return None
    return after


def _numeric(units: list[Unit], at: int, raw: RawDate) -> int | None:
    """Read ``11/13/2020``, ``21-11-2020`` and ``21.11.2020``; the order follows from what cannot be a month."""
    if at + 4 >= len(units):
        return None
    first, mark, second, mark_two, third = units[at : at + 5]
    if not (
        mark.tags & {"SLASH", "DASH"}
        and mark.tags == mark_two.tags
        and second.has("NUM")
        and third.has("NUM")
    ):
        return None
    left, right, year = _small(units, at, 31), _small(units, at + 2, 31), _year(units, at + 4)
    if left is None or right is None or year is None or first.end != mark.start:
        return None
    if right > 12 >= left:
        raw.day, raw.months, raw.order = right, (left,), "mdy"
    elif left > 12 >= right:
        raw.day, raw.months, raw.order = left, (right,), "dmy"
    else:
        raw.day, raw.months, raw.order = left, (right,), AMBIGUOUS
    raw.year = year
    return at + 5


def _numeric_iso(units: list[Unit], at: int, raw: RawDate) -> int | None:
    year = _year(units, at)
    if year and at + 4 < len(units) and units[at + 1].has("DASH") and units[at + 3].has("DASH"):
        month, day = _small(units, at + 2, 12), _small(units, at + 4, 31)
        if month and day:
            raw.year, raw.months, raw.day = year, (month,), day
            return at + 5
    return None


def _small(units: list[Unit], at: int, most: int) -> int | None:
    if at < len(units) and units[at].has("NUM"):
        number = units[at].values.get("number")
        if number is not None and number == int(number) and 1 <= number <= most:
            return int(number)
    return None


def _year(units: list[Unit], at: int) -> int | None:
    if at < len(units) and units[at].has("NUM"):
        number = units[at].values.get("number")
        if (
            number is not None
            and number == int(number)
            and 1900 <= number <= 2100
            and "." not in units[at].form
        ):
            return int(number)
    return None


def resolve(raw: RawDate, calendar: Calendar, *, future: bool = False) -> When:
    """Turn a date as written into days.

    Args:
        raw: The date.
        calendar: Publication day and what the text has named before; it is brought up to date.
        future: Whether the date is a deadline, so that a missing year looks forward.

    Returns:
        The days; ``start`` None and the reason in ``basis`` where it cannot be resolved.
    """
    if raw.qualifier == "week":
        return _resolve_week(raw, calendar)
    if raw.qualifier == "same_day":
        day = calendar.seen[-1].isoformat() if calendar.seen else None
        return When(
            day,
            day,
            "day" if day else "unknown",
            RUNNING if day else "unresolved: no day named",
        )
    if raw.day is not None and (raw.months or raw.qualifier in {"same", "this_month", "last_month"}):
        return _resolve_day(raw, calendar, future=future)
    if raw.relative is not None or raw.weekday is not None:
        return _resolve_weekday(raw, calendar, future=future)
    if raw.months and (raw.year or calendar.published):
        year = raw.year or _nearest_year(raw.months[0], 15, calendar, raw.qualifier, future=future)
        if year is not None:
            first = date(year, raw.months[-1], 1)
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            return When(first.isoformat(), last.isoformat(), "month", "explicit" if raw.year else "relative")
    if raw.year:
        return When(f"{raw.year}-01-01", f"{raw.year}-12-31", "year", "explicit")
    return When(None, None, "unknown", "unresolved: no year and no date of publication")


def _resolve_day(raw: RawDate, calendar: Calendar, *, future: bool) -> When:
    basis = "explicit" if raw.year else "relative to publication"
    if raw.qualifier == "same":
        if calendar.month is None:
            return When(None, None, "unknown", "unresolved: 'the same month' names none before it")
        year, month = calendar.month
        basis = "the month named before"
    elif raw.qualifier in {"this_month", "last_month"}:
        if calendar.published is None:
            return When(None, None, "unknown", "unresolved: relative to a publication without a date")
        anchor = calendar.published.replace(day=1)
        anchor -= timedelta(days=1 if raw.qualifier == "last_month" else 0)
        year, month = anchor.year, anchor.month
    else:
        month = raw.months[-1]
        if len(raw.months) > 1:
            month, basis = _agree_month(raw, calendar)
        found = raw.year or _nearest_year(month, raw.day or 1, calendar, raw.qualifier, future=future)
        if found is None:
            return When(None, None, "unknown", "unresolved: no year and no date of publication")
        if raw.year is None and calendar.published is None:
            basis = "year of another date in the text"
        year = found
    try:
        start = date(year, month, raw.day or 1)
        end = date(year, month, raw.end_day) if raw.end_day else start
    except ValueError:
        return When(None, None, "unknown", "unresolved: no such day")
    if raw.weekday is not None and start.isoweekday() != raw.weekday:
        calendar.notes.append(f"{start.isoformat()} is not the weekday that the text names")
    calendar.month = (year, month)
    calendar.seen.append(start)
    if raw.order:
        basis = f"explicit, order {raw.order}"
    return When(start.isoformat(), end.isoformat(), "day", basis)


def _agree_month(raw: RawDate, calendar: Calendar) -> tuple[int, str]:
    """Two month names that differ: take the one that the text's other dates know, else the second."""
    for month in reversed(raw.months):
        if any(day.month == month and day.day == raw.day for day in calendar.seen):
            return month, "two month names contradict each other; the one used elsewhere counts"
    calendar.notes.append("two month names contradict each other; the second counts")
    return raw.months[-1], "two month names contradict each other; the second counts"


def _nearest_year(month: int, day: int, calendar: Calendar, qualifier: str, *, future: bool) -> int | None:
    published = calendar.published
    for known in reversed(calendar.seen):
        if published is None and (known.month, known.day) == (month, day):
            return known.year
    if published is None:
        return calendar.seen[-1].year if calendar.seen else None
    if qualifier in {"current", "last_year"}:
        return published.year - (qualifier == "last_year")
    options = []
    for year in (published.year - 1, published.year, published.year + 1):
        try:
            options.append(date(year, month, min(day, 28)))
        except ValueError:
            continue
    if qualifier == "last":
        past = [option for option in options if option <= published]
        return past[-1].year if past else None
    if qualifier == "next":
        later = [option for option in options if option >= published]
        return later[0].year if later else None
    if future:
        return min(options, key=lambda option: abs((option - published).days)).year
    reach = published + timedelta(days=31)
    past = [option for option in options if option <= reach]
    return past[-1].year if past else None


def _resolve_weekday(raw: RawDate, calendar: Calendar, *, future: bool) -> When:
    published = calendar.published
    if published is None:
        return When(None, None, "unknown", "unresolved: relative to a publication without a date")
    if raw.relative is not None:
        day = published + timedelta(days=raw.relative)
        if raw.weekday is not None and day.isoweekday() != raw.weekday:
            calendar.notes.append(f"{day.isoformat()} is not the weekday that the text names")
            day = _weekday_before(published, raw.weekday)
    elif raw.qualifier == "next" or (future and not raw.qualifier):
        day = published + timedelta(days=(raw.weekday or 1) - published.isoweekday())
        day += timedelta(days=7 if day <= published else 0)
    else:
        day = _weekday_before(published, raw.weekday or 1)
    calendar.seen.append(day)
    return When(day.isoformat(), day.isoformat(), "day", "relative to publication")


def _resolve_week(raw: RawDate, calendar: Calendar) -> When:
    if calendar.published is None:
        return When(None, None, "unknown", "unresolved: relative to a publication without a date")
    monday = calendar.published - timedelta(days=calendar.published.weekday() - 7 * (raw.relative or 0))
    sunday = monday + timedelta(days=6)
    return When(monday.isoformat(), sunday.isoformat(), "week", "relative to publication")


def _weekday_before(published: date, weekday: int) -> date:
    """Return the latest such weekday not after the publication."""
    return published - timedelta(days=(published.isoweekday() - weekday) % 7)
