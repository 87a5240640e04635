"""Rings of polygons on the plane of longitude and latitude: inside, area, a point well inside.

Written out because the whole need is four short functions, and a geometry library would cost every command a third of
a second at its start.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

Ring = Sequence[Sequence[float]]
Rings = Sequence[Ring]
"""A polygon: its outer ring, then its holes."""

_SAME = 1e-12


def rings_of(geometry: Mapping[str, Any]) -> list[Rings]:
    """Return the polygons of a GeoJSON geometry, each as its rings; none for points and lines."""
    if geometry["type"] == "Polygon":
        return [geometry["coordinates"]]
    if geometry["type"] == "MultiPolygon":
        return list(geometry["coordinates"])
    if geometry["type"] == "GeometryCollection":
        return [rings for part in geometry["geometries"] for rings in rings_of(part)]
    return []


def surrounds(rings: Rings, x: float, y: float) -> bool:
    """Say whether a polygon holds a point: inside its outer ring or on an edge, and in no hole.

    Args:
        rings: Outer ring, then holes.
        x: Longitude in degrees.
        y: Latitude in degrees.

    Returns:
        True inside and on every edge.
    """
    if any(_is_on(ring, x, y) for ring in rings):
        return True
    return _is_in(rings[0], x, y) and not any(_is_in(hole, x, y) for hole in rings[1:])


def point_inside(polygons: Sequence[Rings]) -> tuple[float, float]:
    """Return a point inside the largest of several polygons.

    It is the centroid where that lies inside, else the middle of the widest stretch at the height of the middle.

    Args:
        polygons: At least one polygon.

    Returns:
        Longitude and latitude in degrees.
    """
    rings = max(polygons, key=lambda one: abs(area(one[0])))
    x, y = _centroid(rings[0])
    if surrounds(rings, x, y):
        return x, y
    heights = [corner[1] for corner in rings[0]]
    level = (min(heights) + max(heights)) / 2
    crossings = sorted(at for ring in rings for at in _crossings(ring, level))
    stretches = [
        (right - left, (left + right) / 2)
        for left, right in zip(crossings[::2], crossings[1::2], strict=False)
    ]
    return (max(stretches)[1], level) if stretches else (rings[0][0][0], rings[0][0][1])


def line_middle(line: Ring) -> tuple[float, float]:
    """Return the point halfway along a line."""
    steps = [math.dist(a[:2], b[:2]) for a, b in itertools.pairwise(line)]
    left = sum(steps) / 2
    for (a, b), step in zip(itertools.pairwise(line), steps, strict=True):
        if step >= left and step > 0:
            share = left / step
            return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
        left -= step
    return line[0][0], line[0][1]


def area(ring: Ring) -> float:
    """Return the signed area of a ring in square degrees; anticlockwise is positive."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _edges(ring)) / 2


def _edges(ring: Ring) -> list[tuple[Sequence[float], Sequence[float]]]:
    closed = [*ring, ring[0]] if tuple(ring[0][:2]) != tuple(ring[-1][:2]) else list(ring)
    return list(itertools.pairwise(closed))


def _centroid(ring: Ring) -> tuple[float, float]:
    whole = area(ring)
    if abs(whole) < _SAME:
        return ring[0][0], ring[0][1]
    parts = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in _edges(ring)]
    x = sum((a[0] + b[0]) * part for a, b, part in parts) / (6 * whole)
    y = sum((a[1] + b[1]) * part for a, b, part in parts) / (6 * whole)
    return x, y


def _crossings(ring: Ring, level: float) -> list[float]:
    return [
        a[0] + (level - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for a, b in _edges(ring)
        if (a[1] > level) != (b[1] > level)
    ]


def _is_in(ring: Ring, x: float, y: float) -> bool:
    return sum(at > x for at in _crossings(ring, y)) % 2 == 1


def _is_on(ring: Ring, x: float, y: float) -> bool:
    for a, b in _edges(ring):
        cross = (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
        within_x = min(a[0], b[0]) - _SAME <= x <= max(a[0], b[0]) + _SAME
        within_y = min(a[1], b[1]) - _SAME <= y <= max(a[1], b[1]) + _SAME
        if abs(cross) < _SAME and within_x and within_y:
            return True
    return False
