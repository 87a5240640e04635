"""A store whose pages were torn is refused as what it is, never by a stumble of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.core.errors import IntegrityError
from truceline.ledger.store import Entry
from truceline.testing.ledger_store import MemoryBlobs, MemoryLedgerStore, make_statements, open_log


class Torn(MemoryLedgerStore):
    """Gives nothing for the bytes of an entry, as a page does that a power cut tore."""

    is_torn = False

    def entries(self, start: int, end: int) -> Iterator[Entry]:
        """Give the entries."""
        nothing: Any = None
        for entry in super().entries(start, end):
            yield replace(entry, leaf=nothing) if self.is_torn and entry.index == 2 else entry


def test_an_entry_without_its_bytes_is_named() -> None:
    store, payloads = Torn(), MemoryBlobs()
    open_log(store, payloads).append(make_statements(0, 5))
    store.is_torn = True
    with pytest.raises(IntegrityError, match="entry 2 is not what its hash says"):
        open_log(store, payloads)


@pytest.mark.parametrize(
    ("table", "columns", "row"),
    [
        ("log_checkpoints", "size INTEGER PRIMARY KEY, note", (5, None)),
        ("log_tiles", "level, idx, hashes", (0, 0, None)),
    ],
)
def test_a_row_of_the_database_without_its_bytes_is_refused(
    tmp_path: Path, table: str, columns: str, row: tuple[object, ...]
) -> None:
    connection = connect(tmp_path / "store.db")
    store = SqliteLedgerStore(connection)
    open_log(store, SqliteBlobs(connection)).append(make_statements(0, 5))
    # a page that was torn obeys no rule of its table
    connection.execute(f"DROP TABLE {table}")
    connection.execute(f"CREATE TABLE {table} ({columns})")
    connection.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)  # noqa: S608 -- ours
    with pytest.raises(IntegrityError, match="is damaged") as refused:
        open_log(store, SqliteBlobs(connection))
    assert "heal" in refused.value.todo
    connection.close()
