"""Grids: published references are met, every notation goes there and back, what is no place is refused."""

from __future__ import annotations

import sys

import pytest

pytest.importorskip("pyproj", reason="grids need the extra 'cover'")

import pyproj
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.errors import MissingExtraError
from truceline.core.watchlog import Spot
from truceline.geo import grids
from truceline.geo.points import distance_m

SPOTS = st.builds(Spot, st.floats(-179.9, 179.9), st.floats(-79.5, 83.5))
NORTHERN = st.builds(Spot, st.floats(20.0, 179.0), st.floats(0.5, 80.0))


def gap_m(one: Spot, other: Spot) -> float:
    return distance_m((one.lon, one.lat), (other.lon, other.lat))


@pytest.mark.parametrize(
    ("reference", "lon", "lat", "width_m"),
    [
        ((33, "U", "XP", "04"), 16.41450, 48.24949, 10_000.0),
        ((4, "Q", "FJ", "1234567890"), -157.9160764, 21.4098012, 1.0),
        ((38, "S", "PK", "4996808082"), 46.7520, 39.8095, 1.0),
    ],
)
def test_squares_of_mgrs_lie_where_they_are_published(
    reference: tuple[int, str, str, str], lon: float, lat: float, width_m: float
) -> None:
    spot, width = grids.from_mgrs(*reference)
    assert width == width_m
    assert gap_m(spot, Spot(lon, lat)) <= max(10.0, 0.001 * width_m)


EDGES = st.builds(
    Spot, st.sampled_from([-180.0, -84.0, 0.0, 9.4, 102.0]), st.sampled_from([-80.0, -72.0, 72.0, 83.9])
)
"""Corners of zones and bands, where the middle of a square may lie outside what its zone cuts of it."""


@given(SPOTS | EDGES, st.integers(1, 5))
def test_a_grid_reference_goes_there_and_back(spot: Spot, half: int) -> None:
    text = grids.to_mgrs(spot, half)
    letters = next(at for at, sign in enumerate(text) if sign.isalpha())
    zone, band, square, digits = (
        int(text[:letters]),
        text[letters],
        text[letters + 1 : letters + 3],
        text[letters + 3 :],
    )
    back, width_m = grids.from_mgrs(zone, band, square, digits)
    assert width_m == 10 ** (5 - half)
    assert gap_m(spot, back) <= width_m


@given(SPOTS)
def test_utm_goes_there_and_back_and_is_what_epsg_says(spot: Spot) -> None:
    zone, east_m, north_m = grids.to_utm(spot)
    is_south = spot.lat < 0
    back = grids.from_utm(zone, east_m, north_m + (10_000_000 if is_south else 0), is_south=is_south)
    assert gap_m(spot, back) < 0.01
    known = pyproj.Transformer.from_crs(
        4326, (32700 if is_south else 32600) + zone, always_xy=True
    ).transform(spot.lon, spot.lat)
    assert known == pytest.approx((east_m, north_m + (10_000_000 if is_south else 0)), abs=0.01)


@given(NORTHERN)
def test_the_system_of_1942_goes_there_and_back(spot: Spot) -> None:
    north_m, east_m = grids.to_sk42(spot)
    assert gap_m(spot, grids.from_sk42(north_m, east_m)) < 0.05


@pytest.mark.parametrize(
    ("lon", "lat"), [(46.752, 39.8095), (44.51, 40.18), (41.99, 41.7), (49.86, 40.41), (37.62, 55.75)]
)
def test_the_system_of_1942_lies_where_epsg_has_it_within_its_error(lon: float, lat: float) -> None:
    zone = int(lon // 6) + 1
    east_m, north_m = pyproj.Transformer.from_crs(4326, 28400 + zone, always_xy=True).transform(lon, lat)
    assert gap_m(grids.from_sk42(north_m, east_m), Spot(lon, lat)) < grids.SK42_ERROR_M
    turned = grids.from_sk42_degrees(Spot(lon, lat))
    assert 50 < gap_m(turned, Spot(lon, lat)) < 250, "degrees of 1942 are no degrees of WGS 84"


@given(st.builds(Spot, st.floats(42.1, 47.9), st.floats(-79.0, 79.0)))
def test_convergence_is_what_the_projection_says(spot: Spot) -> None:
    known = pyproj.Proj("+proj=utm +zone=38 +ellps=WGS84").get_factors(spot.lon, spot.lat)
    assert abs(grids.convergence_deg(spot) - known.meridian_convergence) < 0.01


@given(st.floats(0, 6400))
def test_mils_are_parts_of_a_circle(value: float) -> None:
    assert grids.degrees_of_mils(value, "6400") == pytest.approx(value * 0.05625)
    assert grids.degrees_of_mils(value, "6000") == pytest.approx(value * 0.06)


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ((38, "S", "PK", "499"), "digits"),
        ((38, "S", "PK", ""), "digits"),
        ((61, "S", "PK", "4990"), "no grid zone"),
        ((38, "I", "PK", "4990"), "no grid zone"),
        ((38, "S", "XX", "4990"), "no square"),
        ((38, "C", "PK", "4990"), "does not lie"),
    ],
)
def test_what_is_no_square_is_refused(reference: tuple[int, str, str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        grids.from_mgrs(*reference)


@pytest.mark.parametrize(("zone", "east_m", "north_m"), [(0, 5e5, 4e6), (38, 99_999, 4e6), (38, 5e5, 1.1e7)])
def test_what_is_no_utm_is_refused(zone: int, east_m: float, north_m: float) -> None:
    with pytest.raises(ValueError, match=r"UTM|zone"):
        grids.from_utm(zone, east_m, north_m)


@pytest.mark.parametrize(
    ("north_m", "east_m"), [(4_409_936, 650_134), (4_409_936, 61_500_000), (9.9e6, 8_650_134)]
)
def test_what_is_no_gauss_krueger_is_refused(north_m: float, east_m: float) -> None:
    with pytest.raises(ValueError, match=r"X|Y"):
        grids.from_sk42(north_m, east_m)


def test_without_the_extra_its_name_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyproj", None)
    grids._utm.cache_clear()
    with pytest.raises(MissingExtraError, match="cover"):
        grids.to_utm(Spot(46.0, 40.0))
