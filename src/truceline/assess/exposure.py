"""What could be seen for an obligation, by what claims say of posts and of refused access (MISSION rule 2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from truceline.assess.knowledge import Knowledge
from truceline.core.claims import Claim
from truceline.core.knowledge import span_of
from truceline.core.movement import is_refusal
from truceline.core.obligations import (
    ACCESS_REFUSED,
    EXPOSURE_UNKNOWN,
    NOT_WATCHED,
    POSTS_PRESENT,
    Obligation,
    ObligationExposure,
)
from truceline.core.times import day_end

HOLDS = timedelta(days=90)
"""How long a word about posts or access stands without a later one that confirms it.

The centre's own bulletins name the posts far more often than once a quarter; after that the silence itself says
that nobody tells of them any more, so that neither presence nor refusal is claimed for years on one old sentence.
"""


def exposure_of(duty: Obligation, know: Knowledge) -> ObligationExposure:
    """Return what could be seen.

    Args:
        duty: The obligation.
        know: The moment's knowledge.

    Returns:
        ``posts present…`` where every zone of the duty has a post by somebody's word; ``access refused`` where
        the last word about movement in one of them is a refusal; else ``unknown``. A word older than ``HOLDS``
        says nothing of the valid time.
    """
    if not duty.observable:
        return ObligationExposure(NOT_WATCHED)
    zones = duty.zones or ((duty.place,) if duty.place else ())
    counts = {zone: posts_in(zone, know) for zone in zones}
    restricted = [claim for zone in zones for claim in _movement(zone, know) if is_refusal(claim)]
    n_restrictions = len({claim.id for claim in restricted})
    refused = any(_is_shut(_movement(zone, know), know) for zone in zones)
    known = [n for n in counts.values() if n is not None]
    total = int(sum(known)) if known else None
    if refused:
        return ObligationExposure(ACCESS_REFUSED, zones, total, n_restrictions)
    manned = bool(zones) and all(n is not None and n > 0 for n in counts.values())
    return ObligationExposure(POSTS_PRESENT if manned else EXPOSURE_UNKNOWN, zones, total, n_restrictions)


def posts_in(zone: str, know: Knowledge) -> Decimal | None:
    """Return how many posts are last said to stand in a zone; None where nobody says so lately, 0 where they left.

    A post of the pack counts as gone after its last day, never as present without a claim.
    """
    if _all_left(zone, know):
        return Decimal(0)
    told = [c for c in know.claims if c.type == "observation_posts" and _speaks_of(c, zone, know)]
    told = sorted((c for c in told if _is_so(c, know)), key=lambda c: (_start(c, know), c.id))
    if not told:
        return None
    last = told[-1]
    if last.polarity == "negated" or last.modality == "denied":
        return Decimal(0)
    if not any(_still_holds(c, know) for c in told):
        return None
    return next((q.value for q in last.quantities if q.unit == "observation_post"), Decimal(1))


def _movement(zone: str, know: Knowledge) -> list[Claim]:
    told = [
        c
        for c in know.claims
        if c.type == "freedom_of_movement"
        and c.modality in {"asserted", "admitted"}
        and _speaks_of(c, zone, know)
    ]
    return sorted((c for c in told if _is_so(c, know)), key=lambda c: (_start(c, know), c.id))


def _speaks_of(claim: Claim, zone: str, know: Knowledge) -> bool:
    """Whether a claim names the zone or a place in it; what holds the zone says nothing about it."""
    return any(know.gazetteer.is_within(slug, zone) for slug in know.gazetteer.slugs(claim.places))


def _is_so(claim: Claim, know: Knowledge) -> bool:
    if claim.modality in {"planned", "obligated", "urged", "opinion"}:
        return False
    return _start(claim, know) <= know.at


def _is_shut(moves: list[Claim], know: Knowledge) -> bool:
    return bool(moves) and is_refusal(moves[-1]) and _still_holds(moves[-1], know)


def _still_holds(claim: Claim, know: Knowledge) -> bool:
    """Whether a word still speaks of the valid time: it does for a while after the last moment it vouches for."""
    span = span_of(claim, know.zone)
    told = span.end if span is not None and span.end is not None else claim.known_at
    return know.at <= (told or _start(claim, know)) + HOLDS


def _start(claim: Claim, know: Knowledge) -> datetime:
    span = span_of(claim, know.zone)
    if span is not None and span.start is not None:
        return span.start
    return claim.known_at or know.at


def _all_left(zone: str, know: Knowledge) -> bool:
    posts = [post for post in know.mission.posts if post.zone == zone]
    return bool(posts) and all(_has_left(post.until, know) for post in posts)


def _has_left(until: str | None, know: Knowledge) -> bool:
    return until is not None and know.at >= day_end(date.fromisoformat(until), know.zone)
