"""Take in a sheet that people keep in their own way: guess its columns, remember them, give bad rows back.

A mapping says which column is which field. It is guessed from names in four languages (data), shown to the person,
kept in a file beside the store under the sheet's own header, and used again without asking.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from truceline.adapters.files.chrome import packaged_languages
from truceline.adapters.files.delivery import DEFAULT_LIMITS, Delivery, Limits
from truceline.adapters.files.formats import decode
from truceline.adapters.files.grids import Grid, read_grid
from truceline.adapters.files.tables import cell_text, row_item
from truceline.collect.chrome import words_of
from truceline.collect.fields import KNOWN_FIELDS
from truceline.collect.ports import Item
from truceline.core.errors import ConfigError, InputError

FIELDS = ("text", *KNOWN_FIELDS)
"""What a column can be."""

_HEADER_ROWS = 10
_DAY = re.compile(r"^\s*(\d{1,4})[./-](\d{1,2})[./-](\d{2,4})\s*$")
_DATES = ("published", "received")


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """Which column of a sheet is which field.

    Args:
        sheet: Name of the sheet; empty for lines of text.
        header_row: Row of the column names, as displayed, from 1.
        header: All column names; one that stands twice is numbered.
        columns: Field -> column name.
        guessed: Fields that rest on a guess from the cells, not on a name.
        date_order: ``dmy``, ``mdy`` or ``ymd`` for days written in figures; None where the cells fit two orders.
        is_remembered: Whether it was used before.
    """

    sheet: str
    header_row: int
    header: tuple[str, ...]
    columns: Mapping[str, str]
    guessed: tuple[str, ...] = ()
    date_order: str | None = None
    is_remembered: bool = False

    @property
    def kept(self) -> tuple[str, ...]:
        """Columns that are no field and go along as they are."""
        return tuple(name for name in self.header if name not in self.columns.values())


def read_column_names(folder: Path | None = None) -> Mapping[str, str]:
    """Read the names under which people keep columns.

    Args:
        folder: Holds ``<lang>/columns.yaml``; None takes the packaged languages.

    Returns:
        Folded name -> field.

    Raises:
        ConfigError: A file names a field that does not exist.
    """
    import yaml  # noqa: PLC0415 - loaded only where data is read

    names: dict[str, str] = {name: name for name in FIELDS}
    for path in sorted((folder or packaged_languages()).glob("*/columns.yaml")):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - strings only
        for field, forms in data.items():
            if field not in FIELDS:
                raise ConfigError(
                    "config.columns", f"'{field}' is no field", where=str(path.name), todo=str(FIELDS)
                )
            for form in forms:
                names.setdefault(_key(form), field)
    return names


def _key(name: str) -> str:
    return " ".join(words_of(name))


def propose_mapping(
    path: Path, names: Mapping[str, str], *, memory: Path | None = None, limits: Limits = DEFAULT_LIMITS
) -> SheetMapping:
    """Return how a sheet's columns would be taken: as remembered for this header, else as guessed.

    Args:
        path: An .xlsx, .ods, .csv or .tsv.
        names: What ``read_column_names`` gives.
        memory: Where mappings are kept; None remembers nothing.
        limits: How much of the file is read.

    Returns:
        The mapping, for a person to look at.

    Raises:
        InputError: The file cannot be read, or no column can be its text.
    """
    grid = read_grid(path, limits)
    header_row = _header_row(grid, names)
    header = _numbered(grid.rows[header_row - 1])
    known = _remembered(memory).get(_signature(header))
    if known is not None:
        columns = {field: name for field, name in known["columns"].items() if name in header}
        return SheetMapping(
            grid.sheet, header_row, header, columns, date_order=known["date_order"], is_remembered=True
        )
    columns = {}
    for name in header:
        field = names.get(_key(name))
        if field is not None and field not in columns:
            columns[field] = name
    guessed: tuple[str, ...] = ()
    if "text" not in columns:
        columns["text"] = _wordiest(grid, header_row, header, set(columns.values()), path.name)
        guessed = ("text",)
    mapping = SheetMapping(grid.sheet, header_row, header, columns, guessed)
    return replace(mapping, date_order=_order_of(grid, mapping))


def with_column(mapping: SheetMapping, field: str, column: str) -> SheetMapping:
    """Return the mapping with one field laid on another column.

    Args:
        mapping: The mapping.
        field: A known field or ``text``.
        column: A column name of the sheet; empty takes the field off.

    Returns:
        The changed mapping.

    Raises:
        InputError: There is no such field or column.
    """
    if field not in FIELDS:
        raise InputError("input.field", f"'{field}' is no field", todo=f"use one of {', '.join(FIELDS)}")
    if column and column not in mapping.header:
        raise InputError(
            "input.column", f"there is no column '{column}'", todo=f"use one of {', '.join(mapping.header)}"
        )
    columns = {key: value for key, value in mapping.columns.items() if key != field and value != column}
    if column:
        columns[field] = column
    return replace(mapping, columns=columns, guessed=tuple(one for one in mapping.guessed if one != field))


def _header_row(grid: Grid, names: Mapping[str, str]) -> int:
    """Return the row, among the first ten, that names most fields; a sheet's title may stand above it."""
    best = (0, 0, 0)
    for number, row in enumerate(grid.rows[:_HEADER_ROWS], start=1):
        n_known = sum(_key(cell_text(cell)) in names for cell in row)
        n_filled = sum(bool(cell_text(cell).strip()) for cell in row)
        best = max(best, (n_known, min(n_filled, 2), -number))
    if best[1] == 0:
        raise InputError("input.empty", "has no filled cell", where=grid.name, todo="fill it")
    return -best[2]


