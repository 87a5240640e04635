"""The log: durable before signed, nothing twice, one realm, and never a checkpoint over a rewritten store."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from truceline.adapters.files.bundle import verify_bundle, write_bundle
from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.core.release import Realm
from truceline.ledger.checkpoint import open_checkpoint
from truceline.ledger.entry import Statement, open_leaf
from truceline.ledger.keys import DEMO_CONSTANT, Signer, derive_demo_key
from truceline.ledger.log import Log, log_keys, read_log
from truceline.ledger.policy import Policy
from truceline.ledger.store import Entry
from truceline.ledger.tiles import Tile
from truceline.testing.ledger_store import MISSION, MemoryBlobs, MemoryLedgerStore, make_statements, open_log


class Watched(MemoryLedgerStore):
    """A store that notes the order of what is done to it, and can stop like a process that is killed."""

    def __init__(self, calls: list[str], stop_at: str = "") -> None:
        super().__init__()
        self.calls = calls
        self.stop_at = stop_at

    def step(self, name: str) -> None:
        self.calls.append(name)
        if name == self.stop_at:
            raise KeyboardInterrupt

    def append(self, base: int, entries: Sequence[Entry], tiles: Sequence[Tile]) -> None:
        self.step("before entries")
        super().append(base, entries, tiles)
        self.step("entries")

    def put_checkpoint(self, size: int, note: bytes) -> None:
        super().put_checkpoint(size, note)
        self.step(f"checkpoint {size}")


class WatchedBlobs(MemoryBlobs):
    def __init__(self, store: Watched) -> None:
        super().__init__()
        self.store = store

    def put(self, blobs: Iterable[bytes]) -> list[str]:
        hashes = super().put(blobs)
        self.store.step("payloads")
        return hashes


def head(log: Log) -> int:
    return open_checkpoint(log.checkpoint(), [derive_demo_key(Realm.DEMO, MISSION).verifier]).size


def test_payloads_then_entries_then_the_checkpoint() -> None:
    calls: list[str] = []
    store = Watched(calls)
    open_log(store, WatchedBlobs(store)).append(make_statements(0, 3))
    assert calls == ["checkpoint 0", "payloads", "before entries", "entries", "checkpoint 3"]


@pytest.mark.parametrize("stop_at", ["checkpoint 0", "payloads", "before entries", "entries", "checkpoint 3"])
def test_a_run_stopped_at_any_step_and_started_again_ends_with_the_same_record(stop_at: str) -> None:
    def run(store: Watched, blobs: MemoryBlobs) -> None:
        log = open_log(store, blobs)
        log.append(make_statements(0, 3))
        log.append(make_statements(2, 6))

    whole, broken = Watched([]), Watched([], stop_at)
    run(whole, WatchedBlobs(whole))
    blobs = WatchedBlobs(broken)
    with pytest.raises(KeyboardInterrupt):
        run(broken, blobs)
    broken.stop_at = ""
    run(broken, blobs)
    assert list(broken.entries(0, 99)) == list(whole.entries(0, 99))
    assert broken.checkpoint() == whole.checkpoint()
    assert broken.checkpoint_at(3) == whole.checkpoint_at(3)


def test_a_failed_write_leaves_the_log_usable() -> None:
    store = Watched([], "before entries")
    log = open_log(store, MemoryBlobs())
    with pytest.raises(KeyboardInterrupt):
        log.append(make_statements(0, 3))
    store.stop_at = ""
    assert (log.size, head(log)) == (0, 0)
    assert log.append(make_statements(0, 3)) == [0, 1, 2]
    assert (log.size, head(log)) == (3, 3)


def test_each_leaf_names_the_checkpoint_that_its_signer_saw() -> None:
    store = MemoryLedgerStore()
    log = open_log(store, MemoryBlobs())
    log.append(make_statements(0, 2))
    log.append(make_statements(2, 4))
    assert [open_leaf(entry.leaf)[0].seen_size for entry in store.entries(0, 4)] == [0, 0, 2, 2]


def test_a_statement_that_changed_gets_the_next_round_and_one_that_came_back_its_old_place() -> None:
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    log = open_log(store, blobs)
    assert log.append(make_statements(0, 1)) == [0]
    assert log.append([*make_statements(0, 1, "corrected"), *make_statements(0, 1, "again")]) == [1, 2]
    assert log.append([*make_statements(0, 1), *make_statements(0, 1, "corrected")]) == [0, 1]
    assert [item.round for item in read_log(store, blobs)] == [0, 1, 2]


def test_a_round_that_is_asked_for_is_taken_once() -> None:
    log = open_log(MemoryLedgerStore(), MemoryBlobs())
    (first,), (second,) = make_statements(0, 1), make_statements(0, 1, "otherwise")
    assert log.append([dataclasses.replace(first, round=4)]) == [0]
    assert log.append([dataclasses.replace(first, round=4)]) == [0]
    with pytest.raises(ConflictError, match="round 4"):
        log.append([dataclasses.replace(second, round=4)])
    with pytest.raises(ConflictError, match="round 5"):
        log.append([dataclasses.replace(first, round=5), dataclasses.replace(second, round=5)])
    with pytest.raises(InputError):
        log.append([dataclasses.replace(first, round=-1)])
    assert log.size == 1


def test_a_batch_with_one_bad_statement_writes_nothing() -> None:
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    log = open_log(store, blobs)
    bad = [
        dataclasses.replace(make_statements(9, 10)[0], realm=Realm.EXERCISE),
        dataclasses.replace(make_statements(9, 10)[0], mission="another"),
        dataclasses.replace(make_statements(9, 10)[0], type="rumour"),
        dataclasses.replace(make_statements(9, 10)[0], body={"x": 1.5}),
        dataclasses.replace(make_statements(9, 10)[0], release="everyone"),
    ]
    for statement in bad:
        with pytest.raises((ConflictError, InputError)):
            log.append([*make_statements(0, 3), statement])
    assert (store.size(), blobs.kept) == (0, {})


def test_realms_keys_and_missions_do_not_mix() -> None:
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    open_log(store, blobs)
    demo, exercise = (derive_demo_key(realm, MISSION) for realm in (Realm.DEMO, Realm.EXERCISE))
    with pytest.raises(ConflictError, match="holds another record"):
        Log.open(store, blobs, exercise, mission=MISSION, realm=Realm.EXERCISE)
    with pytest.raises(ConflictError, match="can not sign"):
        Log.open(MemoryLedgerStore(), blobs, demo, mission=MISSION, realm=Realm.EXERCISE)


def test_a_live_record_refuses_keys_that_anyone_can_derive() -> None:
    origin = f"truceline/{MISSION}/live"
    own = Log.open(
        MemoryLedgerStore(), MemoryBlobs(), Signer(origin, b"r" * 32), mission=MISSION, realm=Realm.LIVE
    )
    assert own.origin == origin
    seed = hashlib.sha256(f"{DEMO_CONSTANT}\ndemo\n{MISSION}\n".encode()).digest()
    for signer in (Signer(origin, b"r" * 32, is_derived=True), Signer(origin, seed)):
        with pytest.raises(ConflictError, match="work this key out"):
            Log.open(MemoryLedgerStore(), MemoryBlobs(), signer, mission=MISSION, realm=Realm.LIVE)


def test_a_second_writer_is_noticed_and_the_first_can_open_again() -> None:
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    one, two = open_log(store, blobs), open_log(store, blobs)
    one.append(make_statements(0, 2))
    with pytest.raises(ConflictError):
        two.append(make_statements(5, 6))
    assert open_log(store, blobs).append(make_statements(5, 6)) == [2]


def test_a_store_that_lost_or_changed_entries_is_never_signed_again() -> None:
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    open_log(store, blobs).append(make_statements(0, 5))
    before = store.checkpoint()
    lost = MemoryLedgerStore()
    lost.put_checkpoint(5, before or b"")
    with pytest.raises(IntegrityError, match="does not continue"):
        open_log(lost, blobs)
    changed = MemoryLedgerStore()
    open_log(changed, blobs).append(make_statements(0, 5, "rewritten"))
    changed._checkpoints[5] = before or b""
    with pytest.raises(IntegrityError, match="does not continue"):
        open_log(changed, blobs)
    assert changed.checkpoint() == before


def test_entries_after_the_last_checkpoint_are_held_to_their_hashes_before_they_are_signed() -> None:
    store, blobs = Watched([], "entries"), MemoryBlobs()
    with pytest.raises(KeyboardInterrupt):
        open_log(store, blobs).append(make_statements(0, 3))
    store._entries[1] = dataclasses.replace(store._entries[1], leaf=store._entries[0].leaf)
    with pytest.raises(IntegrityError, match="entry 1"):
        open_log(store, blobs)


def test_an_empty_store_says_so() -> None:
    with pytest.raises(InputError, match="nothing has been recorded"):
        log_keys(MemoryLedgerStore())


def bundle(folder: Path, statements: list[Statement], recipient: str = "joint") -> Path:
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    open_log(store, blobs).append(statements)
    write_bundle(folder, store, blobs, recipient=recipient)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600])
def test_bundles_of_any_size_verify_and_are_the_same_bytes_twice(tmp_path: Path, size: int) -> None:
    one, two = (bundle(tmp_path / name, make_statements(0, size)) for name in ("one", "two"))
    report = verify_bundle(one)
    assert report.problems == ()
    assert (report.ok, report.size, report.n_payloads, report.n_withheld) == (True, size, size, 0)
    assert files(one) == files(two)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_what_may_not_travel_is_withheld_and_the_rest_still_verifies(tmp_path: Path) -> None:
    marks = ["public", "joint", "owner", "party:armenia", "party:azerbaijan"]
    statements = [make_statements(n, n + 1, release=mark)[0] for n, mark in enumerate(marks)]
    given = {}
    for recipient in ("public", "joint", "A", "party:armenia"):
        report = verify_bundle(bundle(tmp_path / "record", statements, recipient))
        assert report.problems == ()
        given[recipient] = (report.n_payloads, report.n_withheld)
    assert given == {"public": (1, 4), "joint": (2, 3), "A": (2, 3), "party:armenia": (2, 3)}


def test_a_narrower_export_to_the_same_folder_leaves_nothing_of_the_wider_one(tmp_path: Path) -> None:
    statements = make_statements(0, 4, release="joint")
    bundle(tmp_path / "record", statements, "joint")
    bundle(tmp_path / "record", statements, "public")
    assert not (tmp_path / "record" / "payloads").exists()


@pytest.mark.parametrize("recipient", ["", "owner", "party:", "zzz", "centre", "C"])
def test_nobody_is_no_recipient(tmp_path: Path, recipient: str) -> None:
    with pytest.raises(InputError):
        bundle(tmp_path / "record", make_statements(0, 1), recipient)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    for name in ("mine", "file", "link"):
        with pytest.raises(InputError):
            bundle(tmp_path / name, make_statements(0, 1))
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"
    with pytest.raises(InputError, match="no folder"):
        verify_bundle(tmp_path / "absent")


def test_a_record_must_continue_older_checkpoints(tmp_path: Path) -> None:
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    log = open_log(store, blobs)
    old = [log.checkpoint()]
    for end in (3, 300):
        log.append(make_statements(log.size, end))
        old.append(log.checkpoint())
    write_bundle(tmp_path / "record", store, blobs)
    assert verify_bundle(tmp_path / "record", against=old).ok
    short = bundle(tmp_path / "short", make_statements(0, 3))
    assert "this record has 3" in verify_bundle(short, against=old).problems[0].what
    forked = bundle(tmp_path / "forked", [*make_statements(0, 2), *make_statements(2, 300, "otherwise")])
    assert [
        "does not continue" in problem.what for problem in verify_bundle(forked, against=old).problems
    ] == [True] * 2
    foreign = verify_bundle(tmp_path / "record", against=[b"not a note", old[0].replace(b"suite", b"other")])
    assert len(foreign.problems) == 2


def test_with_a_policy_of_ones_own_a_strangers_record_does_not_verify(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "record", make_statements(0, 2))
    known = derive_demo_key(Realm.DEMO, MISSION).verifier
    assert verify_bundle(folder, trusted=Policy((known,))).ok
    stranger = derive_demo_key(Realm.DEMO, "another").verifier
    assert not verify_bundle(folder, trusted=Policy((stranger,))).ok


def test_a_record_made_up_by_its_own_key_holder_is_still_held_to_its_form(tmp_path: Path) -> None:
    """The log's key signs, but entries lie about their round and their payload: both are named."""
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    log = open_log(store, blobs)
    log.append(make_statements(0, 1))
    blob = next(iter(blobs.kept.values()))
    lying = blob.replace(b'"mission":"', b'"mission":"another-')
    log._payload = lambda _: lying  # type: ignore[method-assign]
    log.append(make_statements(1, 2))
    write_bundle(tmp_path / "record", store, blobs)
    problems = verify_bundle(tmp_path / "record").problems
    assert [(problem.index, problem.what) for problem in problems] == [
        (1, "the payload is about something else than its entry")
    ]
