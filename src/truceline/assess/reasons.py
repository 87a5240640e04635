"""Reasons: a code for the catalogues, an English sentence, and the claim that it rests on with its review."""

from __future__ import annotations

from truceline.assess.knowledge import Item
from truceline.core.claims import Claim
from truceline.core.obligations import Reason
from truceline.core.statements import speaker_label, statement


def by_item(code: str, item: Item, **facts: str) -> Reason:
    """Return a reason that rests on a claim, with its incident."""
    reason = by_claim(code, item.claim, **facts)
    if item.incident is None:
        return reason
    return Reason(reason.text, reason.claim, item.incident.id, None, reason.review, reason.code, reason.facts)


def by_claim(code: str, claim: Claim, **facts: str) -> Reason:
    """Return a reason that rests on a claim.

    Args:
        code: Key of the sentence in the catalogues.
        claim: The claim.
        **facts: Further values for the sentence.

    Returns:
        The reason; its facts always hold ``speaker``, ``type`` and ``modality``.
    """
    known = {"speaker": speaker_label(claim), "type": claim.type, "modality": claim.modality, **facts}
    if claim.when is not None and claim.when.start is not None:
        known.setdefault("when", claim.when.start)
    return Reason(
        text=statement(claim),
        claim=claim.id,
        review=claim.review.state,
        code=code,
        facts=tuple(sorted(known.items())),
    )


def plain(code: str, text: str, *, zone: str | None = None, **facts: str) -> Reason:
    """Return a reason that rests on no claim: on the text of the instrument, the calendar or the exposure."""
    return Reason(text=text, exposure=zone, code=code, facts=tuple(sorted(facts.items())))
