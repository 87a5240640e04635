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
from truceline.link.kinds import FAMILIES

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
        speakers or the parties' readings differ, it is put on the border while the ceasefire is invoked, or a text
        tells of it without a place and beside it names the border, or gives one speaker's view and another's against
        it, while the question is open; else ``agreement``.
    """
    named = (slug for c in claims for slug in gazetteer.slugs(c.places))
    said = {place.scope for slug in named if (place := gazetteer.place(slug)) is not None}
    if "border" not in said:
        asks = _told_of_border(claims, beside, gazetteer) or _views_differ(claims, beside)
        return "disputed" if is_question_open and asks else "agreement"
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


def _told_of_border(claims: Sequence[Claim], beside: Sequence[Claim], gazetteer: Gazetteer) -> bool:
    """Whether an item that tells of it without saying where names the state border beside it."""
    bare = _bare_reports(claims)
    slugs = (slug for c in beside if c.report in bare for slug in gazetteer.slugs(c.places))
    return any((place := gazetteer.place(slug)) is not None and place.scope == "border" for slug in slugs)


def _views_differ(claims: Sequence[Claim], beside: Sequence[Claim]) -> bool:
    """Whether such an item gives the view of one speaker and, against it, that of another."""
    bare = _bare_reports(claims)
    views = [c for c in beside if c.report in bare and c.modality == "opinion" and c.speakers]
    yes = {(c.report, c.type, c.attribution[0]) for c in views if c.polarity == "affirmed"}
    no = {(c.report, c.type, c.attribution[0]) for c in views if c.polarity == "negated"}
    breach = {
        (c.report, c.attribution[0])
        for c in beside
        if c.report in bare and c.type in INVOKES and c.speakers and c.polarity == "affirmed"
    }
    # "a breach of the agreement", says one; "nothing to do with it", says another
    charged = any(a[0] == b[0] and a[1] != b[2] for a in breach for b in no)
    return charged or any(a[:2] == b[:2] and a[2] != b[2] for a in yes for b in no)


def _bare_reports(claims: Sequence[Claim]) -> set[str]:
    return {c.report for c in claims if not c.places and c.type in FAMILIES}


def _invokes(claim: Claim) -> bool:
    return claim.type in INVOKES or GROUP_OF.get(claim.type) == "agreement"
