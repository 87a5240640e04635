"""What looks wrong in what a person enters: asked about before anything is written. Nothing is ever put right in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from truceline.core.claims import Claim
from truceline.core.errors import InputError
from truceline.core.times import Precision, format_instant, parse_instant

SLACK = timedelta(minutes=5)
"""How far ahead the clock of whoever enters may be."""

Question = dict[str, Any]
"""``code``, ``field``, ``what``, and perhaps ``instead``: what it could mean."""

_CLOCK = re.compile(
    r"(?:(?P<day>\d{4}-\d{2}-\d{2})[ T]+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?:\s*(?P<half>am|pm|a\.m\.|p\.m\.|ص|م))?\Z",
    re.IGNORECASE,
)
_LOOSE_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>[1-9]):(?P<minute>[0-5]\d)(?![\d:])(?P<after>\s*[\w.]{0,4})", re.IGNORECASE
)
_HALVES = re.compile(r"\s*(am|pm|a\.m|p\.m|ص|م)", re.IGNORECASE)
_PAIR = re.compile(r"(?<![\d.])(-?\d{1,3}\.\d{2,})\s*[,;]\s*(-?\d{1,3}\.\d{2,})(?!\d|\.\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as somebody typed it, read.

    Args:
        start: Instant in UTC, or day ``YYYY-MM-DD``.
        end: The end of that minute, or the same day.
        precision: ``minute`` or ``day``.
        at: The instant, of a day its first one.
        words: As it was typed.
    """

    start: str
    end: str
    precision: Precision
    at: datetime
    words: str


def read_moment(text: str, zone: ZoneInfo, now: datetime) -> tuple[Moment, list[Question]]:
    """Read a time: ``07:30`` (today in the mission's zone), ``7:30 pm``, ``2020-11-12 07:30``, a day, or an instant.

    Args:
        text: As typed.
        zone: The mission's zone.
        now: The time.

    Returns:
        The moment, and what must be asked about it.

    Raises:
        InputError: It is no time.
    """
    words = text.strip()
    found = _CLOCK.fullmatch(words)
    asked: list[Question] = []
    if found is not None:
        day = found["day"] or now.astimezone(zone).date().isoformat()
        hour, minute, half = int(found["hour"]), int(found["minute"]), (found["half"] or "").lower()
        if half and not 1 <= hour <= 12:
            raise _no_time(words)
        if half:
            hour = hour % 12 + (12 if half[0] in "pم" else 0)
        elif len(found["hour"]) == 1 and hour:
            # whoever writes 24 hours writes 07:30, and 10:30 is what both ways of writing have in common
            asked.append(_half_of_day(words, hour, minute, "when"))
        try:
            local = datetime.combine(datetime.fromisoformat(day).date(), time(hour, minute), zone)
            moment = _minute(local.astimezone(UTC), words)
        except (ValueError, OverflowError) as error:
            raise _no_time(words) from error
    else:
        moment = _day_or_instant(words, zone)
    if moment.at > now + SLACK:
        asked.append(_future(moment.start, "when"))
    return moment, asked


def _day_or_instant(words: str, zone: ZoneInfo) -> Moment:
    try:
        day = datetime.strptime(words, "%Y-%m-%d").date()  # noqa: DTZ007 - a day of the mission's zone
    except ValueError:
        try:
            at = parse_instant(words)
        except InputError as error:
            raise _no_time(words) from error
        return _minute(at, words)
    try:
        at = datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError as error:
        raise _no_time(words) from error
    return Moment(day.isoformat(), day.isoformat(), "day", at, words)


def _minute(at: datetime, words: str) -> Moment:
    try:
        return Moment(format_instant(at), format_instant(at + timedelta(minutes=1)), "minute", at, words)
    except OverflowError as error:
        raise _no_time(words) from error


def ask_position(lon: float, lat: float, box: tuple[float, float, float, float]) -> list[Question]:
    """Ask about a position that lies outside the mission's box, first of all whether its figures were exchanged.

    Args:
        lon: Degrees east, as given.
        lat: Degrees north, as given.
        box: West, south, east, north.

    Returns:
        At most one question.
    """
    if _lies_in(lon, lat, box):
        return []
    if _lies_in(lat, lon, box):
        what = f"{lon:g} east, {lat:g} north lies outside the mission; exchanged, they lie inside"
        return [
            {"code": "position.swapped", "field": "where", "what": what, "instead": {"lon": lat, "lat": lon}}
        ]
    what = f"{lon:g} east, {lat:g} north lies outside the mission"
    return [{"code": "position.outside", "field": "where", "what": what}]


def ask_text(text: str, claims: tuple[Claim, ...], box: tuple[float, ...], now: datetime) -> list[Question]:
    """Ask about what looks wrong in a pasted message.

    Args:
        text: The message.
        claims: What was read in it.
        box: West, south, east, north.
        now: The time.

    Returns:
        The questions, each code once.
    """
    west, south, east, north = box
    found: dict[str, Question] = {}
    for one in (*_halves(text), *_pairs(text, (west, south, east, north)), *_futures(claims, now)):
        found.setdefault(one["code"], one)
    return list(found.values())


def _halves(text: str) -> Iterator[Question]:
    for match in _LOOSE_CLOCK.finditer(text):
        if not _HALVES.match(match["after"]):
            yield _half_of_day(
                f"{match['hour']}:{match['minute']}", int(match["hour"]), int(match["minute"]), "pasted"
            )


def _pairs(text: str, box: tuple[float, float, float, float]) -> Iterator[Question]:
    """Positions are written north first in messages; one that fits only the other way round is asked about."""
    for match in _PAIR.finditer(text):
        lat, lon = float(match[1]), float(match[2])
        if _lies_in(lat, lon, box) and not _lies_in(lon, lat, box):
            what = f"'{match[0]}' fits the mission only with the eastern figure first"
            yield {"code": f"position.swapped:{match[0]}"[:80], "field": "pasted", "what": what}


def _futures(claims: tuple[Claim, ...], now: datetime) -> Iterator[Question]:
    for claim in claims:
        start = claim.valid_at.start if claim.valid_at else None
        if (
            claim.modality in {"asserted", "accused", "admitted"}
            and start is not None
            and start > now + SLACK
        ):
            yield _future(format_instant(start), "pasted")


def _half_of_day(words: str, hour: int, minute: int, field: str) -> Question:
    return {
        "code": f"ampm:{words}", "field": field, "what": f"is '{words}' in the morning or in the evening?",
        "instead": [f"{hour:02}:{minute:02}", f"{hour + 12:02}:{minute:02}"],
    }  # fmt: skip


def _future(start: str, field: str) -> Question:
    return {"code": f"future:{start}", "field": field, "what": f"{start} has not come yet"}


def _lies_in(lon: float, lat: float, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return west <= lon <= east and south <= lat <= north


def _no_time(words: str) -> InputError:
    return InputError(
        "enter.when", f"'{words[:40]}' is no time", where="when",
        todo="write 07:30, 7:30 pm, 2020-11-12 07:30, a day, or 2020-11-12T03:30:00Z",
    )  # fmt: skip
