"""Points: distance on the ellipsoid, a point that stands for a shape, point in polygon, rounding."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from shapely.geometry import Point, shape

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
        geometry: GeoJSON geometry in degrees.

    Returns:
        Longitude and latitude, rounded to 1e-7 degree.
    """
    figure = shape(dict(geometry))
    found = figure.interpolate(0.5, normalized=True) if figure.geom_type == "LineString" else None
    point = found if found is not None else figure.representative_point()
    return round_degrees(point.x), round_degrees(point.y)


def covers(geometry: Mapping[str, Any], lon: float, lat: float) -> bool:
    """Say whether a polygon of GeoJSON holds a point; its edge counts as inside, a line never holds one."""
    figure = shape(dict(geometry))
    return figure.geom_type in {"Polygon", "MultiPolygon"} and bool(figure.covers(Point(lon, lat)))


def round_degrees(value: float) -> float:
    """Round degrees to 1e-7, without a negative zero."""
    return round(value, DIGITS) + 0.0
