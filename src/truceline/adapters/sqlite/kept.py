"""What changed in the tables ``model_*`` of a file, and their columns: what lists are found by. Implements `core.finding.Kept`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from truceline.core.filters import split_words

_MANY = 500
# seconds by the database's own calendar, the fraction by its letters: so no rounding comes in
_MICROSECONDS = "strftime('%s', substr({0}, 1, 19)) * 1000000 + substr({0}, 21, 6)"
_MOMENTS = ", ".join(_MICROSECONDS.format(name) for name in ("known_at", "start_at", "end_at"))
_RECORD = f"place, {_MOMENTS}, lon, lat, kind, state, zone, owner, release, realm"


class SqliteKept:
    """The tables ``model_*`` of a connection.

    Args:
        connection: The store's connection.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

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

    def head(self, model: str) -> tuple[int, int]:
        """Return epoch and last change; see the Protocol."""
        found = self._db.execute(
            "SELECT epoch, changed FROM model_heads WHERE model = ?", (model,)
        ).fetchone()
        return found or (0, 0)

    def changed(self, model: str, after: int) -> list[int]:
        """Return the places that changed; see the Protocol."""
        places = self._db.execute(
            "SELECT place FROM model_changes WHERE model = ? AND number > ?", (model, after)
        )
        return [place for (place,) in places.fetchall()]

    def records(self, model: str, places: Sequence[int] | None) -> Iterable[tuple[Any, ...]]:
        """Give the columns of rows; see the Protocol."""
        asked = f"SELECT {_RECORD} FROM model_{model}"  # noqa: S608 - names of our own
        if places is None:
            return self._db.execute(asked)
        found: list[Any] = []
        for at in range(0, len(places), _MANY):
            part = places[at : at + _MANY]
            found += self._db.execute(
                f"{asked} WHERE place IN ({','.join('?' * len(part))})", part
            ).fetchall()
        return found

    def hits(self, model: str, words: str) -> str | None:
        """Return the places that hold all words; see the Protocol. The index's own language stays out of reach."""
        index = f"model_{model}_words"
        query = " ".join(f'"{word}"*' for word in split_words(words)) or '""'
        (places,) = self._db.execute(
            f"SELECT group_concat(rowid) FROM {index} WHERE {index} MATCH ?",  # noqa: S608 - a name of our own
            (query,),
        ).fetchone()
        return None if places is None else str(places)
