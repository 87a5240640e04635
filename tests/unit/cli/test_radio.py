"""``truceline radio``: as said and as meant, one line after the other; a bad line is one clear line, and the run goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("pyproj", reason="grids need the extra 'cover'")
pytest.importorskip("pygeomag", reason="bearings need the extra 'cover'")

from click.testing import CliRunner

from truceline.cli import truceline

ASK = ["radio", "--mission", "karabakh-2020", "--on", "2020-11-14"]
GOOD = "OP07 141530Z saw 3 flashes brg 240 dist 4-6km"


def test_a_line_is_shown_as_said_and_as_meant_with_its_questions() -> None:
    found = CliRunner().invoke(truceline, [*ASK, GOOD])
    assert found.exit_code == 0, found.output
    lines = found.stdout.splitlines()
    assert lines[0] == f"1: {GOOD}"
    assert "  distance  'dist 4-6km' -> 4000 to 6000 m ± 500 m [km]" in lines
    assert any(
        line.startswith("  time      '141530Z' -> 2020-11-14T15:30:00Z ± 30 s [UTC]") for line in lines
    )
    assert lines[-1].startswith("  question  bearing: from which north")


def test_every_field_has_words() -> None:
    text = (
        "Post S5 14 Nov 15:30-15:45 UTC camera at least 3 explosions, 39.8095N 46.7520E, brg 240 mag, over 4 km, height 300 m AGL, "
        "fired from N to S, HMG, live-fire exercise outside the zone, saw several flashes"
    )
    found = CliRunner().invoke(truceline, [*ASK, text])
    assert found.exit_code == 0, found.output
    for words in (
        "-> post S5", "2020-11-14T15:30:00Z to 2020-11-14T15:45:00Z", "at least 3 explosion", "39.809500, 46.752000", "4000 to open m",
        "300 m above ground", "from-to from 0 degrees to 180 degrees", "-> HMG", "-> outside", "an undetermined number of muzzle_flash",
    ):  # fmt: skip
        assert words in found.stdout


def test_a_bad_line_is_one_clear_line_and_the_others_are_read(tmp_path: Path) -> None:
    file = tmp_path / "watch.txt"
    file.write_text(
        f"# night\n{GOOD}\n\nOP08 141530Z saw 3 flashes 4 leagues\nНП 9 141530Z слышал 2 взрыва\n",
        encoding="utf-8",
    )
    found = CliRunner().invoke(truceline, [*ASK, "--file", str(file), "--json"])
    assert found.exit_code == 2
    shapes = [json.loads(line) for line in found.stdout.splitlines()]
    assert [(shape["line"], shape["status"]) for shape in shapes] == [
        (2, "asked"),
        (4, "refused"),
        (5, "read"),
    ]
    (line,) = found.stderr.splitlines()
    assert line.startswith(f"truceline: {file}, line 4: no field takes the number in")
    assert "say what it measures" in line
    assert line.endswith("[radio.leftover]")


def test_lines_come_on_standard_input_too() -> None:
    found = CliRunner().invoke(truceline, [*ASK, "--file", "-"], input=GOOD + "\n")
    assert found.exit_code == 0
    assert found.stdout.startswith("1: OP07")


@pytest.mark.parametrize("more", [[], [GOOD, "--file", "x"]])
def test_either_lines_or_a_file(more: list[str]) -> None:
    found = CliRunner().invoke(truceline, [*ASK, *more], standalone_mode=False)
    assert found.exit_code != 0


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe\xff")
    for name in ("none.txt", "bytes.txt"):
        found = CliRunner().invoke(truceline, [*ASK, "--file", str(tmp_path / name)])
        assert "cannot be read" in str(found.exception)
