"""``truceline cover plan`` and ``flights``: proven choices within limits, in files that are their owner's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("rasterio", reason="models of the ground need the extra 'cover'")
pytest.importorskip("numba", reason="lines of sight need the extra 'cover'")
pytest.importorskip("highspy", reason="choosing sites needs the extra 'cover'")

from click.testing import CliRunner, Result

from truceline.cli.root import truceline

AT = "2020-11-17T16:00:00Z"
NORTH, SOUTH, CORRIDOR = "zone:north", "zone:south", "zone:lachin-corridor"


def ask(command: str, *words: str) -> Result:
    return CliRunner().invoke(truceline, ["cover", command, "--mission", "karabakh-2020", "--at", AT, *words])


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], str]:
    out = tmp_path_factory.mktemp("plan") / "plan.json"
    told = ask("plan", "--sites", "60", "--out", str(out))
    assert told.exit_code == 0, told.exception
    return json.loads(out.read_text()), told.stdout


def sites(choice: object) -> list[dict[str, object]]:
    assert isinstance(choice, dict)
    return list(choice["sites"])


def test_the_best_is_proven_and_no_less_than_what_stands(planned: tuple[dict[str, object], str]) -> None:
    said, stdout = planned
    stand, zoned, free = (said[name]["observed_km2"] for name in ("stand", "each_zone", "anywhere"))  # type: ignore[index]
    assert stand <= zoned <= free
    assert stdout.count("; proven") == 3
    assert said["release"] == "owner"
    assert said["illustrative"] is True


def test_each_zone_keeps_its_own_number(planned: tuple[dict[str, object], str]) -> None:
    said, _ = planned
    assert [len(sites(said[name])) for name in ("stand", "each_zone", "anywhere")] == [25, 25, 25]
    assert all(site["post"] for site in sites(said["stand"]))


def test_a_post_that_stays_stays(tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    told = ask("plan", "--sites", "30", "--total", "3", "--keep", "post:N4", "--out", str(out))
    assert told.exit_code == 0, told.exception
    said = json.loads(out.read_text())
    assert "post:N4" in {site["post"] for site in sites(said["anywhere"])}
    assert len(sites(said["anywhere"])) == 3


def test_posts_keep_away_from_the_line(tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    told = ask("plan", "--sites", "60", "--total", "5", "--from-line", "9000", "--out", str(out))
    assert told.exit_code == 0, told.exception
    near = ask("plan", "--sites", "60", "--total", "5", "--out", str(tmp_path / "near.json"))
    assert near.exit_code == 0
    far, free = json.loads(out.read_text()), json.loads((tmp_path / "near.json").read_text())
    assert far["anywhere"]["observed_km2"] <= free["anywhere"]["observed_km2"]


def test_what_cannot_be_done_is_said_by_its_limit() -> None:
    told = ask("plan", "--sites", "20", "--posts", f"{CORRIDOR}=900")
    assert told.exit_code == 0
    assert "cannot be done" in told.stdout
    assert CORRIDOR in told.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--posts", "zone:nowhere=3"), "no zone 'zone:nowhere'"),
        (("--keep", "post:Z9"), "no post 'post:Z9'"),
        (("--of", "thunder"), "'thunder' is no kind"),
        (("--land", "/nonexistent.geojson"), "no GeoJSON"),
    ],
)
def test_a_question_that_makes_no_sense_is_one_line(words: tuple[str, ...], said: str) -> None:
    assert said in str(ask("plan", *words).exception)


def test_posts_stand_on_the_land_that_is_given(tmp_path: Path) -> None:
    land, out = tmp_path / "land.geojson", tmp_path / "plan.json"
    ring = [[46.9, 39.7], [47.15, 39.7], [47.15, 39.9], [46.9, 39.9], [46.9, 39.7]]
    land.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    told = ask("plan", "--sites", "60", "--total", "2", "--land", str(land), "--out", str(out))
    assert told.exit_code == 0, told.exception
    for site in sites(json.loads(out.read_text())["anywhere"]):
        assert 46.9 <= float(str(site["lon"])) <= 47.15
        assert 39.7 <= float(str(site["lat"])) <= 39.9


def test_flights_fly_when_posts_see_least() -> None:
    told = ask("flights", "--zone", NORTH, "--days", "2", "--a-day", "1")
    assert told.exit_code == 0, told.exception
    head, *starts = told.stdout.splitlines()
    assert "2 flights would have added" in head
    assert len(starts) == 2
    assert "no zone 'zone:x'" in str(ask("flights", "--zone", "zone:x").exception)
