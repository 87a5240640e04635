"""Read a sheet as rows of cells, and write one whose bytes do not change from run to run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from truceline.adapters.files.delivery import MIB, Limits
from truceline.adapters.files.encodings import decode_text
from truceline.adapters.files.tables import ODS, XLSX, delimiter_of, formula_cells, open_workbook
from truceline.core.errors import InputError

_LONGEST_CELL = 32_767
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


@dataclass(frozen=True, slots=True)
class Grid:
    """The first filled sheet of a file.

    Args:
        name: File name.
        data: The file's bytes.
        media_type: IANA media type.
        sheet: Name of the sheet; empty for lines of text.
        rows: All rows from the first on, so that their index tells their number.
        formulas: Computed cells: row as displayed, column from 0.
    """

    name: str
    data: bytes
    media_type: str
    sheet: str
    rows: list[list[Any]]
    formulas: frozenset[tuple[int, int]] = frozenset()


def read_grid(path: Path, limits: Limits) -> Grid:
    """Read a sheet.

    Args:
        path: An .xlsx, .ods, .csv or .tsv.
        limits: The largest file.

    Returns:
        Its rows.

    Raises:
        InputError: It is not there, too large, of another kind, locked or damaged.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            "input.unreadable", f"cannot be read: {reason}", where=path.name, todo="name a sheet"
        ) from error
    if len(data) > limits.file_bytes:
        raise InputError(
            "input.too_large",
            f"is larger than {limits.file_bytes // MIB} MiB",
            where=path.name,
            todo="split it",
        )
    suffix = path.suffix.lower()
    if suffix in {".csv", ".tsv"}:
        return _lines(path.name, data, suffix, limits)
    if suffix not in {".xlsx", ".ods"}:
        raise InputError("input.kind", "is no sheet", where=path.name, todo="save it as .xlsx, .ods or .csv")
    is_ods = suffix == ".ods"
    for index, (sheet, rows) in enumerate(open_workbook(data)):
        if any(cell not in {"", None} for row in rows for cell in row):
            found = frozenset() if is_ods else formula_cells(data).get(index, frozenset())
            rows.extend([] for _ in range(max((row for row, _ in found), default=0) - len(rows)))
            return Grid(path.name, data, ODS if is_ods else XLSX, sheet, rows, found)
    raise InputError("input.empty", "has no filled cell", where=path.name, todo="fill it")


def _lines(name: str, data: bytes, suffix: str, limits: Limits) -> Grid:
    text = decode_text(data).text.removeprefix("\ufeff")
    csv.field_size_limit(limits.cell_chars)
    media_type = "text/tab-separated-values" if suffix == ".tsv" else "text/csv"
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text, suffix[1:])))
    except csv.Error as error:
        raise InputError(
            "input.table", f"is no table: {error}", where=name, todo="save it anew as CSV"
        ) from error
    if not any(cell.strip() for row in rows for cell in row):
        raise InputError("input.empty", "has no filled cell", where=name, todo="fill it")
    return Grid(name, data, media_type, "", [list(row) for row in rows])


def workbook_bytes(table: list[list[str]], sheet: str) -> bytes:
    """Return an .xlsx of nothing but text cells, the same bytes for the same table.

    Args:
        table: Rows, the header first.
        sheet: Name of the sheet.

    Returns:
        The file's bytes; no clock time stands in them.
    """
    import openpyxl  # noqa: PLC0415 - half a second, and only where rows go back

    book = openpyxl.Workbook()
    page: Any = book.active
    page.title = re.sub(r"[\[\]:*?/\\]", " ", sheet)[:31] or "rows"
    for number, row in enumerate(table, start=1):
        for index, value in enumerate(row, start=1):
            cell = page.cell(row=number, column=index)
            cell.value = _CONTROL.sub("", value)[:_LONGEST_CELL]
            cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return _without_clock(out.getvalue())


def _without_clock(data: bytes) -> bytes:
    """Return an archive packed anew with one date for every member and for the document."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", content)
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return out.getvalue()
