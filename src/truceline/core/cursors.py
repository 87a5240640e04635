"""Where rows stand in a list: a moment and a place, and how a page's end is written so that the next page can begin there."""

from __future__ import annotations

import re

from truceline.core.errors import InputError

NEVER = -(2**63)
"""Stands for a moment that nothing says, in microseconds; it is before all others."""

Key = tuple[int, int]
"""Where a row stands in a list: microseconds since 1970 of the moment that the list is ordered by, and its place."""

_CURSOR = re.compile(r"(-?[0-9]{1,17}|never)~([0-9]{1,18})", re.ASCII)


def write_cursor(key: Key) -> str:
    """Write where the next page of a list begins.

    Args:
        key: Where the last row of this one stands.

    Returns:
        The cursor.
    """
    moment, place = key
    return f"{'never' if moment == NEVER else moment}~{place}"


def read_cursor(after: str) -> Key:
    """Read where a page of a list begins.

    Args:
        after: The cursor.

    Returns:
        Where the row before stands.

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
