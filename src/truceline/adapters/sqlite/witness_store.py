"""What a witness remembers, in SQLite: the last checkpoint of each log, compared and advanced in one transaction."""

from __future__ import annotations

import sqlite3

from truceline.adapters.sqlite.connect import make_tables, writing

TABLES = {
    "witness_heads": """
        CREATE TABLE witness_heads (
          witness TEXT NOT NULL, origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL,
          PRIMARY KEY (witness, origin)
        ) STRICT, WITHOUT ROWID""",
}


class SqliteWitnessStore:
    """Keeps a witness's memory in the table ``witness_heads`` of a connection that `connect` opened.

    Args:
        connection: The store's connection (WAL, ``synchronous=FULL``).
        witness: The key name of the witness; one file may hold the memories of several.
    """

    def __init__(self, connection: sqlite3.Connection, witness: str) -> None:
        self._db = connection
        self._witness = witness
        make_tables(connection, TABLES)

    def latest(self, origin: str) -> tuple[int, bytes] | None:
        """Return size and root of the last cosigned checkpoint of a log, or None."""
        row = self._db.execute(
            "SELECT size, root FROM witness_heads WHERE witness = ? AND origin = ?", (self._witness, origin)
        ).fetchone()
        return None if row is None else (int(row[0]), bytes(row[1]))

    def note(self, origin: str) -> bytes | None:
        """Return the last cosigned checkpoint of a log as the log signed it, or None."""
        row = self._db.execute(
            "SELECT note FROM witness_heads WHERE witness = ? AND origin = ?", (self._witness, origin)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def advance(
        self, origin: str, old: tuple[int, bytes] | None, new: tuple[int, bytes], note: bytes
    ) -> bool:
        """Compare and set in one transaction; see the Protocol."""
        with writing(self._db):
            if self.latest(origin) != old:
                return False
            if old != new:
                self._db.execute(
                    "INSERT OR REPLACE INTO witness_heads VALUES (?,?,?,?,?)",
                    (self._witness, origin, *new, note),
                )
        return True
