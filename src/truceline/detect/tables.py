"""Tables of messages: a heading that names the columns, then rows; a second heading begins another table."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from truceline.core.frames import Refused

Row = dict[str, str]
"""Column, in small letters -> what stands there, without blanks around it."""


def rows_of(
    data: bytes, format_: str, mark: str, needed: Sequence[str]
) -> Iterator[tuple[int, Row | Refused]]:
    """Read the rows of tables.

    Args:
        data: The bytes, UTF-8.
        format_: Name of the format, which refusals begin with.
        mark: A column by which a heading is known.
        needed: Columns that a heading must have.

    Yields:
        The number of a line, from 1, and its row, or why it is none.
    """
    names: list[str] = []
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            cells = [cell.strip() for cell in next(csv.reader([line]))]
        except (csv.Error, StopIteration):
            yield number, Refused(number, f"{format_}.row", "the line is no row of a table")
            continue
        if mark in (heads := [cell.lower() for cell in cells]):
            missing = [name for name in needed if name not in heads]
            names = [] if missing else heads
            if missing:
                why = f"the table has no column {', '.join(missing)}"
                yield number, Refused(number, f"{format_}.columns", why)
        elif not names:
            yield number, Refused(number, f"{format_}.columns", "no heading stands before this row")
        elif len(cells) != len(names):
            why = f"the row has {len(cells)} cells, the heading {len(names)}"
            yield number, Refused(number, f"{format_}.row", why)
        else:
            yield number, dict(zip(names, cells, strict=True))
