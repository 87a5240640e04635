"""Whether the agreement covers a happening: ``agreement``, ``border`` or ``disputed`` (CONTRACT section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from truceline.core.claims import GROUP_OF, Claim
from truceline.core.incidents import Scope
from truceline.core.mission import Mission
from truceline.core.obligations import BORDER_COUNTS
from truceline.core.times import day_start
from truceline.geo.gazetteer import Gazetteer

INVOKES = frozenset({"ceasefire_violation", "ceasefire_respected", "compliance_statement"})
"""Types whose words measure a happening against the ceasefire."""


def scope_of(
    claims: Sequence[Claim], beside: Sequence[Claim], gazetteer: Gazetteer, *, is_question_open: bool
) -> Scope:
    """Say whether the agreement covers an incident.

    Args:
        claims: The incident's claims.
        beside: Other claims of the same reports: what is invoked beside it.
        gazetteer: The pack's places with their scope.
        is_question_open: Whether the parties' readings differ on the border at that time (see
            ``border_question_open``).

    Returns:
        ``border`` where all put it on the state border and nobody invokes the agreement; ``disputed`` where
        speakers or the parties' readings differ, or it is put on the border while the ceasefire is invoked; else
        ``agreement``.
    """
    named = (slug for c in claims for slug in gazetteer.slugs(c.places))
    said = {place.scope for slug in named if (place := gazetteer.place(slug)) is not None}
    if "border" not in said:
        return "agreement"
    invoked = any(c.type in INVOKES for c in claims) or any(_invokes(c) for c in beside)
    return "disputed" if "agreement" in said or invoked or is_question_open else "border"


def border_question_open(mission: Mission, at: datetime | None) -> bool:
    """Say whether it was an open question at a time whether the agreement covers the state border.

    Args:
        mission: The pack with its interpretations.
        at: The time of the happening; None unknown counts as early.

    Returns:
        True where one party's reading counts border incidents as breaches and the question had been opened.
    """
    for question in mission.interpretations:
        if any(reading.effect == BORDER_COUNTS for reading in question.readings):
            opened = question.opened_on
            if opened is None:
                return True
            if at is not None and at >= day_start(date.fromisoformat(opened), mission.zone):
                return True
    return False


def _invokes(claim: Claim) -> bool:
    return claim.type in INVOKES or GROUP_OF.get(claim.type) == "agreement"
