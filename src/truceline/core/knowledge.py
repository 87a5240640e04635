"""What was known at a moment: claims filtered by ``known_at``, reviews as they stood then. Source: MODEL, Times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from truceline.core.claims import Claim, Review, is_standing
from truceline.core.times import ValidAt, valid_at

_FAR = datetime.max.replace(tzinfo=UTC)


def order_key(claim: Claim) -> tuple[bool, datetime, str]:
    """Return the key that sorts claims by ``known_at`` (null last), then id (MODEL, Identity)."""
    moment = claim.known_at
    return (moment is None, _FAR if moment is None else moment, claim.id)


def known_by(
    claims: Iterable[Claim], known_at: datetime | None, *, accepted_only: bool = False
) -> tuple[Claim, ...]:
    """Return the claims that conclusions may rest on, as known at a moment.

    A review given later than the moment is not known yet: the claim then stands as machine-read.

    Args:
        claims: All claims, in any order.
        known_at: The moment; None asks for everything, items without a moment included.
        accepted_only: Whether a person must have accepted them by then.

    Returns:
        Standing claims by ``known_at`` (null last), then id.
    """
    if known_at is None:
        seen = list(claims)
    else:
        seen = [
            _as_reviewed(claim, known_at)
            for claim in claims
            if claim.known_at is not None and claim.known_at <= known_at
        ]
    return tuple(sorted((c for c in seen if is_standing(c, accepted_only=accepted_only)), key=order_key))


def span_of(claim: Claim, zone: ZoneInfo) -> ValidAt | None:
    """Return when what a claim says was so: its own interval, else the one that its words give.

    Args:
        claim: The claim.
        zone: The mission's time zone, in which its days are meant.

    Returns:
        ``[start, end)`` in UTC, or None where it gives no time.
    """
    return claim.valid_at or valid_at(claim.when, zone)


def _as_reviewed(claim: Claim, known_at: datetime) -> Claim:
    reviewed_at = claim.review.known_at
    if reviewed_at is None or reviewed_at <= known_at:
        return claim
    return replace(claim, review=Review())
