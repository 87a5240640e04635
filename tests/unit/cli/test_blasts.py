"""``truceline blasts``: where explosions were, with their ellipse, out of a table of arrivals."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("scipy", reason="locating needs the extra 'sensors'")

from click.testing import CliRunner

from truceline.cli.root import truceline
from truceline.core.errors import InputError
from truceline.geo.plane import Plane
from truceline.testing.blasts import explosions
from truceline.testing.simulating import metres_between

BEGAN_S = 1_605_502_800.0
PLANE = Plane(46.6, 39.8)


def table(folder: Path, *more: str) -> Path:
    heard = explosions(3, 11, spacing_s=40)
    lines = ["time,post,lon,lat,sigma_s"]
    for at_s, post in zip(heard.arrivals.at_s.tolist(), heard.arrivals.post.tolist(), strict=True):
        lon, lat = PLANE.ground_at(*heard.arrivals.xy_m[post].tolist())
        at = datetime.fromtimestamp(BEGAN_S + at_s, UTC)
        lines.append(f"{at:%Y-%m-%dT%H:%M:%S.%fZ},OP{post:02d},{lon:.7f},{lat:.7f},0.01")
    path = folder / "arrivals.csv"
    path.write_text("\n".join([*lines, *more]), encoding="utf-8")
    return path


def test_every_explosion_is_found_with_the_posts_that_heard_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(truceline, ["blasts", str(table(tmp_path)), "--temperature", "15", "--json"])
    assert done.exit_code == 0, done.output
    found = [json.loads(line) for line in done.stdout.splitlines()]
    truth = explosions(3, 11, spacing_s=40).xy_m
    assert len(found) == 3
    for one, place in zip(found, truth.tolist(), strict=True):
        assert len(one["posts"]) == 5
        assert metres_between(PLANE.ground_at(*place), (one["lon"], one["lat"])) < 3 * one["long_m"] + 10
    told = CliRunner().invoke(truceline, ["blasts", str(tmp_path / "arrivals.csv")])
    assert told.stdout.count("±") == 3
    assert "15 arrivals, 3 explosions" in told.stderr


def test_a_row_that_cannot_be_is_told_and_the_others_count(tmp_path: Path) -> None:
    done = CliRunner().invoke(truceline, ["blasts", str(table(tmp_path, "yesterday,OP01,46.6,39.8,0.01"))])
    assert done.exit_code == 2
    assert "arrivals.time" in done.stderr
    assert done.stdout.count("±") == 3


def test_a_post_that_stands_in_two_places_is_a_mistake(tmp_path: Path) -> None:
    path = table(tmp_path, "2020-11-16T05:00:00Z,OP01,46.7,39.8,0.01")
    with pytest.raises(InputError, match="two places"):
        CliRunner().invoke(truceline, ["blasts", str(path)], catch_exceptions=False)
