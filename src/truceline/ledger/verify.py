"""Check a bundle with nothing but its files: no network, no database, no word of ours to be believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from truceline.core.errors import TrucelineError
from truceline.ledger.authors import FOUNDING, KEYED, Authors, named_keys
from truceline.ledger.checkpoint import Checkpoint, cosigners_of, missing_cosigners, open_checkpoint
from truceline.ledger.entry import Leaf, open_leaf, parse_payload
from truceline.ledger.export import CHECKPOINT, GUIDE, POLICY
from truceline.ledger.keys import Verifier
from truceline.ledger.note import MAX_NOTE_BYTES, parse_note
from truceline.ledger.policy import Policy, parse_policy
from truceline.ledger.reading import (
    CHUNK,
    MAX_BUNDLE,
    OTHER_PAYLOAD,
    BundleReader,
    Chunk,
    EntryReading,
    Many,
    payload_path,
    read_chunk,
)
from truceline.ledger.tiles import (
    HEIGHT,
    WIDTH,
    TileShape,
    decode_entries,
    entries_path,
    row_shapes,
    split_hashes,
    tile_path,
    tile_shapes,
)
from truceline.ledger.tree import EMPTY_ROOT, HASH_SIZE, MemoryTree, leaf_hash

_MAX_TILE = WIDTH * HASH_SIZE


_KEYED = frozenset(word.encode() for word in KEYED)


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not hold: the index of the bad entry, or None where it is none, and one sentence."""

    index: int | None
    what: str


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What checking a bundle found.

    Args:
        origin: The log's origin line; empty where no checkpoint could be believed.
        size: Entries that the checkpoint covers.
        root_hex: Its root.
        n_payloads: Payloads that are there and right.
        n_withheld: Entries whose payload is not in the bundle: not released to its recipient, or destroyed.
        problems: What does not hold; empty where all does.
        cosigned_at_s: Witness of the policy -> when it cosigned, in seconds since 1970.
    """

    origin: str
    size: int
    root_hex: str
    n_payloads: int
    n_withheld: int
    problems: tuple[Problem, ...]
    cosigned_at_s: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.problems


def verify(
    reader: BundleReader,
    *,
    against: Sequence[bytes] = (),
    trusted: Policy | None = None,
    latest_s: int | None = None,
    many: Many = map,
) -> VerificationReport:
    """Check a bundle.

    Args:
        reader: Its files.
        against: Older signed checkpoints that the record must continue.
        trusted: The policy of the reader's own; without it the bundle's own policy is taken, which shows that the
            bundle holds together, not whose it is.
        latest_s: Seconds since 1970 that no cosignature may lie behind; None where there is no clock.
        many: Does a function for many things, in their order: ``map``, or one that uses several processors.

    Returns:
        What was found; nothing is raised for a bad bundle.
    """
    return _Verification(reader, against, trusted, latest_s, many).run()


class _Verification:
    def __init__(
        self,
        reader: BundleReader,
        against: Sequence[bytes],
        trusted: Policy | None,
        latest_s: int | None,
        many: Many,
    ) -> None:
        self.latest_s = latest_s
        self.many = many
        self.authors = Authors()
        self.cosigned_at_s: dict[str, int] = {}
        self.recorded_policy: str | None = None
        self.reader = reader
        self.against = against
        self.trusted = trusted
        self.problems: list[Problem] = []
        self.paths = set(reader.paths())
        self.expected = {POLICY, CHECKPOINT, GUIDE}
        self.n_payloads = 0
        self.n_withheld = 0

    def run(self) -> VerificationReport:
        # (0) Whose checkpoints count.
        policy = self.read_policy()
        # (1) The checkpoint is signed by such a log, and cosigned by those whom the policy wants.
        head = policy and self.read_checkpoint(policy)
        if not policy or not head:
            return VerificationReport("", 0, "", 0, 0, tuple(self.problems))
        # (2) Entries and leaf hashes are all there, and the entries hash to the checkpoint's root.
        entries = self.read_entries(head)
        if entries is not None:
            tree = self.check_hashes(head, entries)
            # (3) The tiles above are the hashes of those below.
            self.check_upper_tiles(head, tree)
            # (4) Each entry is a statement of this log by a signer who saw this very record; its payload, where it is
            # there, is the one that it names and says what it says; and the signer's key may say that, there.
            self.check_entries(entries, head, policy, tree)
            # (5) The policy beside the record is the one that the record states.
            self.check_policy()
            # (6) The record continues every older checkpoint.
            for number, note in enumerate(self.against, start=1):
                self.check_older(number, note, head, policy, tree)
            # (7) Nothing else lies in the bundle.
            for path in sorted(self.paths - self.expected):
                self.problem(None, f"{path!a} is no part of the record")
        problems = tuple(dict.fromkeys(self.problems))
        return VerificationReport(
            head.origin,
            head.size,
            head.root.hex(),
            self.n_payloads,
            self.n_withheld,
            problems,
            self.cosigned_at_s,
        )

    def problem(self, index: int | None, what: str) -> None:
        self.problems.append(Problem(index, what))

    def fetch(self, path: str, limit: int) -> bytes | None:
        self.expected.add(path)
        data = self.reader.read(path, limit)
        if data is None:
            self.problem(None, f"{path} is missing")
        elif len(data) > limit:
            self.problem(None, f"{path} is longer than {limit} bytes")
            return None
        return data

    def read_policy(self) -> Policy | None:
        data = self.fetch(POLICY, MAX_NOTE_BYTES)
        try:
            own = None if data is None else parse_policy(data)
        except TrucelineError as error:
            self.problem(None, f"policy: {error.what}")
            return None
        return self.trusted or own

    def read_checkpoint(self, policy: Policy) -> Checkpoint | None:
        data = self.fetch(CHECKPOINT, MAX_NOTE_BYTES)
        try:
            if data is None:
                return None
            head = open_checkpoint(data, policy.logs)
            self.cosigned_at_s = cosigners_of(parse_note(data), policy, latest_s=self.latest_s)
        except TrucelineError as error:
            self.problem(None, f"checkpoint: {error.what}")
            return None
        missing = missing_cosigners(policy, self.cosigned_at_s)
        if missing:
            self.problem(None, f"checkpoint: not cosigned by {', '.join(missing)}; the policy wants it")
        return head

    def read_entries(self, head: Checkpoint) -> list[bytes] | None:
        """Read all entry bundles; name the first missing one and go no further, for the size may be a lie."""
        entries: list[bytes] = []
        for shape in row_shapes(head.size):
            path = entries_path(shape.index, shape.width)
            data = self.fetch(path, MAX_BUNDLE)
            if data is None:
                return None
            found, is_whole = decode_entries(data)
            if not is_whole or len(found) != shape.width:
                self.name_broken(shape, found, path)
                return None
            entries += found
        return entries

    def name_broken(self, shape: TileShape, found: list[bytes], path: str) -> None:
        """Find the entry at which a bundle of entries stops making sense, by the leaf hashes beside it."""
        tile = split_hashes(self.fetch(tile_path(shape), _MAX_TILE) or b"")
        good = 0
        for entry, hashed in zip(found, tile, strict=False):
            if leaf_hash(entry) != hashed:
                break
            good += 1
        self.problem(shape.index * WIDTH + good, f"{path} can not be read from this entry on")

    def check_hashes(self, head: Checkpoint, entries: list[bytes]) -> MemoryTree:
        """Compare entries with the leaf hashes beside them, and return the tree of those that give the root."""
        hashes = [leaf_hash(entry) for entry in entries]
        beside = list(hashes)
        for shape in row_shapes(head.size):
            data = self.fetch(tile_path(shape), _MAX_TILE)
            start = shape.index * WIDTH
            if data is not None and len(data) != shape.width * HASH_SIZE:
                self.problem(None, f"{tile_path(shape)} has another length than {shape.width} hashes")
            elif data is not None and data != b"".join(hashes[start : start + shape.width]):
                beside[start : start + shape.width] = split_hashes(data)
        tree = MemoryTree(hashes)
        is_right = tree.root() == head.root
        if beside != hashes:
            for index, (hashed, other) in enumerate(zip(hashes, beside, strict=True)):
                if hashed != other and is_right:
                    self.problem(None, f"the leaf hash beside entry {index} is wrong")
                elif hashed != other:
                    self.problem(index, "the entry is not the one that was recorded")
        if is_right:
            return tree
        other_tree = MemoryTree(beside)
        if other_tree.root() == head.root:
            return other_tree
        self.problem(None, "the entries do not hash to the checkpoint's root")
        return tree

    def check_upper_tiles(self, head: Checkpoint, tree: MemoryTree) -> None:
        for shape in tile_shapes(head.size):
            if shape.level == 0:
                continue
            start = shape.index * WIDTH
            made = b"".join(tree.row(HEIGHT * shape.level)[start : start + shape.width])
            data = self.fetch(tile_path(shape), _MAX_TILE)
            if data is not None and data != made:
                self.problem(None, f"{tile_path(shape)} is not the hash of the tiles below it")

    def check_entries(self, entries: list[bytes], head: Checkpoint, policy: Policy, tree: MemoryTree) -> None:
        keys = [*policy.logs, *self.stated_keys(entries)]
        roots: dict[int, bytes] = {}
        rounds: dict[tuple[str, str, int], int] = {}
        chunks = [
            Chunk(
                self.reader,
                head.origin,
                start,
                entries[start : start + CHUNK],
                tuple(key.vkey for key in keys),
            )
            for start in range(0, len(entries), CHUNK)
        ]
        for index, reading in enumerate(row for rows in self.many(read_chunk, chunks) for row in rows):
            for what in reading.problems:
                self.problem(index, what)
            leaf = reading.leaf
            if leaf is None:
                continue
            self.check_leaf(index, leaf, head, roots, tree)
            self.count_payload(index, leaf, reading)
            first = rounds.setdefault((leaf.type, leaf.id, leaf.round), index)
            if first != index:
                self.problem(index, f"{leaf.type} {leaf.id} round {leaf.round} stands at {first} already")
            if reading.signed is None:
                continue
            try:
                signed = [keys[at] for at in reading.signed]
                self.authors.settle(index, leaf.type, signed, reading.payload, policy.logs)
            except TrucelineError as error:
                self.problem(index, error.what)
            if leaf.id == FOUNDING and reading.payload is not None:
                self.recorded_policy = str(reading.payload["body"].get("policy"))

    def stated_keys(self, entries: list[bytes]) -> list[Verifier]:
        """Return every key that some entry may bring in, so that all signatures can be checked in any order."""
        found: list[Verifier] = []
        for entry in entries:
            if entry.split(b"\n", 3)[2:3] and entry.split(b"\n", 3)[2].split(b" ")[0] in _KEYED:
                try:
                    leaf, _ = open_leaf(entry)
                    data = self.reader.read(payload_path(leaf.payload_sha256), leaf.payload_size)
                    found += [] if data is None else named_keys(parse_payload(data))
                except TrucelineError:
                    continue
        return list(dict.fromkeys(found))

    def check_leaf(
        self, index: int, leaf: Leaf, head: Checkpoint, roots: dict[int, bytes], tree: MemoryTree
    ) -> None:
        if leaf.origin != head.origin:
            self.problem(index, f"the entry belongs to '{leaf.origin}'")
        if leaf.seen_size <= index and leaf.seen_size not in roots:
            roots[leaf.seen_size] = _root_at(tree, leaf.seen_size)
        if leaf.seen_size > index or leaf.seen_root != roots[leaf.seen_size]:
            self.problem(index, "its signer saw another record")

    def count_payload(self, index: int, leaf: Leaf, reading: EntryReading) -> None:
        path = payload_path(leaf.payload_sha256)
        self.expected.add(path)
        if reading.is_right:
            self.n_payloads += 1
        elif path in self.paths:
            if not reading.problems:
                self.problem(index, OTHER_PAYLOAD)
        else:
            self.n_withheld += 1
            if leaf.type in KEYED:
                self.problem(index, "the payload that says whose keys count is not here")

    def check_policy(self) -> None:
        beside = self.reader.read(POLICY, MAX_NOTE_BYTES) or b""
        if self.recorded_policy is not None and self.recorded_policy.encode("utf-8") != beside:
            self.problem(None, f"{POLICY} is not the policy that the record states")

    def check_older(
        self, number: int, note: bytes, head: Checkpoint, policy: Policy, tree: MemoryTree
    ) -> None:
        try:
            older = open_checkpoint(note, policy.logs)
        except TrucelineError as error:
            self.problem(None, f"older checkpoint {number}: {error.what}")
            return
        if older.origin != head.origin:
            self.problem(None, f"older checkpoint {number} is of another log: '{older.origin}'")
        elif older.size > head.size:
            self.problem(
                None, f"older checkpoint {number} covers {older.size} entries, this record has {head.size}"
            )
        elif older.root != _root_at(tree, older.size):
            self.problem(
                None, f"the record does not continue older checkpoint {number} of {older.size} entries"
            )


def _root_at(tree: MemoryTree, size: int) -> bytes:
    return EMPTY_ROOT if size == 0 else tree.root(size)
