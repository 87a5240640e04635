"""A disk that is full: what cannot be kept is refused in one line, nothing is half written, and all goes on once there is room."""

from __future__ import annotations

from pathlib import Path

import pytest

from truceline.adapters.accounts import open_access_database
from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.core.errors import UnavailableError
from truceline.testing.ledger_store import make_statements, open_log

MANY = 400


def test_a_record_on_a_full_disk_loses_nothing_and_goes_on(tmp_path: Path) -> None:
    connection = connect(tmp_path / "store.db")
    store, payloads = SqliteLedgerStore(connection), SqliteBlobs(connection)
    log = open_log(store, payloads)
    log.append(make_statements(0, 5))
    (n_pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {n_pages}")
    with pytest.raises(UnavailableError, match="is full") as refused:
        log.append(make_statements(5, MANY))
    assert "make room" in refused.value.todo
    assert not connection.in_transaction
    assert open_log(store, payloads).size == 5
    connection.execute("PRAGMA max_page_count = 1000000")
    open_log(store, payloads).append(make_statements(5, MANY))
    assert open_log(SqliteLedgerStore(connect(tmp_path / "store.db")), payloads).size == MANY
    connection.close()


def test_accounts_on_a_full_disk_say_so_and_keep_what_they_acknowledged(tmp_path: Path) -> None:
    database = open_access_database(tmp_path / "access.db")
    database.do("CREATE TABLE marks (n INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    row = database.one("PRAGMA page_count")
    assert row
    database.one(f"PRAGMA max_page_count = {row[0] + 4}")
    kept = list[int]()

    def fill() -> None:
        for n in range(MANY):
            database.do("INSERT INTO marks VALUES (?, ?)", n, "x" * 500)
            kept.append(n)

    with pytest.raises(UnavailableError, match="is full"):
        fill()
    assert 0 < len(kept) < MANY
    database.one("PRAGMA max_page_count = 1000000")
    database.do("INSERT INTO marks VALUES (?, ?)", MANY, "after")
    database.close()
    again = open_access_database(tmp_path / "access.db")
    assert [n for (n,) in again.all("SELECT n FROM marks ORDER BY n")] == [*kept, MANY]
    again.close()
