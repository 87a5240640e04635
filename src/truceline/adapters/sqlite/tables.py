"""The record's tables of a SQLite store as a whole. Implements ``ledger.tables.RecordTables``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from truceline.adapters.sqlite.connect import make_tables, writing
from truceline.adapters.sqlite.witness_store import TABLES as MEMORY
from truceline.core.errors import IntegrityError
from truceline.ledger.tables import KEYS, TABLES, Line, TableReader


class SqliteTables:
    """Reads and writes the tables of a connection that `connect` opened.

    Args:
        connection: The store's connection.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @contextmanager
    def snapshot(self) -> Iterator[TableReader]:
        """See all tables as they are at one moment; see the Protocol. In WAL a reader holds no writer up."""
        make_tables(self._db, MEMORY)
        try:
            self._db.execute("BEGIN")
            try:
                yield self._read
            finally:
                self._db.execute("ROLLBACK")
        except sqlite3.DatabaseError as error:
            raise IntegrityError(
                "store.damaged",
                f"the database can not be read: {error}",
                todo="take another copy, or heal a new store from a mirror",
            ) from error

    def _read(self, table: str) -> Iterator[Line]:
        columns = TABLES[table]
        return self._db.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 - names of TABLES

    def replace(self, read: TableReader) -> None:
        """Put a record in the place of the one that is here; see the Protocol."""
        make_tables(self._db, MEMORY)
        with writing(self._db):
            for table in TABLES:
                if table not in KEYS:
                    self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of TABLES
                self._db.executemany(_statement(table), read(table))


def _statement(table: str) -> str:
    columns = TABLES[table]
    marks = ", ".join("?" * len(columns))
    insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of TABLES
    if table not in KEYS:
        return insert
    if table == "log_payloads":
        return f"{insert} ON CONFLICT DO UPDATE SET bytes = excluded.bytes"
    if table == "witness_heads":
        return (
            f"{insert} ON CONFLICT DO UPDATE SET size = excluded.size, root = excluded.root, note = excluded.note"
            " WHERE excluded.size > size"
        )
    return f"{insert} ON CONFLICT DO NOTHING"
