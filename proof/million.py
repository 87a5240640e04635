"""A bundle of a million entries, verified: first tree and hashes alone, then all of it with every signature and payload."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from _row import row

from truceline.adapters.files.bundle import DirectoryReader, verify_bundle, write_bundle
from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.core.release import PUBLIC, Realm
from truceline.ledger.entry import Statement
from truceline.ledger.keys import derive_demo_key
from truceline.ledger.log import Log
from truceline.ledger.tiles import WIDTH, decode_entries, entries_path, row_shapes
from truceline.ledger.tree import MemoryTree, leaf_hash

M = "proof"
BATCH = 10_000


def build(folder: Path, count: int) -> Path:
    """Write a record of ``count`` entries that share one payload a thousand, and export it."""
    connection = connect(folder / "store.db")
    store, blobs = SqliteLedgerStore(connection), SqliteBlobs(connection)
    log = Log.open(store, blobs, derive_demo_key(Realm.DEMO, M), mission=M, realm=Realm.DEMO)
    for start in range(0, count, BATCH):
        end = min(count, start + BATCH)
        log.append(
            [
                Statement(
                    "report",
                    f"report_{n // 1000:07d}",
                    M,
                    Realm.DEMO,
                    {"n": n // 1000},
                    release=PUBLIC,
                    round=n % 1000,
                )
                for n in range(start, end)
            ]
        )
    write_bundle(folder / "record", store, blobs)
    return folder / "record"


def hashes_alone(bundle: Path, count: int) -> float:
    """Return the seconds to read all entries, hash them, build the tree and compare with the tiles."""
    reader = DirectoryReader(bundle)
    began = time.perf_counter()
    hashes: list[bytes] = []
    for shape in row_shapes(count):
        data = reader.read(entries_path(shape.index, shape.width), 1 << 26) or b""
        hashes += [leaf_hash(entry) for entry in decode_entries(data)[0]]
    tree = MemoryTree(hashes)
    root = tree.root()
    beside = [b"".join(hashes[start : start + WIDTH]) for start in range(0, count, WIDTH)]
    took_s = time.perf_counter() - began
    if len(hashes) != count or not root or not beside:
        raise SystemExit("the bundle is not whole")
    return took_s


def main() -> int:
    """Print one line a figure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    folder = Path(tempfile.mkdtemp())
    try:
        bundle = build(folder, count)
        row(f"tree and hashes of {count:,} entries", hashes_alone(bundle, count), "s", "<=", 8)
        began = time.perf_counter()
        report = verify_bundle(bundle)
        row(
            f"all of {count:,} entries verified, signatures included",
            time.perf_counter() - began,
            "s",
            "<=",
            200,
        )
        row("problems found in them", len(report.problems), "problems", "==", 0)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
