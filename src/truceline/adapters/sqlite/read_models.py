"""The read models in SQLite: a table each, an index of words for those that are searched; lists are found by columns in memory."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from truceline.adapters.sqlite.asking import gate, sortable
from truceline.adapters.sqlite.connect import make_tables, writing
from truceline.adapters.sqlite.kept import SqliteKept
from truceline.core.cursors import write_cursor
from truceline.core.errors import ConflictError
from truceline.core.filters import Filter, split_words
from truceline.core.finding import KEPT_CHANGES, Finder
from truceline.core.rows import (
    MODELS,
    SEARCHED,
    Page,
    Recipient,
    Row,
    Written,
    check_model,
    decode_value,
    encode_value,
)
from truceline.ledger.canonical import jcs_bytes

_FIELDS = (
    "id", "kind", "known_at", "start_at", "end_at", "lon", "lat", "zone", "state", "owner", "release", "realm",
    "value",
)  # fmt: skip
_ROWS = """
CREATE TABLE model_{name} (
  place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, known_at TEXT, start_at TEXT, end_at TEXT,
  lon REAL, lat REAL, zone TEXT, state TEXT, owner TEXT NOT NULL, release TEXT NOT NULL, realm TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT
"""
# Every word is looked for by its beginning: what begins with one or two letters has lists of its own.
_WORDS = """
CREATE VIRTUAL TABLE model_{name}_words USING fts5(words, tokenize = 'ascii', detail = 'none', prefix = '1 2')
"""
_FOLLOWS = """
CREATE TABLE model_follows (only INTEGER PRIMARY KEY CHECK (only = 1), entries INTEGER NOT NULL) STRICT
"""
_HEADS = """
CREATE TABLE model_heads (
  model TEXT PRIMARY KEY, n_rows INTEGER NOT NULL, epoch INTEGER NOT NULL, changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""
_CHANGES = """
CREATE TABLE model_changes (
  model TEXT NOT NULL, number INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (model, number)
) STRICT, WITHOUT ROWID
"""
_TABLES = (
    {"model_follows": _FOLLOWS, "model_heads": _HEADS, "model_changes": _CHANGES}
    | {f"model_{name}": _ROWS.format(name=name) for name in MODELS}
    | {f"model_{name}_words": _WORDS.format(name=name) for name in SEARCHED}
)


class SqliteReadModels:
    """The read models in the tables ``model_*`` of a connection that `connect` opened; see `core.rows.ReadModels`.

    Args:
        connection: The store's connection.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._kept = SqliteKept(connection)
        self._finder = Finder(self._kept)
        make_tables(connection, _TABLES)

    def replace_all(self, models: Mapping[str, Iterable[Row]], upto: int | None = None) -> None:
        """Put new rows in place of all rows of some models, in one transaction.

        Args:
            models: Model name -> its rows, in the order in which `list` shall give them.
            upto: How many entries of the record the models follow then; None leaves what was said of it.

        Raises:
            InputError: There is no such model, or a value has no JSON form.
            ConflictError: An id stands twice in a model.
        """
        self._mend_words()
        with writing(self._db):
            for name, rows in models.items():
                self._db.execute(f"DELETE FROM {table_of(name)}")  # noqa: S608 - a name of MODELS
                if name in SEARCHED:
                    self._db.execute(f"DROP TABLE model_{name}_words")
                    self._db.execute(_WORDS.format(name=name))
                self._db.execute(
                    "INSERT INTO model_heads VALUES (?, ?, 1, 0) ON CONFLICT DO UPDATE"
                    " SET n_rows = excluded.n_rows, epoch = epoch + 1, changed = 0",
                    (name, len(self._insert(name, rows))),
                )
                self._db.execute("DELETE FROM model_changes WHERE model = ?", (name,))
            self._follow(upto)

    def change(
        self, put: Mapping[str, Iterable[Row]], drop: Mapping[str, Collection[str]], upto: int | None = None
    ) -> None:
        """Take rows away, then add rows or replace those whose id is there, in one transaction.

        Args:
            put: Model name -> rows.
            drop: Model name -> ids; what is not there is passed over.
            upto: How many entries of the record the models follow then; None leaves what was said of it.

        Raises:
            InputError: There is no such model, or a value has no JSON form.
        """
        with writing(self._db):
            for model, ids in drop.items():
                self._drop(model, ids)
            for model, rows in put.items():
                self._put(model, rows)
            self._follow(upto)

    def upto(self) -> int:
        """Return how many entries of the record the models follow; 0 where that was never said."""
        row = self._db.execute("SELECT entries FROM model_follows").fetchone()
        return 0 if row is None else int(row[0])

    def _follow(self, upto: int | None) -> None:
        if upto is not None:
            self._db.execute("INSERT OR REPLACE INTO model_follows VALUES (1, ?)", (upto,))

    def _drop(self, model: str, ids: Collection[str]) -> None:
        table, gone = table_of(model), list[int]()
        for id_ in ids:
            found = self._db.execute(f"SELECT place FROM {table} WHERE id = ?", (id_,)).fetchone()  # noqa: S608
            if found is None:
                continue
            self._db.execute(f"DELETE FROM {table} WHERE place = ?", found)  # noqa: S608 - a name of MODELS
            if model in SEARCHED:
                self._db.execute(f"DELETE FROM model_{model}_words WHERE rowid = ?", found)  # noqa: S608
            gone.append(found[0])
        self._changed(model, gone, -len(gone))

    def _changed(self, model: str, places: Sequence[int], n_more: int) -> None:
        """Note which rows changed, so that whoever has the columns in memory reads these alone."""
        if not places:
            return
        self._db.execute("INSERT OR IGNORE INTO model_heads VALUES (?, 0, 1, 0)", (model,))
        (last,) = self._db.execute("SELECT changed FROM model_heads WHERE model = ?", (model,)).fetchone()
        self._db.executemany(
            "INSERT INTO model_changes VALUES (?,?,?)",
            [(model, last + 1 + at, place) for at, place in enumerate(places)],
        )
        last += len(places)
        self._db.execute(
            "UPDATE model_heads SET n_rows = n_rows + ?, changed = ? WHERE model = ?", (n_more, last, model)
        )
        self._db.execute(
            "DELETE FROM model_changes WHERE model = ? AND number <= ?", (model, last - KEPT_CHANGES)
        )

    def _mend_words(self) -> None:
        """Put a new index of words in place of one that cannot be opened: its own tables would refuse to go."""
        for name in SEARCHED:
            try:
                self._db.execute(f"SELECT count(*) FROM model_{name}_words").fetchone()  # noqa: S608
            except sqlite3.DatabaseError:
                self._db.execute("PRAGMA writable_schema = ON")
                self._db.execute("DELETE FROM sqlite_schema WHERE name GLOB ?", (f"model_{name}_words*",))
                self._db.execute("PRAGMA writable_schema = RESET")
                self._db.execute(_WORDS.format(name=name))

    def put(self, model: str, rows: Iterable[Row]) -> None:
        """Add rows to a model; a row whose id is there takes the old one's place.

        Args:
            model: Model name.
            rows: The rows.

        Raises:
            InputError: There is no such model, or a value has no JSON form.
        """
        with writing(self._db):
            self._put(model, rows)

    def _put(self, model: str, rows: Iterable[Row]) -> None:
        table = table_of(model)
        set_ = ", ".join(f"{field} = ?" for field in _FIELDS[1:])
        places, n_new = list[int](), 0
        for row in rows:
            found = self._db.execute(f"SELECT place FROM {table} WHERE id = ?", (row.id,)).fetchone()  # noqa: S608
            if found is None:
                places += self._insert(model, [row])
                n_new += 1
                continue
            self._db.execute(
                f"UPDATE {table} SET {set_} WHERE place = ?",  # noqa: S608 - names of our own
                (*_values(row)[1:], found[0]),
            )
            if model in SEARCHED:
                self._db.execute(f"DELETE FROM model_{model}_words WHERE rowid = ?", found)  # noqa: S608
                self._index(model, row, found[0])
            places.append(found[0])
        self._changed(model, places, n_new)

    def _insert(self, model: str, rows: Iterable[Row]) -> Sequence[int]:
        """Insert rows and return their places."""
        marks = ",".join("?" * len(_FIELDS))
        statement = f"INSERT INTO {table_of(model)} ({','.join(_FIELDS)}) VALUES ({marks})"  # noqa: S608
        places = array("q")
        try:
            for row in rows:
                place = self._db.execute(statement, _values(row)).lastrowid or 0
                if model in SEARCHED:
                    self._index(model, row, place)
                places.append(place)
        except sqlite3.IntegrityError as error:
            raise ConflictError("model.id", f"an id stands twice in the read model '{model}'") from error
        return places

    def _index(self, model: str, row: Row, place: int) -> None:
        self._db.execute(
            f"INSERT INTO model_{model}_words (rowid, words) VALUES (?,?)",  # noqa: S608 - a name of SEARCHED
            (place, " ".join(split_words(row.words))),
        )

    def get(self, model: str, row_id: str, recipient: Recipient | None = None) -> dict[str, Any] | None:
        """Return one value.

        Args:
            model: Model name.
            row_id: Its id.
            recipient: Who it is put before; None is the program itself.

        Returns:
            The value; None where there is none, or none that the recipient may have.
        """
        allowed, values = ("1", ()) if recipient is None else gate(recipient)
        row = self._db.execute(
            f"SELECT value FROM {table_of(model)} WHERE id = ? AND {allowed}",  # noqa: S608 - placeholders only
            (row_id, *values),
        ).fetchone()
        return None if row is None else decode_value(row[0])

    def texts(
        self, model: str, *, kind: str | None = None, known_at: datetime | None = None
    ) -> Iterator[str]:
        """Give a model's values as the JSON that is kept, in the order in which they were put there.

        Args:
            model: Model name.
            kind: Only rows of this kind.
            known_at: Only rows known at that moment; those without a moment of knowledge are left out.

        Yields:
            JSON texts.

        Raises:
            InputError: There is no such model.
        """
        rows = self._db.execute(
            f"SELECT value FROM {table_of(model)} WHERE (?1 IS NULL OR kind = ?1)"  # noqa: S608
            " AND (?2 IS NULL OR known_at <= ?2) ORDER BY place",
            (kind, sortable(known_at)),
        )
        # one statement sees the file at one moment, however slowly it is read
        for (text,) in rows:
            yield text

    def list(
        self, model: str, *, kind: str | None = None, known_at: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        """Give what `texts` gives, read.

        Args:
            model: Model name.
            kind: Only rows of this kind.
            known_at: Only rows known at that moment; those without a moment of knowledge are left out.

        Returns:
            Values.

        Raises:
            InputError: There is no such model.
        """
        return map(decode_value, self.texts(model, kind=kind, known_at=known_at))

    def find(
        self, model: str, asked: Filter, recipient: Recipient, *, after: str | None = None, limit: int = 50
    ) -> Page:
        """Give a page of what was asked for and may be put before the recipient, newest first.

        Args:
            model: Model name.
            asked: The filter.
            recipient: Who it is put before.
            after: The last page's `Page.after`; None begins.
            limit: How many at most, 1 or more.

        Returns:
            The page.

        Raises:
            InputError: There is no such model, or ``after`` is none that a page gave.
        """
        with self._kept.at_one_moment():
            found = self._finder.find(model, asked, recipient, after, limit + 1)
            values = self._values_at(model, [place for _, place in found[:limit]])
        more = len(found) > limit
        return Page(Written(values), write_cursor(found[limit - 1]) if more else None)

    def _values_at(self, model: str, places: Sequence[int]) -> Iterator[bytes]:
        marks = ",".join("?" * len(places))
        rows = self._db.execute(
            # as bytes: what is handed on without being read is neither decoded nor encoded again
            f"SELECT place, CAST(value AS BLOB) FROM {table_of(model)} WHERE place IN ({marks})",  # noqa: S608 - placeholders only
            places,
        )
        texts = dict(rows.fetchall())
        return (texts[place] for place in places)

    def tally(self, model: str, asked: Filter, recipient: Recipient, by: str = "kind") -> dict[str, int]:
        """Count what `find` would give, by a column.

        Args:
            model: Model name.
            asked: The filter.
            recipient: Who it is put before.
            by: ``kind``, ``state`` or ``zone``.

        Returns:
            Word -> how many, the most frequent first; rows without a word count under ``""``.

        Raises:
            InputError: There is no such model or column.
        """
        with self._kept.at_one_moment():
            return self._finder.tally(model, asked, recipient, by)

    def count(self, model: str) -> int:
        """Return how many rows a model has."""
        table_of(model)
        row = self._db.execute("SELECT n_rows FROM model_heads WHERE model = ?", (model,)).fetchone()
        return 0 if row is None else int(row[0])

    def let_out(self, delay_h: int, coarse_m: int) -> None:
        """Keep nothing: the file shows no views to other programs; see `core.rows.ReadModels`."""

    def lines(self) -> Iterator[bytes]:
        """Give every row as a line of canonical JSON, by model and then by id: what `dump` prints.

        Yields:
            Lines without newline; they hold no clock time and do not depend on the order of writing.
        """
        for model in sorted(MODELS):
            rows = self._db.execute(
                f"SELECT id, kind, known_at, value FROM {table_of(model)} ORDER BY id"  # noqa: S608
            )
            for row_id, kind, known_at, text in rows:
                yield jcs_bytes(
                    {
                        "model": model,
                        "id": row_id,
                        "kind": kind,
                        "known_at": known_at,
                        "value": decode_value(text),
                    }
                )


def table_of(model: str) -> str:
    """Return the table of a read model."""
    return f"model_{check_model(model)}"


def _values(row: Row) -> tuple[object, ...]:
    return (
        row.id, row.kind, sortable(row.known_at), sortable(row.start_at), sortable(row.end_at), row.lon, row.lat,
        row.zone, row.state, row.owner, row.release, row.realm.value, encode_value(row.value),
    )  # fmt: skip
