"""A run killed at any moment and started again ends with the same record content."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from truceline.adapters.files.bundle import verify_bundle, write_bundle
from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.adapters.sqlite.read_models import SqliteReadModels
from truceline.app.dumping import dump

RUN = Path(__file__).with_name("recording_run.py")
N_KILLS = 10


def start(database: Path) -> subprocess.Popen[bytes]:
    """Start a run and wait until its imports are done."""
    run = subprocess.Popen([sys.executable, str(RUN), str(database)], stdout=subprocess.PIPE)
    assert run.stdout is not None
    assert run.stdout.readline() == b"ready\n"
    return run


def finish(database: Path) -> float:
    """Let a run come to its end and return how long it took, in seconds."""
    run = start(database)
    began = time.perf_counter()
    run.communicate()
    assert run.returncode == 0
    return time.perf_counter() - began


def content(database: Path, bundle: Path) -> tuple[list[bytes], dict[str, bytes]]:
    """The store's dump and the bytes of its exported record."""
    connection = connect(database, must_exist=True)
    lines = list(dump(SqliteReadModels(connection), SqliteLedgerStore(connection)))
    write_bundle(bundle, SqliteLedgerStore(connection), SqliteBlobs(connection))
    report = verify_bundle(bundle)
    assert (report.problems, report.n_withheld) == ((), 0)
    files = (path for path in bundle.rglob("*") if path.is_file())
    return lines, {path.relative_to(bundle).as_posix(): path.read_bytes() for path in files}


def test_a_killed_run_started_again_ends_with_the_same_record(tmp_path: Path) -> None:
    whole = tmp_path / "whole" / "store.db"
    took_s = finish(whole)
    broken = tmp_path / "broken" / "store.db"
    chance, n_killed = random.Random(1), 0  # noqa: S311 -- moments, not secrets
    for _ in range(N_KILLS):
        run = start(broken)
        time.sleep(chance.uniform(0, took_s / 2))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        n_killed += run.returncode == -signal.SIGKILL
    assert n_killed > 0
    finish(broken)
    assert content(broken, tmp_path / "broken" / "record") == content(whole, tmp_path / "whole" / "record")
