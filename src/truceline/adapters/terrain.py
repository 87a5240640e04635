"""Reads models of the ground and writes what is seen over them. Touches: GeoTIFF and its kin, by rasterio of the extra 'cover'."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from truceline.core.errors import InputError, MissingExtraError
from truceline.geo.points import distance_m

Floats = NDArray[np.float64]

_MOST_CELLS = 120_000_000
"""At once: a gigabyte of heights."""
_FEET = {"ft": 0.3048, "foot": 0.3048, "feet": 0.3048, "us survey foot": 1200 / 3937, "ftus": 1200 / 3937}
_LOWEST_M, _HIGHEST_M = -500.0, 9_000.0


class TerrainFile:
    """A model of the ground on disk, of which parts are read.

    Args:
        path: GeoTIFF, or anything that rasterio reads.

    Raises:
        InputError: It cannot be read, has no coordinate system, several bands, turned cells, or heights in a unit that is none.
        MissingExtraError: rasterio is not installed.
    """

    def __init__(self, path: Path) -> None:
        rasterio = _rasterio()
        self.path = path
        try:
            self._file = rasterio.open(path)
            _check(self._file, path)
        except rasterio.errors.RasterioError as error:
            raise InputError("terrain.file", f"cannot be read: {error}"[:200], where=str(path)) from error
        self._crs = self._file.crs
        self._factor, self._notes = _unit(self._file, path)
        self._transform = self._file.transform
        self._is_upside_down = self._transform.e > 0
        if self._is_upside_down:
            kind = type(self._transform)
            self._transform = self._transform @ kind.translation(0, self._file.height) @ kind.scale(1, -1)
            self._notes.append("rows that begin in the south were turned round")

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return int(self._file.height), int(self._file.width)

    @property
    def is_large(self) -> bool:
        """Whether it is too large to be held whole."""
        return self.shape[0] * self.shape[1] > _MOST_CELLS

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed when it was read, one sentence each."""
        return tuple(self._notes)

    @property
    def profile(self) -> dict[str, Any]:
        """How a raster of the same cells is written, as rasterio has it."""
        rows, columns = self.shape
        return {
            "driver": "GTiff", "height": rows, "width": columns, "count": 1, "crs": self._crs,
            "transform": self._transform, "compress": "deflate", "tiled": False,
        }  # fmt: skip

    def cell_m(self, row: float, column: float) -> tuple[float, float]:
        """Return the distance of two rows and of two columns about a cell, metres."""
        if not self._crs.is_geographic:
            factor = float(self._crs.linear_units_factor[1])
            return abs(self._transform.e) * factor, abs(self._transform.a) * factor
        x, y = self._transform @ (column, row)
        if abs(x) > 540 or abs(y) > 90:
            raise InputError(
                "terrain.place",
                f"it has cells at {x:g}, {y:g} degrees",
                where=str(self.path),
                todo="check its coordinate system",
            )
        east, south = self._transform.a, self._transform.e
        return distance_m((x, y - south), (x, y)), distance_m((x - east / 2, y), (x + east / 2, y))

    def cells_at(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return rows and columns of places in its own coordinates, with fractions; they may lie outside it."""
        columns, rows = ~self._transform @ (x, y)
        return np.asarray(rows), np.asarray(columns)

    def places(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return places in its own coordinates; across the antimeridian those that lie in it.

        Args:
            lon: Longitudes, degrees.
            lat: Latitudes, degrees.

        Returns:
            Their x and y.
        """
        if self._crs.is_geographic:
            west = self._transform.c
            return west + (np.asarray(lon, np.float64) - west) % 360.0, np.asarray(lat, np.float64)
        from rasterio.warp import transform  # noqa: PLC0415 - the extra 'cover'

        xs, ys = transform("EPSG:4326", self._crs, list(np.atleast_1d(lon)), list(np.atleast_1d(lat)))
        return np.asarray(xs), np.asarray(ys)

    def part(self, rows: tuple[int, int], columns: tuple[int, int], step: int = 1) -> Floats:
        """Return heights of a part.

        Args:
            rows: First row, and the first after the part; from the north.
            columns: The same of columns.
            step: Every how many-th row and column, for parts that are looked at from afar.

        Returns:
            Heights at cell centres, metres; NaN in holes. With a step, shape ``ceil(rows / step), ceil(columns / step)``.

        Raises:
            InputError: The part cannot be read, or is too large for memory.
        """
        rasterio = _rasterio()
        (top, bottom), (left, right) = rows, columns
        n_rows, n_columns = -(-(bottom - top) // step), -(-(right - left) // step)
        if n_rows * n_columns > _MOST_CELLS:
            raise InputError(
                "terrain.large",
                f"{n_rows} x {n_columns} cells are too many at once",
                where=str(self.path),
                todo="look less far, or cut out the part that is looked at",
            )
        if self._is_upside_down:
            top, bottom = self.shape[0] - bottom, self.shape[0] - top
        try:
            ground = self._file.read(
                1, window=((top, bottom), (left, right)), out_shape=(n_rows, n_columns), masked=True
            )
        except rasterio.errors.RasterioError as error:
            raise InputError(
                "terrain.file", f"cannot be read: {error}"[:200], where=str(self.path)
            ) from error
        heights: Floats = np.ma.filled(ground.astype(np.float64), np.nan)
        heights *= self._factor
        heights[(heights < _LOWEST_M) | (heights > _HIGHEST_M)] = np.nan
        return heights[::-1].copy() if self._is_upside_down else heights


def write_cells(
    path: Path, cells: NDArray[np.uint8], model: TerrainFile, nodata: int, first: tuple[int, int] = (0, 0)
) -> None:
    """Write a raster of the cells of a model, or of a part of it.

    Args:
        path: The GeoTIFF.
        cells: One value for each cell, from the north.
        model: The model.
        nodata: The value of cells of which nothing is known.
        first: Row and column of the model that its first cell is.

    Raises:
        InputError: It cannot be written.
    """
    rasterio = _rasterio()
    transform = model.profile["transform"]
    shifted = transform @ type(transform).translation(first[1], first[0])
    profile = {**model.profile, "height": cells.shape[0], "width": cells.shape[1], "transform": shifted}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with rasterio.open(path, "w", dtype="uint8", nodata=nodata, **profile) as out:
            out.write(cells, 1)
    except (rasterio.errors.RasterioError, OSError) as error:
        raise InputError("terrain.write", f"cannot be written: {error}"[:200], where=str(path)) from error


def png_of(picture: NDArray[np.uint8]) -> bytes:
    """Write a picture as PNG.

    Args:
        picture: Red, green, blue, shape (rows, columns, 3).

    Returns:
        The file's bytes.
    """
    _rasterio()
    from rasterio.io import MemoryFile  # noqa: PLC0415 - the extra 'cover'

    with warnings.catch_warnings(), MemoryFile() as memory:
        warnings.simplefilter("ignore")  # that a picture lies nowhere on the ground
        with memory.open(
            driver="PNG", height=picture.shape[0], width=picture.shape[1], count=3, dtype="uint8"
        ) as out:
            out.write(np.moveaxis(picture, -1, 0))
        return bytes(memory.read())


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
    if found.transform.b or found.transform.d:
        raise InputError(
            "terrain.turned", "its cells are turned", where=str(path), todo="warp it upright: gdalwarp"
        )


def _unit(found: Any, path: Path) -> tuple[float, list[str]]:
    unit = (found.units[0] or "").lower()
    if unit in _FEET:
        return _FEET[unit], ["heights in feet were made metres"]
    if unit not in {"", "m", "metre", "meter", "metres", "meters"}:
        raise InputError(
            "terrain.unit", f"its heights are in '{unit[:20]}'", where=str(path), todo="give metres or feet"
        )
    return 1.0, []


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
