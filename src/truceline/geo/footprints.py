"""What a picture shows of the ground: from its corners to the place of any pixel, its area, what two pictures share.

The ground between the corners is taken for a plane (a homography; Hartley and Zisserman, Multiple View Geometry, chapter 2).
Relief moves places by up to its height times the tangent of the angle of view from straight down: that is part of a
footprint's error, not of this.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from truceline.geo.plane import Floats, Plane

_UNIT = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
_LEAST_M2 = 1.0
_MOST_M = 200_000.0


class Ground:
    """The ground that a picture shows.

    Args:
        corners: Longitude and latitude of upper left, upper right, lower right, lower left, degrees.
        width_px: Pixels across.
        height_px: Pixels down.

    Raises:
        ValueError: The corners do not follow one another round an area, lie too far apart, or are no places.
    """

    def __init__(self, corners: Sequence[tuple[float, float]], width_px: int, height_px: int) -> None:
        spots = np.asarray(corners, np.float64)
        if spots.shape != (4, 2) or not np.isfinite(spots).all():
            raise ValueError("a footprint has four corners")
        if (np.abs(spots) > (180.0, 90.0)).any():
            raise ValueError("a corner lies at no place of the earth")
        # a footprint across the antimeridian is one area
        spots[:, 0] = spots[0, 0] + (spots[:, 0] - spots[0, 0] + 180) % 360 - 180
        self._plane = Plane(float(spots[:, 0].mean()), float(spots[:, 1].mean()))
        self._xy_m = self._plane.to_plane(spots[:, 0], spots[:, 1])
        turns = _turns(self._xy_m)
        if not ((turns > 0).all() or (turns < 0).all()):
            raise ValueError("the corners do not go round an area in their order")
        if self.area_m2 < _LEAST_M2 or np.ptp(self._xy_m, axis=0).max() > _MOST_M:
            raise ValueError("the corners lie too close together or too far apart")
        self._size = np.array([float(width_px), float(height_px)])
        self._map = _homography(self._xy_m)

    @property
    def area_m2(self) -> float:
        """How much ground it shows, square metres."""
        x, y = self._xy_m.T
        return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)

    def at(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Return longitude and latitude of a point of the picture, degrees; (0, 0) is its upper left corner."""
        east, north = self._to_plane(np.array([x_px, y_px]))
        lon, lat = self._plane.ground_at(float(east), float(north))
        return (lon + 180) % 360 - 180, lat

    def pixel_of(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the point of the picture that shows a place, pixels; outside the picture where the place lies outside it."""
        xy_m = self._plane.to_plane(np.array([lon]), np.array([lat]))[0]
        x, y, w = np.linalg.solve(self._map, np.array([*xy_m, 1.0]))
        return float(x / w * self._size[0]), float(y / w * self._size[1])

    def laid_over(self, other: Ground) -> Floats:
        """Return the homography that lays this picture over another, pixel on pixel of the same ground.

        Args:
            other: The picture that it is laid over.

        Returns:
            What takes a pixel (x, y, 1) of this picture to one of the other, shape (3, 3), its last element 1.
        """
        width, height = self._size
        sides = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
        found = _homography(np.array([other.pixel_of(*self.at(x, y)) for x, y in sides])) @ np.diag(
            [1 / width, 1 / height, 1.0]
        )
        laid: Floats = found / found[2, 2]
        return laid

    def pixel_m(self, x_px: float, y_px: float) -> float:
        """Return how much ground one pixel spans there, metres, along its longer side."""
        here = np.array([x_px, y_px])
        steps = [self._to_plane(here + step) - self._to_plane(here - step) for step in np.eye(2) / 2]
        return float(max(np.hypot(*step) for step in steps))

    def shared(self, other: Ground) -> float:
        """Return which share of this ground the other picture shows too, 0 to 1."""
        lon, lat = other._plane.to_ground(other._xy_m)
        clip = self._plane.to_plane(lon, lat)
        if _turns(clip).sum() < 0:
            clip = clip[::-1]
        left = self._xy_m
        for start, end in zip(clip, np.roll(clip, -1, axis=0), strict=True):
            left = _cut(left, start, end)
            if len(left) < 3:
                return 0.0
        x, y = left.T
        area = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
        return float(min(1.0, area / self.area_m2))

    def _to_plane(self, spot_px: Floats) -> Floats:
        x, y, w = self._map @ np.array([*(spot_px / self._size), 1.0])
        found: Floats = np.array([x / w, y / w])
        return found


def _turns(xy_m: Floats) -> Floats:
    """Cross products of each side with the next: all of one sign where the corners go round a convex area."""
    side = np.roll(xy_m, -1, axis=0) - xy_m
    after = np.roll(side, -1, axis=0)
    found: Floats = side[:, 0] * after[:, 1] - side[:, 1] * after[:, 0]
    return found


def _homography(xy_m: Floats) -> Floats:
    """The map of the plane that takes the unit square to four corners."""
    rows, right = [], []
    for (u, v), (x, y) in zip(_UNIT, xy_m, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        right += [x, y]
    found: Floats = np.append(np.linalg.solve(np.array(rows), np.array(right)), 1.0).reshape(3, 3)
    return found


def _cut(ring: Floats, start: Floats, end: Floats) -> Floats:
    """Cut away what lies right of a line (Sutherland and Hodgman, 1974)."""
    way = end - start
    depth = way[0] * (ring[:, 1] - start[1]) - way[1] * (ring[:, 0] - start[0])
    kept = []
    for at in range(len(ring)):
        after = (at + 1) % len(ring)
        if depth[at] >= 0:
            kept.append(ring[at])
        if (depth[at] < 0) != (depth[after] < 0):
            share = depth[at] / (depth[at] - depth[after])
            kept.append(ring[at] + share * (ring[after] - ring[at]))
    return np.array(kept).reshape(-1, 2)
