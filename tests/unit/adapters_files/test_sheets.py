"""A sheet in its keeper's own words is understood, remembered, and its bad rows come back with their reasons."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from truceline.adapters.files.chrome import read_chrome
from truceline.adapters.files.sheets import (
    SheetMapping,
    import_sheet,
    propose_mapping,
    read_column_names,
    remember_mapping,
    with_column,
    write_rejected,
)
from truceline.collect import collect
from truceline.collect.ports import CollectKnowledge
from truceline.core.errors import InputError

NAMES = read_column_names()
TEXT = "The road was open all day, the centre said."


def save(path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "سجل"
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (["Date", "Description", "Outlet", "Post"], {"published": "Date", "text": "Description", "publisher": "Outlet"}),
        (["التاريخ", "نصّ الخبر", "المصدر", "نقطة"], {"published": "التاريخ", "text": "نصّ الخبر", "publisher": "المصدر"}),
        (["ДАТА", "Описание", "Источник", "Пост"], {"published": "ДАТА", "text": "Описание", "publisher": "Источник"}),
        (["Tarih", "Açıklama", "Kaynak", "Nokta"], {"published": "Tarih", "text": "Açıklama", "publisher": "Kaynak"}),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_names_in_four_languages(
    tmp_path: Path, header: list[str], columns: dict[str, str]
) -> None:
    path = save(tmp_path / "s.xlsx", ["Log of the week"], header, ["16.11.2020", TEXT, "Hill Agency", 7])
    mapping = propose_mapping(path, NAMES)
    assert mapping.header_row == 2
    assert mapping.columns == columns
    assert mapping.kept == (header[3],)
    _, item = import_sheet(path, mapping)
    assert item.text == TEXT
    assert item.fields == {"published": "2020-11-16", "publisher": "Hill Agency"}
    assert item.extra == {header[3]: "7"}


def test_the_column_with_most_words_is_the_text_where_no_name_says_so(tmp_path: Path) -> None:
    path = save(tmp_path / "s.xlsx", ["Date", "Zzz", "Yyy"], ["2020-11-16", "short", TEXT])
    mapping = propose_mapping(path, NAMES)
    assert (mapping.columns["text"], mapping.guessed) == ("Yyy", ("text",))
    assert with_column(mapping, "text", "Zzz").columns["text"] == "Zzz"


def test_a_sheet_without_words_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "s.xlsx", ["a", "b"], [1, 2])
    with pytest.raises(InputError) as caught:
        propose_mapping(path, NAMES)
    assert caught.value.code == "input.column"


def test_a_mapping_is_remembered_for_sheets_of_the_same_header(tmp_path: Path) -> None:
    memory = tmp_path / "store" / "columns.json"
    first = save(tmp_path / "a.xlsx", ["Zzz", "Yyy"], ["words of some length here", TEXT])
    remember_mapping(memory, with_column(propose_mapping(first, NAMES, memory=memory), "text", "Zzz"))
    second = save(tmp_path / "b.xlsx", ["Zzz", "Yyy"], ["x", TEXT])
    mapping = propose_mapping(second, NAMES, memory=memory)
    assert mapping.is_remembered
    assert mapping.columns == {"text": "Zzz"}


@pytest.mark.parametrize(
    ("days", "order", "first"),
    [
        (["05.11.2020", "16.11.2020"], "dmy", "2020-11-05"),
        (["11/05/2020", "11/16/2020"], "mdy", "2020-11-05"),
        (["05.11.2020", "06.11.2020"], None, "05.11.2020"),
    ],
)
def test_the_order_of_day_and_month_is_told_from_the_whole_column(
    tmp_path: Path, days: list[str], order: str | None, first: str
) -> None:
    path = save(tmp_path / "s.xlsx", ["date", "text"], *[[day, TEXT] for day in days])
    mapping = propose_mapping(path, NAMES)
    assert mapping.date_order == order
    assert list(import_sheet(path, mapping))[1].fields["published"] == first


def refused(path: Path, mapping: SheetMapping) -> dict[str, str]:
    found = collect(import_sheet(path, mapping), CollectKnowledge(read_chrome()))
    return {one.file: f"{one.why}: {one.todo}" for one in found.rejected}


def test_bad_rows_come_back_as_the_same_sheet_with_reasons_and_nothing_to_compute(tmp_path: Path) -> None:
    path = save(
        tmp_path / "s.xlsx",
        ["date", "text", "note"],
        [datetime(2020, 11, 16), TEXT, "good"],  # noqa: DTZ001 - a cell has no zone
        ["soon", TEXT + " b", "@SUM(1)"],
        ["2020-11-16", None, "no words"],
        ["2020-11-16", '=HYPERLINK("http://x")', "formula"],
    )
    mapping = propose_mapping(path, NAMES)
    reasons = refused(path, mapping)
    out = tmp_path / "rejected.xlsx"
    assert write_rejected(path, mapping, reasons, out) == 3
    book = openpyxl.load_workbook(io.BytesIO(out.read_bytes()))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert book.active.title == "سجل"
    assert rows[0] == ["date", "text", "note", "reason"]
    assert [row[0] for row in rows[1:]] == ["soon", "2020-11-16", "2020-11-16"]
    assert rows[1][2] == "'@SUM(1)"
    assert all(row[3] for row in rows[1:])
    assert not any(cell.data_type == "f" for row in book.active.iter_rows() for cell in row)


def test_rows_given_back_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    path = save(tmp_path / "s.xlsx", ["date", "text"], ["soon", TEXT])
    mapping = propose_mapping(path, NAMES)
    for name in ("one.xlsx", "two.xlsx"):
        write_rejected(path, mapping, refused(path, mapping), tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_lines_of_text_come_back_as_lines_of_text(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f"date;text\nsoon;{TEXT}\n2020-11-16;=1+1\n", encoding="utf-8")
    mapping = propose_mapping(path, NAMES)
    out = tmp_path / "rejected.csv"
    assert write_rejected(path, mapping, refused(path, mapping), out) == 2
    assert "'=1+1" in out.read_text(encoding="utf-8-sig")


def test_nothing_is_written_where_nothing_was_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "s.xlsx", ["date", "text"], ["2020-11-16", TEXT])
    out = tmp_path / "rejected.xlsx"
    assert write_rejected(path, propose_mapping(path, NAMES), {}, out) == 0
    assert not out.exists()
