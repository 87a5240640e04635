"""``truceline cover viewshed``: a raster out, every odd model either read with its assumption said or refused in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rasterio", reason="models of the ground need the extra 'cover'")
pytest.importorskip("numba", reason="lines of sight need the extra 'cover'")

import rasterio
from click.testing import CliRunner, Result
from rasterio.transform import from_origin

from truceline.cli.root import truceline
from truceline.core.errors import InputError

METRES = {"crs": "EPSG:32638", "transform": from_origin(500_000, 4_400_000, 30, 30)}
DEGREES = {"crs": "EPSG:4326", "transform": from_origin(46.7, 39.8, 0.0003, 0.0003)}


def wall() -> np.ndarray:
    ground = np.full((60, 80), 100.0, np.float32)
    ground[:, 50] = 160.0
    return ground


def model(path: Path, ground: np.ndarray, *, units: str = "", **how: Any) -> Path:
    with rasterio.open(path, "w", driver="GTiff", height=ground.shape[0], width=ground.shape[1], count=1,
                       dtype=ground.dtype, **how) as out:  # fmt: skip
        out.write(ground, 1)
        if units:
            out.units = (units,)
    return path


def look(dem: Path, *more: str) -> Result:
    words = [
        "cover",
        "viewshed",
        "--dem",
        str(dem),
        "--height",
        "5",
        "--out",
        str(dem.with_suffix(".seen.tif")),
        *more,
    ]
    return CliRunner().invoke(truceline, words)


def cells(dem: Path) -> np.ndarray:
    with rasterio.open(dem.with_suffix(".seen.tif")) as found:
        assert found.nodata == 255
        return np.asarray(found.read(1))


def test_a_wall_is_seen_and_what_lies_behind_it_is_not(tmp_path: Path) -> None:
    dem = model(tmp_path / "a.tif", wall(), **METRES)
    told = look(dem, "--observer-xy", "500615,4399115")
    assert told.exit_code == 0, told.output
    seen = cells(dem)
    assert (seen[:, :51] == 1).all()
    assert (seen[20:40, 52:] == 0).all()
    assert "cells of 30.0 x 30.0 m, the observer stands at 100 m" in told.stdout


def test_degrees_feet_and_south_up_are_read_and_said(tmp_path: Path) -> None:
    plain = model(tmp_path / "a.tif", wall(), **DEGREES)
    assert look(plain, "--observer", "46.706,39.791").exit_code == 0
    feet = model(tmp_path / "b.tif", (wall() / 0.3048).astype(np.float32), units="ft", **DEGREES)
    told = look(feet, "--observer", "46.706,39.791")
    assert "heights in feet were made metres" in told.stderr
    up = DEGREES["transform"]
    turned = up @ up.translation(0, 60) @ up.scale(1, -1)
    south = model(tmp_path / "c.tif", wall()[::-1].copy(), crs="EPSG:4326", transform=turned)
    said = look(south, "--observer", "46.706,39.791")
    assert "begin in the south" in said.stderr, said.output
    assert (cells(plain) == cells(feet)).all()
    assert (cells(plain) == cells(south)).all()


def test_a_hole_is_unknown_and_said(tmp_path: Path) -> None:
    ground = wall()
    ground[10:20, 60:70] = -9999
    dem = model(tmp_path / "a.tif", ground, nodata=-9999, **METRES)
    told = look(dem, "--observer-xy", "500615,4399115")
    assert "100 cells without a height" in told.stderr
    assert (cells(dem)[10:20, 60:70] == 255).all()


@pytest.mark.parametrize(
    ("how", "more", "code"),
    [
        ({"transform": METRES["transform"]}, ("--observer-xy", "500615,4399115"), "terrain.crs"),
        (METRES, ("--observer-xy", "0,0"), "sight.observer"),
        (METRES, ("--observer", "46.7,39.8"), "sight.observer"),
        ({**METRES, "units": "fathoms"}, ("--observer-xy", "500615,4399115"), "terrain.unit"),
    ],
)
def test_a_model_or_an_observer_that_cannot_be_is_refused(
    tmp_path: Path, how: dict[str, Any], more: tuple[str, ...], code: str
) -> None:
    told = look(model(tmp_path / "a.tif", wall(), **how), *more)
    assert isinstance(told.exception, InputError)
    assert told.exception.code == code


def test_what_is_no_raster_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_text("no raster", encoding="ascii")
    told = look(tmp_path / "a.tif", "--observer-xy", "0,0")
    assert isinstance(told.exception, InputError)
    assert told.exception.code == "terrain.file"


def test_a_cross_section_says_how_high_it_would_have_to_be(tmp_path: Path) -> None:
    dem = model(tmp_path / "a.tif", wall(), **DEGREES)
    words = [
        "cover",
        "profile",
        "--dem",
        str(dem),
        "--from",
        "46.7031,39.7910",
        "--to",
        "46.7226,39.7910",
        "--height",
        "5",
    ]
    told = CliRunner().invoke(truceline, [*words, "--out", str(tmp_path / "cut.png")])
    assert told.exit_code == 0, told.exception
    assert "hidden; it would have to be 7" in told.stdout
    assert (tmp_path / "cut.png").read_bytes().startswith(b"\x89PNG")
    near = CliRunner().invoke(truceline, [*words[:6], "--to", "46.7100,39.7910", "--height", "5"])
    assert "in sight" in near.stdout
    outside = CliRunner().invoke(truceline, [*words[:6], "--to", "47.7,39.7910", "--height", "5"])
    assert "--to lies outside" in str(outside.exception)


def test_across_the_antimeridian_a_place_is_found_by_either_of_its_longitudes(tmp_path: Path) -> None:
    dem = model(
        tmp_path / "a.tif", wall(), crs="EPSG:4326", transform=from_origin(179.99, 10.0, 0.0003, 0.0003)
    )
    east = look(dem, "--observer", "-179.9999,9.9955")
    first = cells(dem)
    assert east.exit_code == 0, east.exception
    assert first.any()
    look(dem, "--observer", "180.0001,9.9955")
    assert (cells(dem) == first).all()


def test_a_model_too_large_for_memory_is_looked_at_as_far_as_somebody_sees(tmp_path: Path) -> None:
    dem = tmp_path / "large.tif"
    # sparse: blocks that are not written take no room
    with rasterio.open(dem, "w", driver="GTiff", height=30_000, width=30_000, count=1, dtype="int16", tiled=True,
                       sparse_ok=True, **METRES):  # fmt: skip
        pass
    whole = look(dem, "--observer-xy", "900000,4000000")
    assert "too many at once" in str(whole.exception)
    assert "look less far" in str(whole.exception)
    near = look(dem, "--observer-xy", "900000,4000000", "--max-range", "900")
    assert near.exit_code == 0, near.exception
    assert "only the part within reach is written" in near.stderr
    found = cells(dem)
    assert found.shape == (61, 61)
    assert (found == 1).sum() > 2500
    with rasterio.open(dem.with_suffix(".seen.tif")) as out:
        assert out.index(900_000, 4_000_000) == (30, 30)
