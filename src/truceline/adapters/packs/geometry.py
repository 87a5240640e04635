"""Mistakes of a GeoJSON geometry: kind, numbers, closed rings, and whether it lies in the mission's box."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

Box = tuple[float, float, float, float]

DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""Kind -> how many lists stand around one position."""


def geometry_mistakes(geometry: Mapping[str, Any], box: Box | None) -> Iterator[tuple[str, str]]:
    """Find what is wrong with a geometry.

    Args:
        geometry: A GeoJSON geometry, WGS 84, lon before lat.
        box: West, south, east, north in degrees that must hold it; None anywhere on Earth.

    Yields:
        What is wrong, and what to do.
    """
    kind = geometry.get("type")
    if kind not in DEPTHS:
        yield f"unknown geometry '{kind}'", "use one of " + ", ".join(DEPTHS)
        return
    coordinates = geometry.get("coordinates")
    positions = list(_positions(coordinates, DEPTHS[kind]))
    bad = next((spot for spot in positions if not _is_position(spot)), None)
    if bad is not None or not positions:
        yield f"'{bad}' is no position", "write [lon, lat] in degrees, lon first"
        return
    if kind in {"Polygon", "MultiPolygon"} and not all(_is_ring(ring) for ring in _rings(coordinates, kind)):
        yield "a ring is not closed", "end each ring where it began, with at least four positions"
    west, south, east, north = box or (-180.0, -90.0, 180.0, 90.0)
    for lon, lat, *_ in positions:
        if not (west <= lon <= east and south <= lat <= north):
            where = "the mission's box" if box else "the Earth"
            yield f"{lon}, {lat} lies outside {where}", "mind that lon comes before lat, or widen the box"
            return


def _positions(coordinates: Any, depth: int) -> Iterator[Any]:
    if depth == 0:
        yield coordinates
    elif isinstance(coordinates, list):
        for item in coordinates:
            yield from _positions(item, depth - 1)
    else:
        yield coordinates


def _is_position(spot: Any) -> bool:
    return isinstance(spot, list) and len(spot) in {2, 3} and all(type(item) in {int, float} for item in spot)


def _rings(coordinates: Any, kind: str) -> list[Any]:
    polygons = [coordinates] if kind == "Polygon" else coordinates
    return [ring for polygon in polygons for ring in polygon]


def _is_ring(ring: list[Any]) -> bool:
    return (
        len(ring) >= len(("a", "b", "c", "a"))
        and ring[0] == ring[-1]
        and any(a != b for a, b in pairwise(ring))
    )
