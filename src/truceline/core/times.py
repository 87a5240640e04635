"""Times: instants in UTC, calendar days as a text means them, and the interval when something was so.

Source: MODEL, Times. Nothing here reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from truceline.core.errors import InputError

Precision = Literal["instant", "minute", "hour", "day", "week", "month", "year", "approx", "unknown"]
KnownBasis = Literal["received", "published", "inferred"]


@dataclass(frozen=True, slots=True)
class When:
    """A time as a text means it.

    Args:
        start: ``YYYY-MM-DD`` for precision ``day`` and coarser, an RFC 3339 instant in UTC for finer; None unresolved.
        end: The last day, inclusive, or the instant's end; None where open or unresolved.
        precision: How exact the words are.
        basis: How it was found: ``explicit``, ``relative to publication``, ``unresolved: …``.
    """

    start: str | None
    end: str | None
    precision: Precision
    basis: str


@dataclass(frozen=True, slots=True)
class ValidAt:
    """When something was so: ``[start, end)`` in UTC; None is open or unknown."""

    start: datetime | None
    end: datetime | None
    precision: Precision
    basis: str


def parse_instant(text: str) -> datetime:
    """Read an RFC 3339 instant with its offset and return it in UTC.

    Args:
        text: For example ``2020-11-10T00:00:00+03:00``.

    Returns:
        The same instant in UTC.

    Raises:
        InputError: The text is no instant or has no offset.
    """
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            "input.instant", f"'{text}' is no instant", todo="write it as 2020-11-16T09:30:00Z"
        ) from error
    if value.tzinfo is None:
        raise InputError(
            "input.instant", f"'{text}' has no time zone", todo="add Z or an offset such as +04:00"
        )
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise InputError("input.instant", f"'{text}' lies beyond the calendar") from error


def from_epoch(us: int) -> datetime:
    """Return the instant that lies so many microseconds after the beginning of 1970, in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)


def format_instant(value: datetime) -> str:
    """Write an instant as RFC 3339 in UTC with ``Z``; fractions only where there are some."""
    text = value.astimezone(UTC).isoformat(timespec="auto")
    return text.replace("+00:00", "Z")


def format_sortable(value: datetime) -> str:
    """Write an instant so that the order of the texts is the order of the times: always with six digits of a second."""
    text = format_instant(value)
    return text if "." in text else text.replace("Z", ".000000Z")


def last_second(day: date) -> datetime:
    """Return the last second of a day in UTC: the instant by which a bare date is surely known."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)


def parse_known_at(text: str) -> datetime:
    """Read a moment of knowledge: an instant, or a bare day that counts as its last second in UTC.

    Args:
        text: ``2020-11-16`` or ``2020-11-16T12:00:00Z``.

    Returns:
        The instant in UTC.

    Raises:
        InputError: The text is neither.
    """
    try:
        return last_second(date.fromisoformat(text))
    except ValueError:
        return parse_instant(text)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a calendar day of a time zone, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def day_end(day: date, zone: ZoneInfo) -> datetime:
    """Return 24:00 of a calendar day of a time zone, in UTC: where an inclusive deadline ends."""
    return day_start(day + timedelta(days=1), zone)


def valid_at(when: When | None, zone: ZoneInfo) -> ValidAt | None:
    """Turn a time as a text means it into an interval in UTC.

    Args:
        when: The time of a claim, or None.
        zone: The mission's time zone, in which the days are meant.

    Returns:
        ``[start, end)``, or None where the text gives no time.
    """
    if when is None or when.start is None:
        return None
    if "T" in when.start:
        start = parse_instant(when.start)
        end = parse_instant(when.end) if when.end else None
    else:
        start = day_start(date.fromisoformat(when.start), zone)
        end = day_end(date.fromisoformat(when.end), zone) if when.end else None
    return ValidAt(start, end, when.precision, when.basis)


def add_months(day: date, months: int) -> date:
    """Move a day by whole months; the day of month is cut to the last one that exists."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for day_of_month in range(day.day, 27, -1):
        try:
            return date(year, month + 1, day_of_month)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))
