"""Open the store's database file. WAL and ``synchronous=FULL``: here FULL is correctness, not caution."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from truceline.core.errors import InputError, UnavailableError

APPLICATION_ID = 0x54524C4E
"""Says "this file is ours" in the file's header ("TRLN")."""

SCHEMA_VERSION = 4

_BUSY_MS = 10_000
_AWAY = frozenset({"BUSY", "READONLY", "IOERR", "FULL", "CANTOPEN", "PROTOCOL"})
"""Ways in which a disk, not we, refuses: what begins so in the database's own name of an error."""


class Connection(sqlite3.Connection):
    """A connection that says in our words that the disk is full, broken or held by somebody else."""

    def execute(self, *words: Any) -> sqlite3.Cursor:
        """Run a statement; see `sqlite3.Connection.execute`."""
        try:
            return super().execute(*words)
        except sqlite3.OperationalError as error:
            raise _told(error) from error

    def executemany(self, *words: Any) -> sqlite3.Cursor:
        """Run a statement for many rows; see `sqlite3.Connection.executemany`."""
        try:
            return super().executemany(*words)
        except sqlite3.OperationalError as error:
            raise _told(error) from error


def _told(error: sqlite3.OperationalError) -> Exception:
    kind = getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_").partition("_")[0]
    if kind not in _AWAY:
        return error
    return UnavailableError(
        "store.disk", f"the store's disk does not take or give it: {error}",
        todo="make room, or end what holds the file, and send it again",
    )  # fmt: skip


def connect(path: Path, *, must_exist: bool = False) -> sqlite3.Connection:
    """Open a store's database file, making it where it is not there.

    Args:
        path: ``…/store.db``.
        must_exist: Whether a missing file is an error.

    Returns:
        A connection without implicit transactions.

    Raises:
        InputError: The file is missing, is no database, or is another program's or a newer version's.
        UnavailableError: The file can not be opened.
    """
    if must_exist and not path.is_file():
        raise InputError("store.missing", "there is no store", where=str(path), todo="run the mission first")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            path, isolation_level=None, timeout=_BUSY_MS / 1000, factory=Connection
        )  # fmt: skip
        _claim(connection, path)
    except sqlite3.DatabaseError as error:
        kind = UnavailableError if isinstance(error, sqlite3.OperationalError) else InputError
        raise kind("store.open", f"the store can not be opened: {error}", where=str(path)) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            "store.folder",
            f"its folder can not be made: {reason}",
            where=str(path),
            todo="name another folder",
        ) from error
    return connection


def _claim(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    n_tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application not in {0, APPLICATION_ID} or (application == 0 and n_tables) or version > SCHEMA_VERSION:
        raise InputError(
            "store.foreign",
            "this database is not a store of this version",
            where=str(path),
            todo="name another file",
        )
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    if application == 0:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    if version < SCHEMA_VERSION:
        _migrate(connection)


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring an older file up: the read models go, since they are made anew from the record; nothing recorded is touched."""
    with writing(connection):
        words = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'model_*_words'"
        for (name,) in connection.execute(words).fetchall():
            connection.execute(f"DROP TABLE {name}")
        rows = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'model_*'"
        for (name,) in connection.execute(rows).fetchall():
            connection.execute(f"DROP TABLE {name}")
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Do several things in one transaction: all of them are on the disk at the end, or none.

    Args:
        connection: The store's connection.

    Yields:
        Nothing; whatever is raised inside undoes all of it.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # a disk that is full may have undone all of it already, or have left it half way
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def make_tables(connection: sqlite3.Connection, tables: Mapping[str, str]) -> None:
    """Make the tables that are not there yet; where all are, nothing is written, so readers hold nobody up.

    Args:
        connection: The store's connection.
        tables: Table name -> the statement that makes it.
    """
    if set(tables) <= _names(connection):
        return
    with writing(connection):
        there = _names(connection)
        for name, statement in tables.items():
            if name not in there:
                connection.execute(statement)


def _names(connection: sqlite3.Connection) -> set[str]:
    return {
        row[0]
        for row in connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'index')")
    }
