"""A claim as one short English sentence, speaker first; catalogues of other languages build theirs from the claim."""

from __future__ import annotations

from decimal import Decimal

from truceline.core.affiliation import IMPLICIT, speaks_for_self
from truceline.core.claims import Claim, Quantity, Ref

_VERB = {
    "asserted": "says",
    "accused": "accuses",
    "alleged": "alleges",
    "denied": "denies",
    "admitted": "acknowledges",
    "planned": "announces as planned",
    "obligated": "states as owed",
    "urged": "urges",
    "opinion": "holds",
}
_BEFORE = {"=": "", "~": "about ", ">": "more than ", "<": "fewer than ", ">=": "at least "}


BLAMES = frozenset({"accused", "alleged"})
"""Modalities in which a speaker means the other side although the words leave it out."""

ROLE_FOLLOWS = frozenset(
    {
        "prisoners",
        "position_lost",
        "territorial_control",
        "handover_deadline",
        "detained_exchange",
        "remains_exchange",
    }
)
"""Types whose words leave no doubt who the other one is: taken from whom, handed over by whom."""


def told_actors(claim: Claim) -> tuple[Ref, ...]:
    """Return the actors that a sentence may name as doing what a claim tells.

    Somebody whom the text leaves out is inferred and not told: "one was killed" does not say by whom.

    Args:
        claim: The claim.

    Returns:
        The actors; an implicit one only where the claim blames, or where its type makes the role plain.
    """
    if claim.modality in BLAMES or claim.type in ROLE_FOLLOWS:
        return claim.actors
    return tuple(ref for ref in claim.actors if not ref.label.startswith(IMPLICIT))


def speaker_label(claim: Claim) -> str:
    """Return the innermost speaker with the capacity where it is no office; ``unspecified`` where none is named."""
    name = claim.attribution[0] if claim.attribution else "unspecified"
    return f"{name} ({claim.capacity[0]})" if speaks_for_self(claim) else name


def plain_number(value: Decimal) -> str:
    """Write a figure without exponent or trailing zeros."""
    return f"{value.normalize():f}"


def quantity_text(quantity: Quantity) -> str:
    """Write a figure with its sign and unit, for example ``at least 40 person``."""
    unit = quantity.unit.replace("_", " ")
    return f"{_BEFORE[quantity.op]}{plain_number(quantity.value)} {unit}"


def statement(claim: Claim) -> str:
    """Return who says what: ``Speaker says: clash; Armenia, Azerbaijan; Mount Kilisali; 2021-11-16``.

    Args:
        claim: The claim.

    Returns:
        One English sentence without a full stop; the type's word is the speaker's, not ours.
    """
    what = claim.type.replace("_", " ")
    if claim.polarity == "negated":
        what = f"no {what}"
    if claim.subtype:
        what = f"{what} ({claim.subtype})"
    parts = [what, _pair(claim), ", ".join(quantity_text(q) for q in claim.quantities), _names(claim.places)]
    if claim.when is not None and claim.when.start is not None:
        parts.append(claim.when.start)
    if claim.due is not None:
        parts.append(f"due {claim.due}")
    told = "; ".join(part for part in parts if part)
    return f"{speaker_label(claim)} {_VERB[claim.modality]}: {told}"


def _pair(claim: Claim) -> str:
    actors, targets = _names(told_actors(claim)), _names(claim.targets)
    return f"{actors} to {targets}" if actors and targets else actors or targets


def _names(refs: tuple[Ref, ...]) -> str:
    return ", ".join(ref.label for ref in refs)
