"""What every store of the record must do, as a suite to inherit from; and a store in memory to test with.

class TestMine(LedgerStoreSuite):
    def open_store(self, folder: Path) -> LedgerStore:
        return MyStore(folder / "mine")
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.core.release import PUBLIC, Realm
from truceline.ledger.entry import Statement
from truceline.ledger.keys import Verifier, derive_demo_cosigner, derive_demo_key
from truceline.ledger.log import Log, read_log
from truceline.ledger.note import NoteSignature
from truceline.ledger.store import MOVED, BlobStore, Entry, LedgerStore
from truceline.ledger.tiles import Tile, TileTree, row_shapes, split_hashes, tile_shapes
from truceline.ledger.tree import leaf_hash, root_of

MISSION = "suite"
_ORIGIN, _VKEY = "truceline/suite/demo", "any text"


def expect(is_so: bool, rule: str) -> None:
    """Fail with the rule's words where it does not hold."""
    if not is_so:
        pytest.fail(rule)


def make_statements(start: int, end: int, note: str = "", release: str = PUBLIC) -> list[Statement]:
    """Return reports number ``start`` to ``end - 1``, each with a body that says its number and ``note``."""
    return [
        Statement("report", f"report_{n:04d}", MISSION, Realm.DEMO, {"n": n, "note": note}, release=release)
        for n in range(start, end)
    ]


def open_log(store: LedgerStore, payloads: BlobStore) -> Log:
    """Open the suite's demo log on a store."""
    return Log.open(store, payloads, derive_demo_key(Realm.DEMO, MISSION), mission=MISSION, realm=Realm.DEMO)


def _entries(start: int, end: int) -> list[Entry]:
    return [
        Entry(n, "report", f"report_{n:04d}", 0, hashlib.sha256(b"%d" % n).hexdigest(), n, b"leaf %d" % n)
        for n in range(start, end)
    ]


class MemoryBlobs:
    """Keeps bytes in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, blobs: Iterable[bytes]) -> list[str]:
        """Keep some bytes and return their hex SHA-256."""
        hashes = []
        for data in blobs:
            hashes.append(hashlib.sha256(data).hexdigest())
            self.kept[hashes[-1]] = data
        return hashes

    def get(self, sha256: str) -> bytes | None:
        """Return the bytes of a hash, or None."""
        return self.kept.get(sha256)


class MemoryLedgerStore:
    """Keeps a record in memory."""

    def __init__(self) -> None:
        self._identity: tuple[str, str] | None = None
        self._entries: list[Entry] = []
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._checkpoints: dict[int, bytes] = {}
        self._cosignatures: dict[int, dict[tuple[str, bytes], NoteSignature]] = {}
        self._why: str | None = None

    def bind(self, origin: str, vkey: str) -> None:
        """Make this the store of one log."""
        if self._identity not in {None, (origin, vkey)}:
            raise ConflictError("store.other_log", "this store holds another record")
        self._identity = (origin, vkey)

    def identity(self) -> tuple[str, str] | None:
        """Return the origin and verifier key of the log."""
        return self._identity

    def size(self) -> int:
        """Return how many entries there are."""
        return len(self._entries)

    def append(self, base: int, entries: Sequence[Entry], tiles: Sequence[Tile]) -> None:
        """Write entries and tiles at once."""
        longer = [*self._entries, *entries]
        if base != self.size() or [entry.index for entry in longer] != list(range(len(longer))):
            raise ConflictError(MOVED, "the entries do not continue the store")
        if len({(entry.type, entry.id, entry.round) for entry in longer}) != len(longer):
            raise ConflictError("store.round", "an entry's round is taken")
        self._entries = longer
        self._tiles.update({(tile.level, tile.index): tile.hashes for tile in tiles})

    def entry(self, index: int) -> Entry:
        """Return one entry."""
        if not 0 <= index < self.size():
            raise InputError("record.index", f"the record has no entry {index}")
        return self._entries[index]

    def entries(self, start: int, end: int) -> Iterator[Entry]:
        """Return the entries ``[start, end)`` that there are."""
        yield from self._entries[start:end]

    def typed(self, types: Collection[str]) -> Iterator[Entry]:
        """Return the entries of some types."""
        return (entry for entry in self._entries if entry.type in types)

    def cosignatures(self, size: int) -> tuple[NoteSignature, ...]:
        """Return the cosignatures of the checkpoint of one size."""
        kept = self._cosignatures.get(size, {})
        return tuple(kept[name] for name in sorted(kept))

    def cosigned_size(self, key: Verifier) -> int:
        """Return the size of the last checkpoint that a key cosigned."""
        sizes = [size for size, kept in self._cosignatures.items() if (key.name, key.key_id) in kept]
        return max(sizes, default=0)

    def put_cosignature(self, size: int, line: NoteSignature) -> None:
        """Keep a cosignature."""
        self._cosignatures.setdefault(size, {})[line.name, line.key_id] = line

    def rounds(self, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[int, tuple[str, int]]]:
        """Return what has been stated so far about some things."""
        found: dict[tuple[str, str], dict[int, tuple[str, int]]] = {}
        asked = set(names)
        for entry in self._entries:
            if (entry.type, entry.id) in asked:
                rounds = found.setdefault((entry.type, entry.id), {})
                rounds[entry.round] = (entry.payload_sha256, entry.index)
        return found

    def tile(self, level: int, index: int) -> bytes:
        """Return a tile's hashes."""
        if (level, index) not in self._tiles:
            raise InputError("record.tile", f"the record has no tile {level}/{index}")
        return self._tiles[level, index]

    def checkpoint(self) -> bytes | None:
        """Return the last signed checkpoint, or None."""
        return self._checkpoints[max(self._checkpoints)] if self._checkpoints else None

    def checkpoint_at(self, size: int) -> bytes | None:
        """Return the checkpoint that was signed at one size, or None."""
        return self._checkpoints.get(size)

    def put_checkpoint(self, size: int, note: bytes) -> None:
        """Keep a signed checkpoint."""
        if self._checkpoints.setdefault(size, note) != note:
            raise ConflictError("store.checkpoint", "another checkpoint of that size is kept")

    def hold(self, why: str) -> None:
        """Let nothing be written any more."""
        self._why = self._why or why

    def held(self) -> str | None:
        """Return why nothing may be written, or None."""
        return self._why

    def release(self) -> None:
        """Let the record be written again."""
        self._why = None


