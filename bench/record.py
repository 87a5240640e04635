"""How fast the record takes statements that are signed and on the disk, beside plain inserts into the same database.

Both write to a fresh SQLite file with WAL and ``synchronous=FULL`` in the same folder, in alternation, wall time. The
rival inserts rows of the same bytes and nothing else: no signature, no tree, no payload file, no checkpoint.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from _rows import row

from truceline.adapters.files.bundle import verify_bundle, write_bundle
from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.core.release import Realm
from truceline.ledger.entry import Statement
from truceline.ledger.keys import derive_demo_key
from truceline.ledger.log import Log

MISSION = "bench"
N_SINGLE, N_BATCHED, BATCH = 100, 1500, 500
ROUNDS = 3
TEXT = "x" * 400


def statements(start: int, end: int) -> list[Statement]:
    """Return statements whose payloads have about 600 bytes."""
    return [
        Statement("report", f"report_{n:08d}", MISSION, Realm.DEMO, {"title": TEXT, "n": n})
        for n in range(start, end)
    ]


def batches(count: int, size: int) -> Iterable[tuple[int, int]]:
    """Cut ``count`` things into batches of ``size``."""
    return ((start, min(start + size, count)) for start in range(0, count, size))


def ours(folder: Path, count: int, size: int) -> float:
    """Record statements, each batch acknowledged after its checkpoint is on the disk; return how many a second."""
    database = folder / "ours" / "store.db"
    connection = connect(database)
    store = SqliteLedgerStore(connection)
    key = derive_demo_key(Realm.DEMO, MISSION)
    log = Log.open(store, SqliteBlobs(connection), key, mission=MISSION, realm=Realm.DEMO)
    made = [statements(start, end) for start, end in batches(count, size)]
    began = time.perf_counter()
    for batch in made:
        log.append(batch)
    return count / (time.perf_counter() - began)


def plain(folder: Path, count: int, size: int) -> float:
    """Insert rows of as many bytes, a transaction a batch; return how many a second."""
    database = sqlite3.connect(folder / "plain.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute(
        "CREATE TABLE t (idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, payload BLOB NOT NULL) STRICT"
    )
    rows = [(n, b"l" * 330, b"p" * 600) for n in range(count)]
    began = time.perf_counter()
    for start, end in batches(count, size):
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO t VALUES (?,?,?)", rows[start:end])
        database.execute("COMMIT")
    took_s = time.perf_counter() - began
    database.close()
    return count / took_s


def alternate(count: int, size: int) -> tuple[float, float]:
    """Return the medians of both, each round in a fresh folder, ours first and last in turn."""
    runs: dict[Callable[[Path, int, int], float], list[float]] = {ours: [], plain: []}
    for number in range(ROUNDS):
        for measured in (ours, plain)[:: 1 if number % 2 else -1]:
            with tempfile.TemporaryDirectory() as folder:
                runs[measured].append(measured(Path(folder), count, size))
    return statistics.median(runs[ours]), statistics.median(runs[plain])


def verification() -> float:
    """Return how many entries a second `record verify` checks: hashes, signatures, payloads."""
    with tempfile.TemporaryDirectory() as name:
        database = Path(name) / "store.db"
        connection = connect(database)
        store, payloads = SqliteLedgerStore(connection), SqliteBlobs(connection)
        key = derive_demo_key(Realm.DEMO, MISSION)
        Log.open(store, payloads, key, mission=MISSION, realm=Realm.DEMO).append(statements(0, N_BATCHED))
        write_bundle(Path(name) / "record", store, payloads)
        began = time.perf_counter()
        report = verify_bundle(Path(name) / "record")
        took_s = time.perf_counter() - began
    if not report.ok or report.n_payloads != N_BATCHED:
        raise SystemExit("the record does not verify")
    return N_BATCHED / took_s


def main() -> None:
    """Print the figures."""
    single, plain_single = alternate(N_SINGLE, 1)
    batched, plain_batched = alternate(N_BATCHED, BATCH)
    row("statements recorded, signed and on the disk, one at a time", single, "statements/s", ">=", 50)
    row("the same rows by plain FULL inserts, one a transaction", plain_single, "rows/s", ">=", 1)
    row("one at a time: plain inserts over ours", plain_single / single, "times", "<=", 20)
    row(f"statements recorded, signed and on the disk, {BATCH} at a time", batched, "statements/s", ">=", 250)
    row(f"the same rows by plain FULL inserts, {BATCH} a transaction", plain_batched, "rows/s", ">=", 1)
    row("entries verified: hashes, signatures, payloads", verification(), "entries/s", ">=", 1000)


if __name__ == "__main__":
    main()
