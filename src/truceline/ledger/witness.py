"""A witness: it cosigns a log's checkpoints as long as each continues the last. Source: C2SP tlog-witness.

Pure: requests and answers are bytes, the time is given, and what must be kept is kept by a store that compares and
advances in one step. Whoever carries the bytes (a socket, a file on a stick, a call in the same process) stands outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from truceline.core.errors import ConflictError, InputError, IntegrityError, TrucelineError
from truceline.ledger.checkpoint import Checkpoint, parse_checkpoint, parse_count, parse_hash
from truceline.ledger.keys import Cosigner, Verifier, encode_base64
from truceline.ledger.note import (
    Note,
    NoteSignature,
    format_note,
    format_signatures,
    parse_note,
    parse_signatures,
    verified_by,
)
from truceline.ledger.tree import EMPTY_ROOT, verify_consistency

MAX_PROOF = 63
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"

OK, BAD_REQUEST, FORBIDDEN, NOT_FOUND, CONFLICT, UNPROCESSABLE = 200, 400, 403, 404, 409, 422


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness says: an HTTP status, the media type and the body."""

    status: int
    body: bytes
    media_type: str = TEXT_TYPE


@dataclass(frozen=True, slots=True)
class Request:
    """What a log asks.

    Args:
        old_size: Size of the checkpoint that the witness cosigned last, as the log believes; 0 for none.
        proof: Consistency proof from there to the checkpoint, lowest first.
        note: The signed checkpoint.
    """

    old_size: int
    proof: tuple[bytes, ...]
    note: bytes


class WitnessStore(Protocol):
    """Remembers the last checkpoint of each log. What `advance` answered True to is on the disk."""

    def latest(self, origin: str) -> tuple[int, bytes] | None:
        """Return size and root of the last cosigned checkpoint of a log, or None."""

    def note(self, origin: str) -> bytes | None:
        """Return the last cosigned checkpoint of a log as the log signed it, or None."""

    def advance(
        self, origin: str, old: tuple[int, bytes] | None, new: tuple[int, bytes], note: bytes
    ) -> bool:
        """Compare and set in one step.

        Args:
            origin: The log.
            old: What `latest` must still be.
            new: What it becomes.
            note: The signed checkpoint, kept as evidence.

        Returns:
            False where somebody else advanced meanwhile; nothing was written then.
        """


class WitnessLink(Protocol):
    """Carries a request to a witness and its answer back."""

    def add_checkpoint(self, body: bytes) -> Answer:
        """Ask for a cosignature.

        Args:
            body: As `format_request` writes it.

        Returns:
            The answer.

        Raises:
            UnavailableError: The witness can not be reached.
        """

    def latest(self, origin: str) -> bytes | None:
        """Ask for the checkpoint that the witness cosigned last: what it has seen is proven by the log's own signature.

        Args:
            origin: The log.

        Returns:
            The signed checkpoint, unchecked; None where the witness gives none.

        Raises:
            UnavailableError: The witness can not be reached.
        """


def format_request(request: Request) -> bytes:
    """Write a request of ``add-checkpoint``."""
    lines = [f"old {request.old_size}", *map(encode_base64, request.proof)]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + request.note


def parse_request(body: bytes) -> Request:
    """Read a request of ``add-checkpoint``.

    Args:
        body: Old size line, proof lines, an empty line, the checkpoint.

    Returns:
        The request.

    Raises:
        InputError: It has another form.
    """
    head, gap, note = body.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise InputError("witness.request", "the lines before the checkpoint are ASCII") from error
    word, _, size = lines[0].partition(" ")
    if not gap or word != "old":
        raise InputError("witness.request", "a request begins with 'old', a size and proof lines")
    if len(lines) - 1 > MAX_PROOF:
        raise InputError("witness.request", f"a proof has at most {MAX_PROOF} lines")
    return Request(parse_count(size), tuple(parse_hash(line) for line in lines[1:]), note)


