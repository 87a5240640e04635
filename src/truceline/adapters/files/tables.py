"""Read tables of reports, a row an item: .csv .tsv .jsonl .xlsx .ods .parquet, and lists in .json."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from truceline.adapters.files.delivery import Delivery
from truceline.adapters.files.encodings import decode_text
from truceline.collect.fields import KNOWN_FIELDS
from truceline.collect.ports import Item
from truceline.core.errors import InputError
from truceline.core.times import format_instant

FORMULA = re.compile(r"^\s*(?:=\s*[\w.+(\"'-]|[@+-]\s*\w+\s*\(|[@+=-]\s*cmd\s*\|)", re.IGNORECASE)
"""A cell that a spreadsheet would compute: never taken for words."""

_FORMULA_CELL = re.compile(rb"<c\b[^>]*\br=\"([A-Z]+)([0-9]+)\"[^>]*>\s*<f\b")
_OLE = b"\xd0\xcf\x11\xe0"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def read_delimited(delivery: Delivery) -> Iterator[Item]:
    """Read a table of lines: comma, semicolon, tab or bar between the cells, the first line names the columns."""
    decoded = decode_text(delivery.data)
    text = decoded.text.removeprefix("\ufeff")
    media_type = "text/tab-separated-values" if delivery.suffix == "tsv" else "text/csv"
    csv.field_size_limit(delivery.limits.cell_chars)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter_of(text, delivery.suffix), strict=False
    )
    yield delivery.item(state="container", media_type=media_type)
    rows = _delimited_rows(reader)
    try:
        _, header = next(rows, (0, []))
        yield from rows_to_items(delivery, header, rows, place="line")
    except csv.Error as error:
        raise InputError(
            "input.table", f"is no table near line {reader.line_num}: {error}", todo="save it anew as CSV"
        ) from error


def _delimited_rows(reader: Any) -> Iterator[tuple[int, list[str]]]:
    line = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield line, row
        line = reader.line_num + 1


def delimiter_of(text: str, suffix: str) -> str:
    """Return the mark between cells: the one that the first line holds most of, a comma in doubt."""
    if suffix == "tsv":
        return "\t"
    first = text.lstrip().split("\n", 1)[0]
    return max(",;\t|", key=lambda mark: (first.count(mark), mark == ","))


def rows_to_items(
    delivery: Delivery,
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[Any]]],
    *,
    place: str,
    prefix: str = "",
    formulas: frozenset[tuple[int, int]] = frozenset(),
) -> Iterator[Item]:
    """Turn rows into items.

    Args:
        delivery: The table.
        header: Names of the columns.
        rows: Line or row numbers as a person sees them, with the cells.
        place: The word for these numbers: ``line`` or ``row``.
        prefix: Goes before the number in the item's name, for further sheets of a workbook.
        formulas: Row numbers and column indexes of computed cells.

    Yields:
        An item a row; refused where it has no words.

    Raises:
        InputError: There is no column ``text``.
    """
    names = [str(name).strip() for name in header]
    lower = [name.lower() for name in names]
    if "text" not in lower:
        raise InputError(
            "input.column",
            f"has no column 'text' (it has: {', '.join(names[:8]) or 'none'})",
            todo="name the column that holds the words 'text', or take it in with `truceline import`",
        )
    at = lower.index("text")
    for count, (number, cells) in enumerate(rows, start=1):
        where = f"{place} {number}"
        if count > delivery.limits.rows:
            yield delivery.refused(
                "input.too_many_rows",
                f"has more than {delivery.limits.rows:,} rows",
                "split the table",
                where=where,
            )
            return
        yield row_item(
            delivery,
            f"{delivery.name}#{prefix}{count}",
            {
                name or f"column {index + 1}": cells[index]
                for index, name in enumerate(names)
                if index < len(cells)
            },
            where=where,
            is_formula=(number, at) in formulas,
        )


def row_item(
    delivery: Delivery, name: str, row: Mapping[str, Any], *, where: str, is_formula: bool = False
) -> Item:
    """Turn one row into an item: its words, its known columns, and the others kept as received."""
    cells = {key: cell_text(value) for key, value in row.items() if value is not None}
    known = {key.lower(): value for key, value in cells.items() if key.lower() in {*KNOWN_FIELDS, "text"}}
    text = known.pop("text", "")
    if is_formula or FORMULA.match(text):
        return delivery.refused(
            "input.formula",
            "has a formula where its words should be",
            "put the words there",
            where=where,
            file=name,
        )
    if not any(map(str.isalnum, text)):
        return delivery.refused(
            "input.empty", "has no text", "fill it, or remove the row", where=where, file=name
        )
    if len(text) > delivery.limits.cell_chars:
        return delivery.refused(
            "input.too_large", f"has {len(text):,} characters in one cell", "split it", where=where, file=name
        )
    extra = {
        key: value for key, value in cells.items() if key.lower() not in {*KNOWN_FIELDS, "text"} and value
    }
    return delivery.item(
        text,
        file=name,
        data=text.encode("utf-8", "surrogatepass"),
        encoding="utf-8",
        media_type="text/plain",
        fields={key: value for key, value in known.items() if value.strip()},
        extra=extra,
    )


def cell_text(value: Any) -> str:
    """Return a cell as text: whole numbers without a point, moments as RFC 3339, lists and mappings as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            return format_instant(value)
        at_midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if at_midnight else value.isoformat(sep="T", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return "" if value is None else str(value)


def read_json_lines(delivery: Delivery) -> Iterator[Item]:
    """Read a table of one JSON object a line."""
    text = decode_text(delivery.data).text.removeprefix("\ufeff")
    yield delivery.item(state="container", media_type="application/jsonl")
    count = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        count += 1
        name, where = f"{delivery.name}#{count}", f"line {number}"
        if count > delivery.limits.rows:
            yield delivery.refused("input.too_many_rows", "has too many lines", "split the file", where=where)
            return
        row = parse_json(line)
        if isinstance(row, dict):
            yield row_item(delivery, name, row, where=where)
        else:
            yield delivery.refused(
                "input.json", "is no JSON object", "correct the line", where=where, file=name
            )


def parse_json(text: str) -> Any:
    """Return decoded JSON; None where it is none, or nests too deep to be meant."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def open_workbook(data: bytes) -> list[tuple[str, list[list[Any]]]]:
    """Return the sheets of a workbook, each with its rows from the first on.

    Args:
        data: An .xlsx or .ods.

    Returns:
        Names and rows, in the workbook's order.

    Raises:
        InputError: ``input.locked`` or ``input.damaged``.
    """
    import python_calamine as calamine  # noqa: PLC0415 - only where there is a workbook

    if data.startswith(_OLE):
        raise InputError("input.locked", "is protected by a password", todo="save it without one")
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
        ]
    except calamine.PasswordError as error:
        raise InputError("input.locked", "is protected by a password", todo="save it without one") from error
    except calamine.CalamineError as error:
        raise InputError(
            "input.damaged", "cannot be opened as a workbook", todo="open it, save it anew, put it in again"
        ) from error


def read_workbook(delivery: Delivery) -> Iterator[Item]:
    """Read the sheets of a workbook that have a column ``text``."""
    sheets = open_workbook(delivery.data)
    media_type = ODS if delivery.suffix == "ods" else XLSX
    formulas = formula_cells(delivery.data) if media_type == XLSX else {}
    yield delivery.item(state="container", media_type=media_type)
    none: frozenset[tuple[int, int]] = frozenset()
    tables = [
        (index, name, *_table_of(rows, formulas.get(index, none)))
        for index, (name, rows) in enumerate(sheets)
        if rows
    ]
    with_text = [table for table in tables if "text" in [str(cell).strip().lower() for cell in table[2]]]
    for place, (index, name, header, rows) in enumerate(with_text or tables[:1]):
        prefix = "" if place == 0 else f"{name}!"
        yield from rows_to_items(
            delivery, header, rows, place="row", prefix=prefix, formulas=formulas.get(index, none)
        )
    if not tables:
        raise InputError("input.empty", "has no filled cell", todo="fill it, or remove it")


def _table_of(
    rows: list[list[Any]], formulas: frozenset[tuple[int, int]]
) -> tuple[list[Any], list[tuple[int, list[Any]]]]:
    """Return the header, which is the first filled row, and the filled rows below it, numbered as displayed."""
    computed = {row for row, _ in formulas}
    longer = rows + [[]] * (max(computed, default=0) - len(rows))
    filled = [
        (number, row)
        for number, row in enumerate(longer, start=1)
        if number in computed or any(cell not in {"", None} for cell in row)
    ]
    return (filled[0][1], filled[1:]) if filled else ([], [])


def formula_cells(data: bytes) -> dict[int, frozenset[tuple[int, int]]]:
    """Return the computed cells of an .xlsx: sheet index -> (row as displayed, column from 0)."""
    found: dict[int, frozenset[tuple[int, int]]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [
                name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)
            ]
            names.sort(key=lambda name: int(re.sub(r"\D", "", name)))
            for index, name in enumerate(names):
                cells = _FORMULA_CELL.findall(archive.read(name))
                found[index] = frozenset((int(row), _column(letters)) for letters, row in cells)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return {}
    return found


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def read_parquet(delivery: Delivery) -> Iterator[Item]:
    """Read a table of columns."""
    try:
        import duckdb  # noqa: PLC0415 - only where there is such a table
    except ImportError as error:
        raise InputError(
            "input.extra",
            "is Parquet, which this installation cannot read",
            todo='install the extra: pip install "truceline[link]"',
        ) from error

    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        file.write(delivery.data)
        file.flush()
        base = duckdb.connect(
            config={"threads": 1, "autoinstall_known_extensions": "false", "memory_limit": "200MB"}
        )
        try:
            base.execute("SET TimeZone = 'UTC'")
            table = base.execute("SELECT * FROM read_parquet(?)", [file.name])
            header = [column[0] for column in table.description]
            rows = table.fetchmany(delivery.limits.rows + 1)
        except duckdb.Error as error:
            raise InputError("input.damaged", "cannot be opened as Parquet", todo="write it anew") from error
        finally:
            base.close()
    yield delivery.item(state="container", media_type="application/vnd.apache.parquet")
    yield from rows_to_items(delivery, header, enumerate(rows, start=1), place="row")
