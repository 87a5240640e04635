"""What lies beside the record on PostgreSQL: payloads, copies that were given out, what witnesses remember."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from truceline.adapters.postgres.database import Database
from truceline.core.errors import IntegrityError
from truceline.ledger.store import Export


class PostgresBlobs:
    """Keeps bytes under their SHA-256 in the table ``log_payloads``; implements ``ledger.store.BlobStore``.

    Args:
        database: The store's database.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def put(self, blobs: Iterable[bytes]) -> list[str]:
        """Keep some bytes in one transaction; see the Protocol. Bytes that have gone bad are put right."""
        lines = [(hashlib.sha256(data).hexdigest(), data) for data in blobs]
        if lines:
            with self._db.writing():
                self._db.run_many(
                    "INSERT INTO log_payloads VALUES (%s,%s) ON CONFLICT (sha256) DO UPDATE SET bytes = excluded.bytes"
                    " WHERE log_payloads.bytes <> excluded.bytes",
                    lines,
                )
        return [sha256 for sha256, _ in lines]

    def get(self, sha256: str) -> bytes | None:
        """Return the bytes of a hash, or None where they are not kept; see the Protocol."""
        line = self._db.one("SELECT bytes FROM log_payloads WHERE sha256 = %s", (sha256,))
        if line is None:
            return None
        data = bytes(line[0])
        if hashlib.sha256(data).hexdigest() != sha256:
            raise IntegrityError(
                "blob.changed",
                "the bytes are not those of this hash",
                where=f"payload {sha256}",
                todo="heal from a mirror",
            )
        return data


class PostgresExports:
    """Keeps which copies were given out in the table ``log_exports``; implements ``ledger.store.ExportList``.

    Args:
        database: The store's database.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, export: Export) -> None:
        """Note a copy; the same one again changes nothing."""
        with self._db.writing():
            self._db.run(
                "INSERT INTO log_exports VALUES (%s,%s,%s) ON CONFLICT DO NOTHING",
                (export.recipient, export.size, export.root),
            )

    def all(self) -> list[Export]:
        """Return every copy, by size and recipient."""
        lines = self._db.rows("SELECT recipient, size, root FROM log_exports ORDER BY size, recipient, root")
        return [Export(*line) for line in lines]


class PostgresWitnessStore:
    """Keeps a witness's memory in the table ``witness_heads``; implements ``ledger.witness.WitnessStore``.

    Args:
        database: The store's database.
        witness: The key name of the witness.
    """

    def __init__(self, database: Database, witness: str) -> None:
        self._db = database
        self._witness = witness

    def latest(self, origin: str) -> tuple[int, bytes] | None:
        """Return size and root of the last cosigned checkpoint of a log, or None."""
        line = self._db.one(
            "SELECT size, root FROM witness_heads WHERE witness = %s AND origin = %s", (self._witness, origin)
        )
        return None if line is None else (int(line[0]), bytes(line[1]))

    def note(self, origin: str) -> bytes | None:
        """Return the last cosigned checkpoint of a log as the log signed it, or None."""
        line = self._db.one(
            "SELECT note FROM witness_heads WHERE witness = %s AND origin = %s", (self._witness, origin)
        )
        return None if line is None else bytes(line[0])

    def advance(
        self, origin: str, old: tuple[int, bytes] | None, new: tuple[int, bytes], note: bytes
    ) -> bool:
        """Compare and set in one transaction; see the Protocol."""
        with self._db.writing():
            if self.latest(origin) != old:
                return False
            if old != new:
                self._db.run(
                    "INSERT INTO witness_heads VALUES (%s,%s,%s,%s,%s) ON CONFLICT (witness, origin) DO UPDATE"
                    " SET size = excluded.size, root = excluded.root, note = excluded.note",
                    (self._witness, origin, *new, note),
                )
        return True
