"""Payloads in the store's own database: one flush makes a whole batch safe, where a file each would need one each.

In a bundle they are files again, at ``payloads/<2 hex>/<sha256>``; see `ledger.export`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable

from truceline.adapters.sqlite.connect import make_tables, writing
from truceline.core.errors import IntegrityError

_TABLES = {
    "log_payloads": """
        CREATE TABLE log_payloads (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT""",
}


class SqliteBlobs:
    """Keeps bytes under their SHA-256 in the table ``log_payloads`` of a connection that `connect` opened.

    Args:
        connection: The store's connection.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        make_tables(connection, _TABLES)

    def put(self, blobs: Iterable[bytes]) -> list[str]:
        """Keep some bytes in one transaction; see the Protocol. Bytes that have gone bad are put right."""
        rows = [(hashlib.sha256(data).hexdigest(), data) for data in blobs]
        if rows:
            with writing(self._db):
                self._db.executemany(
                    "INSERT INTO log_payloads VALUES (?,?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes"
                    " WHERE bytes <> excluded.bytes",
                    rows,
                )
        return [sha256 for sha256, _ in rows]

    def get(self, sha256: str) -> bytes | None:
        """Return the bytes of a hash, or None where they are not kept; see the Protocol."""
        row = self._db.execute("SELECT bytes FROM log_payloads WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None:
            return None
        data = bytes(row[0])
        if hashlib.sha256(data).hexdigest() != sha256:
            raise IntegrityError(
                "blob.changed",
                "the bytes are not those of this hash",
                where=f"payload {sha256}",
                todo="heal from a mirror",
            )
        return data
