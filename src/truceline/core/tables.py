"""Tables that leave as files: rows of plain cells, each with a shape where it lies somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Cell = str | float | int | None

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row.

    Args:
        cells: Column -> cell; every row of a table has the same columns in the same order.
        geometry: GeoJSON geometry (WGS 84), or None.
    """

    cells: Mapping[str, Cell]
    geometry: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """A table.

    Args:
        name: What it holds: a read model's name.
        columns: The columns of every row, in order.
        records: The rows, in order.
        at: When it was made.
    """

    name: str
    columns: tuple[str, ...]
    records: tuple[Record, ...]
    at: datetime


def harmless(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula: words that look like one get an apostrophe before them."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
