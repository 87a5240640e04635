"""Who says what about an incident: sides kept apart, copies not counted, the stages of a case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from truceline.core.affiliation import Affiliations
from truceline.core.claims import Claim
from truceline.core.ids import ReportId
from truceline.core.incidents import Side
from truceline.core.statements import statement

_LAST = datetime.max.replace(tzinfo=UTC)
OTHER = "other"
NO_VOICE = frozenset({"unspecified", "mutual accusations", "agreement"})
"""Fixed speaker labels that are nobody's voice (MODEL, Roles)."""


def as_told(claims: Sequence[Claim]) -> list[Claim]:
    """Return claims in the order they became known and, within one item, in the order it tells them."""
    return sorted(
        claims,
        key=lambda c: (c.known_at is None, c.known_at or _LAST, c.report, c.evidence.start, c.id),
    )


def sides(claims: Sequence[Claim], affiliations: Affiliations) -> tuple[Side, ...]:
    """Return what each bound party says, in the pack's order, then the others; who is silent has no side.

    Args:
        claims: The incident's claims, in order.
        affiliations: Whose voice is whose.

    Returns:
        One side for each that speaks. A former or anonymous voice stands under ``other``.
    """
    spoken: dict[str, list[Claim]] = {party: [] for party in (*affiliations.bound, OTHER)}
    for claim in as_told(claims):
        party = affiliations.official_speaker(claim)
        spoken[party if party in affiliations.bound else OTHER].append(claim)
    return tuple(
        Side(party=party, says=tuple(dict.fromkeys(map(statement, own))), claims=tuple(c.id for c in own))
        for party, own in spoken.items()
        if own
    )


def n_independent(claims: Sequence[Claim], affiliations: Affiliations, copies: Collection[ReportId]) -> int:
    """Count the voices that do not copy each other.

    One party's offices are one voice; a speaker who only carries another counted voice is none; copies and
    fixed labels are none (MISSION rule 13).

    Args:
        claims: The incident's claims.
        affiliations: Whose voice is whose.
        copies: Reports that copy or reprint another.

    Returns:
        The number of voices; 0 where only unnamed ones speak.
    """
    own = [c for c in claims if c.report not in copies and c.attribution and c.attribution[0] not in NO_VOICE]
    carriers = {label.casefold() for c in own for label in c.attribution[1:]}
    voices = set()
    for claim in own:
        first = claim.attribution[0]
        if first.casefold() in carriers and len(own) > 1 and first != "outlet":
            continue
        if first == "outlet":
            if not any(o.report == claim.report and o.attribution[0] != "outlet" for o in own):
                voices.add(f"outlet {claim.sources[0] if claim.sources else claim.report}")
            continue
        party = affiliations.official_speaker(claim)
        ref = claim.speakers[0].id if claim.speakers else None
        voices.add(party or ref or first.casefold())
    return len(voices)


def stages(claims: Sequence[Claim]) -> tuple[str, ...]:
    """Return the stages a case has reached, in the order they became known.

    Args:
        claims: The incident's claims, in order.

    Returns:
        Words of ``alleged``, ``admitted``, ``denied``, ``investigated``; empty for a plain report.
    """
    found = dict.fromkeys(stage for claim in as_told(claims) if (stage := _stage(claim)) is not None)
    return tuple(found)


def _stage(claim: Claim) -> str | None:
    if claim.type == "investigation":
        return "investigated"
    if claim.type == "denial" or claim.modality == "denied" or claim.polarity == "negated":
        return "denied"
    if claim.modality == "admitted":
        return "admitted"
    if claim.type == "accusation" or claim.modality in {"accused", "alleged"}:
        return "alleged"
    return None
