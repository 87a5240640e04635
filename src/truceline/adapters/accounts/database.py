"""The file: one connection, one lock, WAL and ``synchronous=FULL``, so that an ended session stays ended."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from truceline.core.errors import InputError, UnavailableError

APPLICATION_ID = 0x54524C41
"""Says "this file is ours" in the file's header ("TRLA")."""
SCHEMA_VERSION = 1
_BUSY_S = 10
_OWNER_ALONE = 0o600
_TABLES = """
CREATE TABLE people (
  number TEXT PRIMARY KEY, role TEXT NOT NULL, side TEXT NOT NULL, language TEXT NOT NULL, made_at INTEGER NOT NULL,
  is_disabled INTEGER NOT NULL DEFAULT 0, password TEXT, salt BLOB, code BLOB, code_step INTEGER NOT NULL DEFAULT 0,
  public BLOB, private BLOB
) STRICT;
CREATE TABLE passkeys (
  id BLOB PRIMARY KEY, number TEXT NOT NULL REFERENCES people ON DELETE CASCADE, public BLOB NOT NULL, n_signed INTEGER NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE links (hash TEXT PRIMARY KEY, number TEXT NOT NULL REFERENCES people ON DELETE CASCADE, until INTEGER NOT NULL) STRICT;
CREATE TABLE sessions (
  hash TEXT PRIMARY KEY, number TEXT NOT NULL REFERENCES people ON DELETE CASCADE, agent TEXT NOT NULL,
  begun_at INTEGER NOT NULL, seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_number ON sessions (number);
CREATE TABLE tokens (
  hash TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, number TEXT NOT NULL REFERENCES people ON DELETE CASCADE, reads TEXT NOT NULL,
  does TEXT NOT NULL, made_at INTEGER NOT NULL, until INTEGER NOT NULL
) STRICT;
CREATE TABLE failures (who TEXT PRIMARY KEY, n INTEGER NOT NULL, last_at INTEGER NOT NULL) STRICT;
CREATE TABLE trail (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, number TEXT NOT NULL, side TEXT NOT NULL, deed TEXT NOT NULL,
  entity TEXT NOT NULL, thing TEXT NOT NULL, came TEXT NOT NULL
) STRICT;
CREATE TABLE side_keys (id TEXT PRIMARY KEY, side TEXT NOT NULL, made_at INTEGER NOT NULL) STRICT;
CREATE TABLE grants (
  key TEXT NOT NULL REFERENCES side_keys, number TEXT NOT NULL REFERENCES people ON DELETE CASCADE, wrapped BLOB NOT NULL,
  given_by TEXT NOT NULL, PRIMARY KEY (key, number)
) STRICT;
CREATE TABLE notes (
  id TEXT PRIMARY KEY, key TEXT NOT NULL REFERENCES side_keys, version INTEGER NOT NULL, value BLOB NOT NULL
) STRICT;
"""


class AccessDatabase:
    """The open file; every thread may ask, one at a time.

    Args:
        connection: The connection, without implicit transactions.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()

    def one(self, statement: str, *values: Any) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        with self._lock, _told():
            found: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
        return found

    def all(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return every row."""
        with self._lock, _told():
            return self._connection.execute(statement, values).fetchall()

    def do(self, statement: str, *values: Any) -> int:
        """Change something; it is on the disk when this returns.

        Args:
            statement: One statement.
            values: Its values.

        Returns:
            How many rows it changed.
        """
        with self.writing(), _told():
            return self._connection.execute(statement, values).rowcount

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Do several things in one transaction: all are on the disk at the end, or none; may be nested.

        Yields:
            Nothing; whatever is raised inside undoes all of it.
        """
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            with _told():
                self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                with _told():
                    self._connection.execute("COMMIT")
            except BaseException:
                # a disk that is full may have undone all of it already, or have left it half way
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


@contextmanager
def _told() -> Iterator[None]:
    """Say in our words that the disk is full, broken or held by somebody else."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise UnavailableError(
            "access.disk", f"the file of accounts does not take or give it: {error}",
            todo="make room, or end what holds the file, and ask again",
        ) from error  # fmt: skip


def open_access_database(path: Path) -> AccessDatabase:
    """Open the file, making it where it is not there, for its owner's eyes alone.

    Args:
        path: ``…/access.db``.

    Returns:
        The open file.

    Raises:
        InputError: It is no database, another program's or a newer version's, or its folder can not be made.
        UnavailableError: It can not be opened.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=_OWNER_ALONE)
        # one lock guards the connection, so any thread may hold it
        connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_S, check_same_thread=False)
        _claim(connection, path)
    except sqlite3.DatabaseError as error:
        kind = UnavailableError if isinstance(error, sqlite3.OperationalError) else InputError
        raise kind("access.open", f"the accounts can not be opened: {error}", where=str(path)) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            "access.folder",
            f"the file of accounts can not be made: {reason}",
            where=str(path),
            todo="name another folder",
        ) from error
    return AccessDatabase(connection)


def _claim(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    n_tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application not in {0, APPLICATION_ID} or (application == 0 and n_tables) or version > SCHEMA_VERSION:
        raise InputError(
            "access.foreign",
            "this database holds no accounts of this version",
            where=str(path),
            todo="name another file",
        )
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    # what was deleted, a wrap of a key for one, is not left behind in free pages
    connection.execute("PRAGMA secure_delete=ON")
    if version < SCHEMA_VERSION:
        connection.execute("BEGIN IMMEDIATE")
        if not connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'people'").fetchone()[0]:
            for statement in _TABLES.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        connection.execute("COMMIT")


def stamp(at: datetime) -> int:
    """Return a moment as the file holds it: milliseconds since 1970."""
    return int(at.timestamp() * 1000)


def moment(value: int) -> datetime:
    """Return the moment that `stamp` wrote."""
    return datetime.fromtimestamp(value / 1000, UTC)
