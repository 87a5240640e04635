"""A small theatre: two square zones side by side, posts in them, ground that is given as an array."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np

from truceline.core.exposure import CoverRules, Happening, Means, State, Stay, Wind
from truceline.core.names import Name
from truceline.core.places import Line, Post
from truceline.geo.plane import Plane

START = datetime(2020, 11, 15, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
LON, LAT = 46.7, 39.9
CELL_M = 100.0
SIDE = 200
PLANE = Plane(LON, LAT)
EYES = Means("eyes", {"flash": (4000.0, 4000.0, 4000.0), "vehicle": (2000.0, 1000.0, 500.0)}, is_dimmed=True)
EARS = Means("ears", {"sound": (3000.0, 3000.0, 3000.0)}, needs_sight=False, is_drowned=True)
RULES = CoverRules(
    happenings=(Happening("flash", 2.0), Happening("sound", 2.0), Happening("vehicle", 2.5), Happening("fire", 15.0, 3600.0)),
    means=(EYES, EARS),
    wind=(Wind(0, 1.0), Wind(10, 0.5)),
    well=0.5,
    partly=0.1,
    most_points=2000,
    usual_means=("eyes", "ears"),
    usual_height_m=4.0,
)  # fmt: skip
KINDS = {item.id: n for n, item in enumerate(RULES.happenings)}


class Ground:
    """Ground about the middle, in the plane's own metres.

    Args:
        heights: Metres, the northernmost row first; without them 20 x 20 km of flat ground.
        cell_m: How long a cell is, metres.
    """

    def __init__(self, heights: np.ndarray | None = None, cell_m: float = CELL_M) -> None:
        self.heights = np.zeros((SIDE, SIDE)) if heights is None else heights
        self._cell_m = cell_m

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.heights.shape[0], self.heights.shape[1]

    def cell_m(self, _row: float, _column: float) -> tuple[float, float]:
        """See `Terrain`."""
        return self._cell_m, self._cell_m

    def places(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `Terrain`."""
        xy = PLANE.to_plane(np.asarray(lon), np.asarray(lat))
        return xy[:, 0], xy[:, 1]

    def cells_at(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `Terrain`."""
        rows, columns = self.shape
        return rows / 2 - y / self._cell_m, columns / 2 + x / self._cell_m

    def part(self, rows: tuple[int, int], columns: tuple[int, int], step: int = 1) -> np.ndarray:
        """See `Terrain`."""
        return self.heights[slice(*rows, step), slice(*columns, step)].copy()


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """Return longitude and latitude of a place of the plane, metres east and north."""
    return PLANE.ground_at(east_m, north_m)


def square(slug: str, west_m: float, south_m: float, side_m: float) -> Line:
    """Return a square zone, by its south-western corner."""
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    ring = [list(at(west_m + side_m * x, south_m + side_m * y)) for x, y in corners]
    return Line(slug, "zone", {"en": (Name(slug),)}, {"type": "Polygon", "coordinates": [ring]}, "ours")


def post(slug: str, east_m: float, north_m: float, zone: str = "zone:west") -> Post:
    """Return a post at a place of the plane."""
    lon, lat = at(east_m, north_m)
    return Post(slug, slug[5:], zone, "permanent", lon, lat, illustrative=True)


ZONES = (square("zone:west", -6000, -3000, 6000), square("zone:east", 0, -3000, 6000))


def stay(
    slug: str, state: State, start_h: float, end_h: float | None = None, known_h: float | None = None
) -> Stay:
    """Return a line of a roster, in hours from the start."""
    return Stay(
        slug,
        state,
        START + start_h * HOUR,
        None if end_h is None else START + end_h * HOUR,
        None if known_h is None else START + known_h * HOUR,
    )


def circle_share(radius_m: float, side_m: float) -> float:
    """Return the share of a square that a circle about its middle fills, where it does not reach the edge."""
    return math.pi * radius_m**2 / side_m**2
