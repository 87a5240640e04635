"""Fences: nothing is told while a track may as well be on the other side, and what entered leaves once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.feeds import Fence, Happening
from truceline.core.tracks import TrackPicture
from truceline.detect.fences import Fences, Known, p_inside
from truceline.geo.areas import Area
from truceline.geo.plane import Plane

PLANE = Plane(46.6, 39.8)
_LON, _LAT = PLANE.to_ground(np.array([[0.0, -50_000], [50_000, -50_000], [50_000, 50_000], [0.0, 50_000]]))
EAST = Area(
    {"type": "Polygon", "coordinates": [[[float(x), float(y)] for x, y in zip(_LON, _LAT, strict=True)]]},
    PLANE,
)
"""All that lies east of the origin, to within a few metres."""
FENCE = Fence("fence:east", {}, "zone:east")


def seen(x_m: float, sigma_m: float, at_s: float = 0.0, track: str = "t") -> TrackPicture:
    return TrackPicture(
        at_s, (track,), np.array([[x_m, 0.0]]), np.zeros((1, 2)), np.array([sigma_m]), np.array([0])
    )


def walked(
    steps: list[tuple[float, float]], fence: Fence = FENCE, known: Known | None = None
) -> list[Happening]:
    fences = Fences([(fence, EAST)], PLANE)
    told = {"t": known} if known else {}
    return [one for n, (x, sigma) in enumerate(steps) for one in fences.take(seen(x, sigma, float(n)), told)]


def test_who_comes_from_outside_enters_and_leaves_once() -> None:
    ways = [one.way for one in walked([(-500, 20), (-100, 20), (200, 20), (400, 20), (100, 20), (-300, 20)])]
    assert ways == ["enter", "exit"]


def test_who_is_first_seen_inside_appears_and_does_not_enter() -> None:
    assert [one.way for one in walked([(500, 20), (600, 20)])] == ["appear"]


@given(st.lists(st.floats(-1.5, 1.5), min_size=1, max_size=60), st.floats(1, 5_000))
def test_nothing_is_told_on_a_coins_edge(shares: list[float], sigma_m: float) -> None:
    """Within one and a half standard deviations of the edge nothing is sure either way."""
    begin = [(-9_000.0, 1.0)]
    assert walked(begin + [(share * sigma_m + 5, sigma_m + 10) for share in shares]) == []


@given(st.lists(st.tuples(st.floats(-3_000, 3_000), st.floats(1, 2_000)), min_size=1, max_size=60))
def test_entering_and_leaving_take_turns(steps: list[tuple[float, float]]) -> None:
    ways = [one.way for one in walked([(-9_000.0, 1.0), *steps])]
    assert ways == [("enter", "exit")[n % 2] for n in range(len(ways))]


@given(st.floats(-40_000, 40_000), st.floats(1, 1_000), st.floats(1.01, 10))
def test_the_surer_the_place_the_surer_the_side(x_m: float, sigma_m: float, more: float) -> None:
    (sure,) = p_inside(EAST, seen(x_m, sigma_m))
    (unsure,) = p_inside(EAST, seen(x_m, sigma_m * more))
    assert 0 <= sure <= 1
    assert abs(unsure - 0.5) <= abs(sure - 0.5) + 1e-9


@pytest.mark.parametrize(("height_m", "n"), [(500.0, 1), (5_000.0, 0), (None, 1)])
def test_a_band_of_heights_counts_who_flies_in_it_and_whose_height_nobody_knows(
    height_m: float | None, n: int
) -> None:
    fence = Fence("fence:low", {}, "zone:east", ceiling_m=3_000)
    assert len(walked([(-500, 20), (500, 20)], fence, Known(height_m))) == n


def test_who_is_lost_inside_has_not_left() -> None:
    fences = Fences([(FENCE, EAST)], PLANE)
    fences.take(seen(500, 20), {})
    gone = TrackPicture(1.0, (), np.empty((0, 2)), np.empty((0, 2)), np.empty(0), np.empty(0, np.int64))
    assert fences.take(gone, {}) == []
    assert fences.inside() == {}
