"""A filter and a recipient as SQL: what was asked for, and the release gate's one predicate over every row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from truceline.core.errors import InputError
from truceline.core.filters import Filter, fold_words
from truceline.core.release import DELEGATIONS, JOINT, PUBLIC, check_recipient
from truceline.core.rows import SEARCHED, Recipient
from truceline.core.times import format_instant

COLUMNS = ("kind", "state", "zone")
"""The columns that may be counted by."""

_ORDER = {"entered": "ifnull(known_at, '')", "happened": "ifnull(start_at, ifnull(known_at, ''))"}


def sortable(value: datetime | None) -> str | None:
    """Write an instant so that the order of the texts is the order of the times."""
    text = None if value is None else format_instant(value)
    return text if text is None or "." in text else text.replace("Z", ".000000Z")


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions that all hold, and their values in order."""

    conditions: tuple[str, ...]
    values: tuple[object, ...]

    def __add__(self, other: Where) -> Where:
        return Where(self.conditions + other.conditions, self.values + other.values)

    @property
    def sql(self) -> str:
        """The conditions as one expression."""
        return " AND ".join(self.conditions) or "1"


def gate(recipient: Recipient) -> Where:
    """Say in SQL what `core.release.may_receive` says of one item, and hold back what is too new for the recipient.

    Args:
        recipient: Who the rows are put before.

    Returns:
        The predicate.

    Raises:
        InputError: The recipient is nobody known.
    """
    word = check_recipient(recipient.word)
    marks: list[tuple[str, object]] = [("release = ?", PUBLIC)]
    if word == JOINT:
        marks.append(("release = ?", JOINT))
    elif word != PUBLIC:
        marks.append(("owner = ?", word))
        marks.append(("release = ?", JOINT if word in DELEGATIONS else word))
    both = Where(
        ("realm = ?", "(" + " OR ".join(sql for sql, _ in marks) + ")"),
        (recipient.realm.value, *(value for _, value in marks)),
    )
    if recipient.known_by is None:
        return both
    return both + Where(("known_at <= ?",), (sortable(recipient.known_by),))


def where(model: str, asked: Filter) -> Where:
    """Say in SQL what was asked for.

    Args:
        model: The read model.
        asked: The filter.

    Returns:
        The conditions.

    Raises:
        InputError: Words were asked for in a model that is not searched.
    """
    found = _among("kind", asked.kinds) + _among("state", asked.states) + _among("zone", asked.zones)
    if asked.known_at is not None:
        found += Where(("known_at <= ?",), (sortable(asked.known_at),))
    # What has no end was so at its start alone; what has no start at all happened at no time that could be asked for.
    if asked.since is not None:
        found += Where(("ifnull(end_at, start_at) >= ?",), (sortable(asked.since),))
    if asked.until is not None:
        found += Where(("start_at < ?",), (sortable(asked.until),))
    if asked.box is not None:
        west, south, east, north = asked.box
        lon = "lon BETWEEN ? AND ?" if west <= east else "(lon >= ? OR lon <= ?)"
        found += Where((lon, "lat BETWEEN ? AND ?"), (west, east, south, north))
    if asked.words:
        if model not in SEARCHED:
            raise InputError("filter.words", f"'{model}' cannot be searched by words", where="q")
        query = match(asked.words)
        index = f"model_{model}_words"
        found += Where(
            (f"place IN (SELECT rowid FROM {index} WHERE {index} MATCH ?)",),  # noqa: S608 - a name of SEARCHED
            (query,),
        )
    return found


def order(asked: Filter) -> str:
    """Return the expression that a list is ordered by."""
    return _ORDER[asked.order]


def match(words: str) -> str:
    """Turn words into a query of the index: each is found by its beginning; the index's own language stays out of reach."""
    parts = fold_words(words.replace("\0", " ")).replace('"', " ").split()
    return " ".join(f'"{part}"*' for part in parts) or '""'


def _among(column: str, words: tuple[str, ...]) -> Where:
    if not words:
        return Where((), ())
    return Where((f"{column} IN ({','.join('?' * len(words))})",), words)
