"""A record as files that anyone can check without us: C2SP tlog-tiles, a policy, and the payloads that may travel."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.core.errors import InputError
from truceline.core.release import JOINT, OWNER_ONLY, PUBLIC, check_release
from truceline.ledger.checkpoint import parse_checkpoint
from truceline.ledger.entry import parse_payload
from truceline.ledger.keys import parse_vkey
from truceline.ledger.log import log_keys
from truceline.ledger.note import parse_note
from truceline.ledger.policy import Policy, format_policy
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


def payload_path(sha256: str) -> str:
    """Return where a payload lies: ``payloads/<2 hex>/<sha256>``."""
    return f"payloads/{sha256[:2]}/{sha256}"


def may_receive(recipient: str, owner: str, release: str) -> bool:
    """Say whether an item may travel to a recipient.

    Args:
        recipient: ``public``, ``joint``, ``party:<slug>``, or an owner's own word (a delegation: ``A``, ``B``).
        owner: The item's owner.
        release: The item's release mark.

    Returns:
        True if the mark allows it. Joint items go to every party and delegation; what is marked for one party goes
        to that party alone, not into a joint bundle; an owner always receives its own. Source: MISSION rule 19.
    """
    check_release(release)
    if release == PUBLIC:
        return True
    if recipient == PUBLIC:
        return False
    return release == JOINT or (recipient != JOINT and recipient in {owner, release})


def check_recipient(recipient: str) -> str:
    """Return a recipient's word, or say why it is none.

    Args:
        recipient: See `may_receive`.

    Returns:
        The word.

    Raises:
        InputError: It is empty, or ``owner``, which names nobody.
    """
    if recipient in {"", OWNER_ONLY, "party:"}:
        raise InputError(
            "input.recipient",
            f"'{recipient}' names no recipient",
            todo="use joint, public, party:<slug>, A or B",
        )
    return recipient


def bundle_files(
    store: LedgerStore, payloads: BlobStore, *, recipient: str = JOINT
) -> Iterator[tuple[str, bytes]]:
    """Give a record's files, the checkpoint last: the same record gives the same files.

    Args:
        store: Where entries, tiles and checkpoints lie.
        payloads: Where payloads lie.
        recipient: Who gets the files; payloads that may not travel there are left out, their entries stay.

    Yields:
        Path inside the bundle and bytes.

    Raises:
        InputError: Nothing has been recorded yet, or the recipient is nobody.
        IntegrityError: A payload's bytes are not what its entry says.
    """
    check_recipient(recipient)
    _, vkey = log_keys(store)
    note = store.checkpoint() or b""
    size = parse_checkpoint(parse_note(note).text).size
    yield POLICY, format_policy(Policy((parse_vkey(vkey),)))
    yield from _payload_files(store, payloads, size, recipient)
    for shape in row_shapes(size):
        start = shape.index * WIDTH
        entries = store.entries(start, start + shape.width)
        yield entries_path(shape.index, shape.width), encode_entries(entry.leaf for entry in entries)
    for shape in tile_shapes(size):
        # The store may have grown since the checkpoint was read: a longer tile begins with the shorter one.
        yield tile_path(shape), store.tile(shape.level, shape.index)[: shape.width * HASH_SIZE]
    yield CHECKPOINT, note


def _payload_files(
    store: LedgerStore, payloads: BlobStore, size: int, recipient: str
) -> Iterator[tuple[str, bytes]]:
    given: set[str] = set()
    for start in range(0, size, 1 << HEIGHT):
        for entry in store.entries(start, min(size, start + WIDTH)):
            blob = None if entry.payload_sha256 in given else payloads.get(entry.payload_sha256)
            if blob is None:
                continue
            payload = parse_payload(blob)
            if may_receive(recipient, payload["owner"], payload["release"]):
                given.add(entry.payload_sha256)
                yield payload_path(entry.payload_sha256), blob
