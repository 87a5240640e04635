"""What an edition is made from: the mission at each moment at which something became known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from truceline.app.outputs import Asked, Run
from truceline.app.recording import Head
from truceline.app.wiring import World, words_of
from truceline.assess import assess
from truceline.core.mission import Mission
from truceline.core.reports import Report
from truceline.core.times import last_second, parse_instant
from truceline.link import link
from truceline.picture import picture
from truceline.publish import PublishInput, RecordHead, Step, publish
from truceline.publish.edition import Edition

MOST_STEPS = 60
"""A slider with more ticks than this cannot be read; the days in between are left out, the last never."""


LATE = datetime.max.replace(tzinfo=UTC)
"""Stands for a moment that nothing tells: it is in no picture of a moment asked for."""


def last_moment(mission: Mission, reports: Sequence[Report]) -> datetime:
    """Return the latest moment at which something became known; the first instrument's where nothing was received."""
    known = [report.known_at for report in reports if report.known_at]
    published = [parse_instant(i.published_at) for i in mission.instruments if i.published_at]
    return max(known or published[:1], default=datetime(1970, 1, 1, tzinfo=UTC))


def view(world: World, run: Run, head: Head) -> PublishInput:
    """Gather what publishing is given.

    Args:
        world: The mission and its words.
        run: What the stages gave for the edition's own moment.
        head: The record's head.

    Returns:
        The input of `publish`, with a step for each day on which something became known.
    """
    days = sorted({last_second(report.known_at.date()) for report in run.reports if report.known_at})
    steps = [_step(world.mission, run, day) for day in _spread([day for day in days if day < run.moment])]
    steps.append(Step(run.moment, run.statuses, run.drawn.counters, run.incidents, run.drawn.features))
    return PublishInput(
        mission=world.mission,
        steps=tuple(steps),
        claims=run.claims,
        reports=run.reports,
        known_at=run.moment,
        catalogues=words_of(world.mission),
        realm=world.mission.settings.realm,
        record=RecordHead(head.origin, head.size, head.root),
        languages=world.mission.settings.report_languages,
    )


def _step(mission: Mission, run: Run, day: datetime) -> Step:
    asked: Asked = {**run.asked, "known_at": day}
    incidents = link(run.claims, mission, **asked)
    statuses = assess(mission, run.claims, incidents, valid_at=day, **asked)
    drawn = picture(mission, run.claims, incidents, statuses, valid_at=day, **asked)
    return Step(day, statuses, drawn.counters, incidents, drawn.features)


def _spread(days: list[datetime]) -> list[datetime]:
    if len(days) <= MOST_STEPS:
        return days
    return [days[at * (len(days) - 1) // (MOST_STEPS - 1)] for at in range(MOST_STEPS)]


def editions(given: PublishInput) -> list[Edition]:
    """Put the edition into every language of the mission."""
    return [publish(given, language) for language in given.languages]
