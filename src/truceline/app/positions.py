"""What a side does on its own machine: sign a step of a round with its own keys, on a copy of the record that it checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from truceline.app.rounds import Rounds
from truceline.app.wiring import decrypt_with, encrypt_to, find_opening, keep_opening
from truceline.core.determinations import APART, Absence, read_form
from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.core.release import CENTRE, JOINT, Realm
from truceline.determine import events
from truceline.determine.events import Event, round_id, side_id
from truceline.determine.rounds import Round
from truceline.determine.stage import fold
from truceline.ledger.commitment import commit, digests_of
from truceline.ledger.entry import Statement, open_leaf
from truceline.ledger.keys import Signer, decode_base64, encode_base64
from truceline.ledger.note import format_note, parse_note, sign_note
from truceline.ledger.signing import SignedStatement, sign_statement

_TYPE_OF = {step: type_ for type_, steps in events.STEPS.items() for step in steps}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the escrow shows: the round, whose seal, and the disclosures that open it."""

    round: str
    of: str
    disclosures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """A side's desk: the record as it has it, its keys, and the time.

    Args:
        rounds: The record.
        signers: Whose keys sign; the first one's owner is the side.
        at: The time that what is signed bears.
    """

    rounds: Rounds
    signers: tuple[Signer, ...]
    at: datetime

    @property
    def letter(self) -> str:
        """The side."""
        return self.rounds.author(self.signers[0].verifier).owner

    def sign(self, step: str, id_: str, body: Mapping[str, Any], owner: str | None = None) -> SignedStatement:
        """Sign a step, after holding it to the rules: what would not count is not signed.

        Args:
            step: A word of `events.STEPS`.
            id_: The id that it is stated under.
            body: What it says besides.
            owner: Whose statement it is; None takes the side's own.

        Returns:
            What is handed over.

        Raises:
            ConflictError: It would not count.
        """
        statement = self.statement(_TYPE_OF[step], id_, {"step": step, **body}, owner)
        # A joint text is signed by one side after the other: the last one's signature makes it count.
        if step != events.JOINT and (why := self._refused(step, id_, statement)):
            raise ConflictError("determine.refused", why, where=id_)
        return sign_statement(statement, self.signers, self.rounds.head)

    @property
    def world(self) -> tuple[str, Realm]:
        """The record's mission and realm."""
        mission, realm = self.rounds.head.origin.removeprefix("truceline/").rsplit("/", 1)
        return mission, Realm(realm)

    def statement(self, type_: str, id_: str, body: Mapping[str, Any], owner: str | None = None) -> Statement:
        """Write the next statement about an id; nothing is signed yet.

        Args:
            type_: A word of the vocabulary.
            id_: The id.
            body: What it says.
            owner: Whose statement it is; None takes the side's own.

        Returns:
            The statement.
        """
        mission, realm = self.world
        return Statement(
            type=type_,
            id=id_,
            mission=mission,
            realm=realm,
            body=body,
            owner=owner or self.letter,
            release=JOINT,
            known_at=self.at,
            round=self.rounds.next_round(type_, id_),
        )

    def _refused(self, step: str, id_: str, statement: Statement) -> str:
        rounds = fold(self.rounds.rules, self.rounds.steps)
        authors = [self.rounds.author(signer.verifier) for signer in self.signers]
        event = Event(
            index=self.rounds.head.size,
            step=step,
            subject="" if step == events.PRESENCE else id_.split(":", 1)[0],
            owner=statement.owner,
            at=self.at,
            body=statement.body,
            signers=tuple((author.owner, author.role) for author in authors),
            seen_size=self.rounds.head.size,
        )
        return rounds.take(event)

    def round(self, subject: str) -> Round:
        """Return a round of the record.

        Args:
            subject: Its id.

        Returns:
            The round.

        Raises:
            InputError: There is none.
        """
        found = fold(self.rounds.rules, self.rounds.steps).rounds.get(subject)
        if found is None:
            raise InputError(
                "determine.round",
                f"this copy of the record knows no round '{subject}'",
                todo="see truceline determine status, or take a later copy",
            )
        return found


def propose(
    desk: Desk,
    incident: str,
    *,
    question: str,
    meeting: str,
    level: str,
    urgency: str,
    matters: Sequence[str],
    evidence: Sequence[str],
) -> SignedStatement:
    """Propose a round about an incident; see `core.determinations.Determination` for the words."""
    steps = [step for step in desk.rounds.steps if step.step == events.PROPOSE]
    numbers = {step.subject for step in steps if step.body.get("incident") == incident}
    body = {
        "incident": incident,
        "number": len(numbers),
        "question": question,
        "meeting": meeting,
        "level": level,
        "urgency": urgency,
        "matters": list(matters),
        "evidence": list(evidence),
    }
    return desk.sign(events.PROPOSE, round_id(incident, len(numbers)), body)


def seal(
    desk: Desk, subject: str, fields: Mapping[str, Any], keep: Path, chance: Callable[[int], bytes]
) -> SignedStatement:
    """Seal a position: its digests go out, what opens them stays here and goes, encrypted, to the escrow.

    Args:
        desk: The side's desk.
        subject: Id of the round.
        fields: The form; see `core.determinations.read_form`.
        keep: The side's own folder.
        chance: Gives random bytes.

    Returns:
        What is handed over.

    Raises:
        InputError: The form cannot be read, or there is no such round.
        ConflictError: A seal would not count now.
    """
    form = read_form(fields, desk.round(subject).question)
    opening = commit(form.fields(), chance)
    digests, shown = digests_of(opening), [one.encode() for one in opening]
    id_ = side_id(subject, desk.letter)
    body: dict[str, Any] = {"digests": digests}
    if desk.rounds.rules.escrow:
        text = json.dumps(shown).encode()
        body["escrow"] = encode_base64(encrypt_to(desk.rounds.rules.escrow, text, id_))
    signed = desk.sign(events.SEAL, id_, body)
    keep_opening(keep, id_, digests, shown)
    return signed


