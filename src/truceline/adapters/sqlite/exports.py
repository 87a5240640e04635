"""Which copies of a record were given out: recipient, size, root. Who asks who ever held a digest finds it here."""

from __future__ import annotations

import sqlite3

from truceline.adapters.sqlite.connect import make_tables, writing
from truceline.ledger.store import Export

_TABLES = {
    "log_exports": """
        CREATE TABLE log_exports (
          recipient TEXT NOT NULL, size INTEGER NOT NULL, root TEXT NOT NULL, PRIMARY KEY (recipient, size, root)
        ) STRICT, WITHOUT ROWID""",
}


class SqliteExports:
    """Keeps the list in the table ``log_exports`` of a connection that `connect` opened.

    Args:
        connection: The store's connection.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        make_tables(connection, _TABLES)

    def add(self, export: Export) -> None:
        """Note a copy; the same one again changes nothing."""
        with writing(self._db):
            self._db.execute(
                "INSERT OR IGNORE INTO log_exports VALUES (?,?,?)",
                (export.recipient, export.size, export.root),
            )

    def all(self) -> list[Export]:
        """Return every copy, by size and recipient."""
        rows = self._db.execute(
            "SELECT recipient, size, root FROM log_exports ORDER BY size, recipient, root"
        )
        return [Export(*row) for row in rows]
