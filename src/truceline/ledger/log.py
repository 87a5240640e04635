"""The log: statements in, entries on the disk, then a signed checkpoint; never the other way round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from truceline.core.errors import ConflictError, InputError, IntegrityError, TrucelineError
from truceline.core.release import CENTRE, Realm, refuse_other_realm
from truceline.ledger.authors import AUTHORED, KEYED, Authors
from truceline.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from truceline.ledger.cosigning import hold_to
from truceline.ledger.entry import (
    Leaf,
    Statement,
    check_statement_name,
    open_leaf,
    parse_payload,
    payload_bytes,
    sha256_hex,
    sign_leaf,
)
from truceline.ledger.keys import Signer, Verifier, origin_of, parse_vkey, refuse_published_key
from truceline.ledger.note import Note, verified_by
from truceline.ledger.signing import OpenedStatement, SignedStatement, open_statement
from truceline.ledger.store import MOVED, BlobStore, Entry, LedgerStore
from truceline.ledger.tiles import WIDTH, TileTree, root_from_tiles, split_hashes
from truceline.ledger.tree import EMPTY_ROOT, CompactRange, leaf_hash


@dataclass(frozen=True, slots=True)
class RecordItem:
    """An entry with what it states.

    Args:
        index: Its place in the record.
        type: A word of the vocabulary.
        id: The thing's id or slug.
        round: Which statement about this id it is.
        payload: The payload as written, or None where its bytes are not kept any more.
    """

    index: int
    type: str
    id: str
    round: int
    payload: dict[str, Any] | None


Signed = tuple[Verifier, ...] | IntegrityError
"""Whose signatures on a note hold, or what is wrong with them."""

ManyNotes = Callable[
    [Callable[[Sequence[Note]], list[Signed]], Iterable[Sequence[Note]]], Iterable[list[Signed]]
]
"""Does a function for many groups of notes, in their order: ``map``, or one that uses several processors."""

_GROUP = 32
"""Notes whose signatures are checked in one go: a hundredth of a second's work."""
_OPENINGS = 100
"""How often a record is opened anew that others write to at the same time."""


