"""What the pages, the tables and the API read: rows made from the record, thrown away and made again at will."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from truceline.adapters.sqlite.connect import make_tables, writing
from truceline.core.errors import ConflictError, InputError
from truceline.core.times import format_instant
from truceline.ledger.canonical import jcs_bytes

MODELS = ("reports", "claims", "incidents", "obligations", "counters", "features", "rejected")
"""The read models, each a table ``model_<name>``."""

_ROWS = """
CREATE TABLE model_{name} (
  place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, known_at TEXT, value TEXT NOT NULL
) STRICT
"""
_WORDS = """
CREATE VIRTUAL TABLE model_claims_words USING fts5(
  id UNINDEXED, words, tokenize = 'unicode61 remove_diacritics 2'
)
"""
_TABLES = {f"model_{name}": _ROWS.format(name=name) for name in MODELS} | {"model_claims_words": _WORDS}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a read model.

    Args:
        id: Unique within its model.
        kind: What it is within its model, for example a claim's type.
        value: The thing itself as JSON values.
        known_at: When the mission could know it; None where nothing says.
    """

    id: str
    kind: str
    value: Mapping[str, Any]
    known_at: datetime | None = None


def _sortable(value: datetime | None) -> str | None:
    """Write an instant so that the order of the texts is the order of the times."""
    text = None if value is None else format_instant(value)
    return text if text is None or "." in text else text.replace("Z", ".000000Z")


def _words_of(value: Mapping[str, Any]) -> str:
    evidence = value.get("evidence")
    return str(evidence.get("text", "")) if isinstance(evidence, Mapping) else ""


class ReadModels:
    """The read models in the tables ``model_*`` of a connection that `connect` opened.

    Args:
        connection: The store's connection.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        make_tables(connection, _TABLES)

    def replace_all(self, models: Mapping[str, Iterable[Row]]) -> None:
        """Put new rows in place of all rows of some models, in one transaction.

        Args:
            models: Model name -> its rows, in the order in which `list` shall give them.

        Raises:
            InputError: There is no such model, or a value has no JSON form.
            ConflictError: An id stands twice in a model.
        """
        self._mend_words()
        with writing(self._db):
            for name, rows in models.items():
                table = _table(name)
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 -- a name of MODELS
                if name == "claims":
                    self._db.execute("DELETE FROM model_claims_words")
                self._insert(name, rows)

    def _mend_words(self) -> None:
        """Put a new index of words in place of one that cannot be opened: its own tables would refuse to go."""
        try:
            self._db.execute("SELECT count(*) FROM model_claims_words").fetchone()
        except sqlite3.DatabaseError:
            self._db.execute("PRAGMA writable_schema = ON")
            self._db.execute("DELETE FROM sqlite_schema WHERE name GLOB 'model_claims_words*'")
            self._db.execute("PRAGMA writable_schema = RESET")
            self._db.execute(_WORDS)

    def put(self, model: str, rows: Iterable[Row]) -> None:
        """Add rows to a model; a row whose id is there takes the old one's place.

        Args:
            model: Model name.
            rows: The rows.

        Raises:
            InputError: There is no such model, or a value has no JSON form.
        """
        table = _table(model)
        with writing(self._db):
            for row in rows:
                found = self._db.execute(f"SELECT place FROM {table} WHERE id = ?", (row.id,)).fetchone()  # noqa: S608
                if found is None:
                    self._insert(model, [row])
                    continue
                self._db.execute(
                    f"UPDATE {table} SET kind = ?, known_at = ?, value = ? WHERE id = ?",  # noqa: S608
                    (row.kind, _sortable(row.known_at), _json(row.value), row.id),
                )
                if model == "claims":
                    self._db.execute("DELETE FROM model_claims_words WHERE id = ?", (row.id,))
                    self._index([row])

    def _insert(self, model: str, rows: Iterable[Row]) -> None:
        kept = list(rows)
        try:
            self._db.executemany(
                f"INSERT INTO {_table(model)} (id, kind, known_at, value) VALUES (?,?,?,?)",  # noqa: S608
                [(row.id, row.kind, _sortable(row.known_at), _json(row.value)) for row in kept],
            )
        except sqlite3.IntegrityError as error:
            raise ConflictError("model.id", f"an id stands twice in the read model '{model}'") from error
        if model == "claims":
            self._index(kept)

    def _index(self, rows: Iterable[Row]) -> None:
        self._db.executemany(
            "INSERT INTO model_claims_words (id, words) VALUES (?,?)",
            [(row.id, _words_of(row.value)) for row in rows],
        )

    def get(self, model: str, row_id: str) -> dict[str, Any] | None:
        """Return the value of one row, or None where there is none."""
        row = self._db.execute(f"SELECT value FROM {_table(model)} WHERE id = ?", (row_id,)).fetchone()  # noqa: S608
        return None if row is None else _value(row[0])

    def list(
        self, model: str, *, kind: str | None = None, known_at: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        """Give a model's values in the order in which they were put there.

        Args:
            model: Model name.
            kind: Only rows of this kind.
            known_at: Only rows known at that moment; those without a moment of knowledge are left out.

        Yields:
            Values.

        Raises:
            InputError: There is no such model.
        """
        limit = _sortable(known_at)
        rows = self._db.execute(
            f"SELECT value FROM {_table(model)} WHERE (?1 IS NULL OR kind = ?1)"  # noqa: S608
            " AND (?2 IS NULL OR known_at <= ?2) ORDER BY place",
            (kind, limit),
        ).fetchall()
        for (text,) in rows:
            yield _value(text)

    def count(self, model: str) -> int:
        """Return how many rows a model has."""
        return int(self._db.execute(f"SELECT count(*) FROM {_table(model)}").fetchone()[0])  # noqa: S608

    def search_claims(self, words: str) -> Iterator[dict[str, Any]]:
        """Give the claims whose evidence holds all of some words, best match first.

        Args:
            words: Words divided by spaces; each is matched whole, without its diacritics.

        Yields:
            Claims.
        """
        # Quoting each word keeps the index's own query language out of reach of whoever types.
        query = " ".join('"' + word.replace('"', '""') + '"' for word in words.replace("\0", " ").split())
        if not query:
            return
        rows = self._db.execute(
            "SELECT c.value FROM model_claims_words w JOIN model_claims c ON c.id = w.id"
            " WHERE model_claims_words MATCH ? ORDER BY w.rank, c.place",
            (query,),
        ).fetchall()
        for (text,) in rows:
            yield _value(text)

    def lines(self) -> Iterator[bytes]:
        """Give every row as a line of canonical JSON, by model and then by id: what `dump` prints.

        Yields:
            Lines without newline; they hold no clock time and do not depend on the order of writing.
        """
        for model in sorted(MODELS):
            rows = self._db.execute(
                f"SELECT id, kind, known_at, value FROM {_table(model)} ORDER BY id"  # noqa: S608
            ).fetchall()
            for row_id, kind, known_at, text in rows:
                yield jcs_bytes(
                    {"model": model, "id": row_id, "kind": kind, "known_at": known_at, "value": _value(text)}
                )


def _table(model: str) -> str:
    if model not in MODELS:
        raise InputError(
            "model.unknown", f"there is no read model '{model}'", todo="one of " + ", ".join(MODELS)
        )
    return f"model_{model}"


def _json(value: Mapping[str, Any]) -> str:
    return jcs_bytes(value).decode("utf-8")


def _value(text: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text)
    return value
