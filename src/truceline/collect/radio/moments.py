"""Times: date-time groups, clock times, days, ranges, durations; in Zulu, Moscow, local and other zones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from truceline.collect.radio.draft import Draft
from truceline.collect.radio.shapes import Found
from truceline.collect.radio.words import Token
from truceline.collect.radio.zones import zone_of
from truceline.core.watchlog import Interval, Reading

_ZONE = "z{0}=clock|letters1 ( s{0}=offset_sign o{0}=d1|d2 ( colon om{0}=d2 )? )?"
_YEAR = "( ( dot|comma|dash|slash )? y{0}=year4 (?! _ letters1|clock|hours|colon ) | ( dash|slash )? y{0}s=d2 (?! colon d2 ) (?! kind|weapon|adjective|course|unit|times|degree ) )?"
_MONTH = "( ~ m{0}=month " + _YEAR + " )?"
_GROUP = "g{0}=d6 ( _ " + _ZONE + " )?" + _MONTH
_GROUP_APART = "j{0}=d2 h{0}=d4 _ " + _ZONE + _MONTH
_CLOCK = (
    "h{0}=d1|d2 colon q{0}=d2 ( colon x{0}=d2 )? ( quote filler )? ( ~ ap{0}=am|pm|night )? ( ~ hours )? ( ~ "
    + _ZONE
    + " )?"
)
_DOTTED = "h{0}=decimal ( quote filler )? ( ~ ap{0}=am|pm|night )? ( ~ hours )? ( ~ " + _ZONE + " )?"
_FOUR = "h{0}=d4 ( ~ hours )? ( ~ " + _ZONE + " )?"
_SPOKEN = "h{0}=d1|d2 _ hours and? q{0}=d1|d2 _ minute ( ~ " + _ZONE + " )?"
_DASHED = "h{0}=d1|d2 dash q{0}=d2 ( ~ hours )? _ z{0}=clock"
_HOUR = "h{0}=d1|d2 _ ( ap{0}=am|pm|night | hours ) ( ~ " + _ZONE + " )?"
_MINUTED = "h{0}=d1|d2 and q{0}=d1|d2 minute ( ~ ap{0}=am|pm|night )? ( ~ " + _ZONE + " )?"
_LETTERED = "h{0}=d1|d2 hour_letter q{0}=d2 ( minute|minute_letter )? ( ~ " + _ZONE + " )?"
_SAID_APART = "h{0}=spoken|spelled and? q{0}=spoken ( ~ hours )?"
_ORDINAL = (
    "h{0}=ordinal ( and? hf{0}=half | and? hq{0}=quarter | and? q{0}=spoken|d1|d2 minute )? ( ~ ap{0}=am|pm|night )? ( ~ "
    + _ZONE
    + " )?"
)
_POINTS = (_GROUP, _GROUP_APART, _CLOCK, _FOUR, _DOTTED, _SPOKEN, _MINUTED, _LETTERED, _HOUR, _DASHED)
_RANGES = tuple(
    f"( attime|from|between filler* )* {one.format(1)} _ ( dash|until|to|and ) filler* attime? {_POINTS[other].format(2)}"
    for one, others in (
        (_GROUP, (0,)),
        (_GROUP_APART, (1,)),
        (_CLOCK, (2,)),
        (_FOUR, (3,)),
        (_DOTTED, (4,)),
        (_GROUP, (3,)),
    )
    for other in others
)
_FROM_UNTIL = (
    "attime? ~ h1=d1|d2 colon q1=d2 quote from ~ h2=d1|d2 colon q2=d2 quote to|filler until? ( ~ z2=clock )?"
)
_SINGLES = (
    f"a=attime ~ {_ORDINAL.format(1)}",
    f"a=attime ~ {_SAID_APART.format(1)} ( ~ z1=clock )?",
    f"{_SAID_APART.format(1)} ~ z1=clock",
    "a=attime ~ h1=d1|d2 ( quote filler )? ~ z1=clock",
    "a=attime ~ h1=d1|d2 quote filler",
    "bp1=am|pm|night filler* a=attime? ~ h1=d1|d2 quote filler ( ~ z1=clock )?",
    "bp1=am|pm|night filler* a=attime? ~ h1=d1|d2 ~ z1=clock",
    *(
        f"( bp1=am|pm|night filler* )? a=attime? ~ ( pa=approx dot? filler* )? {point.format(1)}"
        for point in _POINTS
    ),
)
_LASTING = ("duration ~ n=int _ u=minute|second|hours", "n=int _ u=minute|second|hours ~ duration")
_ABOUT_S = 600.0
"""How far off a time may be that an observer calls approximate."""
_MOST_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Point:
    """A clock time as said: the day where one is said, the zone where one is."""

    day: date | None
    clock: time
    has_seconds: bool
    zone: tzinfo | None
    zone_word: str
    notes: tuple[str, ...] = ()
    next_day: bool = False
    error_s: float = 30.0


def read_times(draft: Draft) -> None:
    """Read when it was.

    Args:
        draft: The line.
    """
    day, day_at = _day(draft)
    for shape in (*_RANGES, _FROM_UNTIL):
        for found in draft.find(shape):
            _range(draft, found, day)
    for shape in _SINGLES:
        for found in draft.find(shape):
            _single(draft, found, day)
    _put_day(draft, day_at)
    for found in (one for shape in _LASTING for one in draft.find(shape)):
        _lasting(draft, found)


_DAYS = (
    "y=year4 dash m=d1|d2 dash d=d1|d2 tt=letters1?",
    "d=d1|d2 filler? of? ( dash|dot|slash )? n=month " + _YEAR.format("") + " ( _ year )?",
    "n=month ~ d=d1|d2 ( comma? y=year4 (?! _ letters1|clock|hours|colon ) )? (?! colon|dot|unit|kind )",
    "d=d1|d2 slash m=d1|d2 slash y=year4|d2",
    "d=d1|d2 dash m=d1|d2 dash y=year4",
    "dm=decimal dot y=year4|d2",
    "r=day_shift",
)


def _put_day(draft: Draft, day_at: list[int]) -> None:
    """Add the words of a day to those of the time; a day without a time is asked about."""
    if not day_at:
        return
    said = draft.said(day_at)
    there = draft.fields.get("time")
    if there is None:
        draft.ask("time", "at what time of this day?", said)
    else:
        draft.fields["time"] = replace(there, said=f"{said} … {there.said}")


def _day(draft: Draft) -> tuple[date | None, list[int]]:
    """The day that the line names in full or without its year, and its words."""
    out: date | None = None
    indices: list[int] = []
    for shape in _DAYS:
        for found in draft.find(f"( attime|from )? {shape}"):
            before = found.indices[0] - 1
            if (
                before >= 0
                and {"letters1", "clock", "d6"} & set(draft.tokens[before].classes)
                and found.has("n")
                and found.at("n")[0] == before + 1
            ):
                continue
            said = draft.said(found.indices)
            between = found.token("tt")
            if between is not None and (between.classes["letters1"] != "T" or not between.is_glued):
                continue
            got = _day_of(draft, found, said)
            if got is None:
                continue
            draft.take(found.indices)
            if out is not None and out != got:
                draft.refuse(
                    "radio.contradiction",
                    f"the line names two days: {out} and {got}",
                    said,
                    "say which one holds",
                )
            out = got
            indices = indices or list(found.indices)
    return out, indices


def _day_of(draft: Draft, found: Found, said: str) -> date | None:
    on = draft.theatre.on
    if found.has("r"):
        return on + timedelta(days=int(found.tokens("r")[0].classes["day_shift"]))
    year_text = next((token.text for name in ("y", "ys") for token in found.tokens(name)), "")
    year = int(year_text) + (2000 if len(year_text) == 2 else 0) if year_text else on.year
    if found.has("dm"):
        first, _, second = found.tokens("dm")[0].text.partition(".")
        if not (second and len(first) <= 2 and len(second) <= 2):
            return None
        day, month = int(first), int(second)
    elif found.has("n"):
        day, month = int(found.tokens("d")[0].text), int(found.tokens("n")[0].classes["month"])
    else:
        day, month = int(found.tokens("d")[0].text), int(found.tokens("m")[0].text)
        is_open = any("slash" in draft.tokens[at].classes for at in found.indices)
        if is_open and day <= 12 and month <= 12 and day != month:
            draft.refuse(
                "radio.time", f"'{said}': which number is the month?", said, "write the month as a word"
            )
    try:
        got = date(year, month, day)
    except ValueError:
        draft.refuse("radio.time", f"'{said}' is no day", said, "check the day")
    if not year_text and got > on + timedelta(days=60):
        got = got.replace(year=got.year - 1)
    return got


def _points(draft: Draft, found: Found, n: int) -> _Point | None:
    """Read one clock time; None where the numbers are none, or nothing says that they are a time."""
    group, hours = found.token(f"g{n}"), found.token(f"h{n}")
    day: date | None = None
    notes: tuple[str, ...] = ()
    seconds = "0"
    if group is not None:
        text = group.text
        day_text, hour, minute = text[:2], text[2:4], text[4:]
    elif hours is not None:
        apart = found.token(f"j{n}")
        day_text = apart.text if apart is not None else ""
        text = hours.text.replace(",", ".")
        if found.has(f"q{n}"):
            hour, minute = text, found.tokens(f"q{n}")[0].text
            seconds = found.tokens(f"x{n}")[0].text if found.has(f"x{n}") else "0"
        elif found.has(f"hf{n}") or found.has(f"hq{n}"):
            hour, minute = text, "30" if found.has(f"hf{n}") else "15"
        elif "." in text:
            hour, _, minute = text.partition(".")
            if len(minute) != 2:
                return None
        elif len(text) <= 2:
            hour, minute = text, "0"
        else:
            hour, minute = text[:2], text[2:]
    else:
        return None
    if any("colon" in draft.tokens[at - 1].classes and not _is_tight(draft, at) for at in found.at(f"q{n}")):
        return None
    zone = zone_of(draft, found, n)
    if zone is None:
        return None
    said = draft.said(found.indices)
    half = found.token(f"ap{n}") or found.token(f"bp{n}")
    if half is not None:
        hour = _of_half_day(draft, hour, half, said)
    is_end = (hour, int(minute), int(seconds)) == ("24", 0, 0)
    try:
        clock = time(0 if is_end else int(hour), int(minute), int(seconds))
        if day_text:
            day, notes = _month_of(draft, found, n, int(day_text), said)
    except ValueError:
        marks = {name for token in (*found.tokens("a"), *found.tokens(f"z{n}")) for name in token.classes}
        if zone[0] is None or not ({"clock", "attime"} & marks or group is not None):
            return None
        draft.refuse(
            "radio.time",
            f"'{said}' is no time: hours go to 24, minutes to 59, days to the month's last",
            said,
            "check the digits",
        )
    return _Point(
        day,
        clock,
        found.has(f"x{n}"),
        zone[0],
        zone[1],
        (*notes, *zone[2]),
        is_end,
        1800.0 if minute == "0" else _ABOUT_S if found.has("pa") else 30.0,
    )


def _of_half_day(draft: Draft, hour: str, half: Token, said: str) -> str:
    """The hour of 24 that an hour of twelve is in the morning, afternoon or night; hours of 24 stay."""
    value = int(hour)
    is_late = "pm" in half.classes or ("night" in half.classes and 6 <= value < 12)
    if value > 23 or (value > 12 and not {"pm", "night"} & set(half.classes)):
        draft.refuse("radio.time", f"'{said}' is no time of twelve hours", said, "write it with 24 hours")
    if value > 12 or value == 0:
        return hour
    return str(value % 12 + (12 if is_late else 0))


def _is_tight(draft: Draft, at: int) -> bool:
    """Whether the sign before a number touches both sides."""
    return draft.tokens[at].is_glued and draft.tokens[at - 1].is_glued


def _month_of(draft: Draft, found: Found, n: int, day: int, said: str) -> tuple[date, tuple[str, ...]]:
    """The day of a date-time group: its month where said, else the latest month in which the day is not yet to come."""
    on = draft.theatre.on
    month, year = found.token(f"m{n}"), found.token(f"y{n}") or found.token(f"y{n}s")
    if month is not None:
        value = int(month.classes["month"])
        if year is not None:
            return date(int(year.text) + (2000 if len(year.text) == 2 else 0), value, day), ()
        got = date(on.year, value, day)
        return (got if got <= on + timedelta(days=60) else got.replace(year=on.year - 1)), ("year not said",)
    if not 1 <= day <= 31:
        raise ValueError("no day")
    first = on.replace(day=1)
    for back in range(4):
        index = first.year * 12 + first.month - 1 - back
        try:
            got = date(index // 12, index % 12 + 1, day)
        except ValueError:
            continue
        if got <= on + timedelta(days=1):
            if on - got > _MOST_BACK:
                draft.ask("time", f"which month? {got} is long before {on}", said)
            return got, (f"month not said: {got:%Y-%m}",)
    raise ValueError("no day")


def _is_marked(draft: Draft, found: Found, *points: _Point) -> bool:
    """Whether anything but four or six digits says that this is a time."""
    if any(point.zone is not None for point in points):
        return True
    classes = {name for at in found.indices for name in draft.tokens[at].classes}
    if {"attime", "am", "pm", "night", "hours", "month"} & classes:
        return True
    if found.has("q1") or found.has("q2"):
        return True
    before = found.indices[0] - 1
    while before >= 0 and "soft" in draft.tokens[before].classes:
        before -= 1
    is_first = before < 0 or (
        before in draft.taken and "observer" in draft.fields and before in _observer_at(draft)
    )
    after = found.indices[-1] + 1
    follows = draft.tokens[after].classes if after < len(draft.tokens) else {}
    is_bare = not {"unit", "degree", "mil", "north", "kind", "hemisphere", "letters3"} & set(follows)
    return (is_first and is_bare and not found.has("h1")) or (
        is_first and is_bare and "decimal" not in classes
    )


def _observer_at(draft: Draft) -> set[int]:
    said = draft.fields["observer"].said
    return {at for at in draft.taken if draft.said([at]) and draft.said([at]) in said}


def _utc(point: _Point, day: date, zone: tzinfo) -> datetime:
    moment = datetime.combine(day, point.clock, tzinfo=zone)
    return (moment + timedelta(days=1 if point.next_day else 0)).astimezone(UTC)


def _day_for(draft: Draft, point: _Point, day: date | None, said: str) -> tuple[date, tuple[str, ...]]:
    if point.day is not None:
        if day is not None and day != point.day:
            draft.refuse(
                "radio.contradiction",
                f"the line names two days: {day} and {point.day}",
                said,
                "say which one holds",
            )
        return point.day, ()
    if day is not None:
        return day, ()
    return draft.theatre.on, (f"day not said: {draft.theatre.on}",)


def _is_measure(draft: Draft, found: Found) -> bool:
    """Whether a unit follows, so that the number is no time."""
    after = found.indices[-1] + 1
    for band in draft.find("dash|to filler* number _ unit|degree|mil"):
        if band.indices[0] == after and not found.has("z1"):
            return True
    return after < len(draft.tokens) and bool(
        {"unit", "degree", "mil", "calibre", "northword"} & set(draft.tokens[after].classes)
    )


def _is_end(draft: Draft, found: Found) -> bool:
    """Whether an 'until' stands before a time, and no beginning."""
    at = found.indices[0]
    before = draft.tokens[at - 1].classes if at else {}
    own = draft.tokens[at].classes
    return bool({"until", "to"} & set(before)) or ("until" in own and "attime" not in own)


def _joined_by_and(draft: Draft, found: Found) -> bool:
    """Whether two times stand beside each other with an 'and' and no 'between': these are two moments, no range."""
    classes = [draft.tokens[at].classes for at in found.indices]
    is_and = any("and" in one and not {"to", "until", "dash"} & set(one) for one in classes)
    return is_and and not any("between" in one for one in classes)


def _single(draft: Draft, found: Found, day: date | None) -> None:
    point = _points(draft, found, 1)
    if point is None or not _is_marked(draft, found, point) or _is_measure(draft, found):
        return
    said = draft.said(found.indices)
    if _is_end(draft, found):
        draft.ask("time", "this is when it ended: when did it begin?", said)
        draft.take(
            [found.indices[0] - 1]
            if {"until", "to"} & set(draft.tokens[found.indices[0] - 1].classes)
            else []
        )
    its_day, notes = _day_for(draft, point, day, said)
    at = _utc(point, its_day, point.zone or draft.theatre.zone)
    draft.take(found.indices)
    _put(draft, said, Interval(at, at), point, notes)


def _range(draft: Draft, found: Found, day: date | None) -> None:
    first, last = _points(draft, found, 1), _points(draft, found, 2)
    if (
        first is None
        or last is None
        or not _is_marked(draft, found, first, last)
        or _is_measure(draft, found)
    ):
        return
    if _joined_by_and(draft, found):
        return
    said = draft.said(found.indices)
    zone = first.zone or last.zone or draft.theatre.zone
    start_day, notes = _day_for(draft, first, day, said)
    start = _utc(first, start_day, zone)
    end = _utc(last, last.day or start_day, last.zone or zone)
    if end < start and last.day is None:
        end += timedelta(days=1)
        notes = (*notes, "the end lies on the next day")
        if end - start > timedelta(hours=12):
            draft.ask("time", "does the end lie on the next day?", said)
    if end < start:
        draft.refuse("radio.time", f"'{said}' ends before it begins", said, "check both times")
    draft.take(found.indices)
    _put(draft, said, Interval(start, end), first if first.zone is not None else last, notes)


def _put(draft: Draft, said: str, meant: Interval, point: _Point, notes: tuple[str, ...]) -> None:
    error_s = 0.5 if point.has_seconds else point.error_s
    notes = (*point.notes, *notes)
    word = point.zone_word
    if point.zone is None:
        draft.ask("time", "in which time zone?", said)
        here = draft.theatre.zone.utcoffset(meant.start_at.replace(tzinfo=None)) or timedelta()
        error_s += max(abs(here.total_seconds()), 3600.0)
        notes = (*notes, f"time zone not said: {draft.theatre.zone.key}, the error holds UTC too")
        word = "zone not said"
    elif word == "L":
        error_s += 11 * 3600.0
    draft.put("time", Reading(said, meant, error_s, "s", word, notes))


def _lasting(draft: Draft, found: Found) -> None:
    there = draft.fields.get("time")
    said = draft.said(found.indices)
    draft.take(found.indices)
    if there is None:
        draft.ask("time", "from when did it last?", said)
        return
    unit = found.tokens("u")[0].classes
    seconds = int(found.tokens("n")[0].text) * (60 if "minute" in unit else 3600 if "hours" in unit else 1)
    start: datetime = there.meant.start_at
    end = start + timedelta(seconds=seconds)
    if there.meant.end_at not in {start, end}:
        draft.refuse(
            "radio.contradiction", f"'{there.said}' did not last {said}", said, "check times and duration"
        )
    draft.fields["time"] = Reading(
        f"{there.said} … {said}", Interval(start, end), there.error, "s", there.system, there.assumed
    )
