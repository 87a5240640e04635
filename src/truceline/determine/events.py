"""Entries of a record as steps of a round: which round, which step, whose, signed by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from truceline.core.determinations import FIELDS, Form, read_form
from truceline.core.errors import InputError
from truceline.core.ids import identify
from truceline.core.times import parse_instant
from truceline.ledger.commitment import open_commitments, read_disclosure
from truceline.ledger.stated import Stated

PROPOSE, START, WITHDRAW, JOINT, OUTCOME = "propose", "start", "withdraw", "joint", "outcome"
SEAL, RECALL, OPEN, STATE, ANSWER, ESCROW = "seal", "recall", "open", "state", "answer", "escrow"
PRESENCE = "presence"

_LAST_YEAR = 9000
"""A clock that is added to a moment must not run off the calendar."""

STEPS = {
    "determination": {PROPOSE, START, WITHDRAW, JOINT, OUTCOME},
    "commitment": {SEAL, RECALL},
    "position": {OPEN, STATE, ANSWER},
    "disclosure": {ESCROW},
    "status": {PRESENCE},
}
"""Type of entry -> the steps that it can be."""


@dataclass(frozen=True, slots=True)
class Event:
    """A step of a round.

    Args:
        index: The entry's place.
        step: A word of `STEPS`.
        subject: Id of the round; empty for the presence of a delegation.
        owner: Letter of the delegation whose step it is, or ``centre``.
        at: When, by its signer.
        body: What it says.
        signers: Owner and role of each author that signed.
        seen_size: Entries of the record that its signer had seen, or None where nobody says.
    """

    index: int
    step: str
    subject: str
    owner: str
    at: datetime
    body: Mapping[str, Any]
    signers: tuple[tuple[str, str], ...]
    seen_size: int | None = None


def round_id(incident: str, number: int) -> str:
    """Return the id of a round. Source: MODEL, Identity."""
    return identify("determination", {"incident": incident, "round": number})


def side_id(subject: str, letter: str) -> str:
    """Return the id under which one delegation seals or states in a round."""
    return f"{subject}:{letter.lower()}"


def event_of(entry: Stated) -> Event | None:
    """Read an entry as a step of a round; what is none, or has no moment that can be read, gives None."""
    payload = entry.payload
    if payload is None or entry.leaf.type not in STEPS:
        return None
    step = payload["body"].get("step")
    if not isinstance(step, str) or step not in STEPS[entry.leaf.type]:
        return None
    try:
        at = parse_instant(str(payload["known_at"]))
    except InputError:
        return None
    if at.year > _LAST_YEAR:
        return None
    subject = "" if step == PRESENCE else entry.leaf.id.split(":", 1)[0]
    signers = tuple((author.owner, author.role) for author in entry.by)
    return Event(
        entry.index, step, subject, payload["owner"], at, payload["body"], signers, entry.leaf.seen_size
    )


def opened_form(digests: Sequence[str], body: Mapping[str, Any], question: str) -> Form:
    """Hold an opening against its seal, and read the form.

    Args:
        digests: What was sealed.
        body: The opening, with every disclosure.
        question: What the round asks.

    Returns:
        The form.

    Raises:
        InputError: A disclosure or field of another form, or one is missing.
        IntegrityError: Something else is opened than was sealed.
    """
    disclosures = body.get("disclosures")
    if not isinstance(disclosures, list):
        raise InputError("seal.form", "an opening holds disclosures")
    fields = open_commitments(digests, [read_disclosure(str(text)) for text in disclosures])
    if set(fields) != set(FIELDS):
        raise InputError("seal.part", "a position is opened as a whole")
    return read_form(fields, question)
