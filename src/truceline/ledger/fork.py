"""Proof that somebody said two things that can not both be so: one portable file that a stranger checks with two keys.

Two kinds. A log signed two checkpoints of which neither continues the other. Or an author signed two statements of the
same type, id and round. Both stand in the file whole, so nothing else is needed but the keys that the reader trusts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from truceline.core.errors import InputError, IntegrityError
from truceline.ledger.canonical import canonical_bytes, parse_canonical
from truceline.ledger.checkpoint import Checkpoint, parse_checkpoint, parse_hash
from truceline.ledger.entry import Leaf, open_leaf
from truceline.ledger.keys import Verifier, encode_base64
from truceline.ledger.note import parse_note, verified_by
from truceline.ledger.tree import roots_of_prefix

SCHEMA = "fork/1"
CHECKPOINTS, STATEMENTS = "checkpoints", "statements"

PrefixSteps = Callable[[int, int], Sequence[bytes]]
"""Gives `tree.prefix_steps` between two sizes of the larger history."""


@dataclass(frozen=True, slots=True)
class Fork:
    """What a proof shows.

    Args:
        kind: ``checkpoints`` or ``statements``.
        signer: Key name of whoever signed both.
        what: One sentence.
    """

    kind: str
    signer: str
    what: str


def _text(note: bytes) -> str:
    try:
        return note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("fork.form", "the note is not UTF-8") from error


def prove_fork(
    first: bytes, second: bytes, known: Sequence[Verifier], steps: PrefixSteps | None = None
) -> bytes:
    """Make a proof out of two signed checkpoints of one log that contradict each other.

    Args:
        first: A signed checkpoint.
        second: Another one.
        known: Keys of the logs that the reader trusts.
        steps: Reads the larger one's history; needed where the sizes differ.

    Returns:
        The proof, canonical JSON.

    Raises:
        InputError: They do not contradict each other, or nothing is at hand to show it.
        IntegrityError: One of them is not signed by a known log.
    """
    older, newer = sorted((_signed_head(note, known), note) for note in (first, second))
    hashes: Sequence[bytes] = ()
    if older[0][0] != newer[0][0]:
        if steps is None:
            raise InputError(
                "fork.history",
                "the checkpoints differ in size: only the larger one's entries can show more",
                todo="name its bundle",
            )
        hashes = steps(older[0][0], newer[0][0])
    proof = canonical_bytes(
        {
            "schema": SCHEMA,
            "kind": CHECKPOINTS,
            "first": _text(older[1]),
            "second": _text(newer[1]),
            "steps": [encode_base64(one) for one in hashes],
        }
    )
    check_fork(proof, known)
    return proof


def _signed_head(note: bytes, known: Sequence[Verifier]) -> tuple[int, bytes]:
    head, _ = _head(note, known)
    return head.size, head.root


def prove_equivocation(first: bytes, second: bytes, known: Sequence[Verifier]) -> bytes:
    """Make a proof out of two entries that one author signed for the same round.

    Args:
        first: An entry's bytes.
        second: Another one's.
        known: Keys of authors that the reader trusts.

    Returns:
        The proof, canonical JSON.

    Raises:
        InputError: They do not contradict each other.
        IntegrityError: No known key signed both.
    """
    notes = sorted((_text(first), _text(second)))
    proof = canonical_bytes(
        {"schema": SCHEMA, "kind": STATEMENTS, "first": notes[0], "second": notes[1], "steps": []}
    )
    check_fork(proof, known)
    return proof


def check_fork(data: bytes, known: Sequence[Verifier]) -> Fork:
    """Check a proof with nothing but the keys that the reader trusts.

    Args:
        data: The file.
        known: Keys of logs and authors.

    Returns:
        Who contradicted themselves, and how.

    Raises:
        InputError: The file is no proof, or what it holds can both be so.
        IntegrityError: A signature is wrong or of nobody known.
    """
    value = parse_canonical(data)
    fields = {"schema", "kind", "first", "second", "steps"}
    if not isinstance(value, dict) or set(value) != fields or value["schema"] != SCHEMA:
        raise InputError("fork.form", "this is no proof of a fork")
    texts = (value["first"], value["second"])
    if not all(isinstance(text, str) for text in texts) or not isinstance(value["steps"], list):
        raise InputError("fork.form", "a field of the proof is of the wrong kind")
    first, second = (text.encode("utf-8") for text in texts)
    if value["kind"] == CHECKPOINTS:
        return _check_checkpoints(first, second, value["steps"], known)
    if value["kind"] == STATEMENTS:
        return _check_statements(first, second, known)
    raise InputError("fork.form", "this kind of proof is not known")


def _head(note: bytes, known: Sequence[Verifier]) -> tuple[Checkpoint, Verifier]:
    parsed = parse_note(note)
    head = parse_checkpoint(parsed.text)
    (key, *_) = verified_by(parsed, [one for one in known if one.name == head.origin])
    return head, key


def _check_checkpoints(first: bytes, second: bytes, steps: list[Any], known: Sequence[Verifier]) -> Fork:
    (older, key), (newer, other_key) = _head(first, known), _head(second, known)
    if key != other_key:
        raise InputError("fork.origin", "the checkpoints are of two logs")
    if older.size == newer.size:
        if older.root == newer.root:
            raise _no_fork()
        what = f"two histories of {older.size} entries"
    else:
        roots = roots_of_prefix(older.size, newer.size, [parse_hash(str(step)) for step in steps])
        if roots is None or roots[1] != newer.root:
            raise InputError("fork.steps", "the steps do not lead to the larger checkpoint")
        if roots[0] == older.root:
            raise _no_fork()
        what = f"{newer.size} entries that do not continue the {older.size} it had signed"
    return Fork(CHECKPOINTS, key.name, f"{key.name} signed {what}")


def _no_fork() -> InputError:
    return InputError("fork.none", "the two go together: this shows no fork")


def _check_statements(first: bytes, second: bytes, known: Sequence[Verifier]) -> Fork:
    (leaf, keys), (other, other_keys) = _leaf(first, known), _leaf(second, known)
    both = [key for key in keys if key in other_keys]
    if not both:
        raise IntegrityError("fork.signer", "nobody known signed both")
    same = (leaf.origin, leaf.type, leaf.id, leaf.round) == (other.origin, other.type, other.id, other.round)
    if not same or leaf.payload_sha256 == other.payload_sha256:
        raise _no_fork()
    names = ", ".join(key.name for key in both)
    return Fork(STATEMENTS, names, f"{names} signed two versions of {leaf.type} {leaf.id} round {leaf.round}")


def _leaf(note: bytes, known: Sequence[Verifier]) -> tuple[Leaf, tuple[Verifier, ...]]:
    leaf, parsed = open_leaf(note)
    return leaf, verified_by(parsed, known)
