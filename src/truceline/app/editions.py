"""What an edition is made from: the mission at each moment at which something became known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from truceline.app.recording import Head
from truceline.app.wiring import World
from truceline.assess import assess
from truceline.core.claims import Claim
from truceline.core.incidents import Incident
from truceline.core.mission import Mission
from truceline.core.obligations import ObligationStatus
from truceline.core.pictures import Picture
from truceline.core.reports import Report
from truceline.core.times import last_second, parse_instant
from truceline.link import link
from truceline.picture import picture
from truceline.publish import PublishInput, RecordHead, Step, publish
from truceline.publish.edition import Edition

MOST_STEPS = 60
"""A slider with more ticks than this cannot be read; the days in between are left out, the last never."""


def first_moment(mission: Mission) -> datetime:
    """Return the moment that stands where nothing was received: the first instrument's publication."""
    for instrument in mission.instruments:
        if instrument.published_at:
            return parse_instant(instrument.published_at)
    return datetime(1970, 1, 1, tzinfo=UTC)


def view(
    world: World,
    reports: Sequence[Report],
    claims: tuple[Claim, ...],
    last: tuple[tuple[Incident, ...], tuple[ObligationStatus, ...], Picture],
    moment: datetime,
    head: Head,
    *,
    accepted_only: bool,
) -> PublishInput:
    """Gather what publishing is given.

    Args:
        world: The mission and its words.
        reports: What was received and known by the moment.
        claims: What it says.
        last: Incidents, statuses and picture at the moment itself.
        moment: The edition's moment.
        head: The record's head.
        accepted_only: Whether only accepted claims count.

    Returns:
        The input of `publish`, with a step for each day on which something became known.
    """
    copies = frozenset(report.id for report in reports if report.copy_of)
    days = sorted({last_second(report.known_at.date()) for report in reports if report.known_at})
    earlier = [day for day in days if day < moment]
    steps = []
    for day in _spread(earlier):
        then = link(claims, world.mission, copies=copies, known_at=day, accepted_only=accepted_only)
        statuses = assess(
            world.mission,
            claims,
            then,
            valid_at=day,
            known_at=day,
            accepted_only=accepted_only,
            copies=copies,
        )
        drawn = picture(
            world.mission,
            claims,
            then,
            statuses,
            valid_at=day,
            known_at=day,
            accepted_only=accepted_only,
            copies=copies,
        )
        steps.append(Step(day, statuses, drawn.counters, then, drawn.features))
    incidents, final, drawn = last
    steps.append(Step(moment, final, drawn.counters, incidents, drawn.features))
    return PublishInput(
        mission=world.mission,
        steps=tuple(steps),
        claims=claims,
        reports=tuple(reports),
        known_at=moment,
        catalogues=world.catalogues,
        realm=world.mission.settings.realm,
        record=RecordHead(head.origin, head.size, head.root),
        languages=world.mission.settings.report_languages,
    )


def _spread(days: list[datetime]) -> list[datetime]:
    if len(days) <= MOST_STEPS:
        return days
    return [days[at * (len(days) - 1) // (MOST_STEPS - 1)] for at in range(MOST_STEPS)]


def editions(given: PublishInput) -> list[Edition]:
    """Put the edition into every language of the mission."""
    return [publish(given, language) for language in given.languages]
