"""One entry shown to stand in the record, in one file: entry, path to the root, cosigned checkpoint. Source: C2SP tlog-proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from truceline.core.errors import InputError, IntegrityError
from truceline.ledger.checkpoint import (
    Checkpoint,
    cosigners_of,
    missing_cosigners,
    open_checkpoint,
    parse_checkpoint,
    parse_count,
    parse_hash,
)
from truceline.ledger.cosigning import cosigned_checkpoint
from truceline.ledger.entry import Leaf, open_leaf, parse_payload, sha256_hex
from truceline.ledger.keys import decode_base64, encode_base64
from truceline.ledger.note import MAX_NOTE_BYTES, parse_note
from truceline.ledger.policy import Policy
from truceline.ledger.store import LedgerStore
from truceline.ledger.tiles import node_reader
from truceline.ledger.tree import inclusion_proof, leaf_hash, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
_MAX_HASHES = 63


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof shows.

    Args:
        index: The entry's place.
        leaf: Its text.
        head: The checkpoint that covers it.
        cosigned_at_s: Witness of the policy -> when it cosigned, in seconds since 1970.
        payload: The payload, where one was given and is the right one.
    """

    index: int
    leaf: Leaf
    head: Checkpoint
    cosigned_at_s: Mapping[str, int]
    payload: dict[str, Any] | None = None


def make_proof(store: LedgerStore, policy: Policy, index: int) -> bytes:
    """Make the proof of one entry under the last checkpoint. The entry itself goes along as ``extra``.

    Args:
        store: Where the record lies.
        policy: Whose cosignatures go along.
        index: The entry's place.

    Returns:
        The file, extension ``.tlog-proof``.

    Raises:
        InputError: There is no such entry, or no checkpoint yet.
    """
    note = cosigned_checkpoint(store, policy)
    entry = store.entry(index)
    if not note:
        raise InputError("record.empty", "nothing has been signed yet")
    size = parse_checkpoint(parse_note(note).text).size
    if index >= size:
        raise InputError("record.index", f"the checkpoint of {size} entries does not cover entry {index}")
    path = inclusion_proof(node_reader(store.tile), index, size)
    lines = [HEADER, f"extra {encode_base64(entry.leaf)}", f"index {index}", *map(encode_base64, path), ""]
    return "".join(f"{line}\n" for line in lines).encode() + note


def check_proof(
    data: bytes, trusted: Policy, *, payload: bytes | None = None, latest_s: int | None = None
) -> Proven:
    """Check a proof with nothing but a policy that the reader trusts.

    Args:
        data: The file.
        trusted: Whose checkpoints count, and who must have cosigned.
        payload: The payload's bytes, where the reader has them.
        latest_s: Seconds since 1970 that no cosignature may lie behind.

    Returns:
        What stands there.

    Raises:
        InputError: The file is no proof that carries its entry.
        IntegrityError: A signature or the path does not hold, a cosignature is missing, or the payload is another.
    """
    index, entry, path, note = _split(data)
    # (1) The checkpoint is one that counts.
    head = open_checkpoint(note, trusted.logs)
    cosigned = cosigners_of(parse_note(note), trusted, latest_s=latest_s)
    missing = missing_cosigners(trusted, cosigned)
    if missing:
        raise IntegrityError("proof.quorum", f"the checkpoint is not cosigned by {', '.join(missing)}")
    # (2) The entry stands in its tree.
    if not verify_inclusion(leaf_hash(entry), index, head.size, path, head.root):
        raise IntegrityError(
            "proof.path", f"the path does not lead from entry {index} to the checkpoint's root"
        )
    leaf, _ = open_leaf(entry)
    if leaf.origin != head.origin:
        raise IntegrityError("proof.origin", f"the entry belongs to '{leaf.origin}'")
    # (3) The payload is the one that the entry names.
    if payload is not None and sha256_hex(payload) != leaf.payload_sha256:
        raise IntegrityError("proof.payload", "the payload is not the one that the entry names")
    return Proven(index, leaf, head, cosigned, None if payload is None else parse_payload(payload))


def _split(data: bytes) -> tuple[int, bytes, list[bytes], bytes]:
    head, gap, note = data.partition(b"\n\n")
    if len(data) > 2 * MAX_NOTE_BYTES or not gap:
        raise _bad("a proof is a few lines, an empty line and a checkpoint")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise _bad("the lines before the checkpoint are ASCII") from error
    if len(lines) < 3 or lines[0] != HEADER:
        raise _bad(f"a proof begins with {HEADER}, extra and index")
    (extra, entry), (word, index) = (_word(line) for line in lines[1:3])
    if (extra, word) != ("extra", "index") or len(lines) - 3 > _MAX_HASHES:
        raise _bad("this proof does not carry its entry as extra, or its path is too long")
    return parse_count(index), decode_base64(entry), [parse_hash(line) for line in lines[3:]], note


def _word(line: str) -> tuple[str, str]:
    word, _, rest = line.partition(" ")
    return word, rest


def _bad(what: str) -> InputError:
    return InputError("proof.form", what)