def _numbered(cells: Iterable[Any]) -> tuple[str, ...]:
    found: list[str] = []
    for index, cell in enumerate(cells, start=1):
        name = " ".join(cell_text(cell).split()) or f"column {index}"
        while name in found:
            name = f"{name} (again)"
        found.append(name)
    return tuple(found)


def _wordiest(grid: Grid, header_row: int, header: tuple[str, ...], taken: set[str], file: str) -> str:
    """Return the column with the longest words on average: most likely the one that tells what happened."""
    sizes = {}
    for index, name in enumerate(header):
        cells = [cell_text(row[index]) for row in grid.rows[header_row:] if index < len(row)]
        filled = [len(cell) for cell in cells if cell.strip()]
        if name not in taken and filled:
            sizes[name] = sum(filled) / len(filled)
    best = max(sizes, key=lambda name: sizes[name], default="")
    if not best or sizes[best] < 20:
        raise InputError(
            "input.column", "has no column that could be its text", where=file, todo="name one 'text'"
        )
    return best


def _order_of(grid: Grid, mapping: SheetMapping) -> str | None:
    """Tell the order of day and month from all cells of the date columns."""
    wanted = [mapping.header.index(mapping.columns[field]) for field in _DATES if field in mapping.columns]
    cells = (cell_text(row[at]) for row in grid.rows[mapping.header_row :] for at in wanted if at < len(row))
    parts = [tuple(map(int, match.groups())) for cell in cells if (match := _DAY.match(cell))]
    if any(first > 31 for first, _, _ in parts):
        return "ymd"
    if any(first > 12 for first, _, _ in parts):
        return "dmy"
    return "mdy" if any(second > 12 for _, second, _ in parts) else None


