"""Reads models of the ground and writes what is seen over them. Touches: GeoTIFF and its kin, by rasterio of the extra 'cover'."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from truceline.core.errors import InputError, MissingExtraError
from truceline.geo.points import distance_m

_MOST_CELLS = 400_000_000
_FEET = {"ft": 0.3048, "foot": 0.3048, "feet": 0.3048, "us survey foot": 1200 / 3937, "ftus": 1200 / 3937}
_LOWEST_M, _HIGHEST_M = -500.0, 9_000.0


@dataclass(frozen=True, eq=False)
class TerrainModel:
    """A model of the ground.

    Args:
        ground_m: Heights at cell centres, metres, the northernmost row first, shape (rows, columns); NaN in holes.
        cell_m: Distance of two rows and of two columns in its middle, metres.
        profile: How a raster of the same cells is written, as rasterio has it.
        is_degrees: Whether its cells are measured in degrees.
        notes: What was assumed when it was read, one sentence each.
    """

    ground_m: NDArray[np.float64]
    cell_m: tuple[float, float]
    profile: dict[str, Any]
    is_degrees: bool
    notes: tuple[str, ...] = ()

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """Return row and column of a place in the model's own coordinates; they may lie outside it."""
        column, row = ~self.profile["transform"] @ (x, y)
        return math.floor(row), math.floor(column)

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Return a place in the model's own coordinates.

        Args:
            lon: Longitude, degrees.
            lat: Latitude, degrees.

        Returns:
            Its x and y.
        """
        if self.is_degrees:
            return lon, lat
        from rasterio.warp import transform  # noqa: PLC0415 - the extra 'cover'

        xs, ys = transform("EPSG:4326", self.profile["crs"], [lon], [lat])
        return float(xs[0]), float(ys[0])


def read_terrain(path: Path) -> TerrainModel:
    """Read a model of the ground.

    Args:
        path: GeoTIFF, or anything that rasterio reads.

    Returns:
        The model; feet are made metres, a model that begins in the south is turned round, and what was assumed is noted.

    Raises:
        InputError: It cannot be read, has no coordinate system, several bands, turned cells, or heights that are none.
        MissingExtraError: rasterio is not installed.
    """
    rasterio = _rasterio()
    notes = list[str]()
    try:
        with rasterio.open(path) as found:
            _check(found, path)
            ground = found.read(1, masked=True)
            transform, crs, unit = found.transform, found.crs, (found.units[0] or "").lower()
    except rasterio.errors.RasterioError as error:
        raise InputError("terrain.file", f"cannot be read: {error}"[:200], where=str(path)) from error
    heights = np.ma.filled(ground.astype(np.float64), np.nan)
    if unit in _FEET:
        heights *= _FEET[unit]
        notes.append("heights in feet were made metres")
    elif unit not in {"", "m", "metre", "meter", "metres", "meters"}:
        raise InputError(
            "terrain.unit", f"its heights are in '{unit[:20]}'", where=str(path), todo="give metres or feet"
        )
    heights[(heights < _LOWEST_M) | (heights > _HIGHEST_M)] = np.nan
    if transform.e > 0:
        heights = heights[::-1].copy()
        transform = transform @ type(transform).translation(0, found.height) @ type(transform).scale(1, -1)
        notes.append("rows that begin in the south were turned round")
    if holes := int(np.isnan(heights).sum()):
        if holes == heights.size:
            raise InputError("terrain.empty", "it holds no height", where=str(path))
        notes.append(f"{holes} cells without a height; what lies behind them is unknown")
    profile = {
        "driver": "GTiff", "height": heights.shape[0], "width": heights.shape[1], "count": 1, "crs": crs,
        "transform": transform, "compress": "deflate", "tiled": False,
    }  # fmt: skip
    return TerrainModel(
        heights, _lengths(transform, crs, heights.shape), profile, bool(crs.is_geographic), tuple(notes)
    )


def write_cells(path: Path, cells: NDArray[np.uint8], model: TerrainModel, nodata: int) -> None:
    """Write a raster of the cells of a model.

    Args:
        path: The GeoTIFF.
        cells: One value for each cell.
        model: The model.
        nodata: The value of cells of which nothing is known.

    Raises:
        InputError: It cannot be written.
    """
    rasterio = _rasterio()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with rasterio.open(path, "w", dtype="uint8", nodata=nodata, **model.profile) as out:
            out.write(cells, 1)
    except (rasterio.errors.RasterioError, OSError) as error:
        raise InputError("terrain.write", f"cannot be written: {error}"[:200], where=str(path)) from error


def _check(found: Any, path: Path) -> None:
    if found.crs is None:
        raise InputError(
            "terrain.crs",
            "does not say in which coordinate system it is",
            where=str(path),
            todo="assign one: gdal_edit.py -a_srs",
        )
    if found.count != 1:
        raise InputError(
            "terrain.bands",
            f"has {found.count} bands",
            where=str(path),
            todo="give the band of heights alone",
        )
    if found.width * found.height > _MOST_CELLS:
        raise InputError(
            "terrain.large",
            f"has {found.width} x {found.height} cells",
            where=str(path),
            todo="cut out the part that is looked at",
        )
    if found.transform.b or found.transform.d:
        raise InputError(
            "terrain.turned", "its cells are turned", where=str(path), todo="warp it upright: gdalwarp"
        )


def _lengths(transform: Any, crs: Any, shape: tuple[int, int]) -> tuple[float, float]:
    if not crs.is_geographic:
        factor = float(crs.linear_units_factor[1])
        return abs(transform.e) * factor, abs(transform.a) * factor
    x, y = transform @ (shape[1] / 2, shape[0] / 2)
    if abs(x) > 360 or abs(y) > 90:
        raise InputError(
            "terrain.place", f"its middle lies at {x:g}, {y:g} degrees", todo="check its coordinate system"
        )
    return distance_m((x, y), (x, y + transform.e)), distance_m((x, y), (x + transform.a, y))


def _rasterio() -> ModuleType:
    try:
        import rasterio  # noqa: PLC0415 - the extra 'cover'
        import rasterio.errors  # noqa: PLC0415 - as above
    except ImportError as error:
        raise MissingExtraError(
            "extra.cover",
            "models of the ground need the extra 'cover'",
            todo='pip install "truceline[cover]"',
        ) from error
    found: ModuleType = rasterio
    return found
