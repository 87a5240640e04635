"""A store that is behind goes on from a mirror and from nothing else; meanwhile nothing is written or signed."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.core.release import Realm
from truceline.ledger.authors import AuthorKey
from truceline.ledger.checkpoint import Checkpoint, sign_checkpoint
from truceline.ledger.cosigning import Standing, collect_cosignatures, recorded_policy
from truceline.ledger.export import bundle_files
from truceline.ledger.keys import derive_demo_cosigner, derive_demo_key
from truceline.ledger.log import Log, read_log
from truceline.ledger.policy import PolicyWitness, require_all
from truceline.ledger.restoring import Restored, restore
from truceline.ledger.signing import founding_statement, sign_statement
from truceline.ledger.tree import EMPTY_ROOT
from truceline.ledger.verify import verify
from truceline.ledger.witness import Answer, Witness
from truceline.testing.ledger_store import (
    MISSION,
    MemoryBlobs,
    MemoryLedgerStore,
    MemoryWitnessStore,
    make_statements,
    open_log,
)

LOG = derive_demo_key(Realm.DEMO, MISSION)
A = derive_demo_key(Realm.DEMO, MISSION, "A/duty")
COSIGNER = derive_demo_cosigner(Realm.DEMO, MISSION, "A")
POLICY = require_all(LOG.verifier, [PolicyWitness("A", COSIGNER.verifier)])


class Mirror:
    """An exported copy in memory."""

    def __init__(self, centre: Centre) -> None:
        self.files = dict(bundle_files(centre.store, centre.blobs))
        assert verify(self, trusted=POLICY).ok

    def read(self, path: str, limit: int) -> bytes | None:
        data = self.files.get(path)
        return None if data is None else data[: limit + 1]

    def paths(self) -> Iterable[str]:
        return self.files


class Centre:
    """A store with a record of some entries, cosigned by a witness that remembers elsewhere."""

    def __init__(self, witness: MemoryWitnessStore, size: int, note: str = "") -> None:
        self.store, self.blobs = MemoryLedgerStore(), MemoryBlobs()
        self.links = {"A": Witness(COSIGNER, {LOG.name: [LOG.verifier]}, witness, lambda: 1_700_000_000)}
        self.log = open_log(self.store, self.blobs)
        key = AuthorKey(A.verifier, "A", "duty", 0)
        founding = founding_statement(MISSION, Realm.DEMO, POLICY, [key], {"kind": "single"})
        signed = sign_statement(founding, [LOG, A], Checkpoint(LOG.name, 0, EMPTY_ROOT))
        self.log.append_signed([signed])
        self.log.append(make_statements(0, size, note))

    def cosign(self) -> tuple[Standing, ...]:
        return collect_cosignatures(self.store, recorded_policy(self.store, self.blobs), self.links)

    def reopened(self, *seen: bytes) -> Log:
        return Log.open(self.store, self.blobs, LOG, mission=MISSION, realm=Realm.DEMO, seen=seen)

    def restored(self, mirror: Mirror) -> Restored:
        return restore(self.store, self.blobs, mirror, POLICY)


def test_a_store_that_is_behind_what_was_given_out_is_read_only_until_it_is_healed() -> None:
    whole, old = Centre(MemoryWitnessStore(), 700), Centre(MemoryWitnessStore(), 300)
    whole.cosign()
    mirror = Mirror(whole)
    log = old.reopened(mirror.files["checkpoint"])
    before = old.store.checkpoint()
    assert "an old copy was put back" in (old.store.held() or "")
    with pytest.raises(ConflictError, match="read-only: 701 entries were signed for, the store has 301"):
        log.append(make_statements(900, 901))
    assert old.store.checkpoint() == before
    assert old.reopened().append(make_statements(0, 3)) == [1, 2, 3]
    with pytest.raises(ConflictError, match="read-only"):
        old.reopened().append(make_statements(900, 901))
    done = old.restored(mirror)
    assert (done.n_entries, done.n_payloads, done.size) == (400, 400, 701)
    assert old.store.held() is None
    assert dict(bundle_files(old.store, old.blobs)) == mirror.files
    assert old.reopened().append(make_statements(900, 901)) == [701]


def test_a_new_store_becomes_what_the_mirror_is() -> None:
    whole, new = Centre(MemoryWitnessStore(), 5000), Centre(MemoryWitnessStore(), 0)
    whole.cosign()
    new.store, new.blobs = MemoryLedgerStore(), MemoryBlobs()
    mirror = Mirror(whole)
    assert new.restored(mirror).n_entries == 5001
    assert dict(bundle_files(new.store, new.blobs)) == mirror.files
    assert [item.payload for item in read_log(new.store, new.blobs)] == [
        item.payload for item in read_log(whole.store, whole.blobs)
    ]


def test_restoring_that_was_stopped_goes_on() -> None:
    whole, new = Centre(MemoryWitnessStore(), 5000), Centre(MemoryWitnessStore(), 0)
    whole.cosign()
    new.store, new.blobs = MemoryLedgerStore(), MemoryBlobs()
    mirror = Mirror(whole)
    put, left = new.blobs.put, [1]

    def stop(blobs: Iterable[bytes]) -> list[str]:
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return put(blobs)

    new.blobs.put = stop  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        new.restored(mirror)
    assert new.store.size() == 4096
    new.blobs.put = put  # type: ignore[method-assign]
    assert new.restored(mirror).size == 5001
    assert dict(bundle_files(new.store, new.blobs)) == mirror.files


def test_a_witness_that_has_seen_more_shows_the_checkpoint_and_the_store_is_held() -> None:
    memory = MemoryWitnessStore()
    Centre(memory, 700).cosign()
    old = Centre(memory, 300)
    (standing,) = old.cosign()
    assert "has cosigned 701 entries" in standing.problem
    assert "701 entries were signed for" in (old.store.held() or "")


def test_a_witness_that_has_seen_another_history_shows_it() -> None:
    memory = MemoryWitnessStore()
    Centre(memory, 200, "one history").cosign()
    other = Centre(memory, 300, "another history")
    (standing,) = other.cosign()
    assert "another history" in standing.problem
    assert "over another history" in (other.store.held() or "")


class Boaster:
    """A witness that says it has seen more, and has nothing to show."""

    def __init__(self, note: bytes) -> None:
        self.note = note

    def add_checkpoint(self, _body: bytes) -> Answer:
        return Answer(409, b"9999\n")

    def latest(self, _origin: str) -> bytes | None:
        return self.note


@pytest.mark.parametrize("by", ["nothing", "another log", "a stranger"])
def test_the_word_of_a_witness_alone_stops_nobody(by: str) -> None:
    centre = Centre(MemoryWitnessStore(), 10)
    stranger = derive_demo_key(Realm.DEMO, "other")
    notes = {
        "nothing": b"",
        "another log": sign_checkpoint(Checkpoint(stranger.name, 99, bytes(32)), stranger),
        "a stranger": sign_checkpoint(Checkpoint(LOG.name, 99, bytes(32)), A),
    }
    centre.links = {"A": Boaster(notes[by])}  # type: ignore[dict-item]
    (standing,) = centre.cosign()
    assert "has cosigned 9999 entries" in standing.problem
    assert centre.store.held() is None
    assert centre.log.append(make_statements(900, 901)) == [11]


def test_a_mirror_that_does_not_continue_the_store_heals_nothing() -> None:
    theirs, ours = Centre(MemoryWitnessStore(), 40, "theirs"), Centre(MemoryWitnessStore(), 20)
    theirs.cosign()
    mirror = Mirror(theirs)
    ours.reopened(mirror.files["checkpoint"])
    before = ours.store.size()
    with pytest.raises(ConflictError, match="first 21 entries are not the store's"):
        ours.restored(mirror)
    assert (ours.store.size(), ours.store.held() is None) == (before, False)


def test_a_mirror_that_ends_before_the_store_heals_nothing() -> None:
    short, ours = Centre(MemoryWitnessStore(), 10), Centre(MemoryWitnessStore(), 20)
    short.cosign()
    with pytest.raises(InputError, match="the mirror ends at 11 entries, the store has 21"):
        ours.restored(Mirror(short))


def test_a_checkpoint_that_is_owed_is_not_signed_while_the_store_is_held() -> None:
    whole, old = Centre(MemoryWitnessStore(), 700), Centre(MemoryWitnessStore(), 20)
    whole.cosign()
    old.store._checkpoints.popitem()
    before = old.store.checkpoint()
    old.reopened(Mirror(whole).files["checkpoint"])
    assert old.store.checkpoint() == before
    old.store.release()
    old.reopened()
    assert old.store.checkpoint() != before


@pytest.mark.parametrize("place", [0, 255, 256, 300])
def test_an_entry_that_was_changed_in_the_store_is_found_on_opening(place: int) -> None:
    centre = Centre(MemoryWitnessStore(), 300)
    entries = centre.store._entries
    leaf = entries[place].leaf
    object.__setattr__(entries[place], "leaf", leaf[:-9] + b"A" + leaf[-8:])
    with pytest.raises(IntegrityError, match=f"entry {place} is not what its hash says"):
        centre.reopened()


def test_a_tile_that_was_changed_in_the_store_is_found_on_opening() -> None:
    centre = Centre(MemoryWitnessStore(), 600)
    hashes = bytearray(centre.store._tiles[1, 0])
    hashes[3] ^= 1
    centre.store._tiles[1, 0] = bytes(hashes)
    with pytest.raises(IntegrityError, match=r"does not continue|do not hash to the root"):
        centre.reopened()
