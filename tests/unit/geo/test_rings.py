from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, shape

from truceline.geo.points import covers, point_for
from truceline.geo.rings import area

HOLED = {
    "type": "Polygon",
    "coordinates": [
        [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]],
        [[2, 2], [8, 2], [8, 8], [2, 8], [2, 2]],
    ],
}
HORSESHOE = {
    "type": "Polygon",
    "coordinates": [[[0, 0], [9, 0], [9, 9], [6, 9], [6, 3], [3, 3], [3, 9], [0, 9], [0, 0]]],
}
TWO = {
    "type": "MultiPolygon",
    "coordinates": [HORSESHOE["coordinates"], [[[20, 0], [40, 0], [40, 20], [20, 0]]]],
}
spots = st.tuples(st.floats(-1, 41), st.floats(-1, 21))


@given(spot=spots)
def test_inside_agrees_with_a_geometry_library(spot: tuple[float, float]) -> None:
    for geometry in (HOLED, HORSESHOE, TWO):
        figure = shape(geometry)
        if figure.boundary.distance(Point(spot)) > 1e-9:
            assert covers(geometry, *spot) == figure.covers(Point(spot))


def test_a_hole_holds_nothing_but_its_edge() -> None:
    assert not covers(HOLED, 5, 5)
    assert covers(HOLED, 2, 5)
    assert covers(HOLED, 1, 5)


def test_the_point_for_a_polygon_lies_in_its_largest_part_even_where_the_centroid_does_not() -> None:
    for geometry in (HOLED, HORSESHOE, TWO):
        assert covers(geometry, *point_for(geometry))
    assert point_for(TWO)[0] > 20


def test_the_point_for_several_lines_and_points_is_on_one_of_them() -> None:
    lines = {"type": "MultiLineString", "coordinates": [[[0, 0], [1, 0]], [[0, 5], [2, 5], [4, 5]]]}
    assert point_for(lines) == (2.0, 5.0)
    assert point_for({"type": "MultiPoint", "coordinates": [[3, 4], [5, 6]]}) == (3.0, 4.0)
    assert point_for({"type": "GeometryCollection", "geometries": [lines]}) == (2.0, 5.0)


def test_area_has_the_sign_of_its_direction() -> None:
    ring = [[0, 0], [2, 0], [2, 3], [0, 3]]
    assert area(ring) == 6
    assert area(ring[::-1]) == -6
