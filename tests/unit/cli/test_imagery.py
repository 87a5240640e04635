"""``truceline imagery``: footprints as lines, JSON and GeoJSON; what is refused is said; nothing at all is exit 2."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("PIL", reason="pictures need the extra 'sensors'")

from click.testing import CliRunner

from truceline.cli import truceline
from truceline.core.errors import InputError
from truceline.testing.sorties import make_sortie

MADE = make_sortie(datetime(2020, 11, 16, 9, 30, tzinfo=UTC), 46.75, 39.75, (), n=2)


def test_each_frame_is_told_with_its_ground_and_hash(tmp_path: Path) -> None:
    (tmp_path / "s.zip").write_bytes(MADE.archive)
    found = CliRunner().invoke(truceline, ["imagery", str(tmp_path / "s.zip")])
    assert found.exit_code == 0, found.output
    lines = found.stdout.splitlines()
    assert [line.split(" · ")[:2] for line in lines] == [
        ["2020-11-16T09:30:00Z", "frame-01.png"], ["2020-11-16T09:30:04Z", "frame-02.png"],
    ]  # fmt: skip
    assert "km2 ±50 m" in lines[0]
    assert "2 frames, of 2 it is known what ground they show; 0 refused" in found.stderr


def test_footprints_go_to_any_map_program(tmp_path: Path) -> None:
    (tmp_path / "s.zip").write_bytes(MADE.archive)
    found = CliRunner().invoke(truceline, ["imagery", str(tmp_path / "s.zip"), "--geojson"])
    shapes = json.loads(found.stdout)
    assert [one["properties"]["file"] for one in shapes["features"]] == ["frame-01.png", "frame-02.png"]
    ring = shapes["features"][0]["geometry"]["coordinates"][0]
    assert (len(ring), ring[0]) == (5, ring[-1])


def test_a_folder_without_frames_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no frame", encoding="utf-8")
    found = CliRunner().invoke(truceline, ["imagery", str(tmp_path)])
    assert isinstance(found.exception, InputError)
    assert found.exception.exit_code == 2
    assert "is no picture, table or metadata" in found.stderr
