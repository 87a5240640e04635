"""Areas: how deep a point lies inside agrees with a geometry library, for polygons with holes and for corridors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from shapely import transform
from shapely.geometry import Point, shape

from truceline.geo.areas import Area
from truceline.geo.plane import Plane

PLANE = Plane(46.6, 39.8)
RING = [[46.35, 40.04], [46.57, 40.28], [46.84, 40.26], [46.9, 40.0], [46.7, 39.87], [46.35, 40.04]]
HOLE = [[46.6, 40.1], [46.7, 40.1], [46.65, 40.15], [46.6, 40.1]]
LINE = [[46.375, 39.598], [46.46, 39.625], [46.6, 39.7], [46.75, 39.82]]
SHAPES: list[tuple[dict[str, Any], float]] = [
    ({"type": "Polygon", "coordinates": [RING]}, 0),
    ({"type": "Polygon", "coordinates": [RING, HOLE]}, 0),
    ({"type": "MultiPolygon", "coordinates": [[RING], [[[47, 39.5], [47.1, 39.5], [47.05, 39.6], [47, 39.5]]]]}, 0),
    ({"type": "LineString", "coordinates": LINE}, 5_000),
    ({"type": "MultiLineString", "coordinates": [LINE, [[46.9, 39.6], [47.0, 39.7]]]}, 1_000),
]  # fmt: skip


def in_plane(geometry: dict[str, Any]) -> Any:
    return transform(shape(geometry), lambda places: PLANE.to_plane(*places.T))


@pytest.mark.parametrize(("geometry", "width_m"), SHAPES)
def test_depth_is_that_of_a_geometry_library(geometry: dict[str, Any], width_m: float) -> None:
    chance = np.random.default_rng(7)
    points = chance.uniform(-50_000, 60_000, (400, 2))
    ours = Area(geometry, PLANE, width_m).depth_m(points)
    theirs = in_plane(geometry)
    for point, depth_m in zip(points, ours, strict=True):
        spot = Point(point)
        if width_m:
            expected = width_m / 2 - theirs.distance(spot)
        else:
            expected = theirs.boundary.distance(spot) * (1 if theirs.contains(spot) else -1)
        assert depth_m == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("geometry", "width_m"),
    [({"type": "LineString", "coordinates": LINE}, 0), ({"type": "Point", "coordinates": [46, 40]}, 100)],
)
def test_what_has_no_inside_is_no_area(geometry: dict[str, Any], width_m: float) -> None:
    with pytest.raises(ValueError, match="inside"):
        Area(geometry, PLANE, width_m)
