"""``truceline integrity``: what was deceived in a recording is found, and what was not is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("sapient_msg", reason="the simulator needs the extra 'sensors'")

from click.testing import CliRunner

from truceline.cli.root import truceline
from truceline.core.errors import InputError
from truceline.testing.simulating import AIR, DECEIVED, Scene

BEGAN_S = 1_605_502_800.0


def recorded(folder: Path, scene: Scene, seconds: int) -> Path:
    """Write what a receiver of the scene heard, a line each, with the times it had."""
    lines = []
    for second in range(seconds):
        for at_s, feed, data in scene.messages(BEGAN_S, second):
            if feed == AIR:
                frame = data[1:].replace(b"\x1a\x1a", b"\x1a")[8:]
                lines.append(f"{at_s:.3f},{frame.hex()}")
    path = folder / "frames.csv"
    path.write_text("\n".join(lines), encoding="ascii")
    return path


def found_in(path: Path) -> list[dict[str, object]]:
    done = CliRunner().invoke(truceline, ["integrity", "adsb", str(path), "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_deceived_aircraft_is_found_and_no_other(tmp_path: Path) -> None:
    scene = Scene(n_air=6, n_ground=1, deceived=DECEIVED)
    found = found_in(recorded(tmp_path, scene, 170))
    assert {one["name"] for one in found} == {"600001", "600002", "600003"}
    assert {"jump", "gathering"} <= {one["kind"] for one in found}
    for one in found:
        assert isinstance(one["since_s"], float)
        assert BEGAN_S + 85 <= one["since_s"] <= BEGAN_S + 155


def test_clean_traffic_raises_nothing(tmp_path: Path) -> None:
    path = recorded(tmp_path, Scene(n_air=6, n_ground=1), 120)
    assert found_in(path) == []
    told = CliRunner().invoke(truceline, ["integrity", "adsb", str(path)], catch_exceptions=False)
    assert "0 anomalies" in told.stderr


def test_what_a_radar_sees_is_no_word_of_the_thing_itself(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x", encoding="ascii")
    with pytest.raises(InputError, match="do not say themselves"):
        CliRunner().invoke(truceline, ["integrity", "firms", str(tmp_path / "a.csv")], catch_exceptions=False)
