"""Puts a table of reports into an inbox, row by row, and gives the rest back with the reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from truceline.app.wiring import (
    SheetMapping,
    World,
    import_sheet,
    propose_mapping,
    read_column_names,
    remember_mapping,
    with_column,
    write_files,
    write_rejected,
)
from truceline.collect import collect
from truceline.collect.ports import Item
from truceline.core.errors import InputError


@dataclass(frozen=True, slots=True)
class Imported:
    """What importing gave: rows taken and where to, rows not taken and the sheet that holds them."""

    n_taken: int
    target: str
    n_rejected: int
    rejected_sheet: str


def mapping_of(sheet: Path, memory: Path, columns: tuple[str, ...]) -> SheetMapping:
    """Work out which column is which field: as remembered, else as guessed, then as told.

    Args:
        sheet: The file.
        memory: Where mappings are kept.
        columns: ``field=column`` as a person gives them.

    Returns:
        The mapping.

    Raises:
        InputError: A pair is misspelt, or names no field or column.
    """
    mapping = propose_mapping(sheet, read_column_names(), memory=memory)
    for pair in columns:
        field, mark, column = pair.partition("=")
        if not mark:
            raise InputError("import.column", f"'{pair}' is no pair", todo="write it as FIELD=COLUMN")
        mapping = with_column(mapping, field, column)
    return mapping


def take(sheet: Path, mapping: SheetMapping, world: World, inbox: Path, memory: Path) -> Imported:
    """Put the rows of a sheet into an inbox.

    Args:
        sheet: The file.
        mapping: Which column is which field.
        world: The mission, for what it refuses.
        inbox: The folder; made where it is not there.
        memory: Where the mapping is kept from now on.

    Returns:
        What was taken and what was not.
    """
    items = [item for item in import_sheet(sheet, mapping) if item.state != "container"]
    collected = collect(items, world.knowledge)
    reasons = {entry.file: f"{entry.why}; {entry.todo}" for entry in collected.rejected}
    taken = [item for item in items if item.file not in reasons]
    target = inbox / f"{sheet.stem}.jsonl"
    write_files(inbox, {target.name: b"".join(_line(item) for item in taken)})
    remember_mapping(memory, mapping)
    back = sheet.with_name(f"{sheet.stem}.rejected{'.csv' if sheet.suffix in {'.csv', '.tsv'} else '.xlsx'}")
    n_rejected = write_rejected(sheet, mapping, reasons, back)
    return Imported(len(taken), str(target), n_rejected, str(back))


def _line(item: Item) -> bytes:
    row = {"text": item.text, **item.fields, **item.extra}
    return json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n"
