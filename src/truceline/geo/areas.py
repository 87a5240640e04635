"""How deep points lie inside areas of a local plane, on arrays: polygons with holes, and lines with a width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from truceline.geo.plane import Floats, Plane
from truceline.geo.rings import rings_of


class Area:
    """An area.

    Args:
        geometry: GeoJSON: polygons, or lines where a width is given.
        plane: The plane that depth is measured in.
        width_m: Full width of a corridor about a line, metres; 0 for polygons.

    Raises:
        ValueError: It has no extent: a line without a width, or a point.
    """

    def __init__(self, geometry: Mapping[str, Any], plane: Plane, width_m: float = 0.0) -> None:
        polygons = rings_of(geometry)
        self._half_m = 0.0 if polygons else width_m / 2
        # each ring is its own parity: a point is inside where it is within an odd number of rings of one polygon
        self._polygons = [
            _edges([_in_plane(ring, plane, is_closed=True) for ring in rings]) for rings in polygons
        ]
        self._lines = [] if polygons else [_edges([_in_plane(line, plane) for line in _lines_of(geometry)])]
        if not polygons and (width_m <= 0 or not len(self._lines[0])):
            raise ValueError("an area has an inside: a polygon, or a line with a width")

    def depth_m(self, xy_m: Floats) -> Floats:
        """Return how far inside points lie.

        Args:
            xy_m: Points of the plane, metres, shape (n, 2).

        Returns:
            Metres to the nearest edge, shape (n,): above 0 inside, below 0 outside.
        """
        parts = [_depth(edges, xy_m) for edges in self._polygons]
        parts += [self._half_m - _distance(edges, xy_m) for edges in self._lines]
        found: Floats = np.max(parts, axis=0)
        return found


def _lines_of(geometry: Mapping[str, Any]) -> Sequence[Sequence[Sequence[float]]]:
    if geometry["type"] == "LineString":
        return [geometry["coordinates"]]
    return geometry["coordinates"] if geometry["type"] == "MultiLineString" else []


def _in_plane(line: Sequence[Sequence[float]], plane: Plane, *, is_closed: bool = False) -> Floats:
    points = np.asarray([point[:2] for point in line], np.float64)
    if is_closed and not np.array_equal(points[0], points[-1]):
        points = np.vstack([points, points[:1]])
    return plane.to_plane(*points.T)


def _edges(lines: Sequence[Floats]) -> Floats:
    """Return the edges of lines, shape (m, 2, 2)."""
    parts = [np.stack([line[:-1], line[1:]], axis=1) for line in lines if len(line) > 1]
    return np.concatenate(parts) if parts else np.empty((0, 2, 2))


def _distance(edges: Floats, xy_m: Floats) -> Floats:
    begin, along = edges[:, 0], edges[:, 1] - edges[:, 0]
    off = xy_m[:, None] - begin
    length2 = np.maximum((along**2).sum(axis=-1), 1e-12)
    share = np.clip((off * along).sum(axis=-1) / length2, 0.0, 1.0)
    found: Floats = np.sqrt(((off - share[..., None] * along) ** 2).sum(axis=-1).min(axis=1))
    return found


def _depth(edges: Floats, xy_m: Floats) -> Floats:
    (x0, y0), (x1, y1) = edges[:, 0].T, edges[:, 1].T
    x, y = xy_m[:, :1], xy_m[:, 1:]
    is_across = (y0 > y) != (y1 > y)
    at = x0 + (y - y0) * (x1 - x0) / np.where(y1 == y0, 1.0, y1 - y0)
    is_inside = (is_across & (at > x)).sum(axis=1) % 2 == 1
    return np.where(is_inside, 1.0, -1.0) * _distance(edges, xy_m)
