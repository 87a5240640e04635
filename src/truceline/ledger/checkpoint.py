"""Checkpoints: how many entries a log has and what they hash to. Source: C2SP tlog-checkpoint."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from truceline.core.errors import InputError, IntegrityError
from truceline.ledger.keys import Signer, Verifier, cosigned_at, decode_base64, encode_base64
from truceline.ledger.note import Note, format_note, parse_note, sign_note, verified_by
from truceline.ledger.policy import Policy
from truceline.ledger.tree import HASH_SIZE

MAX_SIZE = 2**63 - 1
_MAX_DIGITS = len(str(MAX_SIZE))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head.

    Args:
        origin: The log's identity; it holds the realm.
        size: Leaves in the tree.
        root: 32 bytes.
        extensions: Further lines; we write none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def parse_count(text: str) -> int:
    """Read a whole number written in ASCII digits without leading zeroes.

    Args:
        text: For example ``0`` or ``20852163``.

    Returns:
        The number, at most 2^63-1.

    Raises:
        InputError: Any other spelling.
    """
    is_plain = text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
    if not is_plain or (text[0] == "0" and text != "0") or int(text) > MAX_SIZE:
        raise InputError("checkpoint.size", f"'{text[:30]}' is no whole number as checkpoints write it")
    return int(text)


def parse_hash(text: str) -> bytes:
    """Read 32 bytes in base64.

    Args:
        text: 44 characters.

    Returns:
        The hash.

    Raises:
        InputError: It is no base64, or of another length.
    """
    data = decode_base64(text)
    if len(data) != HASH_SIZE:
        raise InputError("checkpoint.hash", f"a hash has {HASH_SIZE} bytes, not {len(data)}")
    return data


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """Write the text of a checkpoint's note."""
    lines = (checkpoint.origin, str(checkpoint.size), encode_base64(checkpoint.root), *checkpoint.extensions)
    return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint's note.

    Args:
        text: At least three lines: origin, size, root.

    Returns:
        The checkpoint.

    Raises:
        InputError: A line is missing, empty or misspelt.
    """
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines) or not text.endswith("\n"):
        raise InputError(
            "checkpoint.lines", "a checkpoint has an origin, a size and a root, each on its line"
        )
    return Checkpoint(lines[0], parse_count(lines[1]), parse_hash(lines[2]), tuple(lines[3:]))


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """Sign a checkpoint with the log's key and return the note's bytes."""
    return format_note(sign_note(format_checkpoint(checkpoint), [signer]))


def cosigners_of(note: Note, policy: Policy, *, latest_s: int | None = None) -> dict[str, int]:
    """Return which of a policy's witnesses cosigned a checkpoint, and when.

    Args:
        note: The checkpoint's note.
        policy: The policy; lines of other keys are passed over.
        latest_s: Seconds since 1970 that no cosignature may lie behind; None where there is no clock.

    Returns:
        Name in the policy -> seconds since 1970, in the policy's order.

    Raises:
        IntegrityError: A witness's signature is wrong, or its time lies in the future.
    """
    message = note.text.encode("utf-8")
    found: dict[str, int] = {}
    for one in policy.witnesses:
        for line in note.signatures:
            if (line.name, line.key_id) != (one.key.name, one.key.key_id):
                continue
            if not one.key.is_signed(message, line.signature):
                raise IntegrityError("note.signature", f"the cosignature of {one.name} is wrong")
            found[one.name] = cosigned_at(line.signature)
            if latest_s is not None and found[one.name] > latest_s:
                raise IntegrityError("note.future", f"the cosignature of {one.name} bears a time to come")
    return found


def missing_cosigners(policy: Policy, cosigners: Collection[str]) -> tuple[str, ...]:
    """Return whose cosignatures a checkpoint lacks, or nobody where the policy is content.

    Args:
        policy: The policy.
        cosigners: Names of witnesses whose cosignatures hold.

    Returns:
        Names in the policy's order.
    """
    if policy.is_met({one.key for one in policy.witnesses if one.name in cosigners}):
        return ()
    return tuple(one.name for one in policy.witnesses if one.name not in cosigners)


def open_checkpoint(data: bytes, known: Sequence[Verifier]) -> Checkpoint:
    """Read a signed checkpoint and believe it only if a known log key of that origin signed it.

    Args:
        data: The note.
        known: The keys of the logs that the reader trusts.

    Returns:
        The checkpoint.

    Raises:
        InputError: The bytes are no checkpoint.
        IntegrityError: No known key with the checkpoint's origin as its name signed it.
    """
    note = parse_note(data)
    checkpoint = parse_checkpoint(note.text)
    verified_by(note, [key for key in known if key.name == checkpoint.origin])
    return checkpoint
