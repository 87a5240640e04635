"""Lines of sight beside GRASS, under the same options: as near to it as each cell's own ray is."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba", reason="lines of sight need the extra 'cover'")
pytest.importorskip("rasterio", reason="models of the ground need the extra 'cover'")

import rasterio
from affine import Affine

from truceline.geo.sight import bend_per_m, seen_from

CELL_M, N = 30.0, 250


def test_what_is_seen_is_what_grass_sees(need: Callable[[str], str], tmp_path: Path) -> None:
    grass = need("grass")
    chance = np.random.default_rng(5)
    power = np.fft.fftfreq(N)[:, None] ** 2 + np.fft.rfftfreq(N)[None] ** 2
    power[0, 0] = 1.0
    ground = np.fft.irfft2(np.fft.rfft2(chance.normal(size=(N, N))) * power**-1.1, s=(N, N))
    ground = (600 * (ground - ground.min()) / np.ptp(ground)).astype(np.float32)
    at = (120, 100)
    file, place, out = tmp_path / "ground.tif", tmp_path / "location", tmp_path / "seen.tif"
    with rasterio.open(
        file, "w", driver="GTiff", height=N, width=N, count=1, dtype="float32", crs="EPSG:32638",
        transform=Affine(CELL_M, 0, 500_000, 0, -CELL_M, 4_400_000),
    ) as model:  # fmt: skip
        model.write(ground, 1)
    x, y = 500_000 + (at[1] + 0.5) * CELL_M, 4_400_000 - (at[0] + 0.5) * CELL_M
    steps = tmp_path / "steps.sh"
    steps.write_text(
        f"set -e; r.in.gdal input={file} output=ground -o; g.region raster=ground\n"
        f"r.viewshed -b -c -r refraction_coeff=0.13 input=ground output=seen coordinates={x},{y} "
        "observer_elevation=6 target_elevation=2\n"
        f"r.out.gdal input=seen output={out} type=Byte nodata=255 -f\n"
    )
    subprocess.run(
        [grass, "-c", str(file), str(place), "--exec", "sh", str(steps)], check=True, capture_output=True
    )
    with rasterio.open(out) as found:
        theirs = found.read(1) == 1
    ours = (
        seen_from(ground.astype(np.float64), (CELL_M, CELL_M), at, 6.0, target_m=2.0, bend=bend_per_m()) == 1
    )
    assert (ours & theirs).sum() / (ours | theirs).sum() >= 0.97
