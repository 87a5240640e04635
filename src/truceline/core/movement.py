"""What a claim about movement says: whether somebody was let through or turned away. Source: MISSION rule 2."""

from __future__ import annotations

from truceline.core.claims import Claim

FREE = "free"
"""Subtype of ``freedom_of_movement`` that tells of free movement; ``restricted`` or none tells of a restriction."""


def is_refusal(claim: Claim) -> bool:
    """Say whether a claim about movement or jamming tells of a refusal.

    Args:
        claim: A claim of the group ``access``.

    Returns:
        True where a restriction is affirmed, or free movement negated ("could not pass"); False where free
        movement is affirmed, or a restriction negated ("no convoy was refused passage").
    """
    return (claim.subtype == FREE) == (claim.polarity == "negated")
