"""Every bit of a small record turned, one at a time: verifying notices each, and names the entry where it is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from truceline.adapters.files.bundle import DirectoryReader, verify_bundle, write_bundle
from truceline.core.release import Realm
from truceline.ledger import reading
from truceline.ledger import verify as verifying
from truceline.ledger.checkpoint import Checkpoint, sign_checkpoint
from truceline.ledger.entry import open_leaf
from truceline.ledger.export import bundle_files, payload_path
from truceline.ledger.keys import derive_demo_key
from truceline.ledger.tree import leaf_hash
from truceline.ledger.verify import VerificationReport, verify
from truceline.testing.ledger_store import MemoryBlobs, MemoryLedgerStore, make_statements, open_log

N = 12
ENTRIES = "tile/entries/000.p/12"
LEAF_HASHES = "tile/0/000.p/12"


class Files:
    """A bundle in memory, one of whose files may be another."""

    def __init__(self, files: Mapping[str, bytes], path: str = "", data: bytes | None = None) -> None:
        self.files = {**files, path: data} if path else dict(files)

    def read(self, path: str, limit: int) -> bytes | None:
        data = self.files.get(path)
        return None if data is None else data[: limit + 1]

    def paths(self) -> Iterable[str]:
        return [path for path, data in self.files.items() if data is not None]


@pytest.fixture(scope="module", autouse=True)
def _remember() -> Iterator[None]:
    """Answer the same question of a pure function from memory: only what a turned bit changes is worked out anew."""
    with pytest.MonkeyPatch.context() as patch:
        for module, names in (
            (verifying, ("parse_policy", "open_checkpoint")),
            (reading, ("open_leaf", "verified_by", "parse_payload")),
        ):
            for name in names:
                patch.setattr(module, name, cache(getattr(module, name)))
        yield


@pytest.fixture(scope="module")
def record() -> dict[str, bytes]:
    """The files of a record of twelve entries, written in two batches."""
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    log = open_log(store, blobs)
    log.append(make_statements(0, 5, "كلبجار"))
    log.append(make_statements(5, N))
    return dict(bundle_files(store, blobs))


def turned(data: bytes) -> Iterable[tuple[int, bytes]]:
    """Each byte's place and the data with one of its bits turned, for every bit."""
    for at, byte in enumerate(data):
        for bit in range(8):
            yield at, data[:at] + bytes([byte ^ (1 << bit)]) + data[at + 1 :]


def spans(bundle: bytes) -> list[tuple[int, int]]:
    """Where each entry lies in its bundle, length bytes included."""
    found, at = [], 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        found.append((at, end))
        at = end
    return found


def named(report: VerificationReport) -> list[int | None]:
    return [problem.index for problem in report.problems]


def test_the_record_is_whole_before_anything_is_turned(record: dict[str, bytes]) -> None:
    report = verify(Files(record))
    assert (report.problems, report.size, report.n_payloads) == ((), N, N)
    assert {ENTRIES, LEAF_HASHES, "checkpoint", "policy"} < set(record)
    assert len(record) == 4 + N


def test_every_turned_bit_of_an_entry_is_noticed_and_the_entry_named(record: dict[str, bytes]) -> None:
    places = [index for index, (start, end) in enumerate(spans(record[ENTRIES])) for _ in range(start, end)]
    wrong = [
        (at, named(report))
        for at, data in turned(record[ENTRIES])
        if named(report := verify(Files(record, ENTRIES, data)))[:1] != [places[at]]
    ]
    assert wrong == []
    assert set(places) == set(range(N))


def test_every_turned_bit_of_a_payload_is_noticed_and_its_entry_named(record: dict[str, bytes]) -> None:
    wrong = []
    for index, (start, end) in enumerate(spans(record[ENTRIES])):
        path = payload_path(open_leaf(record[ENTRIES][start + 2 : end])[0].payload_sha256)
        for at, data in turned(record[path]):
            if named(verify(Files(record, path, data))) != [index]:
                wrong.append((path, at))
    assert wrong == []


@pytest.mark.parametrize("path", ["checkpoint", "policy", LEAF_HASHES])
def test_every_turned_bit_of_what_holds_the_record_together_is_noticed(
    record: dict[str, bytes], path: str
) -> None:
    unnoticed = [at for at, data in turned(record[path]) if verify(Files(record, path, data)).ok]
    assert unnoticed == []


def test_every_file_cut_short_lengthened_or_taken_away_is_noticed(record: dict[str, bytes]) -> None:
    for path, data in record.items():
        for bad in (data[:-1], data + b"\x00", data + b"more\n", b"", data + data):
            assert not verify(Files(record, path, bad)).ok, path
        report = verify(Files(record, path, None))
        if path.startswith("payloads/"):
            assert (report.ok, report.n_payloads, report.n_withheld) == (True, N - 1, 1)
        else:
            assert not report.ok, path


def test_what_is_no_part_of_the_record_is_noticed(record: dict[str, bytes]) -> None:
    for path in (
        "notes.txt",
        "payloads/00/" + "0" * 64,
        "tile/0/001.p/1",
        "tile/entries/000",
        "payloads/\udcff",
    ):
        report = verify(Files(record, path, b"x"))
        assert [problem.index for problem in report.problems] == [None]
        assert "no part of the record" in report.problems[0].what


def test_two_entries_exchanged_are_both_named(record: dict[str, bytes]) -> None:
    cut = [record[ENTRIES][start:end] for start, end in spans(record[ENTRIES])]
    cut[3], cut[7] = cut[7], cut[3]
    assert {3, 7} <= set(named(verify(Files(record, ENTRIES, b"".join(cut)))))


def test_an_entry_and_its_leaf_hash_changed_together_are_noticed(record: dict[str, bytes]) -> None:
    (start, end), hashes = spans(record[ENTRIES])[4], record[LEAF_HASHES]
    data = bytearray(record[ENTRIES])
    data[end - 3] ^= 1
    files = {**record, LEAF_HASHES: hashes[:128] + leaf_hash(bytes(data[start + 2 : end])) + hashes[160:]}
    report = verify(Files(files, ENTRIES, bytes(data)))
    assert not report.ok
    assert any("root" in problem.what for problem in report.problems)


def test_a_checkpoint_that_claims_a_monstrous_size_ends_quickly(record: dict[str, bytes]) -> None:
    """Anyone can make a key, a policy and a checkpoint of 2^60 entries: the first missing file ends the reading."""
    signer = derive_demo_key(Realm.DEMO, "suite")
    head = sign_checkpoint(Checkpoint(signer.name, 2**60, bytes(32)), signer)
    report = verify(Files(record, "checkpoint", head))
    assert [problem.what for problem in report.problems] == ["tile/entries/000 is missing"]


def test_a_link_in_a_folder_is_never_followed(tmp_path: Path) -> None:
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    open_log(store, blobs).append(make_statements(0, 2))
    write_bundle(tmp_path / "record", store, blobs)
    payload = next((tmp_path / "record" / "payloads").rglob("?" * 64))
    payload.rename(tmp_path / "elsewhere")
    payload.symlink_to(tmp_path / "elsewhere")
    (tmp_path / "record" / "tile" / "more").symlink_to(tmp_path)
    report = verify_bundle(tmp_path / "record")
    assert len(report.problems) == 2
    reader = DirectoryReader(tmp_path / "record")
    assert reader.read("tile", 10) is None
    assert reader.read("../elsewhere/x", 10) is None
