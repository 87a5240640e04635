"""A record of ours is believed, and a changed one refused, by the public Go packages sumdb/note and sumdb/tlog."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from truceline.core.release import Realm
from truceline.ledger.authors import AuthorKey
from truceline.ledger.checkpoint import Checkpoint
from truceline.ledger.cosigning import collect_cosignatures, recorded_policy
from truceline.ledger.export import bundle_files
from truceline.ledger.keys import derive_demo_cosigner, derive_demo_key
from truceline.ledger.policy import PolicyWitness, require_all
from truceline.ledger.signing import founding_statement, sign_statement
from truceline.ledger.tree import EMPTY_ROOT
from truceline.ledger.witness import Witness
from truceline.testing.ledger_store import (
    MISSION,
    MemoryBlobs,
    MemoryLedgerStore,
    MemoryWitnessStore,
    make_statements,
    open_log,
)

SOURCE = Path(__file__).with_name("verify.go")
PACKAGES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
N = 520


@pytest.fixture(scope="module")
def verifier(need: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    go = need("go")
    if not PACKAGES.is_dir():
        need("golang-golang-x-mod-dev")
    folder = tmp_path_factory.mktemp("go")
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOFLAGS": "",
        "GOPATH": "/usr/share/gocode",
        "GOCACHE": str(folder / "cache"),
    }
    program = folder / "verify"
    subprocess.run([go, "build", "-o", str(program), str(SOURCE)], env=environment, check=True)
    return program


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The files of a record with three cosigners, two authors and entries over more than one tile."""
    log_key = derive_demo_key(Realm.DEMO, MISSION)
    authors = [derive_demo_key(Realm.DEMO, MISSION, f"{owner}/duty") for owner in "AB"]
    cosigners = {name: derive_demo_cosigner(Realm.DEMO, MISSION, name) for name in ("A", "B", "observer")}
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    log = open_log(store, blobs)
    policy = require_all(log_key.verifier, [PolicyWitness(n, key.verifier) for n, key in cosigners.items()])
    keys = [AuthorKey(key.verifier, owner, "duty", 0) for key, owner in zip(authors, "AB", strict=True)]
    founding = founding_statement(MISSION, Realm.DEMO, policy, keys, {"kind": "two-key"})
    log.append_signed(
        [sign_statement(founding, [log_key, *authors], Checkpoint(log_key.name, 0, EMPTY_ROOT))]
    )
    log.append(make_statements(0, N))
    links = {
        name: Witness(key, {log_key.name: [log_key.verifier]}, MemoryWitnessStore(), lambda: 7)
        for name, key in cosigners.items()
    }
    collect_cosignatures(store, recorded_policy(store, blobs), links)
    return dict(bundle_files(store, blobs))


def judged(verifier: Path, folder: Path, files: dict[str, bytes]) -> subprocess.CompletedProcess[str]:
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return subprocess.run([str(verifier), str(folder)], capture_output=True, text=True, check=False)


def test_go_believes_a_record_of_ours(verifier: Path, files: dict[str, bytes], tmp_path: Path) -> None:
    done = judged(verifier, tmp_path, files)
    assert done.returncode == 0, done.stderr
    assert f"{N + 1} entries, 4 signatures on the checkpoint" in done.stdout


@pytest.mark.parametrize(
    "path",
    ["checkpoint", "tile/entries/000", f"tile/entries/002.p/{N + 1 - 512}", "tile/0/001", "tile/1/000.p/2"],
)
def test_go_refuses_a_turned_bit(verifier: Path, files: dict[str, bytes], tmp_path: Path, path: str) -> None:
    data = bytearray(files[path])
    data[len(data) // 2] ^= 1
    assert judged(verifier, tmp_path, {**files, path: bytes(data)}).returncode != 0


def test_go_refuses_a_checkpoint_that_lacks_a_cosignature(
    verifier: Path, files: dict[str, bytes], tmp_path: Path
) -> None:
    lines = files["checkpoint"].splitlines(keepends=True)
    done = judged(verifier, tmp_path, {**files, "checkpoint": b"".join(lines[:-1])})
    assert done.returncode != 0
    assert "more cosignatures" in done.stderr
