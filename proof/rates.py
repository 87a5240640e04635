"""How fast signed statements become durable and cosigned by three witnesses with databases of their own.

Beside it, in the same run and folder, plain inserts into SQLite with ``synchronous=FULL``.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from _row import row

from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.adapters.sqlite.witness_store import SqliteWitnessStore
from truceline.adapters.threads import share_out
from truceline.core.release import Realm
from truceline.ledger.authors import AuthorKey
from truceline.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from truceline.ledger.cosigning import collect_cosignatures
from truceline.ledger.entry import Statement
from truceline.ledger.keys import derive_demo_cosigner, derive_demo_key
from truceline.ledger.log import Log
from truceline.ledger.policy import PolicyWitness, require_all
from truceline.ledger.proof import check_proof, make_proof
from truceline.ledger.signing import SignedStatement, founding_statement, sign_statement
from truceline.ledger.tree import EMPTY_ROOT, MemoryTree, consistency_proof, leaf_hash
from truceline.ledger.witness import Request, Witness, format_request

M = "proof"
LOG, AUTHOR = derive_demo_key(Realm.DEMO, M), derive_demo_key(Realm.DEMO, M, "A/duty")
COSIGNERS = {name: derive_demo_cosigner(Realm.DEMO, M, name) for name in ("A", "B", "observer")}
POLICY = require_all(LOG.verifier, [PolicyWitness(name, key.verifier) for name, key in COSIGNERS.items()])
BATCH = 1000


def founded(folder: Path) -> tuple[SqliteLedgerStore, Log]:
    """Open a new record with one author and three cosigners."""
    connection = connect(folder / "store.db")
    store = SqliteLedgerStore(connection)
    log = Log.open(store, SqliteBlobs(connection), LOG, mission=M, realm=Realm.DEMO, many=share_out)
    keys = [AuthorKey(AUTHOR.verifier, "A", "duty", 0)]
    founding = founding_statement(M, Realm.DEMO, POLICY, keys, {})
    log.append_signed([sign_statement(founding, [LOG, AUTHOR], Checkpoint(LOG.name, 0, EMPTY_ROOT))])
    return store, log


def links(folder: Path) -> dict[str, Witness]:
    """Return three witnesses, each with its own database file."""
    return {
        name: Witness(
            key,
            {LOG.name: [LOG.verifier]},
            SqliteWitnessStore(connect(folder / f"{name}.db"), key.name),
            lambda: int(time.time()),
        )
        for name, key in COSIGNERS.items()
    }


def signed(store: SqliteLedgerStore, count: int) -> list[SignedStatement]:
    """Return statements of about 600 bytes, signed by their author beforehand."""
    seen = open_checkpoint(store.checkpoint() or b"", [LOG.verifier])
    return [
        sign_statement(
            Statement("report", f"report_{n:07d}", M, Realm.DEMO, {"text": "x" * 400}, owner="A", round=0),
            [AUTHOR],
            seen,
        )
        for n in range(count)
    ]


def statements(folder: Path, count: int) -> None:
    """Measure statements a second, and the time from hand-over to three cosignatures."""
    store, log = founded(folder)
    made, witnesses, took_s = signed(store, count), links(folder), list[float]()
    for start in range(0, count, BATCH):
        began = time.perf_counter()
        log.append_signed(made[start : start + BATCH])
        collect_cosignatures(store, POLICY, witnesses)
        took_s.append(time.perf_counter() - began)
    row("signed statements, durable, three cosignatures", count / sum(took_s), "statements/s", ">=", 4000)
    row("hand-over to cosigned, p99", sorted(took_s)[int(len(took_s) * 0.99)], "s", "<=", 1.0)
    times = list[float]()
    for index in range(0, count, max(1, count // 1000)):
        began = time.perf_counter()
        check_proof(make_proof(store, POLICY, index), POLICY)
        times.append(time.perf_counter() - began)
    times.sort()
    row("one proof made and checked, median", times[len(times) // 2] * 1000, "ms", "<=", 5)
    row("one proof made and checked, p99", times[int(len(times) * 0.99)] * 1000, "ms", "<=", 5)


def plain(folder: Path, count: int) -> None:
    """Measure inserts of as many bytes, a transaction a batch, and nothing else."""
    database = sqlite3.connect(folder / "plain.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute(
        "CREATE TABLE t (idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, payload BLOB NOT NULL) STRICT"
    )
    rows = [(n, b"l" * 330, b"p" * 600) for n in range(count)]
    began = time.perf_counter()
    for start in range(0, count, BATCH):
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO t VALUES (?,?,?)", rows[start : start + BATCH])
        database.execute("COMMIT")
    row("beside it: plain inserts, FULL", count / (time.perf_counter() - began), "rows/s")


def cosignatures(folder: Path, count: int) -> None:
    """Measure a witness alone, each checkpoint persisted before it is answered."""
    tree = MemoryTree(leaf_hash(b"%d" % n) for n in range(count + 1))
    witness, asked = links(folder / "alone")["A"], list[bytes]()
    for size in range(1, count + 1):
        proof: Sequence[bytes] = consistency_proof(tree.node, size - 1, size) if size > 1 else ()
        note = sign_checkpoint(Checkpoint(LOG.name, size, tree.root(size)), LOG)
        asked.append(format_request(Request(size - 1, tuple(proof), note)))
    began = time.perf_counter()
    statuses = {witness.add_checkpoint(body).status for body in asked}
    took_s = time.perf_counter() - began
    row("a witness, persisted before answering", count / took_s, "cosignatures/s", ">=", 500)
    row("of these refused", len(statuses - {200}), "kinds", "==", 0)


def main() -> int:
    """Print one line a figure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        statements(folder, count)
        plain(folder, count)
        cosignatures(folder, min(count, 5000))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
