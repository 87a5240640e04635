"""What could be seen for an obligation, by what claims say of posts and of refused access (MISSION rule 2)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from truceline.assess.knowledge import Knowledge, is_restriction
from truceline.core.claims import Claim
from truceline.core.obligations import Obligation, ObligationExposure
from truceline.core.times import day_end, valid_at

PRESENT = "posts present, coverage not computed"
REFUSED = "access refused"
UNKNOWN = "unknown"
NOT_WATCHED = "not a watched duty"


def exposure_of(duty: Obligation, know: Knowledge) -> ObligationExposure:
    """Return what could be seen.

    Args:
        duty: The obligation.
        know: The moment's knowledge.

    Returns:
        ``posts present…`` where every zone of the duty has a post by somebody's word; ``access refused`` where
        the last word about movement in one of them is a refusal; else ``unknown``.
    """
    if not duty.observable:
        return ObligationExposure(NOT_WATCHED)
    zones = duty.zones or ((duty.place,) if duty.place else ())
    counts = {zone: posts_in(zone, know) for zone in zones}
    restricted = [claim for zone in zones for claim in _movement(zone, know) if is_restriction(claim)]
    n_restrictions = len({claim.id for claim in restricted})
    refused = any(moves and is_restriction(moves[-1]) for moves in (_movement(zone, know) for zone in zones))
    known = [n for n in counts.values() if n is not None]
    total = int(sum(known)) if known else None
    if refused:
        return ObligationExposure(REFUSED, zones, total, n_restrictions)
    manned = bool(zones) and all(n is not None and n > 0 for n in counts.values())
    return ObligationExposure(PRESENT if manned else UNKNOWN, zones, total, n_restrictions)


def posts_in(zone: str, know: Knowledge) -> Decimal | None:
    """Return how many posts are last said to stand in a zone; None where nobody says, 0 where they left.

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


def _start(claim: Claim, know: Knowledge) -> datetime:
    span = claim.valid_at or valid_at(claim.when, know.zone)
    if span is not None and span.start is not None:
        return span.start
    return claim.known_at or know.at


def _all_left(zone: str, know: Knowledge) -> bool:
    posts = [post for post in know.mission.posts if post.zone == zone]
    return bool(posts) and all(_has_left(post.until, know) for post in posts)


def _has_left(until: str | None, know: Knowledge) -> bool:
    return until is not None and know.at >= day_end(date.fromisoformat(until), know.zone)
