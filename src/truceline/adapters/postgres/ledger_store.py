"""The record's store on PostgreSQL: entries, tiles, checkpoints. Implements ``ledger.store.LedgerStore``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import psycopg

from truceline.adapters.postgres.database import CHANNEL, Database, Line
from truceline.core.errors import ConflictError, InputError
from truceline.ledger.keys import Verifier
from truceline.ledger.note import NoteSignature
from truceline.ledger.store import MOVED, Entry
from truceline.ledger.tiles import Tile

_COLUMNS = "idx, type, id, round, payload_sha256, payload_size, leaf"
_CHUNK = 1000


class PostgresLedgerStore:
    """Keeps a record in the tables ``log_*`` of a database.

    Args:
        database: The store's database.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def bind(self, origin: str, vkey: str) -> None:
        """Make this the store of one log, for ever; see the Protocol."""
        if self.identity() == (origin, vkey):
            return
        with self._db.writing():
            found = self.identity()
            if found is None:
                self._db.run("INSERT INTO log_identity VALUES (1, %s, %s)", (origin, vkey))
            elif found != (origin, vkey):
                raise ConflictError(
                    "store.other_log",
                    f"this store holds the record '{found[0]}', not '{origin}' with this key",
                    todo="name another store",
                )

    def identity(self) -> tuple[str, str] | None:
        """Return the origin and verifier key of the log, or None while the store is new."""
        line = self._db.one("SELECT origin, vkey FROM log_identity")
        return None if line is None else (str(line[0]), str(line[1]))

    def size(self) -> int:
        """Return how many entries there are."""
        line = self._db.one("SELECT coalesce(max(idx) + 1, 0) FROM log_entries")
        return 0 if line is None else int(line[0])

    def append(self, base: int, entries: Sequence[Entry], tiles: Sequence[Tile]) -> None:
        """Write entries and tiles in one transaction; see the Protocol."""
        places = [entry.index for entry in entries]
        if places != list(range(base, base + len(entries))):
            raise ConflictError("store.gap", f"the entries do not follow each other from {base}")
        try:
            with self._db.writing():
                if self.size() != base:
                    raise ConflictError(
                        MOVED,
                        f"the store has {self.size()} entries, not {base}: somebody else wrote",
                        todo="open the record again",
                    )
                self._db.copy(f"COPY log_entries ({_COLUMNS}) FROM STDIN", map(_line, entries))
                self._db.run_many(
                    "INSERT INTO log_tiles VALUES (%s,%s,%s)"
                    " ON CONFLICT (level, idx) DO UPDATE SET hashes = excluded.hashes",
                    [(tile.level, tile.index, tile.hashes) for tile in tiles],
                )
                self._db.run(f"NOTIFY {CHANNEL}")
        except psycopg.IntegrityError as error:
            raise ConflictError("store.round", "an entry's round is taken") from error

    def entry(self, index: int) -> Entry:
        """Return one entry; see the Protocol."""
        for entry in self.entries(index, index + 1):
            return entry
        raise InputError("record.index", f"the record has no entry {index}", todo=f"it has {self.size()}")

    def entries(self, start: int, end: int) -> Iterator[Entry]:
        """Return the entries ``[start, end)`` that there are, in order."""
        for low in range(start, min(end, self.size()), _CHUNK):
            lines = self._db.rows(
                f"SELECT {_COLUMNS} FROM log_entries WHERE idx >= %s AND idx < %s ORDER BY idx",  # noqa: S608 - constants
                (low, min(end, low + _CHUNK)),
            )
            yield from map(_entry, lines)

    def typed(self, types: Collection[str]) -> Iterator[Entry]:
        """Return the entries of some types, in order."""
        lines = self._db.rows(
            f"SELECT {_COLUMNS} FROM log_entries WHERE type = ANY(%s) ORDER BY idx",  # noqa: S608 - constants
            (list(types),),
        )
        return map(_entry, lines)

    def rounds(self, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[int, tuple[str, int]]]:
        """Return what has been stated so far about some things; see the Protocol."""
        asked = list(names)
        found: dict[tuple[str, str], dict[int, tuple[str, int]]] = {}
        lines = self._db.rows(
            "SELECT type, id, round, payload_sha256, idx FROM log_entries"
            " WHERE (type, id) IN (SELECT * FROM unnest(%s::text[], %s::text[]))",
            ([type_ for type_, _ in asked], [id_ for _, id_ in asked]),
        )
        for type_, id_, round_, sha256, index in lines:
            found.setdefault((type_, id_), {})[round_] = (sha256, index)
        return found

    def tile(self, level: int, index: int) -> bytes:
        """Return a tile's hashes as long as it is now; see the Protocol."""
        line = self._db.one("SELECT hashes FROM log_tiles WHERE level = %s AND idx = %s", (level, index))
        if line is None:
            raise InputError("record.tile", f"the record has no tile {level}/{index}")
        return bytes(line[0])

    def checkpoint(self) -> bytes | None:
        """Return the last signed checkpoint, or None."""
        line = self._db.one("SELECT note FROM log_checkpoints ORDER BY size DESC LIMIT 1")
        return None if line is None else bytes(line[0])

    def checkpoint_at(self, size: int) -> bytes | None:
        """Return the checkpoint that was signed at one size, or None."""
        line = self._db.one("SELECT note FROM log_checkpoints WHERE size = %s", (size,))
        return None if line is None else bytes(line[0])

    def put_checkpoint(self, size: int, note: bytes) -> None:
        """Keep a signed checkpoint; see the Protocol."""
        with self._db.writing():
            found = self.checkpoint_at(size)
            if found is not None and found != note:
                raise ConflictError("store.checkpoint", f"another checkpoint of {size} entries is kept")
            if found is None:
                self._db.run("INSERT INTO log_checkpoints VALUES (%s,%s)", (size, note))

    def cosignatures(self, size: int) -> tuple[NoteSignature, ...]:
        """Return the cosignatures of the checkpoint of one size, in the order of their names."""
        lines = self._db.rows(
            "SELECT name, key_id, signature FROM log_cosignatures WHERE size = %s ORDER BY name, key_id",
            (size,),
        )
        return tuple(NoteSignature(name, bytes(key_id), bytes(line)) for name, key_id, line in lines)

    def cosigned_size(self, key: Verifier) -> int:
        """Return the size of the last checkpoint that a witness's key cosigned, 0 for none."""
        line = self._db.one(
            "SELECT coalesce(max(size), 0) FROM log_cosignatures WHERE name = %s AND key_id = %s",
            (key.name, key.key_id),
        )
        return 0 if line is None else int(line[0])

    def put_cosignature(self, size: int, line: NoteSignature) -> None:
        """Keep a cosignature; see the Protocol."""
        with self._db.writing():
            self._db.run(
                "INSERT INTO log_cosignatures VALUES (%s,%s,%s,%s)"
                " ON CONFLICT (size, name, key_id) DO UPDATE SET signature = excluded.signature",
                (size, line.name, line.key_id, line.signature),
            )

    def hold(self, why: str) -> None:
        """Let nothing be written any more; see the Protocol."""
        with self._db.writing():
            self._db.run("INSERT INTO log_hold VALUES (1, %s) ON CONFLICT DO NOTHING", (why,))

    def held(self) -> str | None:
        """Return why nothing may be written, or None."""
        line = self._db.one("SELECT why FROM log_hold")
        return None if line is None else str(line[0])

    def release(self) -> None:
        """Let the record be written again."""
        with self._db.writing():
            self._db.run("DELETE FROM log_hold")


def _line(entry: Entry) -> Line:
    return (
        entry.index,
        entry.type,
        entry.id,
        entry.round,
        entry.payload_sha256,
        entry.payload_size,
        entry.leaf,
    )


def _entry(line: Line) -> Entry:
    index, type_, id_, round_, sha256, size, leaf = line
    return Entry(index, type_, id_, round_, sha256, size, bytes(leaf))
