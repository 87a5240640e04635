"""The timeline: when incidents happened, when items were entered, when deadlines fall and were replaced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from truceline.core.claims import Claim
from truceline.core.incidents import Incident
from truceline.core.mission import Mission
from truceline.core.obligations import ObligationStatus
from truceline.core.pictures import Event, EventKind
from truceline.core.times import day_end, day_start

_ORDER: dict[EventKind, int] = {"happened": 0, "entered": 1, "due": 2, "amended": 3}
_LAST = datetime.max.replace(tzinfo=UTC)


def timeline(
    mission: Mission,
    claims: Sequence[Claim],
    incidents: Iterable[Incident],
    statuses: Iterable[ObligationStatus],
) -> tuple[Event, ...]:
    """Return all marks in order of time: by when it was so, else when it became known.

    Args:
        mission: The pack.
        claims: Known claims, in order.
        incidents: Known incidents.
        statuses: Assessed obligations.

    Returns:
        The marks.
    """
    marks = [*_happened(incidents), *_entered(claims)]
    for status in statuses:
        marks += _dates(status, mission)
    return tuple(sorted(marks, key=_key))


def _happened(incidents: Iterable[Incident]) -> list[Event]:
    return [
        Event(
            "happened",
            incident.id,
            incident.valid_at.start if incident.valid_at is not None else None,
            incident.valid_at.end if incident.valid_at is not None else None,
            incident.known_at,
            incident.place.label if incident.place is not None else incident.types[0].type.replace("_", " "),
        )
        for incident in incidents
    ]


def _entered(claims: Sequence[Claim]) -> list[Event]:
    """One tick for each item, at the moment when it could be known."""
    first: dict[str, Claim] = {}
    for claim in claims:
        first.setdefault(claim.report, claim)
    return [
        Event("entered", report, None, None, claim.known_at, claim.doc) for report, claim in first.items()
    ]


def _dates(status: ObligationStatus, mission: Mission) -> list[Event]:
    marks = []
    for n, step in enumerate(status.due_history):
        day = date.fromisoformat(step.due)
        kind: EventKind = "due" if n == len(status.due_history) - 1 else "amended"
        marks.append(
            Event(
                kind,
                status.id,
                day_start(day, mission.zone),
                day_end(day, mission.zone),
                step.known_at,
                step.due,
            )
        )
    return marks


def _key(event: Event) -> tuple[datetime, int, str, str]:
    return (event.start or event.known_at or _LAST, _ORDER[event.kind], event.ref, event.label)
