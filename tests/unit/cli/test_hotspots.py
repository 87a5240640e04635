"""``truceline hotspots``: unusual cells by line, refused rows with their reason and exit 2, assumptions said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("scipy", reason="sensors need the extra 'sensors'")

from click.testing import CliRunner

from truceline.cli import truceline

HEAD = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight,instrument"


def row(lat: float, lon: float, day: str, clock: str = "2230") -> str:
    return f"{lat},{lon},337.5,0.49,0.48,{day},{clock},N20,nominal,2.0NRT,289.8,4.26,N,VIIRS"


def files(folder: Path, *more: str) -> list[str]:
    old = [row(39.62, 46.72, f"{year}-08-{day:02d}") for year in range(2015, 2020) for day in range(1, 29)]
    (folder / "old.csv").write_text("\n".join([HEAD, *old]) + "\n", encoding="ascii")
    now = [
        row(39.62, 46.72, "2020-08-12"),
        row(39.82, 46.92, "2020-08-12"),
        row(39.82, 46.92, "2020-08-12", "0930"),
    ]
    (folder / "now.csv").write_text("\n".join([HEAD, *now, *more]) + "\n", encoding="ascii")
    return ["hotspots", str(folder / "now.csv"), "--history", str(folder / "old.csv")]


def test_only_what_is_unusual_is_printed_and_the_assumption_is_said(tmp_path: Path) -> None:
    found = CliRunner().invoke(truceline, files(tmp_path))
    assert found.exit_code == 0, found.output
    (line,) = found.stdout.splitlines()
    assert line.startswith("2020-08-12 · 39.80 to 39.85 N, 46.90 to 46.95 E · hot in 2 of unknown passes")
    assert "every other one clear" in found.stderr


def test_cells_that_no_clear_pass_saw_are_counted_as_not_observed(tmp_path: Path) -> None:
    table = "satellite,at,west,south,east,north,cloud\nN20,2020-08-12T22:30:00Z,46.5,39.5,47.0,40.0,0.95\nN20,2020-08-12T22:30:00Z,9,39,5,40,0.1\n"
    (tmp_path / "passes.csv").write_text(table, encoding="ascii")
    found = CliRunner().invoke(
        truceline, [*files(tmp_path), "--overpasses", str(tmp_path / "passes.csv"), "--json"]
    )
    assert found.exit_code == 2
    states = [json.loads(line)["state"] for line in found.stdout.splitlines()]
    assert states.count("not observed") == 98
    assert "line 3: the area has no extent" in found.stderr


def test_a_row_that_cannot_be_is_refused_and_the_rest_is_judged(tmp_path: Path) -> None:
    found = CliRunner().invoke(truceline, files(tmp_path, row(139.82, 46.92, "2020-08-12")))
    assert found.exit_code == 2
    assert "firms.number" in found.stderr
    assert len(found.stdout.splitlines()) == 1


def test_days_without_a_spot_before_the_first_one_are_judged_and_change_nothing_behind(
    tmp_path: Path,
) -> None:
    def judged(*days: int) -> dict[str, dict[str, object]]:
        lines = [
            f"N20,2020-08-{day:02d}T{hour}:30:00Z,46.5,39.5,47.0,40.0,0.1"
            for day in days
            for hour in ("09", "22")
        ]
        (tmp_path / "passes.csv").write_text(
            "satellite,at,west,south,east,north,cloud\n" + "\n".join(lines) + "\n"
        )
        told = CliRunner().invoke(
            truceline, [*files(tmp_path), "--overpasses", str(tmp_path / "passes.csv"), "--json"]
        )
        rows = [json.loads(line) for line in told.stdout.splitlines()]
        return {f"{row['day']} {row['west']:.2f} {row['south']:.2f}": row for row in rows}

    few, more = judged(12), judged(9, 10, 12)
    assert {key: row for key, row in more.items() if key.startswith("2020-08-12")} == few
    assert any(key.startswith("2020-08-09") for key in more)
