"""Points that stand for a zone: evenly spread over it, so that a share of points is a share of its area."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely.geometry import LineString

from truceline.core.places import Line
from truceline.cover.ports import Floats
from truceline.geo.areas import Area
from truceline.geo.plane import Plane
from truceline.geo.points import point_for
from truceline.geo.rings import rings_of

_LEAST_M = 10.0


@dataclass(frozen=True, eq=False)
class Points:
    """Points of zones.

    Args:
        zones: Slugs.
        lon: Degrees, shape (n,).
        lat: Degrees, shape (n,).
        zone: Index of its zone, shape (n,); a place in two zones is a point of each.
        spacing_m: How far apart they are in each zone, metres.
        masks: For each zone the set of its points, as bits of a whole number.
        middles: For each zone a place inside, by which its light is told.
    """

    zones: tuple[str, ...]
    lon: Floats
    lat: Floats
    zone: np.ndarray
    spacing_m: tuple[float, ...]
    masks: tuple[int, ...]
    middles: tuple[tuple[float, float], ...]


def spread(lines: Sequence[Line], most: int) -> Points:
    """Spread points over zones.

    Args:
        lines: Zones and corridors.
        most: How many points a zone has, about.

    Returns:
        The points.

    Raises:
        ValueError: A zone has no extent.
    """
    lons, lats, owners = list[Floats](), list[Floats](), list[np.ndarray]()
    spacings, middles = list[float](), list[tuple[float, float]]()
    for index, line in enumerate(lines):
        middle = point_for(line.geometry)
        plane = Plane(*middle)
        area = Area(line.geometry, plane, 1000 * (line.width_km or 0.0))
        corner = np.asarray(_vertices(line.geometry["coordinates"]), np.float64)
        xy = plane.to_plane(corner[:, 0], corner[:, 1])
        room = 500 * (line.width_km or 0.0)
        low, high = xy.min(axis=0) - room, xy.max(axis=0) + room
        spacing = max(math.sqrt(float(np.prod(high - low)) / most), _LEAST_M)
        found = _inside(area, low, high, spacing)
        # once the share of the box is known, the points that it left unused are spread inside
        if 0 < len(found) < most:
            spacing = max(spacing * math.sqrt(len(found) / most), _LEAST_M)
            found = _inside(area, low, high, spacing)
        lon, lat = plane.to_ground(found)
        lons.append(lon)
        lats.append(lat)
        owners.append(np.full(len(found), index))
        spacings.append(spacing)
        middles.append(middle)
    zone = np.concatenate(owners)
    return Points(
        tuple(line.id for line in lines), np.concatenate(lons), np.concatenate(lats), zone, tuple(spacings),
        tuple(bits(zone == index) for index in range(len(lines))), tuple(middles),
    )  # fmt: skip


def outline(line: Line) -> list[Floats]:
    """Return the outline of a zone; of a corridor that of its whole width.

    Args:
        line: The zone or corridor.

    Returns:
        Rings of longitudes and latitudes, degrees, shape (n, 2) each.
    """
    polygons = rings_of(line.geometry)
    if polygons:
        return [np.asarray([pair[:2] for pair in ring], np.float64) for rings in polygons for ring in rings]
    plane = Plane(*point_for(line.geometry))
    corners = np.asarray(_vertices(line.geometry["coordinates"]), np.float64)
    band = LineString(plane.to_plane(corners[:, 0], corners[:, 1])).buffer(500 * (line.width_km or 0.0))
    return [np.column_stack(plane.to_ground(np.asarray(band.exterior.coords)))]


def bits(flags: np.ndarray) -> int:
    """Return a set of points as the bits of a whole number, so that sets are joined and counted at once.

    Args:
        flags: Which points, shape (n,).

    Returns:
        The set: bit ``i`` is point ``i``.
    """
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def _inside(area: Area, low: Floats, high: Floats, spacing: float) -> Floats:
    # half a step inside, so that no row lies on the edge of the box
    xs, ys = (np.arange(low[axis] + spacing / 2, high[axis], spacing) for axis in (0, 1))
    rows = [np.column_stack([xs, np.full(len(xs), y)]) for y in ys]
    return np.concatenate([row[area.depth_m(row) > 0] for row in rows])


def _vertices(coordinates: object) -> list[tuple[float, float]]:
    if not isinstance(coordinates, (list, tuple)):
        return []
    if coordinates and isinstance(coordinates[0], (int, float)):
        return [(float(coordinates[0]), float(coordinates[1]))]
    return [pair for part in coordinates for pair in _vertices(part)]
