"""The stage: everything known, at one valid time, as one picture."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime

from truceline.core.claims import Claim
from truceline.core.ids import ReportId
from truceline.core.incidents import Incident
from truceline.core.knowledge import known_by
from truceline.core.mission import Mission
from truceline.core.obligations import ObligationStatus
from truceline.core.pictures import Picture
from truceline.core.times import last_second
from truceline.picture.counting import counters
from truceline.picture.evolving import series
from truceline.picture.layers import Layers
from truceline.picture.timeline import timeline

RECEIVED = "received"
RECONSTRUCTED = "reconstructed from publication dates"


def picture(
    mission: Mission,
    claims: Iterable[Claim],
    incidents: Iterable[Incident],
    statuses: Iterable[ObligationStatus],
    *,
    valid_at: datetime | None = None,
    known_at: datetime | None,
    accepted_only: bool = False,
    copies: Collection[ReportId] = frozenset(),
) -> Picture:
    """Return all of it at (valid time, known time).

    Args:
        mission: The pack.
        claims: All claims, in any order.
        incidents: All incidents, in any order.
        statuses: Obligations as assessed for the same two times.
        valid_at: The time asked about; None takes ``known_at``, else the latest ``known_at`` of a claim.
        known_at: The moment of knowledge; None takes everything, claims without a moment included.
        accepted_only: Whether counters rest on accepted claims alone.
        copies: Reports that copy or reprint another: their figures are no further statement.

    Returns:
        The picture; the order of the inputs changes nothing.
    """
    known = known_by(claims, known_at, accepted_only=accepted_only)
    own = tuple(c for c in known if c.report not in copies)
    found = sorted(
        (i for i in incidents if known_at is None or (i.known_at is not None and i.known_at <= known_at)),
        key=lambda i: (i.known_at is None, i.known_at or datetime.max.replace(tzinfo=UTC), i.id),
    )
    judged = tuple(statuses)
    at = valid_at or known_at or _latest(known, mission)
    return Picture(
        valid_at=at,
        known_at=known_at,
        basis=_basis(known),
        counters=counters(mission, own, at, incidents=found, statuses=judged),
        features=Layers(mission, at).collection(known, found, judged),
        timeline=timeline(mission, known, found, judged),
        series=series(mission, own),
    )


def _latest(claims: tuple[Claim, ...], mission: Mission) -> datetime:
    moments = [c.known_at for c in claims if c.known_at is not None]
    moments = moments or [last_second(date.fromisoformat(i.dated_on)) for i in mission.instruments]
    return max(moments, default=datetime(1970, 1, 1, tzinfo=UTC))


def _basis(claims: tuple[Claim, ...]) -> str:
    return RECONSTRUCTED if any(c.known_basis in {"published", "inferred"} for c in claims) else RECEIVED