class Witness:
    """Cosigns the checkpoints of the logs that it knows.

    Args:
        cosigner: Its key.
        logs: Origin line -> keys whose signature it believes.
        store: What it remembers.
        now_s: Gives the time in seconds since 1970.
    """

    def __init__(
        self,
        cosigner: Cosigner,
        logs: Mapping[str, Sequence[Verifier]],
        store: WitnessStore,
        now_s: Callable[[], int],
    ) -> None:
        self._cosigner = cosigner
        self._logs = logs
        self._store = store
        self._now_s = now_s

    def add_checkpoint(self, body: bytes) -> Answer:
        """Check a checkpoint against the last one and cosign it; never raises for a bad request.

        Args:
            body: See `format_request`.

        Returns:
            The signature line, or why there is none.
        """
        # (1) A request that can be read, for a log that is known, signed by that log.
        try:
            request = parse_request(body)
            note = parse_note(request.note)
            head = parse_checkpoint(note.text)
        except InputError as error:
            return _refuse(BAD_REQUEST, error.what)
        if head.origin not in self._logs:
            return _refuse(NOT_FOUND, "this log is not known here")
        try:
            verified_by(note, self._logs[head.origin])
        except IntegrityError as error:
            return _refuse(FORBIDDEN, error.what)
        # (2) It goes on from the last checkpoint that was cosigned here.
        if request.old_size > head.size:
            return _refuse(BAD_REQUEST, "the old size is greater than the new one")
        latest = self._store.latest(head.origin)
        size, root = latest or (0, EMPTY_ROOT)
        if request.old_size != size:
            return Answer(CONFLICT, b"%d\n" % size, SIZE_TYPE)
        problem = _continues(size, root, head, request.proof)
        if problem:
            return problem
        # (3) It is on the disk before the signature leaves, and nobody came between.
        at_s = self._now_s()
        if not self._store.advance(head.origin, latest, (head.size, head.root), request.note):
            size, _ = self._store.latest(head.origin) or (0, b"")
            return Answer(CONFLICT, b"%d\n" % size, SIZE_TYPE)
        signature = self._cosigner.cosign(note.text.encode(), at_s)
        line = NoteSignature(self._cosigner.name, self._cosigner.verifier.key_id, signature)
        return Answer(OK, format_signatures([line]))

    def latest(self, origin: str) -> bytes | None:
        """Show the checkpoint of a log that was cosigned last. No part of C2SP tlog-witness, which has no such question.

        Args:
            origin: The log.

        Returns:
            The checkpoint as the log signed it, or None.
        """
        return self._store.note(origin)


def _refuse(status: int, what: str) -> Answer:
    return Answer(status, f"{what}\n".encode())


def _continues(size: int, root: bytes, head: Checkpoint, proof: Sequence[bytes]) -> Answer | None:
    """Return why a checkpoint does not continue the last one, or None where it does."""
    if size == head.size and root != head.root:
        return Answer(CONFLICT, b"%d\n" % size, SIZE_TYPE)
    # Neither "old 0" nor "the same again" has a proof that the library would take: both must be empty.
    if size in {0, head.size}:
        return _refuse(UNPROCESSABLE, "this proof must be empty") if proof else None
    if not verify_consistency(size, head.size, root, head.root, proof):
        return _refuse(UNPROCESSABLE, "the checkpoint does not continue the last one")
    return None


def ask(
    link: WitnessLink,
    key: Verifier,
    note: Note,
    *,
    prove: Callable[[int, int], Sequence[bytes]],
    old_size: int = 0,
) -> NoteSignature:
    """Ask one witness for its cosignature.

    Args:
        link: How it is reached.
        key: Its key.
        note: The signed checkpoint.
        prove: Gives the consistency proof between two sizes of the log, the first at least 1.
        old_size: What it cosigned last, as far as we know.

    Returns:
        Its signature line, checked.

    Raises:
        UnavailableError: It can not be reached.
        ConflictError: It has cosigned more than this log holds (a restored backup), or another history.
        IntegrityError: It answers something else than a cosignature of its own.
    """
    head = parse_checkpoint(note.text)
    answer = _ask_once(link, note, head, prove, old_size)
    if answer.status == CONFLICT:
        size = _told_size(answer, key)
        if size > head.size:
            raise ConflictError(
                "record.behind",
                f"{key.name} has cosigned {size} entries, this store holds {head.size}",
                where=head.origin,
                todo="heal the store from a mirror before anything is written",
            )
        answer = _ask_once(link, note, head, prove, size)
    if answer.status in {CONFLICT, UNPROCESSABLE}:
        raise ConflictError(
            "record.fork",
            f"{key.name} has cosigned another history than this one",
            where=head.origin,
            todo="compare both with truceline record prove-fork",
        )
    if answer.status != OK:
        told = answer.body[:200].decode("utf-8", "replace").strip()
        raise IntegrityError("witness.refused", f"{key.name} answers {answer.status}: {told}")
    return _own_line(answer.body, key, note)


def _ask_once(
    link: WitnessLink,
    note: Note,
    head: Checkpoint,
    prove: Callable[[int, int], Sequence[bytes]],
    old_size: int,
) -> Answer:
    proof = prove(old_size, head.size) if 0 < old_size < head.size else ()
    return link.add_checkpoint(format_request(Request(old_size, tuple(proof), format_note(note))))


def _told_size(answer: Answer, key: Verifier) -> int:
    try:
        return parse_count(answer.body.decode("ascii", "replace").removesuffix("\n"))
    except TrucelineError as error:
        raise IntegrityError("witness.answer", f"{key.name} names no size") from error


def _own_line(body: bytes, key: Verifier, note: Note) -> NoteSignature:
    """Find the witness's line in its answer; lines of other keys are passed over."""
    try:
        lines = parse_signatures(body.decode("utf-8"))
    except (UnicodeDecodeError, InputError) as error:
        raise IntegrityError("witness.answer", f"{key.name} answers no signature lines") from error
    own = tuple(line for line in lines if (line.name, line.key_id) == (key.name, key.key_id))
    verified_by(Note(note.text, own), [key])
    return own[0]
