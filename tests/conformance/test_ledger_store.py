"""The embedded store, and the store in memory, keep the rules of every store of the record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from truceline.adapters.files.evidence import FileBlobs
from truceline.adapters.postgres.beside import PostgresBlobs
from truceline.adapters.postgres.database import Database
from truceline.adapters.postgres.ledger_store import PostgresLedgerStore
from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.core.errors import InputError
from truceline.ledger.store import BlobStore, LedgerStore
from truceline.testing.ledger_store import BlobStoreSuite, LedgerStoreSuite, MemoryLedgerStore


class TestSqlite(LedgerStoreSuite):
    def open_store(self, folder: Path) -> LedgerStore:
        return SqliteLedgerStore(connect(folder / "store.db"))


class TestPostgres(LedgerStoreSuite):
    @pytest.fixture(autouse=True)
    def _server(self, database_at: Callable[[Path], Database]) -> None:
        self.database_at = database_at

    def open_store(self, folder: Path) -> LedgerStore:
        return PostgresLedgerStore(self.database_at(folder))


class TestMemory(LedgerStoreSuite):
    @pytest.fixture(autouse=True)
    def _forget(self) -> None:
        self.stores: dict[Path, MemoryLedgerStore] = {}

    def open_store(self, folder: Path) -> LedgerStore:
        return self.stores.setdefault(folder, MemoryLedgerStore())


class TestSqlitePayloads(BlobStoreSuite):
    def open_blobs(self, folder: Path) -> BlobStore:
        return SqliteBlobs(connect(folder / "store.db"))

    def damage(self, folder: Path, sha256: str) -> None:
        connection = connect(folder / "store.db")
        connection.execute("UPDATE log_payloads SET bytes = ? WHERE sha256 = ?", (b"something else", sha256))


class TestPostgresPayloads(BlobStoreSuite):
    @pytest.fixture(autouse=True)
    def _server(self, database_at: Callable[[Path], Database]) -> None:
        self.database_at = database_at

    def open_blobs(self, folder: Path) -> BlobStore:
        return PostgresBlobs(self.database_at(folder))

    def damage(self, folder: Path, sha256: str) -> None:
        database = self.database_at(folder)
        with database.writing():
            database.run("UPDATE log_payloads SET bytes = %s WHERE sha256 = %s", (b"something else", sha256))


class TestFiles(BlobStoreSuite):
    def open_blobs(self, folder: Path) -> BlobStore:
        return FileBlobs(folder / "blobs")

    def damage(self, folder: Path, sha256: str) -> None:
        FileBlobs(folder / "blobs").path(sha256).write_bytes(b"something else")


def test_the_store_is_in_wal_with_full_synchronous(tmp_path: Path) -> None:
    connection = connect(tmp_path / "store.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    SqliteLedgerStore(connection)
    tables = connection.execute(
        "SELECT name, strict FROM pragma_table_list WHERE name LIKE 'log_%'"
    ).fetchall()
    assert len(tables) == 6
    assert all(strict == 1 for _, strict in tables)


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    import sqlite3  # noqa: PLC0415 -- only this test plays another program

    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE mine (x)")
    with pytest.raises(InputError, match="not a store"):
        connect(tmp_path / "other.db")
    (tmp_path / "text.db").write_text("this is no database at all, " * 100)
    with pytest.raises(InputError, match="can not be opened"):
        connect(tmp_path / "text.db")
    with pytest.raises(InputError, match="no store"):
        connect(tmp_path / "absent.db", must_exist=True)


def test_destroyed_bytes_are_gone_and_can_be_destroyed_once(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path / "evidence")
    (sha,) = blobs.put([b"seen and said"])
    assert blobs.destroy(sha)
    assert not blobs.destroy(sha)
    assert blobs.get(sha) is None


@pytest.mark.parametrize("word", ["", "../../etc/passwd", "AB" * 32, "ab" * 31, "ab" * 32 + "\n"])
def test_only_hashes_name_kept_bytes(tmp_path: Path, word: str) -> None:
    with pytest.raises(InputError):
        FileBlobs(tmp_path).get(word)


def test_a_reader_opens_a_store_while_somebody_writes(tmp_path: Path) -> None:
    writer = connect(tmp_path / "store.db")
    SqliteLedgerStore(writer).put_checkpoint(0, b"zero")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM log_checkpoints")
    assert SqliteLedgerStore(connect(tmp_path / "store.db")).checkpoint() == b"zero"
    writer.execute("ROLLBACK")