def open_seal(desk: Desk, subject: str, keep: Path) -> SignedStatement:
    """Open the side's own seal, whoever of the delegation made it.

    Args:
        desk: The side's desk.
        subject: Id of the round.
        keep: Where the delegation keeps what opens its seals.

    Returns:
        What is handed over.

    Raises:
        InputError: Nothing was sealed, or nothing here opens it.
        ConflictError: The round is not open.
    """
    digests = _digests(desk, subject, desk.letter)
    id_ = side_id(subject, desk.letter)
    return desk.sign(events.OPEN, id_, {"disclosures": find_opening(keep, digests)})


def _digests(desk: Desk, subject: str, letter: str) -> list[str]:
    side = desk.round(subject).sides.get(letter)
    if side is None or side.seal is None:
        raise InputError("determine.seal", f"{letter} has sealed nothing in this round", where=subject)
    return list(side.seal.body["digests"])


def open_by_escrow(rounds: Rounds, subject: str, letter: str, seed: bytes, at: datetime) -> Shown:
    """Open a seal whose owner does not, by the escrow's key.

    Args:
        rounds: The record.
        subject: Id of the round.
        letter: Whose seal.
        seed: Seed of the escrow's key.
        at: The time.

    Returns:
        What the operator takes in; nobody need sign it, the digests of the seal prove it.

    Raises:
        InputError: Nothing was sealed, or nothing was encrypted.
        IntegrityError: The seal was not encrypted to this key, or something else was encrypted than sealed.
        ConflictError: The round is not open.
    """
    desk = Desk(rounds, (), at)
    one = desk.round(subject)
    side = one.sides.get(letter)
    if side is None or side.seal is None or "escrow" not in side.seal.body:
        raise InputError("escrow.none", f"{letter} gave this round's escrow nothing to open", where=subject)
    if waits := one.waits_for(at):
        raise ConflictError(
            "determine.refused", f"the round is not open: {', '.join(waits)} may still answer", where=subject
        )
    text = decrypt_with(seed, decode_base64(str(side.seal.body["escrow"])), side_id(subject, letter))
    try:
        shown = [str(one) for one in json.loads(text)]
    except (ValueError, TypeError) as error:
        raise IntegrityError(
            "escrow.formless", f"what {letter} encrypted opens nothing", where=subject
        ) from error
    events.opened_form(side.seal.body["digests"], {"disclosures": shown}, one.question)
    return Shown(subject, letter, tuple(shown))


def recall(desk: Desk, subject: str, reason: str) -> SignedStatement:
    """Take the side's seal back, as long as the round has not opened."""
    return desk.sign(events.RECALL, side_id(subject, desk.letter), {"reason": reason})


def answer(desk: Desk, subject: str, until: str | None) -> SignedStatement:
    """Answer without a position: abstain, or await instructions until a moment."""
    said = Absence.ABSTAINS if until is None else Absence.AWAITS
    body = {"answer": said.value} if until is None else {"answer": said.value, "until": until}
    return desk.sign(events.ANSWER, side_id(subject, desk.letter), body)


def state(desk: Desk, subject: str, fields: Mapping[str, Any]) -> SignedStatement:
    """State a position openly, in a round that is held together or by one body."""
    one = desk.round(subject)
    form = read_form(fields, one.question)
    if one.meeting == APART and len(one.sides) > 1:
        raise ConflictError("determine.sealed", "a round that is held apart is sealed", where=subject)
    return desk.sign(events.STATE, side_id(subject, desk.letter), {"fields": form.fields()})


def withdraw(desk: Desk, subject: str, reason: str) -> SignedStatement:
    """Withdraw a round that this side proposed, as long as it has not opened."""
    return desk.sign(events.WITHDRAW, subject, {"reason": reason})


def presence(desk: Desk, state_: str, reason: str) -> SignedStatement:
    """Say that this delegation leaves, is suspended, or is present again."""
    id_ = f"delegation:{desk.letter.lower()}"
    return desk.sign(events.PRESENCE, id_, {"state": state_, "reason": reason})


def meet(
    desk: Desk, subject: str, fields: Mapping[str, Any], attended: Sequence[str], text: Mapping[str, str]
) -> SignedStatement:
    """Write the joint text of a meeting and sign it first; the others add their signatures (`add_signature`)."""
    form = read_form(fields, desk.round(subject).question)
    body = {"fields": form.fields(), "attended": list(attended), "text": dict(text)}
    return desk.sign(events.JOINT, subject, body, owner=CENTRE)


def add_signature(desk: Desk, signed: SignedStatement) -> SignedStatement:
    """Add this side's signature to a statement that another side began.

    Args:
        desk: The side's desk.
        signed: The statement.

    Returns:
        The statement with one signature line more.

    Raises:
        InputError: It is none.
        ConflictError: It was written on another record than this side has.
    """
    leaf, note = open_leaf(signed.note)
    if leaf.origin != desk.rounds.head.origin or leaf.seen_size > desk.rounds.head.size:
        raise ConflictError(
            "determine.copy", "it was written on a record that this side does not have", where=leaf.id,
            todo="take a later copy of the record",
        )  # fmt: skip
    mine = sign_note(note.text, desk.signers).signatures
    merged = type(note)(note.text, (*note.signatures, *mine))
    data = format_note(merged)
    parse_note(data)
    return SignedStatement(data, signed.payload)
