"""CSV and XLSX whose cells no spreadsheet runs, and GeoJSON."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import WriteOnlyCell

from truceline.core.tables import Cell, Exported, harmless

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML may hold."""
_MOST_LETTERS = 32_767
"""What a cell of a workbook holds at most."""


def write_csv(table: Exported) -> bytes:
    """Write a table as CSV in UTF-8 with a mark at its beginning, by which spreadsheets know the encoding."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.columns)
    for record in table.records:
        writer.writerow([harmless(cell) for cell in record.cells.values()])
    return "\ufeff".encode() + out.getvalue().encode("utf-8", "replace")


def write_xlsx(table: Exported) -> bytes:
    """Write a table as a workbook of one sheet; every word is a word, never a formula."""
    book = Workbook(write_only=True)
    moment = table.at.replace(tzinfo=None, microsecond=0)
    book.properties.created = book.properties.modified = moment
    sheet = book.create_sheet(table.name)
    sheet.append(table.columns)
    for record in table.records:
        sheet.append([_cell(sheet, cell) for cell in record.cells.values()])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Cell) -> SheetCell:
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, str(harmless(_ILLEGAL.sub("\ufffd", value)))[:_MOST_LETTERS])
        cell.data_type = "s"
        return cell
    return WriteOnlyCell(sheet, value)


def write_geojson(table: Exported) -> bytes:
    """Write a table as a collection of features; a row that lies nowhere has no geometry."""
    features = [
        {
            "type": "Feature",
            "id": record.cells.get("id"),
            "geometry": record.geometry,
            "properties": dict(record.cells),
        }
        for record in table.records
    ]
    whole = {"type": "FeatureCollection", "features": features}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
