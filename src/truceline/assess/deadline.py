"""Deadlines: readings, amendments that wait for their evidence, dates counted from an event (MODEL, Times)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from truceline.assess.knowledge import Item, Knowledge, bears, effective, published
from truceline.core.claims import Claim
from truceline.core.knowledge import order_key
from truceline.core.mission import Mission
from truceline.core.obligations import Amendment, DueStep, Instrument, Obligation, Reading, Relative
from truceline.core.times import add_months, day_end, day_start, last_second

READINGS: tuple[Reading, ...] = ("inclusive", "exclusive")


def limit(due: date, reading: Reading, know: Knowledge) -> datetime:
    """Return where a deadline ends.

    Args:
        due: A day of the mission's time zone.
        reading: ``inclusive`` ends at 24:00 of that day, ``exclusive`` at 00:00.
        know: The moment's knowledge.

    Returns:
        The instant in UTC.
    """
    return day_end(due, know.zone) if reading == "inclusive" else day_start(due, know.zone)


def last_day(due: date, reading: Reading, know: Knowledge) -> datetime:
    """Return the first instant of the last day on which it can still be done in time."""
    return day_start(due if reading == "inclusive" else due - timedelta(days=1), know.zone)


def counted_from(day: date, rule: Relative) -> date:
    """Return the day that lies whole years, months and days after an event's day."""
    return add_months(day, 12 * rule.years + rule.months) + timedelta(days=rule.days)


def due_history(
    duty: Obligation, instrument: Instrument, know: Knowledge, event: Callable[[str], Item | None]
) -> tuple[DueStep, ...]:
    """Return the due dates an obligation had, by what was known.

    Args:
        duty: The obligation.
        instrument: Where it stands.
        know: The moment's knowledge.
        event: Gives the earliest known sign that an event happened, or None.

    Returns:
        The original first, then each amendment that some claim states, in the order announced. The last is in
        force. Empty where there is no date, or the event that it is counted from is not on record.
    """
    first = _original(duty, instrument, know, event)
    if first is None:
        return ()
    steps = [first]
    for amendment in amendments_of(duty.id, know.mission):
        if day_start(date.fromisoformat(amendment.announced_on), know.zone) > know.at:
            continue
        stated = statement_of(amendment, know)
        if stated is not None:
            steps.append(DueStep(amendment.due, stated.known_at, amendment.id))
    return tuple(steps)


def amendments_of(duty: str, mission: Mission) -> list[Amendment]:
    """Return the amendments of an obligation in the order announced."""
    return sorted(
        (a for a in mission.amendments if a.obligation == duty), key=lambda a: (a.announced_on, a.id)
    )


def statement_of(amendment: Amendment, know: Knowledge) -> Claim | None:
    """Return the first known claim that states an amendment with its date, or None while it waits."""
    stating = [
        claim
        for claim in know.claims
        if claim.due == amendment.due
        and claim.polarity == "affirmed"
        and claim.modality != "denied"
        and any(bears(bearing, claim, know, any_modality=True) for bearing in amendment.evidence)
    ]
    return min(stating, key=order_key, default=None)


def effective_day(instrument: Instrument, know: Knowledge) -> date:
    """Return the day on which an instrument took effect, in the time zone that the instrument itself names."""
    return effective(instrument, know.zone).astimezone(own_zone(instrument, know)).date()


def own_zone(instrument: Instrument, know: Knowledge) -> ZoneInfo:
    """Return the time zone that an instrument names for itself, else the mission's."""
    name = know.mission.settings.instrument_time_zones.get(instrument.id)
    return ZoneInfo(name) if name is not None else know.zone


def _original(
    duty: Obligation, instrument: Instrument, know: Knowledge, event: Callable[[str], Item | None]
) -> DueStep | None:
    if duty.due is not None:
        return DueStep(duty.due, published(instrument), None)
    if duty.relative is None:
        return None
    if duty.relative.event == "effective":
        day = effective_day(instrument, know)
        return DueStep(counted_from(day, duty.relative).isoformat(), published(instrument), None)
    sign = event(duty.relative.event)
    if sign is None:
        return None
    day = sign.at.astimezone(know.zone).date()
    known = max(filter(None, (sign.claim.known_at, published(instrument))), default=last_second(day))
    return DueStep(counted_from(day, duty.relative).isoformat(), known, None)
