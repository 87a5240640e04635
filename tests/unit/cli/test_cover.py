"""``truceline cover``: what could be observed, in files that are their owner's; it never looks forward."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("rasterio", reason="models of the ground need the extra 'cover'")
pytest.importorskip("numba", reason="lines of sight need the extra 'cover'")

import rasterio
from click.testing import CliRunner, Result
from rasterio.transform import from_origin

from truceline.cli.root import truceline

AT = "2020-11-17T16:00:00Z"


def cover(*words: str) -> Result:
    return CliRunner().invoke(truceline, ["cover", "--mission", "karabakh-2020", *words])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    out = tmp_path_factory.mktemp("cover")
    return out, cover("--at", AT, "--days", "2", "--out", str(out))


def test_it_writes_the_three_files_and_says_whose_they_are(written: tuple[Path, Result]) -> None:
    out, told = written
    assert told.exit_code == 0, told.stderr
    assert sorted(path.name for path in out.iterdir()) == ["coverage.png", "coverage.tif", "exposure.json"]
    assert "internal to the contingent" in told.stdout
    assert "indicative" in told.stderr
    assert (out / "coverage.png").read_bytes().startswith(b"\x89PNG")


def test_exposure_is_told_by_zone_hour_and_kind_and_classed_by_the_missions_day(
    written: tuple[Path, Result],
) -> None:
    said = json.loads((written[0] / "exposure.json").read_text())
    assert said["release"] == "owner"
    assert said["illustrative"] is True
    assert [zone["zone"] for zone in said["zones"]] == ["zone:north", "zone:south", "zone:lachin-corridor"]
    for zone in said["zones"]:
        assert len(zone["hours"]) == 48
        assert [day["hours"] for day in zone["days"]] == [24, 24]
        assert zone["days"][1]["start"] == "2020-11-16T16:00:00Z"
        for hour in zone["hours"]:
            assert set(hour["share"]) == set(said["happenings"])
            assert all(0 <= share <= 1 for share in hour["share"].values())
        observed = sum(hour["share"]["flash"] for hour in zone["hours"][24:])
        assert zone["days"][1]["observed_hours"]["flash"] == pytest.approx(observed, abs=0.01)
        assert set(zone["days"][0]["class"].values()) <= {"well", "partly", "not_observed"}


def test_the_map_counts_posts_in_the_models_own_cells(written: tuple[Path, Result]) -> None:
    with rasterio.open(written[0] / "coverage.tif") as found:
        count = found.read(1)
        assert (found.crs.to_epsg(), found.nodata, count.shape) == (4326, 255, (300, 420))
    assert 1 <= count[count != 255].max() <= 27


def test_a_restriction_and_an_unmanned_night_show_in_their_hours(written: tuple[Path, Result]) -> None:
    north, _, corridor = json.loads((written[0] / "exposure.json").read_text())["zones"]
    by_start = {hour["start"]: hour for hour in north["hours"]}
    assert by_start["2020-11-17T08:00:00Z"]["restricted"] == 1
    assert by_start["2020-11-17T07:00:00Z"]["restricted"] == 0
    assert by_start["2020-11-16T20:00:00Z"]["post_hours"] == 8
    assert by_start["2020-11-17T05:00:00Z"]["post_hours"] == 9
    radar = {hour["start"]: hour["share"]["vehicle"] for hour in corridor["hours"]}
    assert radar["2020-11-16T23:00:00Z"] < radar["2020-11-17T02:00:00Z"]


def test_what_was_known_later_is_not_known_before(tmp_path: Path) -> None:
    early = cover("--at", "2020-11-17T14:00:00Z", "--out", str(tmp_path))
    assert early.exit_code == 0
    north = json.loads((tmp_path / "exposure.json").read_text())["zones"][0]
    # that N5 was unmanned that night became known at 15:00
    assert {hour["start"]: hour["post_hours"] for hour in north["hours"]}["2020-11-16T20:00:00Z"] == 9


def test_without_a_post_it_says_what_is_lost() -> None:
    told = cover("--at", AT, "--without", "post:N1")
    assert told.exit_code == 0
    lost = {line.split(": ")[0].strip(): line for line in told.stdout.splitlines()[1:]}
    assert set(lost) == {"zone:north", "zone:south", "zone:lachin-corridor"}
    assert "flash 0.00" not in lost["zone:north"]
    assert "sound 0.00" in lost["zone:lachin-corridor"]
    assert "there is no post" in str(cover("--at", AT, "--without", "post:X9").exception)


def test_the_same_again_is_the_same_bytes(tmp_path: Path, written: tuple[Path, Result]) -> None:
    cover("--at", AT, "--days", "2", "--out", str(tmp_path))
    for name in ("coverage.png", "coverage.tif", "exposure.json"):
        assert (tmp_path / name).read_bytes() == (written[0] / name).read_bytes()


def test_a_model_that_holds_no_post_is_one_clear_line(tmp_path: Path) -> None:
    dem = tmp_path / "far.tif"
    with rasterio.open(dem, "w", driver="GTiff", height=10, width=10, count=1, dtype="int16", crs="EPSG:4326",
                       transform=from_origin(10, 50, 0.01, 0.01)) as out:  # fmt: skip
        out.write(np.zeros((10, 10), np.int16), 1)
    told = cover("--dem", str(dem), "--out", str(tmp_path / "out"))
    assert "no post stands in the model" in str(told.exception)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("roster:\n  - {id: post:Q7, state: manned, start: '2020-11-14T00:00:00Z'}\n", "no such post"),
        ("roster:\n  - {id: post:N1, state: asleep, start: '2020-11-14T00:00:00Z'}\n", "asleep"),
        ("roster:\n  - {id: post:N1, state: manned, start: '2020-11-14T00:00:00'}\n", "no zone"),
        ("equipment:\n  - {id: post:N1, means: [eyes], height_m: -2}\n", "not negative"),
        (
            "restrictions:\n  - {id: restriction:x, kind: denied, cause: order, by: unknown, zones: [zone:north], means: [all], start: '2020-11-14T00:00:00Z'}\n",
            "territory",
        ),
        ("rosters: []\n", "unknown key 'rosters'"),
    ],
)
def test_a_book_that_cannot_be_is_said_by_line(tmp_path: Path, text: str, said: str) -> None:
    book = tmp_path / "book.yaml"
    book.write_text(text)
    told = cover("--book", str(book), "--out", str(tmp_path / "out"))
    assert said in str(told.exception)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_sheet_of_a_post_is_a_page_to_print(tmp_path: Path, language: str) -> None:
    out = tmp_path / "n5.pdf"
    words = [
        "cover",
        "post",
        "post:N5",
        "--mission",
        "karabakh-2020",
        "--at",
        AT,
        "--lang",
        language,
        "--out",
        str(out),
    ]
    told = CliRunner().invoke(truceline, words)
    assert told.exit_code == 0, told.exception
    assert "internal to the owner" in told.stdout
    assert out.read_bytes().startswith(b"%PDF")
    words[2] = "post:Z1"
    assert "there is no post 'post:Z1'" in str(CliRunner().invoke(truceline, words).exception)


def test_posts_that_are_made_up_are_said_to_be_whatever_the_book(tmp_path: Path) -> None:
    book = tmp_path / "book.yaml"
    book.write_text("owner: contingent\n")
    told = cover("--book", str(book), "--at", AT, "--out", str(tmp_path / "out"))
    assert told.exit_code == 0, told.exception
    assert json.loads((tmp_path / "out" / "exposure.json").read_text())["illustrative"] is True
