"""A record as files that anyone can check without us: C2SP tlog-tiles, a policy, and the payloads that may travel."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.core.release import JOINT, Realm, check_recipient, may_receive
from truceline.ledger.checkpoint import parse_checkpoint
from truceline.ledger.cosigning import cosigned_checkpoint, recorded_policy
from truceline.ledger.entry import parse_payload
from truceline.ledger.keys import realm_of
from truceline.ledger.log import log_keys
from truceline.ledger.note import parse_note
from truceline.ledger.policy import format_policy
from truceline.ledger.reading import payload_path
from truceline.ledger.store import BlobStore, LedgerStore
from truceline.ledger.tiles import (
    HEIGHT,
    WIDTH,
    encode_entries,
    entries_path,
    row_shapes,
    tile_path,
    tile_shapes,
)
from truceline.ledger.tree import HASH_SIZE

CHECKPOINT = "checkpoint"
POLICY = "policy"
GUIDE = "READ-ME.html"
"""A page for people. Nothing signs it: whoever opens a copy compares it with what the files give."""


def bundle_files(
    store: LedgerStore, payloads: BlobStore, *, recipient: str = JOINT
) -> Iterator[tuple[str, bytes]]:
    """Give a record's files, the checkpoint last: the same record gives the same files.

    Args:
        store: Where entries, tiles and checkpoints lie.
        payloads: Where payloads lie.
        recipient: Who gets the files (see `core.release.check_recipient`); payloads that may not travel there are
            left out, their entries stay.

    Yields:
        Path inside the bundle and bytes.

    Raises:
        InputError: Nothing has been recorded yet, or the recipient is nobody known.
        IntegrityError: A payload's bytes are not what its entry says.
    """
    check_recipient(recipient)
    origin, _ = log_keys(store)
    realm = realm_of(origin)
    policy = recorded_policy(store, payloads)
    note = cosigned_checkpoint(store, policy)
    size = parse_checkpoint(parse_note(note).text).size
    yield POLICY, format_policy(policy)
    yield from _payload_files(store, payloads, size, recipient, realm)
    for shape in row_shapes(size):
        start = shape.index * WIDTH
        entries = store.entries(start, start + shape.width)
        yield entries_path(shape.index, shape.width), encode_entries(entry.leaf for entry in entries)
    for shape in tile_shapes(size):
        # The store may have grown since the checkpoint was read: a longer tile begins with the shorter one.
        yield tile_path(shape), store.tile(shape.level, shape.index)[: shape.width * HASH_SIZE]
    yield CHECKPOINT, note


def _payload_files(
    store: LedgerStore, payloads: BlobStore, size: int, recipient: str, realm: Realm
) -> Iterator[tuple[str, bytes]]:
    given: set[str] = set()
    for start in range(0, size, 1 << HEIGHT):
        for entry in store.entries(start, min(size, start + WIDTH)):
            blob = None if entry.payload_sha256 in given else payloads.get(entry.payload_sha256)
            if blob is None:
                continue
            payload = parse_payload(blob)
            if may_receive(
                recipient,
                owner=payload["owner"],
                release=payload["release"],
                realm=payload["realm"],
                of_realm=realm,
            ):
                given.add(entry.payload_sha256)
                yield payload_path(entry.payload_sha256), blob
