"""The record's store on SQLite: entries, tiles, checkpoints. Implements ``ledger.store.LedgerStore``."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice

from truceline.adapters.sqlite.connect import make_tables, writing
from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.ledger.keys import Verifier
from truceline.ledger.note import NoteSignature
from truceline.ledger.store import MOVED, Entry
from truceline.ledger.tiles import Tile

_TABLES = {
    "log_identity": """
        CREATE TABLE log_identity (
          only INTEGER PRIMARY KEY CHECK (only = 1), origin TEXT NOT NULL, vkey TEXT NOT NULL
        ) STRICT""",
    "log_entries": """
        CREATE TABLE log_entries (
          idx INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL, round INTEGER NOT NULL,
          payload_sha256 TEXT NOT NULL, payload_size INTEGER NOT NULL, leaf BLOB NOT NULL,
          UNIQUE (type, id, round)
        ) STRICT""",
    "log_tiles": """
        CREATE TABLE log_tiles (
          level INTEGER NOT NULL, idx INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, idx)
        ) STRICT, WITHOUT ROWID""",
    "log_checkpoints": """
        CREATE TABLE log_checkpoints (size INTEGER PRIMARY KEY, note BLOB NOT NULL) STRICT""",
    "log_cosignatures": """
        CREATE TABLE log_cosignatures (
          size INTEGER NOT NULL, name TEXT NOT NULL, key_id BLOB NOT NULL, signature BLOB NOT NULL,
          PRIMARY KEY (size, name, key_id)
        ) STRICT, WITHOUT ROWID""",
    "log_hold": """
        CREATE TABLE log_hold (only INTEGER PRIMARY KEY CHECK (only = 1), why TEXT NOT NULL) STRICT""",
}
_COLUMNS = "idx, type, id, round, payload_sha256, payload_size, leaf"
_CHUNK = 1000
_NAMES = 250
"""Names that are looked up in one question."""


class SqliteLedgerStore:
    """Keeps a record in the tables ``log_*`` of a connection that `connect` opened.

    Args:
        connection: The store's connection.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        make_tables(connection, _TABLES)

    def bind(self, origin: str, vkey: str) -> None:
        """Make this the store of one log, for ever; see the Protocol."""
        with writing(self._db):
            found = self.identity()
            if found is None:
                self._db.execute("INSERT INTO log_identity VALUES (1, ?, ?)", (origin, vkey))
            elif found != (origin, vkey):
                raise ConflictError(
                    "store.other_log",
                    f"this store holds the record '{found[0]}', not '{origin}' with this key",
                    todo="name another store",
                )

    def identity(self) -> tuple[str, str] | None:
        """Return the origin and verifier key of the log, or None while the store is new."""
        row = self._db.execute("SELECT origin, vkey FROM log_identity").fetchone()
        return None if row is None else (row[0], row[1])

    def size(self) -> int:
        """Return how many entries there are."""
        return int(self._db.execute("SELECT coalesce(max(idx) + 1, 0) FROM log_entries").fetchone()[0])

    def append(self, base: int, entries: Sequence[Entry], tiles: Sequence[Tile]) -> None:
        """Write entries and tiles in one transaction; see the Protocol."""
        places = [entry.index for entry in entries]
        if places != list(range(base, base + len(entries))):
            raise ConflictError("store.gap", f"the entries do not follow each other from {base}")
        with writing(self._db):
            if self.size() != base:
                raise ConflictError(
                    MOVED,
                    f"the store has {self.size()} entries, not {base}: somebody else wrote",
                    todo="open the record again",
                )
            try:
                self._db.executemany("INSERT INTO log_entries VALUES (?,?,?,?,?,?,?)", map(_row, entries))
            except sqlite3.IntegrityError as error:
                raise ConflictError("store.round", "an entry's round is taken") from error
            self._db.executemany(
                "INSERT OR REPLACE INTO log_tiles VALUES (?,?,?)",
                [(tile.level, tile.index, tile.hashes) for tile in tiles],
            )

    def entry(self, index: int) -> Entry:
        """Return one entry; see the Protocol."""
        for entry in self.entries(index, index + 1):
            return entry
        raise InputError("record.index", f"the record has no entry {index}", todo=f"it has {self.size()}")

    def entries(self, start: int, end: int) -> Iterator[Entry]:
        """Return the entries ``[start, end)`` that there are, in order."""
        # Read by pieces: no cursor stays open, so a writer is never held up by a slow reader.
        for low in range(start, min(end, self.size()), _CHUNK):
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM log_entries WHERE idx >= ? AND idx < ? ORDER BY idx",  # noqa: S608 -- a constant
                (low, min(end, low + _CHUNK)),
            ).fetchall()
            yield from (Entry(*row) for row in rows)

    def typed(self, types: Collection[str]) -> Iterator[Entry]:
        """Return the entries of some types, in order."""
        marks = ",".join("?" * len(types))
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM log_entries WHERE type IN ({marks}) ORDER BY idx",  # noqa: S608 -- constants
            tuple(types),
        ).fetchall()
        return (Entry(*row) for row in rows)

    def rounds(self, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[int, tuple[str, int]]]:
        """Return what has been stated so far about some things; see the Protocol."""
        found: dict[tuple[str, str], dict[int, tuple[str, int]]] = {}
        coming = iter(names)
        while some := list(islice(coming, _NAMES)):
            marks = ",".join(["(?,?)"] * len(some))
            rows = self._db.execute(
                # CROSS JOIN, so that each name is looked up: with IN the whole table is read through
                f"WITH asked (type, id) AS (VALUES {marks}) SELECT type, id, round, payload_sha256, idx"  # noqa: S608 -- marks
                " FROM asked CROSS JOIN log_entries USING (type, id)",
                [*chain.from_iterable(some)],
            ).fetchall()
            for type_, id_, round_, sha, index in rows:
                found.setdefault((type_, id_), {})[round_] = (sha, index)
        return found

    def tile(self, level: int, index: int) -> bytes:
        """Return a tile's hashes as long as it is now; see the Protocol."""
        row = self._db.execute(
            "SELECT hashes FROM log_tiles WHERE level = ? AND idx = ?", (level, index)
        ).fetchone()
        if row is None:
            raise InputError("record.tile", f"the record has no tile {level}/{index}")
        return _whole(row[0], f"tile {level}/{index}")

    def checkpoint(self) -> bytes | None:
        """Return the last signed checkpoint, or None."""
        row = self._db.execute("SELECT note FROM log_checkpoints ORDER BY size DESC LIMIT 1").fetchone()
        return None if row is None else _whole(row[0], "a checkpoint")

    def checkpoint_at(self, size: int) -> bytes | None:
        """Return the checkpoint that was signed at one size, or None."""
        row = self._db.execute("SELECT note FROM log_checkpoints WHERE size = ?", (size,)).fetchone()
        return None if row is None else _whole(row[0], "a checkpoint")

    def put_checkpoint(self, size: int, note: bytes) -> None:
        """Keep a signed checkpoint; see the Protocol."""
        with writing(self._db):
            found = self.checkpoint_at(size)
            if found is not None and found != note:
                raise ConflictError("store.checkpoint", f"another checkpoint of {size} entries is kept")
            self._db.execute("INSERT OR IGNORE INTO log_checkpoints VALUES (?,?)", (size, note))

    def cosignatures(self, size: int) -> tuple[NoteSignature, ...]:
        """Return the cosignatures of the checkpoint of one size, in the order of their names."""
        rows = self._db.execute(
            "SELECT name, key_id, signature FROM log_cosignatures WHERE size = ? ORDER BY name, key_id",
            (size,),
        )
        return tuple(NoteSignature(*row) for row in rows)

    def cosigned_size(self, key: Verifier) -> int:
        """Return the size of the last checkpoint that a witness's key cosigned, 0 for none."""
        row = self._db.execute(
            "SELECT max(size) FROM log_cosignatures WHERE name = ? AND key_id = ?", (key.name, key.key_id)
        ).fetchone()
        return int(row[0] or 0)

    def put_cosignature(self, size: int, line: NoteSignature) -> None:
        """Keep a cosignature; see the Protocol."""
        with writing(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO log_cosignatures VALUES (?,?,?,?)",
                (size, line.name, line.key_id, line.signature),
            )

    def hold(self, why: str) -> None:
        """Let nothing be written any more; see the Protocol."""
        with writing(self._db):
            self._db.execute("INSERT OR IGNORE INTO log_hold VALUES (1, ?)", (why,))

    def held(self) -> str | None:
        """Return why nothing may be written, or None."""
        row = self._db.execute("SELECT why FROM log_hold").fetchone()
        return None if row is None else str(row[0])

    def release(self) -> None:
        """Let the record be written again."""
        with writing(self._db):
            self._db.execute("DELETE FROM log_hold")


def _whole(value: object, what: str) -> bytes:
    """Return what was kept; of a page that was torn the database can give nothing where bytes must stand."""
    if not isinstance(value, bytes):
        raise IntegrityError(
            "store.torn", f"{what} is damaged", where="log_*",
            todo="make a new store of a mirror: truceline record heal --store NEW --from MIRROR",
        )  # fmt: skip
    return value


def _row(entry: Entry) -> tuple[int, str, str, int, str, int, bytes]:
    return (
        entry.index,
        entry.type,
        entry.id,
        entry.round,
        entry.payload_sha256,
        entry.payload_size,
        entry.leaf,
    )