def remember_mapping(memory: Path, mapping: SheetMapping) -> None:
    """Keep a mapping under its sheet's header, for the next sheet that looks the same.

    Args:
        memory: A JSON file; made where it is not there.
        mapping: What the person agreed to.
    """
    kept = _remembered(memory)
    kept[_signature(mapping.header)] = {"columns": dict(mapping.columns), "date_order": mapping.date_order}
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _remembered(memory: Path | None) -> dict[str, Any]:
    if memory is None or not memory.is_file():
        return {}
    try:
        kept = json.loads(memory.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigError(
            "config.columns", "the remembered columns are no JSON", where=memory.name, todo="remove the file"
        ) from error
    return kept if isinstance(kept, dict) else {}


def _signature(header: Iterable[str]) -> str:
    return " | ".join(header)


def import_sheet(
    path: Path,
    mapping: SheetMapping,
    *,
    given: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Item]:
    """Turn the rows of a sheet into items.

    Args:
        path: The sheet.
        mapping: Which column is which field.
        given: Fields that hold for every row, such as ``source`` or ``release``; a cell wins over them.
        limits: How much of the file is read.

    Yields:
        The sheet as evidence, then an item a filled row, named ``<file>#<n>``, n counting filled rows from 1.

    Raises:
        InputError: The file cannot be read.
    """
    grid = read_grid(path, limits)
    delivery = Delivery(path.name, grid.data, limits, decode, lambda _: {}, fields=given or {})
    yield delivery.item(state="container", media_type=grid.media_type)
    field_of = {name: field for field, name in mapping.columns.items()}
    text_at = mapping.header.index(mapping.columns["text"])
    for count, (number, row) in enumerate(_filled(grid, mapping.header_row), start=1):
        name, where = f"{path.name}#{count}", f"row {number}"
        cells = {field_of.get(key, key): value for key, value in zip(mapping.header, row, strict=False)}
        for field in _DATES:
            cells[field] = _iso(cells.get(field), mapping.date_order)
        yield row_item(delivery, name, cells, where=where, is_formula=(number, text_at) in grid.formulas)


def _filled(grid: Grid, header_row: int) -> Iterator[tuple[int, list[Any]]]:
    computed = {row for row, _ in grid.formulas}
    for number, row in enumerate(grid.rows[header_row:], start=header_row + 1):
        if number in computed or any(cell_text(cell).strip() for cell in row):
            yield number, row


def _iso(value: Any, order: str | None) -> Any:
    """Return a day written in figures as ``YYYY-MM-DD`` where its order is known; else the cell as it is."""
    match = _DAY.match(value) if isinstance(value, str) else None
    if match is None or order is None:
        return value
    first, second, third = map(int, match.groups())
    year, month, day = {
        "ymd": (first, second, third),
        "dmy": (third, second, first),
        "mdy": (third, first, second),
    }[order]
    try:
        return date(year + 2000 if year < 100 else year, month, day).isoformat()
    except ValueError:
        return value


def write_rejected(path: Path, mapping: SheetMapping, reasons: Mapping[str, str], out: Path) -> int:
    """Write the rows that were not taken back as the same sheet, with why and what to do in a further column.

    Args:
        path: The sheet.
        mapping: Which column is which field.
        reasons: Item name (``<file>#<n>``) -> reason; names of other files are passed over.
        out: The new file: .csv for lines of text, else .xlsx.

    Returns:
        How many rows were written; no file is made for none.
    """
    grid = read_grid(path, DEFAULT_LIMITS)
    rows = [
        [*(cell_text(cell) for cell in _padded(row, len(mapping.header))), reasons[f"{path.name}#{count}"]]
        for count, (_, row) in enumerate(_filled(grid, mapping.header_row), start=1)
        if f"{path.name}#{count}" in reasons
    ]
    if rows:
        table = [[*mapping.header, "reason"], *rows]
        out.write_bytes(_as_lines(table) if out.suffix == ".csv" else _as_workbook(table, mapping.sheet))
    return len(rows)


def _padded(row: list[Any], size: int) -> list[Any]:
    return [*row[:size], *[""] * (size - len(row))]


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet will compute."""
    return f"'{cell}" if cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _as_lines(table: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_harmless(cell) for cell in row] for row in table)
    return ("\ufeff" + out.getvalue()).encode()


def _as_workbook(table: list[list[str]], sheet: str) -> bytes:
    from truceline.adapters.files.grids import workbook_bytes  # noqa: PLC0415 - loads the writer only where needed

    return workbook_bytes([[_harmless(cell) for cell in row] for row in table], sheet)
