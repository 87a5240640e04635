"""Claims: one checkable statement of an item, with its speaker chain. Source: CLAIMS; CONTRACT section 2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from truceline.core.ids import ClaimId, ReportId
from truceline.core.release import CENTRE, PUBLIC, Realm
from truceline.core.times import KnownBasis, ValidAt, When

Modality = Literal[
    "asserted", "accused", "alleged", "denied", "admitted", "planned", "obligated", "urged", "opinion"
]
Polarity = Literal["affirmed", "negated"]
ReviewState = Literal["machine-read", "accepted", "rejected", "superseded"]

TYPE_GROUPS: dict[str, tuple[str, ...]] = {
    "agreement": (
        "agreement_signed",
        "agreement_announced",
        "agreement_term",
        "ceasefire_in_force",
        "commitment",
        "local_truce",
    ),
    "deadline": ("handover_deadline", "deadline_extended"),
    "fire": (
        "ceasefire_violation",
        "attack",
        "clash",
        "explosion",
        "weapon_use",
        "infiltration_repelled",
        "attack_on_peacekeepers",
        "hostilities_started",
        "hostilities",
    ),
    "withdrawal": ("weapons_withdrawal", "inventory_declared", "site_visit", "disengagement"),
    "mines": ("mine_incident", "mine_records"),
    "exchange": ("detained_exchange", "remains_exchange", "repair_window"),
    "watch": ("patrol", "staff_incident"),
    "calm": ("ceasefire_respected", "hostilities_ended", "situation_assessment", "compliance_statement"),
    "loss": ("casualties", "prisoners", "position_lost", "equipment_loss"),
    "centre": ("monitoring_centre", "monitoring_plan", "monitoring_activity", "mandate"),
    "posts": ("observation_posts",),
    "force": ("force_deployment", "force_withdrawal", "deployment_flights", "overflight"),
    "contact": ("contact", "negotiation", "mediation", "diplomatic_statement", "appeal"),
    "say": (
        "accusation",
        "denial",
        "obstruction_attempt",
        "position_statement",
        "support_statement",
        "response",
    ),
    "humanitarian": ("humanitarian",),
    "inquiry": ("investigation",),
    "access": ("freedom_of_movement", "jamming"),
    "control": ("territorial_control", "official_change", "background"),
}
"""Group -> claim types. Names are stable: add, never rename."""

GROUP_OF: dict[str, str] = {kind: group for group, kinds in TYPE_GROUPS.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing named in a claim: its slug in the pack, or None, and an English label."""

    id: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit as the text gives it.

    Args:
        value: The figure, exact.
        unit: A word of CLAIMS, for example ``observation_post``; see ``core.units``.
        op: ``=`` exactly, ``~`` about, ``>`` more than, ``<`` fewer than, ``>=`` at least.
    """

    value: Decimal
    unit: str
    op: Literal["=", "~", ">", "<", ">="] = "="


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words a claim rests on: code points ``[start, end)`` of the item's text, at most 400 of them."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Review:
    """Whether a person stands behind a machine-read claim: state, duty number of the reviewer, when."""

    state: ReviewState = "machine-read"
    by: str | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class By:
    """What made a derived thing: stage, rule id, version of the pack it read."""

    stage: str
    rule: str
    pack: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement.

    Args:
        id: From report id, type, evidence span and n (0, 1 … among equal ones).
        report: The item it stands in.
        doc: That item's file name.
        type: A word of CLAIMS.
        subtype: Finer word of the type, or None.
        actors: Who did it or holds it.
        targets: To whom it was done.
        places: Where.
        quantities: Figures with units.
        when: When it was so, as the text means it; None where the text does not say.
        due: ``YYYY-MM-DD`` for deadlines, else None.
        attribution: Labels from the innermost speaker to the publisher.
        speakers: The same chain as references into the pack.
        capacity: One word per speaker: ``in office``, ``former``, ``anonymous``, ``unofficial``.
        modality: How the innermost speaker puts it.
        polarity: Whether it is stated or negated.
        evidence: The words it rests on.
        repeats: Further spans of the same item that say the same.
        language: Language of the words.
        rule: The rule that found it.
        review: Whether a person accepted it.
        known_at: When the mission could know it; None where nothing says.
        known_basis: How that was found.
        valid_at: ``when`` as an interval in UTC.
        sources: Source slugs.
        realm: The world it belongs to.
        owner: Whose item it comes from.
        release: How far it may travel.
        by: What made it.
    """

    id: ClaimId
    report: ReportId
    doc: str
    type: str
    subtype: str | None
    actors: tuple[Ref, ...]
    targets: tuple[Ref, ...]
    places: tuple[Ref, ...]
    quantities: tuple[Quantity, ...]
    when: When | None
    due: str | None
    attribution: tuple[str, ...]
    speakers: tuple[Ref, ...]
    capacity: tuple[str, ...]
    modality: Modality
    polarity: Polarity
    evidence: Evidence
    language: str
    rule: str
    repeats: tuple[Evidence, ...] = ()
    review: Review = Review()
    known_at: datetime | None = None
    known_basis: KnownBasis | None = None
    valid_at: ValidAt | None = None
    sources: tuple[str, ...] = ()
    realm: Realm = Realm.DEMO
    owner: str = CENTRE
    release: str = PUBLIC
    by: By | None = None


def is_standing(claim: Claim, *, accepted_only: bool = False) -> bool:
    """Say whether conclusions may rest on a claim.

    Args:
        claim: The claim.
        accepted_only: Whether a person must have accepted it.

    Returns:
        True unless it is rejected or superseded (or, with ``accepted_only``, unless it is accepted).
    """
    if accepted_only:
        return claim.review.state == "accepted"
    return claim.review.state not in {"rejected", "superseded"}
