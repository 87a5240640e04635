"""A run that records three batches on a real store: started, killed and started again by `test_killed_runs`."""

from __future__ import annotations

import sys
from pathlib import Path

from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.core.release import Realm
from truceline.ledger.entry import Statement
from truceline.ledger.keys import derive_demo_key
from truceline.ledger.log import Log

BATCHES = ((0, 20), (15, 45), (45, 50))


def run(database: Path) -> None:
    """Record the batches into a store, from the start, whatever is there already."""
    connection = connect(database)
    store, payloads = SqliteLedgerStore(connection), SqliteBlobs(connection)
    log = Log.open(store, payloads, derive_demo_key(Realm.DEMO, "m"), mission="m", realm=Realm.DEMO)
    for start, end in BATCHES:
        log.append([Statement("report", f"report_{n}", "m", Realm.DEMO, {"n": n}) for n in range(start, end)])


if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201 -- tells the test that the imports are done
    run(Path(sys.argv[1]))
