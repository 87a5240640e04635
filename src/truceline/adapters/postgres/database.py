"""One connection to the server: what is written is on its disk, one writes at a time, a connection that broke is made anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from truceline.core.errors import InputError, UnavailableError

_LOCK = 0x54524C4E
"""The advisory lock of whoever writes to a store ("TRLN"); it is one of the database's own."""
_LOCK_S = 30
_CONNECT_S = 10
_PIECE = 1000
CHANNEL = "truceline_entries"
"""Where the database tells whoever listens that entries were written."""

Line = tuple[Any, ...]


class Database:
    """A connection that is made when it is needed.

    Args:
        url: ``postgresql://…``.
        shown: The same without what is secret, for messages.
    """

    def __init__(self, url: str, shown: str) -> None:
        self._url = url
        self.shown = shown
        self._connection: psycopg.Connection[Line] | None = None
        self._listening: psycopg.Connection[Line] | None = None
        self._idle: list[psycopg.Connection[Line]] = []
        self._is_inside = False
        """Whether a transaction is open: what is asked in one is not asked again on another connection."""

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Line]:
        """Ask for rows.

        Args:
            sql: A statement with ``%s`` for values.
            values: The values.

        Returns:
            All rows.

        Raises:
            UnavailableError: The server does not answer.
            InputError: A value is none that the database keeps.
        """
        try:
            return self._ask(sql, values)
        except UnavailableError:
            # the server may have been started anew since we asked last: a question can be asked twice
            if self._is_inside or self._connection is not None:
                raise
            return self._ask(sql, values)

    def one(self, sql: str, values: Sequence[object] = ()) -> Line | None:
        """Ask for one row; None where there is none. See `rows`."""
        return next(iter(self.rows(sql, values)), None)

    def _ask(self, sql: str, values: Sequence[object]) -> list[Line]:
        with self._told():
            cursor = self._live().execute(sql.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run a statement inside `writing`, and return how many rows it touched."""
        with self._told():
            return self._live().execute(sql.encode(), values or None).rowcount

    def run_many(self, sql: str, several: Iterable[Sequence[object]]) -> None:
        """Run a statement for many values inside `writing`."""
        with self._told(), self._live().cursor() as cursor:
            cursor.executemany(sql.encode(), several)

    def copy(self, sql: str, several: Iterable[Sequence[object]]) -> int:
        """Write many rows at once inside `writing`.

        Args:
            sql: ``COPY … FROM STDIN``.
            several: The rows.

        Returns:
            How many there were.
        """
        n = 0
        with self._told(), self._live().cursor() as cursor, cursor.copy(sql.encode()) as copy:
            for values in several:
                copy.write_row(values)
                n += 1
        return n

    @contextmanager
    def looking(self) -> Iterator[None]:
        """See the database at one moment for a few questions, so that a row is let out as it is, not as it was.

        Yields:
            Nothing; inside, `rows`, `one` and `pieces` see one moment.

        Raises:
            UnavailableError: The server does not answer.
        """
        self.rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self._is_inside = True
        try:
            yield
            self.rows("COMMIT")
        except BaseException:
            self._undo()
            raise
        finally:
            self._is_inside = False

    def pieces(self, sql: str, values: Sequence[object] = ()) -> Iterator[Line]:
        """Give rows a piece at a time, inside `looking`, however many they are."""
        with self._told(), self._live().cursor(name="pieces") as cursor:
            cursor.itersize = _PIECE
            cursor.execute(sql.encode(), values or None)
            yield from cursor

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Do several things in one transaction, while nobody else writes: all of them are on the disk at the end, or none.

        Yields:
            Nothing; whatever is raised inside undoes all of it.

        Raises:
            UnavailableError: The server does not answer, or somebody else writes for too long.
        """
        self.rows("SELECT 1")  # a connection that broke since is noticed before anything is begun
        self._is_inside = True
        try:
            self.run("BEGIN")
            try:
                # behind the lock, what the one before wrote is seen: two processes cannot write on one state
                self.run("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                yield
            except BaseException:
                self._undo()
                raise
            self.run("COMMIT")
        finally:
            self._is_inside = False

    def _undo(self) -> None:
        if self._connection is None:
            return
        try:
            self._connection.execute(b"ROLLBACK")
        except psycopg.Error:
            self._drop()

    def stream(self, sql: str, values: Sequence[object] = ()) -> Iterator[Line]:
        """Give rows as they are at this moment, however many, a piece at a time, over a connection of their own.

        Args:
            sql: A statement with ``%s`` for values.
            values: The values.

        Yields:
            Rows.

        Raises:
            UnavailableError: The server does not answer.
        """
        with self.snapshot() as ask:
            yield from ask(sql, values)

    @contextmanager
    def snapshot(self) -> Iterator[Any]:
        """See the database as it is at one moment, for as long as it takes to read it.

        Yields:
            A function of a statement and its values that gives rows a piece at a time.

        Raises:
            UnavailableError: The server does not answer.
        """
        connection = self._idle.pop() if self._idle else None
        if connection is None or connection.closed:
            connection = self._connect()
        try:
            with self._told():
                connection.execute(b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

            def ask(sql: str, values: Sequence[object] = ()) -> Iterator[Line]:
                with self._told(), connection.cursor(name="piece") as cursor:
                    cursor.itersize = _PIECE
                    cursor.execute(sql.encode(), values or None)
                    yield from cursor

            yield ask
            connection.execute(b"COMMIT")
            self._idle.append(connection)
        except BaseException:
            connection.close()
            raise

    def written(self, seconds: float) -> bool:
        """Wait until somebody wrote entries to the record, over a connection of its own.

        Args:
            seconds: How long at most.

        Returns:
            Whether entries were written.

        Raises:
            UnavailableError: The server does not answer.
        """
        with self._told():
            if self._listening is None or self._listening.closed:
                self._listening = self._connect()
                self._listening.execute(f"LISTEN {CHANNEL}".encode())
            return any(True for _ in self._listening.notifies(timeout=seconds, stop_after=1))

    def close(self) -> None:
        """End all connections."""
        self._drop()
        if self._listening is not None:
            self._listening.close()
        while self._idle:
            self._idle.pop().close()

    def _live(self) -> psycopg.Connection[Line]:
        if self._connection is None or self._connection.closed:
            self._connection = self._connect()
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> psycopg.Connection[Line]:
        try:
            connection = psycopg.connect(self._url, autocommit=True, connect_timeout=_CONNECT_S)
            for setting in (
                "synchronous_commit = on",
                "TIME ZONE 'UTC'",
                f"lock_timeout = '{_LOCK_S}s'",
                "client_encoding = 'UTF8'",
                "standard_conforming_strings = on",
            ):
                connection.execute(f"SET {setting}".encode())
        except psycopg.Error as error:
            raise self._away(error) from error
        return connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell in our words what the database says of itself or of a value."""
        try:
            yield
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            if self._connection is not None and self._connection.broken:
                self._drop()
            raise self._away(error) from error
        except (psycopg.DataError, UnicodeEncodeError) as error:
            raise InputError("store.value", f"a value cannot be kept: {_first_line(error)}") from error

    def _away(self, error: Exception) -> UnavailableError:
        return UnavailableError(
            "store.server",
            f"the database does not answer: {_first_line(error)}",
            where=self.shown,
            todo="start it, or name another store",
        )


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
