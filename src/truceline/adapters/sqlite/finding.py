"""Where the rows of a list stand: by columns in memory that follow the file, and by its index of words."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from truceline.adapters.sqlite.asking import match, read_cursor
from truceline.core.errors import InputError
from truceline.core.filters import Filter
from truceline.core.release import check_recipient
from truceline.core.rows import MODELS, SEARCHED, Recipient

if TYPE_CHECKING:
    from truceline.adapters.sqlite.columns import Columns, Key, Mask, Record

KEPT_CHANGES = 20_000
"""Changed rows that a model remembers; whoever has missed more reads its columns anew."""

_KEPT_WORDS = 16
_MANY = 500
# seconds by the database's own calendar, the fraction by its letters: so no rounding comes in
_MICROSECONDS = "strftime('%s', substr({0}, 1, 19)) * 1000000 + substr({0}, 21, 6)"
_MOMENTS = ", ".join(_MICROSECONDS.format(name) for name in ("known_at", "start_at", "end_at"))
_RECORD = f"place, {_MOMENTS}, lon, lat, kind, state, zone, owner, release, realm"


def table_of(model: str) -> str:
    """Return the table of a read model.

    Args:
        model: Its name.

    Returns:
        The table's name.

    Raises:
        InputError: There is no such model.
    """
    if model not in MODELS:
        raise InputError(
            "model.unknown", f"there is no read model '{model}'", todo="one of " + ", ".join(MODELS)
        )
    return f"model_{model}"


@dataclass
class _Held:
    """The columns of a model as they were at a change of an epoch; every replacement begins an epoch."""

    epoch: int
    changed: int
    columns: Columns


class Finder:
    """Finds rows of the tables ``model_*`` of a connection.

    Args:
        connection: The store's connection.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._held: dict[str, _Held] = {}
        self._words: OrderedDict[tuple[object, ...], Mask] = OrderedDict()

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Let everything inside see the file at one moment, so that a row is let out as it is, not as it was.

        Yields:
            Nothing.
        """
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def find(
        self, model: str, asked: Filter, recipient: Recipient, after: str | None, limit: int
    ) -> list[Key]:
        """Return where the rows of a page stand; inside `at_one_moment`.

        Args:
            model: Model name.
            asked: The filter.
            recipient: Who it is put before.
            after: Where the page begins; None begins.
            limit: How many at most.

        Returns:
            The rows' places in the list, in order.

        Raises:
            InputError: There is no such model or recipient, it is not searched, or ``after`` is no place.
        """
        begins = None if after is None else read_cursor(after)
        held, hits = self._ask(model, asked, recipient)
        return held.columns.find(asked, recipient, hits, begins, limit)

    def tally(self, model: str, asked: Filter, recipient: Recipient, by: str) -> dict[str, int]:
        """Count what `find` would give, by a column; inside `at_one_moment`.

        Args:
            model: Model name.
            asked: The filter.
            recipient: Who it is put before.
            by: A column.

        Returns:
            Word -> how many, the most frequent first.

        Raises:
            InputError: There is no such model or recipient, or it is not searched.
        """
        held, hits = self._ask(model, asked, recipient)
        return held.columns.tally(asked, recipient, hits, by)

    def _ask(self, model: str, asked: Filter, recipient: Recipient) -> tuple[_Held, Mask | None]:
        check_recipient(recipient.word)
        held = self._current(model)
        if not asked.words:
            return held, None
        if model not in SEARCHED:
            raise InputError("filter.words", f"'{model}' cannot be searched by words", where="q")
        return held, self._hits(model, held, match(asked.words))

    def _current(self, model: str) -> _Held:
        """Return the columns as they are now."""
        table = table_of(model)
        head = self._db.execute("SELECT epoch, changed FROM model_heads WHERE model = ?", (model,)).fetchone()
        epoch, changed = head or (0, 0)
        held = self._held.get(model)
        if held is None or held.epoch != epoch or changed - held.changed > KEPT_CHANGES:
            # arrays are loaded with the first list that is asked for: most verbs ask for none
            from truceline.adapters.sqlite.columns import Columns  # noqa: PLC0415

            rows = self._db.execute(f"SELECT {_RECORD} FROM {table}")  # noqa: S608 - names of our own
            held = self._held[model] = _Held(epoch, changed, Columns(rows))
        elif held.changed != changed:
            places = self._db.execute(
                "SELECT place FROM model_changes WHERE model = ? AND number > ?", (model, held.changed)
            ).fetchall()
            several = [place for (place,) in places]
            held.columns.change(several, self._records(table, sorted(set(several))))
            held.changed = changed
        return held

    def _records(self, table: str, places: Sequence[int]) -> list[Record]:
        found: list[Any] = []
        for at in range(0, len(places), _MANY):
            part = places[at : at + _MANY]
            found += self._db.execute(
                f"SELECT {_RECORD} FROM {table} WHERE place IN ({','.join('?' * len(part))})",  # noqa: S608
                part,
            ).fetchall()
        return found

    def _hits(self, model: str, held: _Held, query: str) -> Mask:
        """Say of each place whether the words stand there; kept for the pages and tallies that follow."""
        import numpy as np  # noqa: PLC0415 - see above

        key = (model, held.epoch, held.changed, query)
        hits = self._words.get(key)
        if hits is None:
            index = f"model_{model}_words"
            # one text of all places is read many times quicker than a row for each
            (places,) = self._db.execute(
                f"SELECT group_concat(rowid) FROM {index} WHERE {index} MATCH ?",  # noqa: S608
                (query,),
            ).fetchone()
            hits = np.zeros(held.columns.last_place + 1, dtype=np.bool_)
            if places is not None:
                hits[np.fromstring(places, dtype=np.int64, sep=",")] = True
            self._words[key] = hits
            while len(self._words) > _KEPT_WORDS:
                self._words.popitem(last=False)
        self._words.move_to_end(key)
        return hits
