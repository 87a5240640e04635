"""Whether the agreement covers a happening: ``agreement``, ``border`` or ``disputed`` (CONTRACT section 4)."""

from __future__ import annotations

from collections.abc import Sequence

from truceline.core.claims import GROUP_OF, Claim
from truceline.core.incidents import Scope
from truceline.geo.gazetteer import Gazetteer

INVOKES = frozenset({"ceasefire_violation", "ceasefire_respected", "compliance_statement"})
"""Types whose words measure a happening against the ceasefire."""


def scope_of(claims: Sequence[Claim], beside: Sequence[Claim], gazetteer: Gazetteer) -> Scope:
    """Say whether the agreement covers an incident.

    Args:
        claims: The incident's claims.
        beside: Other claims of the same reports: what is invoked beside it.
        gazetteer: The pack's places with their scope.

    Returns:
        ``border`` where all put it on the state border and nobody invokes the agreement; ``disputed`` where
        speakers differ, or put it on the border while the ceasefire is invoked; else ``agreement``.
    """
    said = {place.scope for c in claims for ref in c.places if (place := gazetteer.place(ref.id)) is not None}
    if "border" not in said:
        return "agreement"
    invoked = any(c.type in INVOKES for c in claims) or any(_invokes(c) for c in beside)
    return "disputed" if "agreement" in said or invoked else "border"


def _invokes(claim: Claim) -> bool:
    return claim.type in INVOKES or GROUP_OF.get(claim.type) == "agreement"
