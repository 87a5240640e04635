"""Tables of messages: a heading that names the columns, then rows; a second heading begins another table."""

from __future__ import annotations

import csv
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from truceline.core.detections import Sighting
from truceline.core.figures import number_within
from truceline.core.frames import Frame, Framing, Refused
from truceline.detect.ports import Decoder

Row = dict[str, str]
"""Column, in small letters -> what stands there, without blanks around it."""
Ranges = Mapping[str, tuple[float, float]]
"""Column -> the least and the most of its numbers."""


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


class TableDecoder(Decoder):
    """Decodes tables with a heading; a second heading begins another table. What a row says is said by `row`."""

    framing = Framing.WHOLE
    format: str
    """Name of the format, which refusals begin with."""
    mark: str
    """A column by which a heading is known."""
    needed: Sequence[str]
    """Columns that a heading must have."""
    numbers: ClassVar[Ranges] = {}
    """Columns that hold numbers: the least and the most of each; those that are needed must stand in every row."""
    most_cell = 200
    """Characters of a cell at most."""

    def sighting(self, frame: Frame) -> Sighting | None:
        """Return nothing: what these tables say is no place where something is now."""
        del frame
        return None

    def decode(self, data: bytes, _received_s: float | None = None, /) -> Iterator[Frame | Refused]:
        """Read all rows; see `ports.Decoder`. Offsets are numbers of lines, from 1."""
        for number, row in rows_of(data, self.format, self.mark, self.needed):
            yield row if isinstance(row, Refused) else self._checked(number, row)

    @abstractmethod
    def row(self, number: int, row: Row, numbers: Mapping[str, float]) -> Frame | Refused:
        """Read a row.

        Args:
            number: Its line, from 1.
            row: Its cells.
            numbers: Those of its cells that are numbers and are not empty.

        Returns:
            What it says, or why it says nothing.
        """

    def _checked(self, number: int, row: Row) -> Frame | Refused:
        if any(len(cell) > self.most_cell for cell in row.values()):
            return Refused(number, f"{self.format}.row", f"a cell is longer than {self.most_cell} characters")
        found = dict[str, float]()
        for name, (least, most) in self.numbers.items():
            if not row.get(name) and name not in self.needed:
                continue
            value = number_within(row[name], least, most)
            if value is None:
                why = f"'{row[name][:40]}' is not from {least:g} to {most:g}"
                return Refused(number, f"{self.format}.number", why, name)
            found[name] = value
        return self.row(number, row, found)
