"""What an edition is made from: the mission at each moment at which something became known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from truceline.app.outputs import Asked, Run
from truceline.app.recording import Head
from truceline.app.wiring import World, words_of
from truceline.assess import assess
from truceline.core.claims import Claim
from truceline.core.mission import Mission
from truceline.core.release import PUBLIC
from truceline.core.reports import Report
from truceline.core.times import last_second, parse_instant
from truceline.link import link
from truceline.picture import picture
from truceline.publish import PublishInput, RecordHead, Step, publish
from truceline.publish.edition import Edition
from truceline.publish.gate import released

MOST_STEPS = 60
"""A slider with more ticks than this cannot be read; the days in between are left out, the last never."""


LATE = datetime.max.replace(tzinfo=UTC)
"""Stands for a moment that nothing tells: it is in no picture of a moment asked for."""


def last_moment(mission: Mission, reports: Sequence[Report]) -> datetime:
    """Return the latest moment at which something became known; the first instrument's where nothing was received."""
    known = [report.known_at for report in reports if report.known_at]
    published = [parse_instant(i.published_at) for i in mission.instruments if i.published_at]
    return max(known or published, default=datetime(1970, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class _Open:
    """What a recipient may have of a run: its reports and claims, and what conclusions from them rest on."""

    reports: tuple[Report, ...]
    claims: tuple[Claim, ...]
    asked: Asked
    moment: datetime


def view(
    world: World,
    run: Run,
    head: Head,
    recipient: str = PUBLIC,
    *,
    languages: tuple[str, ...] = (),
    moments: tuple[datetime, ...] = (),
) -> PublishInput:
    """Gather what publishing is given: all that the recipient may have, and conclusions from that alone.

    A run concludes from everything the centre holds; its conclusions stay inside. Links, statuses and pictures of an
    edition are worked out anew, so that nothing in it shows what was kept back, not even its moment.

    Args:
        world: The mission and its words.
        run: What the stages gave for the edition's own moment.
        head: The record's head.
        recipient: Who the edition is for.
        languages: Languages of the words; empty takes the mission's report languages.
        moments: The moments to show; empty takes each day on which something became known.

    Returns:
        The input of `publish`, with a step for each moment.
    """
    mission = world.mission
    wanted = languages or mission.settings.report_languages
    given = _open(mission, run, recipient)
    days = sorted({last_second(report.known_at.date()) for report in given.reports if report.known_at})
    before = spread([day for day in moments or days if day < given.moment])
    steps = [_step(mission, given, day, {**given.asked, "known_at": day}) for day in before]
    steps.append(_step(mission, given, given.moment, given.asked))
    return PublishInput(
        mission=mission,
        steps=tuple(steps),
        claims=given.claims,
        reports=given.reports,
        known_at=given.moment,
        catalogues=words_of(wanted),
        realm=mission.settings.realm,
        record=RecordHead(head.origin, head.size, head.root),
        languages=wanted,
        recipient=recipient,
    )


def _open(mission: Mission, run: Run, recipient: str) -> _Open:
    realm = mission.settings.realm
    # A text never copies one that is kept closer (`collect.copies`), so what is tied together leaves together.
    reports = released(run.reports, recipient, realm)
    there = {report.id for report in reports}
    claims = tuple(claim for claim in released(run.claims, recipient, realm) if claim.report in there)
    copies = frozenset(report.id for report in reports if report.copy_of)
    moment = run.asked["known_at"] or last_moment(mission, reports)
    return _Open(reports, claims, {**run.asked, "copies": copies}, moment)


def _step(mission: Mission, given: _Open, at: datetime, asked: Asked) -> Step:
    incidents = link(given.claims, mission, **asked)
    statuses = assess(mission, given.claims, incidents, valid_at=at, **asked)
    drawn = picture(mission, given.claims, incidents, statuses, valid_at=at, **asked)
    return Step(at, statuses, drawn.counters, incidents, drawn.features)


def spread(days: list[datetime]) -> list[datetime]:
    """Leave out days where there are more than `MOST_STEPS`, evenly; the first and the last stay."""
    if len(days) <= MOST_STEPS:
        return days
    return [days[at * (len(days) - 1) // (MOST_STEPS - 1)] for at in range(MOST_STEPS)]


def editions(given: PublishInput) -> list[Edition]:
    """Put the edition into every language of the mission."""
    return [publish(given, language) for language in given.languages]
