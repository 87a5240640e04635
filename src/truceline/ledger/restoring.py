"""A store that is behind its own signed word, or empty, goes on from a mirror; nothing is taken that does not continue it."""

from __future__ import annotations

from dataclasses import dataclass

from truceline.core.errors import ConflictError, InputError
from truceline.ledger.checkpoint import Checkpoint, parse_checkpoint
from truceline.ledger.entry import open_leaf
from truceline.ledger.export import CHECKPOINT
from truceline.ledger.keys import Verifier
from truceline.ledger.note import MAX_NOTE_BYTES, Note, format_note, parse_note
from truceline.ledger.policy import Policy
from truceline.ledger.reading import BundleReader, entries_of, payload_path
from truceline.ledger.store import BlobStore, Entry, LedgerStore
from truceline.ledger.tiles import TileTree
from truceline.ledger.tree import leaf_hash, root_of

_PORTION = 4096
"""Entries that are written in one transaction: a stop in between loses nothing, restoring goes on from there."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What restoring did: entries and payloads taken over, and the record's size and root now."""

    n_entries: int
    n_payloads: int
    size: int
    root_hex: str


def restore(store: LedgerStore, payloads: BlobStore, reader: BundleReader, policy: Policy) -> Restored:
    """Bring a store up to a mirror, and let it be written to again.

    Args:
        store: Where entries, tiles and checkpoints lie; may be new.
        payloads: Where payloads lie.
        reader: The mirror's files, verified before with ``policy``.
        policy: The policy that the reader trusts.

    Returns:
        What was done.

    Raises:
        ConflictError: The mirror does not continue the store: a fork, nothing to heal. Or the store is another log's.
        InputError: The mirror ends before the store does.
    """
    note = parse_note(reader.read(CHECKPOINT, MAX_NOTE_BYTES) or b"")
    head = parse_checkpoint(note.text)
    log = next(key for key in policy.logs if key.name == head.origin)
    store.bind(head.origin, log.vkey)
    entries = list(entries_of(reader, head.size))
    base = _check_continues(store, entries)
    n_payloads = 0
    for start in range(base, head.size, _PORTION):
        part = [_entry(at, entries[at]) for at in range(start, min(head.size, start + _PORTION))]
        n_payloads += _take_payloads(payloads, reader, part)
        _, tiles = TileTree.load(store.tile, start).grow(leaf_hash(entry.leaf) for entry in part)
        store.append(start, part, tiles)
    n_payloads += _take_payloads(payloads, reader, list(store.entries(0, base)))
    _keep_checkpoint(store, note, head, log)
    store.release()
    return Restored(head.size - base, n_payloads, head.size, head.root.hex())


def _check_continues(store: LedgerStore, entries: list[bytes]) -> int:
    base = store.size()
    if base > len(entries):
        raise InputError(
            "heal.short",
            f"the mirror ends at {len(entries)} entries, the store has {base}",
            todo="take a mirror that covers more",
        )
    ours = root_of(leaf_hash(entry.leaf) for entry in store.entries(0, base))
    if ours != root_of(leaf_hash(entry) for entry in entries[:base]):
        raise ConflictError(
            "record.fork",
            f"the mirror's first {base} entries are not the store's",
            todo="a store with damaged entries is put right by healing into a new file; if both verify, see prove-fork",
        )
    return base


def _entry(index: int, data: bytes) -> Entry:
    leaf, _ = open_leaf(data)
    return Entry(index, leaf.type, leaf.id, leaf.round, leaf.payload_sha256, leaf.payload_size, data)


def _take_payloads(payloads: BlobStore, reader: BundleReader, entries: list[Entry]) -> int:
    found = (
        reader.read(payload_path(entry.payload_sha256), entry.payload_size)
        for entry in entries
        if payloads.get(entry.payload_sha256) is None
    )
    return len(payloads.put(data for data in found if data is not None))


def _keep_checkpoint(store: LedgerStore, note: Note, head: Checkpoint, log: Verifier) -> None:
    """Keep the log's own line as the checkpoint, and each witness's line as its cosignature."""
    own = tuple(line for line in note.signatures if (line.name, line.key_id) == (log.name, log.key_id))
    store.put_checkpoint(head.size, format_note(Note(note.text, own)))
    for line in note.signatures:
        if line not in own:
            store.put_cosignature(head.size, line)
