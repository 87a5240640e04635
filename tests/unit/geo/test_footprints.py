"""What a picture shows of the ground: any pixel has a place and back, areas are right, shared ground is shared both ways."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.geo.footprints import Ground
from truceline.geo.plane import Plane
from truceline.geo.points import distance_m

WIDTH, HEIGHT = 1920, 1080


def square(lon: float, lat: float, half_m: float, turn: float = 0.0) -> list[tuple[float, float]]:
    plane = Plane(lon, lat)
    found = []
    for east, north in ((-1, 1), (1, 1), (1, -1), (-1, -1)):
        x, y = east * half_m, north * half_m
        found.append(
            plane.ground_at(x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn))
        )
    return found


@given(
    lon=st.floats(-180, 180), lat=st.floats(-80, 80), turn=st.floats(0, 6.28), half_m=st.floats(20, 5000),
    x=st.floats(0, WIDTH), y=st.floats(0, HEIGHT),
)  # fmt: skip
def test_a_pixel_has_a_place_and_the_place_its_pixel(
    lon: float, lat: float, turn: float, half_m: float, x: float, y: float
) -> None:
    ground = Ground(square(lon, lat, half_m, turn), WIDTH, HEIGHT)
    back = ground.pixel_of(*ground.at(x, y))
    assert back == (pytest.approx(x, abs=0.01), pytest.approx(y, abs=0.01))


@given(lat=st.floats(-80, 80), half_m=st.floats(20, 5000), turn=st.floats(0, 6.28))
def test_area_and_length_of_a_pixel_are_those_of_the_square(lat: float, half_m: float, turn: float) -> None:
    ground = Ground(square(46.7, lat, half_m, turn), WIDTH, HEIGHT)
    assert ground.area_m2 == pytest.approx(4 * half_m**2, rel=1e-3)
    assert ground.pixel_m(WIDTH / 2, HEIGHT / 2) == pytest.approx(2 * half_m / HEIGHT, rel=1e-3)


def test_a_view_aslant_puts_the_corners_where_they_are_and_the_middle_nearer_to_the_near_side() -> None:
    aslant = [(46.70, 39.82), (46.80, 39.82), (46.77, 39.80), (46.73, 39.80)]
    ground = Ground(aslant, WIDTH, HEIGHT)
    for corner, (x, y) in zip(aslant, ((0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)), strict=True):
        assert distance_m(ground.at(x, y), corner) < 0.01
    assert ground.at(WIDTH / 2, HEIGHT / 2)[1] < 39.81
    assert ground.pixel_m(WIDTH / 2, 1) > ground.pixel_m(WIDTH / 2, HEIGHT - 1)


@given(shift=st.floats(0, 3), turn=st.floats(0, 6.28))
def test_shared_ground_is_shared_both_ways(shift: float, turn: float) -> None:
    first = Ground(square(46.7, 39.8, 500), WIDTH, HEIGHT)
    east = Plane(46.7, 39.8).ground_at(shift * 500, 0)
    second = Ground(square(*east, 500, turn), WIDTH, HEIGHT)
    assert first.shared(second) == pytest.approx(second.shared(first), abs=2e-3)
    if turn == 0:
        assert first.shared(second) == pytest.approx(max(0.0, 1 - shift / 2), abs=2e-3)


def test_a_picture_lies_over_another_pixel_on_pixel_of_the_same_ground() -> None:
    after = Ground(square(46.7, 39.8, 500), WIDTH, HEIGHT)
    before = Ground(square(46.701, 39.8005, 700, 0.4), 800, 600)
    laid = before.laid_over(after)
    for x, y in ((0, 0), (400, 300), (800, 600), (123, 456)):
        u, v, w = laid @ np.array([x, y, 1.0])
        assert distance_m(after.at(u / w, v / w), before.at(x, y)) < 0.05


def test_across_the_antimeridian_is_one_area() -> None:
    ground = Ground(square(179.9999, 10, 500), WIDTH, HEIGHT)
    assert ground.area_m2 == pytest.approx(1e6, rel=1e-3)
    assert abs(ground.at(WIDTH, HEIGHT / 2)[0]) > 179.9


@pytest.mark.parametrize(
    "corners",
    [
        [(46.7, 39.8), (46.8, 39.7), (46.8, 39.8), (46.7, 39.7)],  # a bow
        [(46.7, 39.8)] * 4,
        [(46.7, 39.8), (46.8, 39.8), (46.8, 39.8), (46.7, 39.8)],
        [(46.7, 39.8), (46.8, 39.8), (46.8, 39.7)],
        [(46.7, 99.8), (46.8, 39.8), (46.8, 39.7), (46.7, 39.7)],
        [(46.7, float("nan")), (46.8, 39.8), (46.8, 39.7), (46.7, 39.7)],
        [(46.7, 39.8), (66.8, 39.8), (66.8, 19.7), (46.7, 19.7)],
    ],
)
def test_corners_that_show_no_ground_are_refused(corners: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="corner"):
        Ground(corners, WIDTH, HEIGHT)
