"""The read models in PostgreSQL: a table each, an inverted index of words; lists are found by columns in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg

from truceline.adapters.postgres.asking import gate, lexemes
from truceline.adapters.postgres.database import Database, Line
from truceline.adapters.postgres.kept import PostgresKept
from truceline.core.cursors import write_cursor
from truceline.core.errors import ConflictError
from truceline.core.filters import Filter
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
from truceline.core.times import format_sortable
from truceline.ledger.canonical import jcs_bytes

_FIELDS = (
    "id", "kind", "known_at", "start_at", "end_at", "lon", "lat", "zone", "state", "owner", "release", "realm",
    "value", "words",
)  # fmt: skip


class PostgresReadModels:
    """The read models in the tables ``model_*`` of a database; see `core.rows.ReadModels`.

    Args:
        database: The store's database.
    """

    def __init__(self, database: Database) -> None:
        self._db = database
        self._finder = Finder(PostgresKept(database))

    def replace_all(self, models: Mapping[str, Iterable[Row]], upto: int | None = None) -> None:
        """Put new rows in place of all rows of some models, in one transaction; readers see the old ones until then.

        Args:
            models: Model name -> its rows, in the order in which `list` shall give them.
            upto: How many entries of the record the models follow then; None leaves what was said of it.

        Raises:
            InputError: There is no such model, or a value has no JSON form.
            ConflictError: An id stands twice in a model.
        """
        name = ""
        try:
            with self._db.writing():
                for name, rows in models.items():
                    self._db.run(f"DELETE FROM {_table(name)}")  # noqa: S608 - a name of MODELS
                    n_rows = self._db.copy(
                        f"COPY {_table(name)} ({', '.join(_FIELDS)}) FROM STDIN",
                        (_values(name, row) for row in rows),
                    )
                    self._db.run(
                        "INSERT INTO model_heads (model, n_rows) VALUES (%s,%s) ON CONFLICT (model) DO UPDATE"
                        " SET n_rows = excluded.n_rows, epoch = model_heads.epoch + 1, changed = 0",
                        (name, n_rows),
                    )
                    self._db.run("DELETE FROM model_changes WHERE model = %s", (name,))
                    # until it has looked at the new rows the planner takes the table for what it was: each list slow
                    self._db.run(f"ANALYZE {_table(name)}")
                self._follow(upto)
        except psycopg.IntegrityError as error:
            raise ConflictError("model.id", f"an id stands twice in the read model '{name}'") from error

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
        with self._db.writing():
            for model, ids in drop.items():
                gone = self._db.rows(
                    f"DELETE FROM {_table(model)} WHERE id = ANY(%s) RETURNING place",  # noqa: S608 - as below
                    (list(ids),),
                )
                self._changed(model, [int(line[0]) for line in gone], -len(gone))
            for model, rows in put.items():
                self._put(model, rows)
            self._follow(upto)

    def upto(self) -> int:
        """Return how many entries of the record the models follow; 0 where that was never said."""
        line = self._db.one("SELECT entries FROM model_follows")
        return 0 if line is None else int(line[0])

    def _follow(self, upto: int | None) -> None:
        if upto is not None:
            self._db.run(
                'INSERT INTO model_follows VALUES (1, %s) ON CONFLICT ("only") DO UPDATE SET entries = excluded.entries',
                (upto,),
            )

    def put(self, model: str, rows: Iterable[Row]) -> None:
        """Add rows to a model; a row whose id is there takes the old one's place.

        Args:
            model: Model name.
            rows: The rows.

        Raises:
            InputError: There is no such model, or a value has no JSON form.
        """
        self.change({model: rows}, {})

    def _put(self, model: str, rows: Iterable[Row]) -> None:
        marks = ",".join(["%s"] * len(_FIELDS))
        changed = ", ".join(f"{field} = excluded.{field}" for field in _FIELDS[1:])
        statement = (
            f"INSERT INTO {_table(model)} ({', '.join(_FIELDS)}) VALUES ({marks})"  # noqa: S608 - names of our own
            f" ON CONFLICT (id) DO UPDATE SET {changed} RETURNING place, xmax = 0"
        )
        put = [line for row in rows for line in self._db.rows(statement, _values(model, row))]
        self._changed(model, [int(place) for place, _ in put], sum(bool(is_new) for _, is_new in put))

    def _changed(self, model: str, places: Sequence[int], n_more: int) -> None:
        """Note which rows changed, so that whoever has the columns in memory reads these alone."""
        if not places:
            return
        ((last,),) = self._db.rows(
            "INSERT INTO model_heads (model, n_rows, changed) VALUES (%s,%s,%s) ON CONFLICT (model) DO UPDATE"
            " SET n_rows = model_heads.n_rows + excluded.n_rows, changed = model_heads.changed + excluded.changed"
            " RETURNING changed",
            (model, n_more, len(places)),
        )
        first = int(last) - len(places) + 1
        self._db.run_many(
            "INSERT INTO model_changes VALUES (%s,%s,%s)",
            [(model, first + at, place) for at, place in enumerate(places)],
        )
        self._db.run(
            "DELETE FROM model_changes WHERE model = %s AND number <= %s", (model, int(last) - KEPT_CHANGES)
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
        allowed, values = ("true", ()) if recipient is None else gate(recipient)
        line = self._db.one(
            f"SELECT value FROM {_table(model)} WHERE id = %s AND {allowed}",  # noqa: S608 - placeholders only
            (row_id, *values),
        )
        return None if line is None else decode_value(line[0])

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
        asked = {"kind = %s": kind, "known_at <= %s": known_at}
        conditions = [sql for sql, value in asked.items() if value is not None]
        lines = self._db.stream(
            f"SELECT value FROM {_table(model)} WHERE {' AND '.join(conditions) or 'true'} ORDER BY place",  # noqa: S608
            [value for value in asked.values() if value is not None],
        )
        for (text,) in lines:
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
        with self._db.looking():
            found = self._finder.find(model, asked, recipient, after, limit + 1)
            places = [place for _, place in found[:limit]]
            lines = self._db.rows(
                f"SELECT place, value FROM {_table(model)} WHERE place = ANY(%s)",  # noqa: S608 - placeholders only
                (places,),
            )
        texts: dict[int, str] = dict(lines)
        more = len(found) > limit
        return Page(
            Written(texts[place] for place in places), write_cursor(found[limit - 1]) if more else None
        )

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
        with self._db.looking():
            return self._finder.tally(model, asked, recipient, by)

    def count(self, model: str) -> int:
        """Return how many rows a model has."""
        _table(model)
        line = self._db.one("SELECT n_rows FROM model_heads WHERE model = %s", (model,))
        return 0 if line is None else int(line[0])

    def let_out(self, delay_h: int, coarse_m: int) -> None:
        """Keep how late and how coarse the views ``v_*`` show what is public.

        Args:
            delay_h: Hours after which it may be known outside.
            coarse_m: Width of the cells that places are shown by, in metres.
        """
        told = "SELECT 1 FROM outside_rules WHERE late = make_interval(hours => %s) AND coarse_m = %s"
        if self._db.one(told, (delay_h, coarse_m)) is not None:
            return
        with self._db.writing():
            self._db.run("DELETE FROM outside_rules")
            self._db.run(
                "INSERT INTO outside_rules VALUES (1, make_interval(hours => %s), %s)", (delay_h, coarse_m)
            )

    def lines(self) -> Iterator[bytes]:
        """Give every row as a line of canonical JSON, by model and then by id: what `dump` prints.

        Yields:
            Lines without newline; they hold no clock time and do not depend on the order of writing.
        """
        for model in sorted(MODELS):
            rows = self._db.stream(f"SELECT id, kind, known_at, value FROM {_table(model)} ORDER BY id")  # noqa: S608
            for row_id, kind, known_at, text in rows:
                moment = None if known_at is None else format_sortable(known_at.astimezone(UTC))
                yield jcs_bytes(
                    {
                        "model": model,
                        "id": row_id,
                        "kind": kind,
                        "known_at": moment,
                        "value": decode_value(text),
                    }
                )


def _table(model: str) -> str:
    return f"model_{check_model(model)}"


def _values(model: str, row: Row) -> Line:
    return (
        row.id, row.kind, row.known_at, row.start_at, row.end_at, row.lon, row.lat, row.zone, row.state, row.owner,
        row.release, row.realm.value, encode_value(row.value), lexemes(row.words) if model in SEARCHED else "",
    )  # fmt: skip
