"""A part that is not installed is named, and the run goes on with the rest."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from truceline.adapters.files.inbox import read_inboxes


def test_parquet_without_its_extra_is_refused_by_the_extras_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + bytes(50))
    (tmp_path / "b.txt").write_text(
        "A report of 16 November 2020 from the line of contact.\n", encoding="utf-8"
    )
    monkeypatch.setitem(sys.modules, "duckdb", None)
    table, text = read_inboxes([tmp_path])
    assert table.state == "refused"
    assert table.problem is not None
    assert table.problem.code == "input.extra"
    assert "truceline[link]" in table.problem.todo
    assert text.state == "text"
