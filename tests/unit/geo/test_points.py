from __future__ import annotations

import pytest

from truceline.geo.points import covers, distance_m, point_for, round_degrees

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}


def test_a_degree_of_latitude_at_the_equator_has_its_ellipsoidal_length() -> None:
    assert distance_m((0.0, 0.0), (0.0, 1.0)) == pytest.approx(110_574.4, abs=2)


def test_a_degree_of_longitude_on_the_equator_has_its_ellipsoidal_length() -> None:
    assert distance_m((0.0, 0.0), (1.0, 0.0)) == pytest.approx(111_319.5, abs=2)


def test_the_distance_is_the_same_both_ways_and_zero_to_itself() -> None:
    first, second = (46.75, 39.82), (46.34, 39.20)
    assert distance_m(first, second) == pytest.approx(distance_m(second, first))
    assert distance_m(first, first) == 0


def test_a_point_lies_in_a_polygon_and_on_its_edge_and_never_in_a_line() -> None:
    assert covers(SQUARE, 1, 1)
    assert covers(SQUARE, 0, 1)
    assert not covers(SQUARE, 3, 1)
    assert not covers({"type": "LineString", "coordinates": [[0, 0], [2, 2]]}, 1, 1)


def test_the_point_for_a_shape_lies_on_it() -> None:
    assert covers(SQUARE, *point_for(SQUARE))
    assert point_for({"type": "LineString", "coordinates": [[0, 0], [2, 0]]}) == (1.0, 0.0)


def test_degrees_are_kept_to_seven_decimals() -> None:
    assert round_degrees(46.123456789) == 46.1234568
    assert str(round_degrees(-0.00000000001)) == "0.0"