class Log:
    """A mission's record in one realm, open for writing. Open it by `Log.open`."""

    def __init__(
        self,
        store: LedgerStore,
        payloads: BlobStore,
        signer: Signer,
        mission: str,
        realm: Realm,
        tree: TileTree,
        many: ManyNotes,
    ) -> None:
        self._authors = Authors()
        self._many = many
        self._roots: dict[int, bytes] = {}
        self._store = store
        self._payloads = payloads
        self._signer = signer
        self._mission = mission
        self._realm = realm
        self._tree = tree

    @classmethod
    def open(
        cls,
        store: LedgerStore,
        payloads: BlobStore,
        signer: Signer,
        *,
        mission: str,
        realm: Realm,
        seen: Sequence[bytes] = (),
        many: ManyNotes = map,
    ) -> Log:
        """Open a record, new or not; a checkpoint that a stopped run still owed is signed now.

        The root is worked out anew from the entries. A store that is behind a checkpoint of its own that somebody else
        holds (a backup was put back) or contradicts one is held: it can be read, and written again once it is healed.

        Args:
            store: Where entries, tiles and checkpoints lie.
            payloads: Where payloads lie.
            signer: The log's key; its name is the record's origin.
            mission: The mission's id.
            realm: The record's realm.
            seen: Checkpoints of this log from outside the store; what this log did not sign says nothing.
            many: Checks the signatures of what is handed over.

        Returns:
            The log.

        Raises:
            ConflictError: The store is another log's, the key is another's, a live record gets a derived key, or
                others never stop writing.
            IntegrityError: The store is behind its last checkpoint or contradicts it.
        """
        origin = origin_of(mission, realm)
        if signer.name != origin:
            raise ConflictError("key.name", f"the key of '{signer.name}' can not sign for '{origin}'")
        if realm is Realm.LIVE:
            refuse_published_key(signer, mission)
        store.bind(origin, signer.verifier.vkey)
        hold_to(store, [signer.verifier], seen)
        for _ in range(_OPENINGS):
            size = store.size()
            try:
                log = cls(store, payloads, signer, mission, realm, TileTree.load(store.tile, size), many)
                log._settle()
            except (InputError, IntegrityError):
                # entries, tiles and checkpoint are read one after the other: they are of different moments
                # where somebody wrote in between
                if store.size() == size:
                    raise
                continue
            log._read_authors()
            return log
        raise ConflictError(MOVED, "somebody else writes without a pause", todo="open the record again")

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self._tree.size

    @property
    def origin(self) -> str:
        """The record's identity."""
        return self._signer.name

    @property
    def keys(self) -> tuple[Verifier, ...]:
        """The log's own keys."""
        return (self._signer.verifier,)

    def standing(self, leaf: Leaf) -> tuple[str, int] | None:
        """Return payload hash and place of what is stated already under a leaf's type, id and round, or None."""
        known = self._store.rounds({(leaf.type, leaf.id)})
        return known.get((leaf.type, leaf.id), {}).get(leaf.round)

    def checkpoint(self) -> bytes:
        """Return the last signed checkpoint; it covers every entry."""
        note = self._store.checkpoint()
        if note is None:
            raise IntegrityError("record.checkpoint", "the checkpoint is gone", where=self.origin)
        return note

    def root(self, size: int) -> bytes:
        """Return the root hash over the first entries.

        Args:
            size: How many, up to as many as there are.

        Returns:
            32 bytes.
        """
        return self._root_at(size)

    def authors(self) -> Authors:
        """Return whose keys count for what, as the record says up to now."""
        return self._authors.copy()

    def append(self, statements: Sequence[Statement]) -> list[int]:
        """Write statements: payloads, then entries in one transaction, then a checkpoint, each on the disk first.

        What stands there already (same type, id, round and payload) is not written again, so a run that was stopped
        and starts anew ends with the same record.

        Args:
            statements: In the order in which they shall stand.

        Returns:
            The place of each in the record.

        Raises:
            ConflictError: Another realm or mission, a round that is taken by another payload, or a second writer.
            InputError: A value that no payload may hold.
        """
        blobs = [self._payload(statement) for statement in statements]
        indices, fresh = self._place(statements, [sha256_hex(blob) for blob in blobs])
        if not fresh:
            return indices
        self._payloads.put(blobs[at] for at, _ in fresh)
        seen = Checkpoint(self.origin, self._tree.size, self._tree.root())
        self._write(
            [self._entry(statements[at], blobs[at], indices[at], round_, seen) for at, round_ in fresh]
        )
        return indices

    def append_signed(self, signed: Sequence[SignedStatement]) -> list[int]:
        """Take in statements that their authors signed elsewhere; all of them, or on the first bad one none.

        Args:
            signed: In the order in which they shall stand. What stands there already is passed over.

        Returns:
            The place of each in the record.

        Raises:
            ConflictError: Another realm or mission, or the signer has stated this round otherwise (see
                ``prove-fork``).
            InputError: A note or payload of another form, or a round that is not the next.
            IntegrityError: A signature is wrong, or not its owner's, or the signer saw another record than this.
        """
        authors, indices, entries = self.authors(), list[int](), list[Entry]()
        opened, checked = self._open_all(signed, authors.known([self._signer.verifier]))
        known = self._store.rounds({(one.leaf.type, one.leaf.id) for one in opened})
        for one, by in zip(opened, checked, strict=True):
            rounds = known.setdefault((one.leaf.type, one.leaf.id), {})
            index = self._tree.size + len(entries)
            if one.leaf.round not in rounds:
                _check_next(one.leaf, rounds)
                self._take(authors, index, one, by)
                entries.append(_entry_of(index, one))
            elif rounds[one.leaf.round][0] != one.leaf.payload_sha256:
                raise _stated_otherwise(one.leaf.id, one.leaf.round)
            indices.append(rounds.setdefault(one.leaf.round, (one.leaf.payload_sha256, index))[1])
        if entries:
            self._payloads.put(one.payload for one in signed)
            self._write(entries)
            self._authors = authors
        return indices

    def _open_all(
        self, signed: Sequence[SignedStatement], keys: Sequence[Verifier]
    ) -> tuple[list[OpenedStatement], list[Signed]]:
        """Read statements, and while the next are read check the signatures of those before."""
        opened = list[OpenedStatement]()

        def groups() -> Iterator[Sequence[Note]]:
            for start in range(0, len(signed), _GROUP):
                numbered = enumerate(signed[start : start + _GROUP], start)
                opened.extend(self._open_signed(number, one) for number, one in numbered)
                yield [one.note for one in opened[start:]]

        checked = [by for some in self._many(partial(_signed_by, keys=keys), groups()) for by in some]
        return opened, checked

    def _take(self, authors: Authors, index: int, one: OpenedStatement, by: Signed) -> None:
        log, type_ = [self._signer.verifier], one.leaf.type
        if authors.known(log) != self._authors.known(log) or (index == 0 and type_ == "policy"):
            # a statement before it brought keys that were not known when its signatures were checked
            authors.take(index, type_, one.note, one.payload, log)
        elif isinstance(by, IntegrityError):
            raise by
        else:
            authors.settle(index, type_, by, one.payload, log)

    def _write(self, entries: Sequence[Entry]) -> None:
        """Put entries behind the last one, in one transaction, then sign; their payloads are on the disk already."""
        if why := self._store.held():
            raise ConflictError(
                "record.held",
                f"the record is read-only: {why}",
                where=self.origin,
                todo="truceline record heal --store STORE --from MIRROR",
            )
        tree, tiles = self._tree.grow(leaf_hash(entry.leaf) for entry in entries)
        self._store.append(self._tree.size, entries, tiles)
        self._tree = tree
        self._sign()

    def _open_signed(self, number: int, signed: SignedStatement) -> OpenedStatement:
        try:
            opened = open_statement(signed)
            if opened.leaf.origin != self.origin:
                raise ConflictError(
                    "record.origin", f"it was signed for '{opened.leaf.origin}', this is '{self.origin}'"
                )
            self._check_seen(opened.leaf)
        except TrucelineError as error:
            error.where = error.where or f"statement {number}"
            raise
        return opened

    def _check_seen(self, leaf: Leaf) -> None:
        size = leaf.seen_size
        if size > self._tree.size or self._root_at(size) != leaf.seen_root:
            raise IntegrityError(
                "record.fork",
                f"its signer has seen another record of {size} entries",
                where=leaf.id,
                todo="compare both checkpoints with truceline record prove-fork",
            )

    def _root_at(self, size: int) -> bytes:
        if size not in self._roots:
            self._roots = {size: root_from_tiles(self._store.tile, size)}
        return self._roots[size]

    def _read_authors(self) -> None:
        for entry in self._store.typed(KEYED):
            blob = self._payloads.get(entry.payload_sha256)
            payload = None if blob is None else parse_payload(blob)
            _, note = open_leaf(entry.leaf)
            self._authors.take(entry.index, entry.type, note, payload, [self._signer.verifier])

    def _payload(self, statement: Statement) -> bytes:
        refuse_other_realm(self._realm, statement.realm, statement.id)
        if statement.mission != self._mission:
            raise ConflictError(
                "record.mission",
                f"this is the record of '{self._mission}', not '{statement.mission}'",
                where=statement.id,
            )
        check_statement_name(statement.type, statement.id)
        if statement.type in KEYED or (statement.type in AUTHORED and statement.owner != CENTRE):
            raise ConflictError(
                "record.author",
                f"a {statement.type} is signed by whose it is, never by the log alone",
                where=statement.id,
                todo="hand it over signed",
            )
        return payload_bytes(statement)

    def _place(
        self, statements: Sequence[Statement], shas: Sequence[str]
    ) -> tuple[list[int], list[tuple[int, int]]]:
        """Find each statement's index, and for those that are new their position in the batch and their round."""
        known = self._store.rounds({(statement.type, statement.id) for statement in statements})
        indices: list[int] = []
        fresh: list[tuple[int, int]] = []
        for at, (statement, sha) in enumerate(zip(statements, shas, strict=True)):
            rounds = known.setdefault((statement.type, statement.id), {})
            round_ = _round_of(statement, sha, rounds)
            if round_ not in rounds:
                rounds[round_] = (sha, self._tree.size + len(fresh))
                fresh.append((at, round_))
            indices.append(rounds[round_][1])
        return indices, fresh

    def _entry(self, statement: Statement, blob: bytes, index: int, round_: int, seen: Checkpoint) -> Entry:
        sha = sha256_hex(blob)
        leaf = Leaf(self.origin, statement.type, statement.id, round_, sha, len(blob), seen.size, seen.root)
        note = sign_leaf(leaf, (self._signer,))
        return Entry(index, statement.type, statement.id, round_, sha, len(blob), note)

    def _sign(self) -> None:
        head = Checkpoint(self.origin, self._tree.size, self._tree.root())
        self._store.put_checkpoint(head.size, sign_checkpoint(head, self._signer))

    def _settle(self) -> None:
        """Hold the store to its last checkpoint; sign for entries that were written after it."""
        note = self._store.checkpoint()
        last = Checkpoint(self.origin, 0, EMPTY_ROOT)
        if note is not None:
            last = open_checkpoint(note, [self._signer.verifier])
        if last.size > self._tree.size or last.root != root_from_tiles(self._store.tile, last.size):
            raise _rewritten(
                f"the store does not continue its checkpoint of {last.size} entries", self.origin
            )
        self._recompute()
        if (note is None or last.size < self._tree.size) and self._store.held() is None:
            self._sign()

    def _recompute(self) -> None:
        """Hold every entry to its hash in the tree, and the whole to the root that appending goes on from."""
        frontier = CompactRange()
        for start in range(0, self._tree.size, WIDTH):
            tile = split_hashes(self._store.tile(0, start // WIDTH))
            entries = list(self._store.entries(start, start + WIDTH))
            if len(entries) != len(tile):
                raise _rewritten(
                    f"from entry {start} on there are {len(entries)} entries and {len(tile)} hashes",
                    self.origin,
                )
            for entry, hashed in zip(entries, tile, strict=True):
                # a page that was torn can give nothing where bytes must stand
                if not isinstance(entry.leaf, bytes) or leaf_hash(entry.leaf) != hashed:
                    raise _rewritten(f"entry {entry.index} is not what its hash says", self.origin)
                frontier.append(hashed)
        if frontier.root() != self._tree.root():
            raise _rewritten("the entries do not hash to the root that the store goes on from", self.origin)


def _signed_by(notes: Sequence[Note], *, keys: Sequence[Verifier]) -> list[Signed]:
    found = list[Signed]()
    for note in notes:
        try:
            found.append(verified_by(note, keys))
        except IntegrityError as error:
            found.append(error)
    return found


def _rewritten(what: str, origin: str) -> IntegrityError:
    return IntegrityError(
        "record.rewritten",
        what,
        where=origin,
        todo="nothing was signed; make a new store of a mirror: truceline record heal --store NEW --from MIRROR",
    )


def _round_of(statement: Statement, sha: str, rounds: dict[int, tuple[str, int]]) -> int:
    if statement.round is None:
        same = [number for number, (other, _) in rounds.items() if other == sha]
        return min(same) if same else max(rounds, default=-1) + 1
    if statement.round < 0:
        raise InputError("entry.round", "a round is counted from 0", where=statement.id)
    if statement.round in rounds and rounds[statement.round][0] != sha:
        raise _stated_otherwise(statement.id, statement.round)
    return statement.round


def _stated_otherwise(id_: str, round_: int) -> ConflictError:
    return ConflictError(
        "record.round", f"round {round_} has been stated otherwise", where=id_, todo="use the next"
    )


def _check_next(leaf: Leaf, rounds: dict[int, tuple[str, int]]) -> None:
    following = max(rounds, default=-1) + 1
    if leaf.round != following:
        raise InputError(
            "entry.round", f"round {leaf.round} does not follow: the next is {following}", where=leaf.id
        )


def _entry_of(index: int, opened: OpenedStatement) -> Entry:
    leaf = opened.leaf
    return Entry(
        index, leaf.type, leaf.id, leaf.round, leaf.payload_sha256, leaf.payload_size, opened.signed.note
    )


def read_log(store: LedgerStore, payloads: BlobStore, start: int = 0) -> Iterator[RecordItem]:
    """Read a record from its own store, in order, without checking signatures: that is what verifying is for.

    Args:
        store: Where the entries lie.
        payloads: Where the payloads lie.
        start: First index.

    Yields:
        Every entry with its payload.

    Raises:
        IntegrityError: A payload's bytes are not what the entry says.
    """
    for entry in store.entries(start, store.size()):
        blob = payloads.get(entry.payload_sha256)
        payload = None if blob is None else parse_payload(blob)
        yield RecordItem(entry.index, entry.type, entry.id, entry.round, payload)


def log_keys(store: LedgerStore) -> tuple[str, str]:
    """Return a store's origin and verifier key.

    Args:
        store: The store.

    Returns:
        Origin line and verifier key string.

    Raises:
        InputError: Nothing has been recorded yet.
    """
    identity = store.identity()
    if identity is None or store.checkpoint() is None:
        raise InputError("record.empty", "nothing has been recorded yet", todo="run the mission first")
    parse_vkey(identity[1])
    return identity
