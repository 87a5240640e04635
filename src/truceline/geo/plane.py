"""A local plane: metres east and north of a point on WGS 84, on arrays, there and back.

The plane touches the ellipsoid at its origin; a point is where a line straight down meets the ground. Within 200 km of the origin
lengths are short by less than one part in a thousand.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from truceline.geo.points import FLATTENING, SEMI_MAJOR_M

Floats = NDArray[np.float64]

_E2 = FLATTENING * (2 - FLATTENING)
_SEMI_MINOR_M = SEMI_MAJOR_M * (1 - FLATTENING)
_ROUNDS = 4
"""Steps to the ground: each takes away four digits of what is left within 200 km."""


class Plane:
    """The plane at a point.

    Args:
        lon: Longitude of the origin, degrees.
        lat: Latitude of the origin, degrees.
    """

    def __init__(self, lon: float, lat: float) -> None:
        east, north = np.radians(lon), np.radians(lat)
        self._origin = _cartesian(np.array(lon), np.array(lat))
        self._axes = np.array(
            [
                [-np.sin(east), np.cos(east), 0.0],
                [-np.sin(north) * np.cos(east), -np.sin(north) * np.sin(east), np.cos(north)],
                [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)],
            ]
        )

    def to_plane(self, lon: Floats, lat: Floats) -> Floats:
        """Return where points on the ground lie in the plane.

        Args:
            lon: Longitudes in degrees, shape (n,).
            lat: Latitudes in degrees, shape (n,).

        Returns:
            Metres east and north of the origin, shape (n, 2).
        """
        found: Floats = ((_cartesian(lon, lat) - self._origin) @ self._axes.T)[..., :2]
        return found

    def to_ground(self, xy_m: Floats) -> tuple[Floats, Floats]:
        """Return the points on the ground that lie under places of the plane.

        Args:
            xy_m: Metres east and north of the origin, shape (n, 2).

        Returns:
            Longitudes and latitudes in degrees.
        """
        down = -(xy_m**2).sum(axis=-1) / (2 * SEMI_MAJOR_M)
        lon = lat = down
        for _ in range(_ROUNDS):
            lon, lat, above = _geodetic(np.column_stack([xy_m, down]) @ self._axes + self._origin)
            down = down - above
        return lon, lat

    def ground_at(self, east_m: float, north_m: float) -> tuple[float, float]:
        """Return longitude and latitude of the point on the ground under one place of the plane, degrees."""
        lon, lat = self.to_ground(np.array([[east_m, north_m]]))
        return float(lon[0]), float(lat[0])


def _cartesian(lon: Floats, lat: Floats) -> Floats:
    east, north = np.radians(lon), np.radians(lat)
    radius = SEMI_MAJOR_M / np.sqrt(1 - _E2 * np.sin(north) ** 2)
    return np.stack(
        [
            radius * np.cos(north) * np.cos(east),
            radius * np.cos(north) * np.sin(east),
            radius * (1 - _E2) * np.sin(north),
        ],
        axis=-1,
    )


def _geodetic(place: Floats) -> tuple[Floats, Floats, Floats]:
    """Longitude, latitude and height by Bowring's formula (1976), which is exact to a millimetre near the ground."""
    x, y, z = place.T
    across = np.hypot(x, y)
    theta = np.arctan2(z * SEMI_MAJOR_M, across * _SEMI_MINOR_M)
    second = _E2 / (1 - _E2)
    north = np.arctan2(
        z + second * _SEMI_MINOR_M * np.sin(theta) ** 3, across - _E2 * SEMI_MAJOR_M * np.cos(theta) ** 3
    )
    radius = SEMI_MAJOR_M / np.sqrt(1 - _E2 * np.sin(north) ** 2)
    above = across * np.cos(north) + z * np.sin(north) - SEMI_MAJOR_M**2 / radius
    return np.degrees(np.arctan2(y, x)), np.degrees(north), above
