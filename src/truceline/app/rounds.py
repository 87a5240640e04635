"""The rounds of a record, read from a store or from a copy of it: what each side and the operator work on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from truceline.app.wiring import DirectoryReader, Store, verify_bundle
from truceline.core.determinations import Determination
from truceline.core.errors import InputError, IntegrityError
from truceline.determine import determine
from truceline.determine.events import STEPS, Event, event_of
from truceline.determine.rules import Rules, read_rules
from truceline.ledger.authors import KEYED, AuthorKey, Authors
from truceline.ledger.checkpoint import Checkpoint, open_checkpoint
from truceline.ledger.entry import Leaf, open_leaf
from truceline.ledger.export import CHECKPOINT, POLICY
from truceline.ledger.keys import Verifier, parse_vkey
from truceline.ledger.note import MAX_NOTE_BYTES
from truceline.ledger.policy import parse_policy
from truceline.ledger.reading import entries_of, payload_path
from truceline.ledger.stated import Stated, stated

READ = frozenset({*STEPS, *KEYED, "redaction", "seen"})
"""Types of entry that rounds are worked out from."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """A record as its rounds are worked out from it.

    Args:
        head: The checkpoint that it was read at.
        rules: The procedure that it states.
        steps: Its entries about rounds.
        entries: Its entries that say whose keys count, or something of a round, with their signers.
        authors: Whose keys count.
    """

    head: Checkpoint
    rules: Rules
    steps: tuple[Event, ...]
    entries: tuple[Stated, ...]
    authors: Authors

    def at(self, now: datetime) -> tuple[Determination, ...]:
        """Return how the rounds stand at a moment."""
        return determine(self.rules, self.steps, now)

    def next_round(self, type_: str, id_: str) -> int:
        """Return the number of the next statement about an id."""
        return sum((entry.leaf.type, entry.leaf.id) == (type_, id_) for entry in self.entries)

    def author(self, key: Verifier) -> AuthorKey:
        """Return whose key this is.

        Args:
            key: The key.

        Returns:
            The key as the record knows it.

        Raises:
            InputError: The record knows no such key, or it counts no more.
        """
        for author in self.authors.at(self.head.size):
            if author.key == key:
                return author
        raise InputError(
            "key.unknown",
            f"the record of {self.head.size} entries gives the key {key.name} no right to sign",
            todo="take a later copy of the record, or have the key added by one that counts",
        )


def rounds_of_copy(folder: Path, policy: bytes | None = None) -> Rounds:
    """Read the rounds of an exported record, after verifying it.

    Args:
        folder: The copy.
        policy: The policy that the reader trusts; None takes the copy's own.

    Returns:
        The rounds.

    Raises:
        IntegrityError: The copy does not verify.
        InputError: There is no copy, or it states no procedure.
    """
    trusted = None if policy is None else parse_policy(policy)
    report = verify_bundle(folder, trusted=trusted)
    if not report.ok:
        raise IntegrityError(
            "record.bad",
            f"the copy does not verify: {report.problems[0].what}",
            where=str(folder),
            todo="sign nothing on it; ask for another copy",
        )
    reader = DirectoryReader(folder)
    keys = (trusted or parse_policy(reader.read(POLICY, MAX_NOTE_BYTES) or b"")).logs
    head = open_checkpoint(reader.read(CHECKPOINT, MAX_NOTE_BYTES) or b"", keys)
    # The copy is verified: what is no step of a round is passed over by its first lines.
    entries = (
        (index, entry) for index, entry in enumerate(entries_of(reader, head.size)) if _type_of(entry) in READ
    )
    return _rounds(
        entries, lambda leaf: reader.read(payload_path(leaf.payload_sha256), leaf.payload_size), keys, head
    )


def rounds_of_store(store: Store) -> Rounds:
    """Read the rounds of a store's record.

    Args:
        store: The open store.

    Returns:
        The rounds.

    Raises:
        InputError: Nothing is recorded, or no procedure.
    """
    identity, note = store.ledger.identity(), store.ledger.checkpoint()
    if identity is None or note is None:
        raise InputError("record.empty", "nothing has been recorded yet", todo="run the mission first")
    keys = [parse_vkey(identity[1])]
    head = open_checkpoint(note, keys)
    entries = ((entry.index, entry.leaf) for entry in store.ledger.typed(READ))
    return _rounds(entries, lambda leaf: store.payloads.get(leaf.payload_sha256), keys, head)


def _rounds(
    entries: Iterable[tuple[int, bytes]],
    payload_of: Callable[[Leaf], bytes | None],
    keys: Sequence[Verifier],
    head: Checkpoint,
) -> Rounds:
    authors = Authors()
    read = tuple(stated(entries, payload_of, keys, authors))
    founding = read[0].payload if read else None
    rules = read_rules(founding["body"].get("procedure", {}) if founding else {})
    steps = tuple(event for entry in read if (event := event_of(entry)) is not None)
    return Rounds(head, rules, steps, read, authors)


def _type_of(entry: bytes) -> str:
    return open_leaf(entry)[0].type
