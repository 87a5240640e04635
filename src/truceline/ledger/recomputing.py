"""Work a kept record's root out anew, entry by entry, and hold all that is kept of it to that root."""

from __future__ import annotations

from truceline.core.errors import IntegrityError
from truceline.ledger.checkpoint import Checkpoint, open_checkpoint
from truceline.ledger.entry import open_leaf
from truceline.ledger.keys import parse_vkey
from truceline.ledger.log import log_keys
from truceline.ledger.store import BlobStore, Entry, LedgerStore
from truceline.ledger.tiles import TileTree
from truceline.ledger.tree import CompactRange, leaf_hash


def recompute(store: LedgerStore, payloads: BlobStore) -> Checkpoint:
    """Recompute a record that may come from anywhere.

    Args:
        store: Its entries, tiles and checkpoints.
        payloads: Its payloads; one that is not kept says nothing, one with other bytes does.

    Returns:
        Origin, size and root over all entries, those included that no checkpoint covers yet.

    Raises:
        InputError: Nothing has been recorded.
        IntegrityError: Entries, tiles, payloads and the last checkpoint are not of one record.
    """
    origin, vkey = log_keys(store)
    last = open_checkpoint(store.checkpoint() or b"", [parse_vkey(vkey)])
    size, tree, covered = store.size(), CompactRange(), b""
    for at, entry in enumerate(store.entries(0, size)):
        _check(at, entry)
        payloads.get(entry.payload_sha256)
        tree.append(leaf_hash(entry.leaf))
        if tree.size == last.size:
            covered = tree.root()
    if tree.size != size:
        raise _broken(f"it has {tree.size} entries of {size}", origin)
    if last.origin != origin or covered != last.root:
        raise _broken(f"its entries are not those that were signed for at {last.size}", origin)
    if TileTree.load(store.tile, size).root() != tree.root():
        raise _broken("its tiles are not those of its entries", origin)
    return Checkpoint(origin, size, tree.root())


def _check(at: int, entry: Entry) -> None:
    leaf, _ = open_leaf(entry.leaf)
    told = (at, leaf.type, leaf.id, leaf.round, leaf.payload_sha256, leaf.payload_size)
    if told != (entry.index, entry.type, entry.id, entry.round, entry.payload_sha256, entry.payload_size):
        raise _broken(f"entry {at} is not what its signed note says", entry.id)


def _broken(what: str, where: str) -> IntegrityError:
    return IntegrityError("record.rewritten", what, where=where, todo="take another copy of the record")
