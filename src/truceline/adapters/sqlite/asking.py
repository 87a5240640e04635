"""What is asked, as SQL and as places in a list: the release gate's predicate over single rows, words, and where pages begin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from truceline.core.errors import InputError
from truceline.core.filters import split_words
from truceline.core.release import DELEGATIONS, JOINT, PUBLIC, check_recipient
from truceline.core.rows import Recipient
from truceline.core.times import format_sortable

COLUMNS = ("kind", "state", "zone")
"""The columns that may be counted by."""

NEVER = -(2**63)
"""Stands for a moment that nothing says, in microseconds; it is before all others."""

_CURSOR = re.compile(r"(-?[0-9]{1,17}|never)~([0-9]{1,18})", re.ASCII)


def sortable(value: datetime | None) -> str | None:
    """Write an instant so that the order of the texts is the order of the times; None stays."""
    return None if value is None else format_sortable(value)


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


def match(words: str) -> str:
    """Turn words into a query of the index: each is found by its beginning; the index's own language stays out of reach."""
    return " ".join(f'"{word}"*' for word in split_words(words)) or '""'


def write_cursor(key: tuple[int, int]) -> str:
    """Write where the next page of a list begins.

    Args:
        key: The microseconds that the last row is ordered by, and its place.

    Returns:
        The cursor.
    """
    moment, place = key
    return f"{'never' if moment == NEVER else moment}~{place}"


def read_cursor(after: str) -> tuple[int, int]:
    """Read where a page of a list begins.

    Args:
        after: The cursor.

    Returns:
        The microseconds that the row before is ordered by, and its place.

    Raises:
        InputError: No page gave this.
    """
    found = _CURSOR.fullmatch(after)
    if found is None:
        raise InputError(
            "filter.after", "is no place in a list", where="after", todo="take it from the page before"
        )
    moment, place = found.groups()
    return (NEVER if moment == "never" else int(moment)), int(place)
