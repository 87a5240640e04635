"""Points: distance on the ellipsoid, a point that stands for a shape, point in polygon, rounding."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from truceline.geo.rings import Ring, line_middle, point_inside, rings_of, surrounds

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
DIGITS = 7
"""Decimals of a degree that are kept: the record stores whole units of 1e-7 degree."""


def distance_m(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the distance between two points on WGS 84 by Lambert's formula (within 10 m over 1,000 km).

    Args:
        first: Longitude and latitude in degrees.
        second: Longitude and latitude in degrees.

    Returns:
        Metres.
    """
    if first == second:
        return 0.0
    beta1, beta2 = (
        math.atan((1 - FLATTENING) * math.tan(math.radians(lat))) for lat in (first[1], second[1])
    )
    d_lon = math.radians(second[0] - first[0])
    half = math.sin((beta2 - beta1) / 2) ** 2 + math.cos(beta1) * math.cos(beta2) * math.sin(d_lon / 2) ** 2
    sigma = 2 * math.asin(min(1.0, math.sqrt(half)))
    if sigma in {0.0, math.pi}:
        return SEMI_MAJOR_M * sigma
    mean, gap = (beta1 + beta2) / 2, (beta2 - beta1) / 2
    x = (sigma - math.sin(sigma)) * (math.sin(mean) * math.cos(gap) / math.cos(sigma / 2)) ** 2
    y = (sigma + math.sin(sigma)) * (math.cos(mean) * math.sin(gap) / math.sin(sigma / 2)) ** 2
    return SEMI_MAJOR_M * (sigma - FLATTENING / 2 * (x + y))


def point_for(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """Return a point that stands for a GeoJSON geometry and lies on it.

    Args:
        geometry: GeoJSON geometry in degrees: points, lines, polygons, or a collection of them.

    Returns:
        Longitude and latitude, rounded to 1e-7 degree: of a polygon a point well inside its largest part, of a line
        its middle, of several points or lines the first one's.
    """
    kind = geometry["type"]
    if kind == "GeometryCollection":
        return point_for(geometry["geometries"][0])
    if kind in {"Polygon", "MultiPolygon"}:
        lon, lat = point_inside(rings_of(geometry))
    elif kind in {"LineString", "MultiLineString"}:
        lines = geometry["coordinates"]
        line: Ring = lines if kind == "LineString" else max(lines, key=len)
        lon, lat = line_middle(line)
    else:
        spot = geometry["coordinates"] if kind == "Point" else geometry["coordinates"][0]
        lon, lat = spot[0], spot[1]
    return round_degrees(lon), round_degrees(lat)


def covers(geometry: Mapping[str, Any], lon: float, lat: float) -> bool:
    """Say whether a polygon of GeoJSON holds a point; its edge counts as inside, a line never holds one."""
    return any(surrounds(rings, lon, lat) for rings in rings_of(geometry))


def round_degrees(value: float) -> float:
    """Round degrees to 1e-7, without a negative zero."""
    return round(value, DIGITS) + 0.0
