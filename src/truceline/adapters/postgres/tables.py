"""The record's tables of a PostgreSQL store as a whole. Implements ``ledger.tables.RecordTables``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from truceline.adapters.postgres.database import Database
from truceline.ledger.tables import KEYS, TABLES, Line, TableReader


class PostgresTables:
    """Reads and writes the tables of a database.

    Args:
        database: The store's database.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    @contextmanager
    def snapshot(self) -> Iterator[TableReader]:
        """See all tables as they are at one moment; see the Protocol."""
        with self._db.snapshot() as ask:

            def read(table: str) -> Iterator[Line]:
                lines: Iterator[Line] = ask(f"SELECT {_columns(table)} FROM {table}")  # noqa: S608 - names of TABLES
                return lines

            yield read

    def replace(self, read: TableReader) -> None:
        """Put a record in the place of the one that is here; see the Protocol."""
        with self._db.writing():
            for table in TABLES:
                if table in KEYS:
                    self._db.run_many(_statement(table), read(table))
                    continue
                self._db.run(f"DELETE FROM {table}")  # noqa: S608 - a name of TABLES
                self._db.copy(f"COPY {table} ({_columns(table)}) FROM STDIN", read(table))


def _columns(table: str) -> str:
    # "only" is a word of the language
    return ", ".join(f'"{column}"' for column in TABLES[table])


def _statement(table: str) -> str:
    marks = ", ".join(["%s"] * len(TABLES[table]))
    keys = ", ".join(f'"{column}"' for column in KEYS[table])
    insert = f"INSERT INTO {table} ({_columns(table)}) VALUES ({marks}) ON CONFLICT ({keys})"  # noqa: S608 - as above
    if table == "log_payloads":
        return f"{insert} DO UPDATE SET bytes = excluded.bytes"
    if table == "witness_heads":
        return (
            f"{insert} DO UPDATE SET size = excluded.size, root = excluded.root, note = excluded.note"
            " WHERE excluded.size > witness_heads.size"
        )
    return f"{insert} DO NOTHING"
