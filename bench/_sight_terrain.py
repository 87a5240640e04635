"""Ground that lines of sight are measured on, the exact reference beside it, and the rivals' programs."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numba
import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Cells = NDArray[np.uint8]
CELL_M = 30.0
ORIGIN = (500_000.0, 4_500_000.0)
TERRAINS = {
    "rough hills": (1.6, 500.0),
    "hills": (2.0, 800.0),
    "mountains": (2.3, 2000.0),
    "rolling": (2.8, 400.0),
    "smooth": (3.4, 900.0),
}
"""Name -> how roughness falls with wavelength (power of the amplitude spectrum), and relief in metres."""


def terrain(name: str, n: int, seed: int = 1) -> Floats:
    """Make ground of ``n x n`` cells: noise whose spectrum falls with a power."""
    smooth, relief_m = TERRAINS[name]
    chance = np.random.default_rng([seed, n, len(name)])
    power = np.fft.fftfreq(n)[:, None] ** 2 + np.fft.rfftfreq(n)[None] ** 2
    power[0, 0] = 1.0
    found = np.fft.irfft2(np.fft.rfft2(chance.normal(size=(n, n))) * power ** (-smooth / 2), s=(n, n))
    # the rivals read single precision: so does everybody here
    return np.asarray((relief_m * (found - found.min()) / np.ptp(found)).astype(np.float32), dtype=np.float64)


@numba.njit(cache=True)
def exact(ground: Floats, row: int, column: int, eye_m: float, target_m: float, bend: float) -> Cells:
    """Every cell's own ray, straight from the definition: samples ``k/n``, ``n = 2 max(|di|, |dj|)``, ground bilinear between."""
    rows, columns = ground.shape
    out = np.ones(ground.shape, np.uint8)
    for i in range(rows):
        for j in range(columns):
            di, dj = i - row, j - column
            n = 2 * max(abs(di), abs(dj))
            if n == 0:
                continue
            d = math.sqrt(di * di + dj * dj) * CELL_M
            want = (ground[i, j] + target_m - bend * d * d - eye_m) / d
            for k in range(1, n):
                y, x = row + di * k / n, column + dj * k / n
                i0, j0 = math.floor(y), math.floor(x)
                i1, j1 = min(i0 + 1, rows - 1), min(j0 + 1, columns - 1)
                u, v = y - i0, x - j0
                h = (1 - u) * ((1 - v) * ground[i0, j0] + v * ground[i0, j1]) + u * (
                    (1 - v) * ground[i1, j0] + v * ground[i1, j1]
                )
                e = d * k / n
                if (h - bend * e * e - eye_m) / e > want:
                    out[i, j] = 0
                    break
    return out


def jaccard(one: Cells, other: Cells) -> float:
    """Cells that both see, of those that either sees."""
    return float(((one == 1) & (other == 1)).sum() / ((one == 1) | (other == 1)).sum())


def write(path: Path, ground: Floats) -> None:
    """Write ground as a GeoTIFF in UTM 38 N."""
    transform = Affine(CELL_M, 0, ORIGIN[0], 0, -CELL_M, ORIGIN[1])
    with rasterio.open(
        path, "w", driver="GTiff", height=ground.shape[0], width=ground.shape[1], count=1, dtype="float32",
        crs="EPSG:32638", transform=transform,
    ) as out:  # fmt: skip
        out.write(ground.astype(np.float32), 1)


def xy(at: tuple[int, int]) -> tuple[float, float]:
    """The middle of a cell in the model's coordinates."""
    return ORIGIN[0] + (at[1] + 0.5) * CELL_M, ORIGIN[1] - (at[0] + 0.5) * CELL_M


def read(path: Path) -> NDArray[Any]:
    """The first band of a raster."""
    with rasterio.open(path) as found:
        return np.asarray(found.read(1))


class Grass:
    """A location of GRASS in a folder of its own, in which `r.viewshed` is run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._place = folder / "grass"

    @staticmethod
    def is_there() -> bool:
        """Whether GRASS is installed."""
        return shutil.which("grass") is not None

    def bring(self, name: str, file: Path) -> None:
        """Take a model in."""
        if not self._place.exists():
            subprocess.run(
                ["grass", "-c", str(file), "-e", str(self._place)], check=True, capture_output=True
            )
        self.run("r.in.gdal", f"input={file}", f"output={name}", "-o", "--overwrite")
        self.run("g.region", f"raster={name}")

    def run(self, *words: str) -> None:
        """Run a module."""
        subprocess.run(
            ["grass", str(self._place / "PERMANENT"), "--exec", *words], check=True, capture_output=True
        )

    def viewshed(self, name: str, at: tuple[int, int], height_m: float, target_m: float, bend: bool) -> float:
        """Run `r.viewshed` on one core and return its own seconds: GRASS is started once more, and that is taken off."""
        x, y = xy(at)
        words = [
            "r.viewshed", "-b", *(("-c", "-r", "refraction_coeff=0.13") if bend else ()), f"input={name}", "output=seen",
            f"coordinates={x},{y}", f"observer_elevation={height_m}", f"target_elevation={target_m}", "memory=4000",
            "--overwrite", "--quiet",
        ]  # fmt: skip
        began = time.perf_counter()
        self.run("true")
        start_s = time.perf_counter() - began
        began = time.perf_counter()
        self.run(*words)
        return time.perf_counter() - began - start_s

    def seen(self) -> Cells:
        """What it saw."""
        out = self._folder / "seen.tif"
        self.run("r.out.gdal", "input=seen", f"output={out}", "type=Byte", "nodata=255", "-f", "--overwrite")
        found = read(out)
        return np.asarray(np.where(found == 255, 0, found), np.uint8)


def gdal_viewshed(
    file: Path, out: Path, at: tuple[int, int], height_m: float, target_m: float, bend: bool
) -> float:
    """Run `gdal_viewshed` as it comes and return its seconds."""
    x, y = xy(at)
    began = time.perf_counter()
    subprocess.run(
        ["gdal_viewshed", "-q", "-ox", str(x), "-oy", str(y), "-oz", str(height_m), "-tz", str(target_m), "-vv", "1",
         "-iv", "0", "-ov", "0", "-cc", "0.87" if bend else "0", str(file), str(out)],
        check=True, capture_output=True,
    )  # fmt: skip
    return time.perf_counter() - began


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that goes when it is done with."""
    with tempfile.TemporaryDirectory(prefix="tl-sight-") as folder:
        yield Path(folder)


def environment(threads: int) -> dict[str, str]:
    """The environment of a process that computes with so many threads."""
    return {**os.environ, "NUMBA_NUM_THREADS": str(threads)}
