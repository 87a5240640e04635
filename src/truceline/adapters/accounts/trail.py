"""Who signed in, changed an account, or read something sensitive: that, and never what stood there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from truceline.adapters.accounts.database import AccessDatabase, moment, stamp


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the audit.

    Args:
        at: When.
        number: Who, by number; empty for nobody in particular.
        side: Their side, or empty.
        deed: What was done, a word of the catalogue's ``console.deed``.
        entity: What was read, or empty.
        thing: Id of the thing or number of the account that it was done to, or empty.
        came: ``page``, ``token`` or ``command``.
    """

    at: datetime
    number: str
    side: str
    deed: str
    entity: str = ""
    thing: str = ""
    came: str = "page"


class TrailStore:
    """Keeps the audit; lines are only added.

    Args:
        database: The open file.
    """

    def __init__(self, database: AccessDatabase) -> None:
        self._database = database

    def add(self, deed: Deed) -> None:
        """Write a line."""
        self._database.do(
            "INSERT INTO trail (at, number, side, deed, entity, thing, came) VALUES (?, ?, ?, ?, ?, ?, ?)",
            stamp(deed.at), deed.number, deed.side, deed.deed, deed.entity, deed.thing, deed.came,
        )  # fmt: skip

    def newest(
        self, limit: int, *, before: int = 0, side: str | None = None, without: Sequence[str] = ()
    ) -> list[tuple[int, Deed]]:
        """Return lines with their numbers, the newest first.

        Args:
            limit: How many at most.
            before: Only lines before this one; 0 for all.
            side: Only of this side; None for all.
            without: Entities whose lines are left out.

        Returns:
            Number and line.
        """
        rows = self._database.all(
            "SELECT id, at, number, side, deed, entity, thing, came FROM trail WHERE (? = 0 OR id < ?) AND (? IS NULL OR side = ?) "
            "AND entity NOT IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?",
            before, before, side, side, json.dumps(list(without)), limit,
        )  # fmt: skip
        return [(row[0], Deed(moment(row[1]), *row[2:])) for row in rows]
