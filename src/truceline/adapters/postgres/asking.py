"""A filter and a recipient as SQL of PostgreSQL: what was asked for, and the release gate's predicate over every row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from truceline.core.errors import InputError
from truceline.core.filters import Filter, split_words
from truceline.core.release import DELEGATIONS, JOINT, PUBLIC, check_recipient
from truceline.core.rows import SEARCHED, Recipient

COLUMNS = ("kind", "state", "zone")
"""The columns that may be counted by."""

_CURSOR = re.compile(r"(-?[0-9]{1,17})~([0-9]{1,18})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions that all hold, and their values in order."""

    conditions: tuple[str, ...] = ()
    values: tuple[object, ...] = ()

    def __add__(self, other: Where) -> Where:
        return Where(self.conditions + other.conditions, self.values + other.values)

    @property
    def sql(self) -> str:
        """The conditions as one expression."""
        return " AND ".join(self.conditions) or "true"


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
    marks: list[tuple[str, str]] = [("release = %s", PUBLIC)]
    if word == JOINT:
        marks.append(("release = %s", JOINT))
    elif word != PUBLIC:
        marks.append(("owner = %s", word))
        marks.append(("release = %s", JOINT if word in DELEGATIONS else word))
    both = Where(
        ("realm = %s", "(" + " OR ".join(sql for sql, _ in marks) + ")"),
        (recipient.realm.value, *(value for _, value in marks)),
    )
    if recipient.known_by is None:
        return both
    return both + Where(("known_at <= %s",), (recipient.known_by,))


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
        found += Where(("known_at <= %s",), (asked.known_at,))
    # What has no end was so at its start alone; what has no start at all happened at no time that could be asked for.
    if asked.since is not None:
        found += Where(("coalesce(end_at, start_at) >= %s",), (asked.since,))
    if asked.until is not None:
        found += Where(("start_at < %s",), (asked.until,))
    if asked.box is not None:
        found += _inside(asked.box)
    if asked.words:
        if model not in SEARCHED:
            raise InputError("filter.words", f"'{model}' cannot be searched by words", where="q")
        found += _words(asked.words)
    return found


def lexemes(words: str) -> str:
    """Write the words of a row as a ``tsvector``; they hold letters and digits alone, so nothing needs to be escaped."""
    return " ".join(f"'{word}'" for word in split_words(words))


def order(asked: Filter) -> str:
    """Return the column that a list is ordered by."""
    return asked.order


def write_cursor(moment: datetime, place: int) -> str:
    """Write where the next page of a list begins: behind a row of this moment and place."""
    return f"{(moment - _EPOCH) // timedelta(microseconds=1)}~{place}"


def read_cursor(after: str) -> tuple[datetime, int]:
    """Read where a page of a list begins.

    Args:
        after: What `write_cursor` wrote.

    Returns:
        Moment and place of the row before.

    Raises:
        InputError: No page gave this.
    """
    found = _CURSOR.fullmatch(after)
    try:
        if found is not None:
            return _EPOCH + timedelta(microseconds=int(found[1])), int(found[2])
    except OverflowError:
        pass
    raise InputError(
        "filter.after", "is no place in a list", where="after", todo="take it from the page before"
    )


def _among(column: str, words: tuple[str, ...]) -> Where:
    return Where((f"{column} = ANY(%s)",), (list(words),)) if words else Where()


def _inside(box: tuple[float, float, float, float]) -> Where:
    west, south, east, north = box
    # the index keeps corners rounded outwards, so it gives a few too many: the numbers decide
    exact = Where(
        ("lon BETWEEN %s AND %s" if west <= east else "(lon >= %s OR lon <= %s)", "lat BETWEEN %s AND %s"),
        (west, east, south, north),
    )
    envelope = "location && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"
    if west <= east:
        return exact + Where((envelope,), (west, south, east, north))
    return exact + Where(
        (f"({envelope} OR {envelope})",), (west, south, 180.0, north, -180.0, south, east, north)
    )


def _words(words: str) -> Where:
    """Ask for rows with all words, each by its beginning; what holds no word finds nothing."""
    query = " & ".join(f"'{word}':*" for word in split_words(words))
    return Where(("words @@ %s::tsquery",), (query,)) if query else Where(("false",))
