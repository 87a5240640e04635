"""Incidents: what is said and seen about one happening, kept side by side. Source: MODEL, Shapes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from truceline.core.claims import By, Ref
from truceline.core.ids import ClaimId, IncidentId
from truceline.core.release import CENTRE, PUBLIC, Realm
from truceline.core.times import KnownBasis, ValidAt

Scope = Literal["agreement", "border", "disputed"]


@dataclass(frozen=True, slots=True)
class Location:
    """A point with the radius within which the truth lies: degrees WGS 84, metres."""

    lon: float
    lat: float
    precision_m: float


@dataclass(frozen=True, slots=True)
class TypeEstimate:
    """A claim type of an incident and its probability; None until a calibrated engine exists."""

    type: str
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """What one party says: never merged with what another says.

    Args:
        party: Slug of the party that speaks, or ``other`` for third speakers.
        says: Short English statement of each claim, speaker first.
        claims: The claims.
    """

    party: str
    says: tuple[str, ...]
    claims: tuple[ClaimId, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """Claims, observations and detections about one happening.

    Args:
        id: From the claim (or observation, detection, entered report) that opened it.
        types: Its claim types: what happened before what was said about it, the most frequent first.
        valid_at: When it happened.
        place: The place it is named after.
        location: Where on the Earth, or None.
        zone: Slug of the zone, or None.
        scope: Whether the agreement covers it.
        claims: Ids of its claims, by ``known_at`` then id.
        observations: Ids of its watch-log lines.
        detections: Ids of its tracks and detections.
        sides: What each party says.
        p_happened: Probability that it happened; None until a calibrated engine exists.
        state: ``reported`` until a determination exists.
        stages: How far a case has come, in the order known: ``alleged``, ``admitted``, ``denied``, ``investigated``.
        determination: Id of the determination in force, or None.
        exposure: What could be seen there and then, in words and figures, or None unknown.
        n_independent: Speakers that do not copy each other.
        supersedes: Ids of incidents it replaces.
        rule: The linking rule that put it together.
        known_at: When the first of it could be known.
        known_basis: How that was found.
        sources: Source slugs.
        realm: The world it belongs to.
        owner: Whose it is.
        release: How far it may travel.
        by: What made it.
    """

    id: IncidentId
    types: tuple[TypeEstimate, ...]
    valid_at: ValidAt | None
    place: Ref | None
    location: Location | None
    zone: str | None
    scope: Scope
    claims: tuple[ClaimId, ...]
    sides: tuple[Side, ...]
    rule: str
    observations: tuple[str, ...] = ()
    detections: tuple[str, ...] = ()
    p_happened: float | None = None
    state: str = "reported"
    stages: tuple[str, ...] = ()
    determination: str | None = None
    exposure: str | None = None
    n_independent: int = 0
    supersedes: tuple[IncidentId, ...] = ()
    known_at: datetime | None = None
    known_basis: KnownBasis | None = None
    sources: tuple[str, ...] = ()
    realm: Realm = Realm.DEMO
    owner: str = CENTRE
    release: str = PUBLIC
    by: By | None = None
