"""What changed in the tables ``model_*`` of a database, and their columns. Implements `core.finding.Kept`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from truceline.adapters.postgres.asking import prefixes
from truceline.adapters.postgres.database import Database, Line

_MOMENTS = ", ".join(
    f"(extract(epoch FROM {name}) * 1000000)::bigint" for name in ("known_at", "start_at", "end_at")
)
_RECORD = f"place, {_MOMENTS}, lon, lat, kind, state, zone, owner, release, realm"


class PostgresKept:
    """The tables ``model_*`` of a database.

    Args:
        database: The store's database; what is asked of it is asked inside its `Database.looking`.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def head(self, model: str) -> tuple[int, int]:
        """Return epoch and last change; see the Protocol."""
        line = self._db.one("SELECT epoch, changed FROM model_heads WHERE model = %s", (model,))
        return (0, 0) if line is None else (int(line[0]), int(line[1]))

    def changed(self, model: str, after: int) -> list[int]:
        """Return the places that changed; see the Protocol."""
        lines = self._db.rows(
            "SELECT place FROM model_changes WHERE model = %s AND number > %s", (model, after)
        )
        return [int(line[0]) for line in lines]

    def records(self, model: str, places: Sequence[int] | None) -> Iterable[Line]:
        """Give the columns of rows; see the Protocol."""
        asked = f"SELECT {_RECORD} FROM model_{model}"  # noqa: S608 - names of our own
        if places is None:
            return self._db.pieces(asked)
        return self._db.rows(f"{asked} WHERE place = ANY(%s)", (list(places),))

    def hits(self, model: str, words: str) -> str | None:
        """Return the places that hold all words; see the Protocol."""
        query = prefixes(words)
        if not query:
            return None
        line = self._db.one(
            f"SELECT string_agg(place::text, ',') FROM model_{model} WHERE words @@ %s::tsquery",  # noqa: S608
            (query,),
        )
        return None if line is None or line[0] is None else str(line[0])