class MemoryWitnessStore:
    """Keeps a witness's memory in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[tuple[int, bytes], bytes]] = {}

    def latest(self, origin: str) -> tuple[int, bytes] | None:
        """Return size and root of the last cosigned checkpoint of a log, or None."""
        return self.kept[origin][0] if origin in self.kept else None

    def note(self, origin: str) -> bytes | None:
        """Return the last cosigned checkpoint of a log, or None."""
        return self.kept[origin][1] if origin in self.kept else None

    def advance(
        self, origin: str, old: tuple[int, bytes] | None, new: tuple[int, bytes], note: bytes
    ) -> bool:
        """Compare and set."""
        if self.latest(origin) != old:
            return False
        self.kept[origin] = (new, note)
        return True


class LedgerStoreSuite(ABC):
    """The rules of ``ledger.store.LedgerStore``; inherit and give `open_store`."""

    @abstractmethod
    def open_store(self, folder: Path) -> LedgerStore:
        """Open the store that lies in a folder: new the first time, the same content ever after."""

    def test_a_hold_outlives_the_process_and_keeps_its_first_reason(self, tmp_path: Path) -> None:
        """A hold stays until it is released, and says why."""
        store = self.open_store(tmp_path)
        expect(store.held() is None, "a new store is not held")
        store.hold("the first")
        store.hold("the second")
        expect(self.open_store(tmp_path).held() == "the first", "a hold is kept with its first reason")
        store.release()
        expect(self.open_store(tmp_path).held() is None, "a released store is not held")

    def test_a_new_store_is_empty(self, tmp_path: Path) -> None:
        """A new store is empty."""
        store = self.open_store(tmp_path)
        expect(store.size() == 0, "a new store has no entries")
        expect(store.identity() is None and store.checkpoint() is None, "a new store belongs to no log yet")
        expect(list(store.entries(0, 10)) == [], "a new store gives no entries")

    def test_what_was_written_is_there_after_opening_again(self, tmp_path: Path) -> None:
        """What was written is there after opening again."""
        tiles = [Tile(0, 0, b"h" * 64), Tile(1, 0, b"i" * 32)]
        store = self.open_store(tmp_path)
        store.bind(_ORIGIN, _VKEY)
        store.append(0, _entries(0, 2), tiles)
        store.put_checkpoint(2, b"signed 2")
        again = self.open_store(tmp_path)
        expect(list(again.entries(0, 9)) == _entries(0, 2), "entries last, byte for byte")
        expect(again.entry(1) == _entries(1, 2)[0], "one entry can be read alone")
        expect(again.tile(0, 0) == b"h" * 64 and again.tile(1, 0) == b"i" * 32, "tiles last")
        expect(again.identity() == (_ORIGIN, _VKEY), "the log's identity lasts")
        expect(again.checkpoint() == b"signed 2", "the checkpoint lasts")

    def test_a_batch_is_written_whole_or_not_at_all(self, tmp_path: Path) -> None:
        """A batch is written whole or not at all."""
        store = self.open_store(tmp_path)
        store.append(0, _entries(0, 3), [Tile(0, 0, b"a" * 96)])
        taken = Entry(4, "report", "report_0001", 0, "00" * 32, 0, b"x")
        with pytest.raises(ConflictError):
            store.append(3, [*_entries(3, 4), taken], [Tile(0, 0, b"b" * 160)])
        expect(store.size() == 3, "a refused batch leaves no entry behind")
        expect(store.tile(0, 0) == b"a" * 96, "a refused batch leaves no tile behind")

    def test_entries_follow_each_other_without_gap(self, tmp_path: Path) -> None:
        """Entries follow each other without gap, and a second writer is noticed."""
        store = self.open_store(tmp_path)
        store.append(0, _entries(0, 3), [])
        for base, entries in (
            (0, _entries(0, 1)),
            (2, _entries(2, 4)),
            (5, _entries(5, 6)),
            (3, _entries(4, 5)),
        ):
            with pytest.raises(ConflictError):
                store.append(base, entries, [])
        expect(store.size() == 3, "refused entries are not written")

    def test_ranges_are_cut_to_what_there_is(self, tmp_path: Path) -> None:
        """Ranges are cut to what there is, and far larger ones than a page come whole."""
        store = self.open_store(tmp_path)
        store.append(0, _entries(0, 2500), [])
        expect([e.index for e in store.entries(990, 2100)] == list(range(990, 2100)), "ranges come in order")
        expect([e.index for e in store.entries(2498, 9999)] == [2498, 2499], "ranges end at the end")
        with pytest.raises(InputError):
            store.entry(2500)
        with pytest.raises(InputError):
            store.tile(0, 9)

    def test_rounds_are_found_by_type_and_id(self, tmp_path: Path) -> None:
        """Rounds are found by type and id."""
        store = self.open_store(tmp_path)
        first, second = _entries(0, 2)
        later = Entry(2, "report", first.id, 1, "11" * 32, 1, b"x")
        store.append(0, [first, second, later], [])
        found = store.rounds([("report", first.id), ("claim", first.id), ("report", "report_9999")])
        wanted = {0: (first.payload_sha256, 0), 1: ("11" * 32, 2)}
        expect(found == {("report", first.id): wanted}, "rounds are those of the very type and id")

    def test_checkpoints_are_kept_and_never_replaced(self, tmp_path: Path) -> None:
        """Checkpoints are kept and never replaced."""
        store = self.open_store(tmp_path)
        store.put_checkpoint(0, b"zero")
        store.put_checkpoint(10, b"ten")
        store.put_checkpoint(9, b"nine")
        store.put_checkpoint(10, b"ten")
        with pytest.raises(ConflictError):
            store.put_checkpoint(10, b"another ten")
        expect(store.checkpoint() == b"ten", "the last checkpoint is the largest")
        expect(store.checkpoint_at(9) == b"nine" and store.checkpoint_at(8) is None, "earlier ones stay")

    def test_cosignatures_are_kept_by_checkpoint_and_key(self, tmp_path: Path) -> None:
        """Cosignatures are kept by checkpoint and key, and the last size of each key is known."""
        store = self.open_store(tmp_path)
        keys = [derive_demo_cosigner(Realm.DEMO, MISSION, name).verifier for name in "AB"]
        lines = [NoteSignature(key.name, key.key_id, b"%d" % n) for n, key in enumerate(keys)]
        store.put_cosignature(7, lines[1])
        store.put_cosignature(7, lines[0])
        store.put_cosignature(9, lines[0])
        again = NoteSignature(keys[0].name, keys[0].key_id, b"again")
        store.put_cosignature(9, again)
        other = self.open_store(tmp_path)
        expect(
            other.cosignatures(7) == tuple(lines), "those of one checkpoint come in the order of their names"
        )
        expect(other.cosignatures(9) == (again,), "the later one of a key takes the place of the earlier")
        expect(other.cosignatures(8) == (), "there are none where nobody cosigned")
        expect([other.cosigned_size(key) for key in keys] == [9, 7], "the last size of each key is known")

    def test_entries_are_found_by_type(self, tmp_path: Path) -> None:
        """Entries are found by type, in order."""
        store = self.open_store(tmp_path)
        key = Entry(3, "key", "key:a", 0, "22" * 32, 1, b"k")
        store.append(0, [*_entries(0, 3), key], [])
        expect([entry.index for entry in store.typed({"key", "policy"})] == [3], "only the types asked for")
        expect([entry.index for entry in store.typed({"report", "key"})] == [0, 1, 2, 3], "in order")
        expect(list(store.typed(set())) == [], "no type, no entry")

    def test_a_store_belongs_to_one_log(self, tmp_path: Path) -> None:
        """A store belongs to one log."""
        store = self.open_store(tmp_path)
        store.bind(_ORIGIN, _VKEY)
        store.bind(_ORIGIN, _VKEY)
        for other in (("truceline/suite/live", _VKEY), (_ORIGIN, "another key")):
            with pytest.raises(ConflictError):
                store.bind(*other)
        expect(store.identity() == (_ORIGIN, _VKEY), "a refused log changes nothing")

    @pytest.mark.parametrize("sizes", [(1,), (255, 1, 1), (256,), (257, 300), (3, 0, 700)])
    def test_a_log_on_it_keeps_the_tree_of_its_entries(self, tmp_path: Path, sizes: tuple[int, ...]) -> None:
        """A log on it keeps the tree of its entries, however the batches are cut."""
        payloads = MemoryBlobs()
        end = 0
        for size in sizes:
            log = open_log(self.open_store(tmp_path), payloads)
            expect(
                log.append(make_statements(end, end + size)) == list(range(end, end + size)),
                "indices in order",
            )
            end += size
        store = self.open_store(tmp_path)
        hashes = [leaf_hash(entry.leaf) for entry in store.entries(0, end)]
        expect(TileTree.load(store.tile, end).root() == root_of(hashes), "the tiles give the entries' root")
        for shape in tile_shapes(end):
            expect(
                len(store.tile(shape.level, shape.index)) == 32 * shape.width,
                "tiles are as long as they must be",
            )
        beside = [hashed for shape in row_shapes(end) for hashed in split_hashes(store.tile(0, shape.index))]
        expect(beside == hashes, "level 0 holds the leaf hashes")

    def test_a_log_on_it_writes_nothing_twice(self, tmp_path: Path) -> None:
        """A log on it writes nothing twice."""
        payloads = MemoryBlobs()
        open_log(self.open_store(tmp_path), payloads).append(make_statements(0, 5))
        log = open_log(self.open_store(tmp_path), payloads)
        before = log.checkpoint()
        expect(
            log.append(make_statements(0, 5)) == [0, 1, 2, 3, 4], "the same statements have the same places"
        )
        expect(log.checkpoint() == before, "nothing new, no new checkpoint")
        expect(log.append(make_statements(3, 7)) == [3, 4, 5, 6], "only what is new is written")
        items = list(read_log(self.open_store(tmp_path), payloads))
        expect([item.id for item in items] == [s.id for s in make_statements(0, 7)], "the record reads back")


class BlobStoreSuite(ABC):
    """The rules of ``ledger.store.BlobStore``; inherit and give `open_blobs` and `damage`."""

    @abstractmethod
    def open_blobs(self, folder: Path) -> BlobStore:
        """Open the blobs that lie in a folder."""

    @abstractmethod
    def damage(self, folder: Path, sha256: str) -> None:
        """Change what is kept under a hash behind the store's back."""

    def test_bytes_come_back_under_their_hash(self, tmp_path: Path) -> None:
        """Bytes come back under their hash, after opening again."""
        blobs = [b"", b"one", b"two" * 10_000, b"one"]
        hashes = self.open_blobs(tmp_path).put(blobs)
        expect(
            hashes == [hashlib.sha256(blob).hexdigest() for blob in blobs], "put returns the hashes in order"
        )
        again = self.open_blobs(tmp_path)
        expect([again.get(sha) for sha in hashes] == blobs, "the bytes come back")
        expect(again.get("00" * 32) is None, "what was never kept is None")

    def test_changed_bytes_are_never_given_out(self, tmp_path: Path) -> None:
        """Changed bytes are never given out, and putting the right ones heals them."""
        store = self.open_blobs(tmp_path)
        (sha,) = store.put([b"as it was"])
        self.damage(tmp_path, sha)
        with pytest.raises(IntegrityError):
            store.get(sha)
        store.put([b"as it was"])
        expect(store.get(sha) == b"as it was", "the right bytes take the place of damaged ones")
