"""The sun: where almanacs have it, at every latitude, and spans without gap or overlap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.geo.sun import lights, sun_height_deg

EPOCH = datetime(2000, 1, 1, 12, tzinfo=UTC)


def height(at: datetime, lon: float, lat: float) -> float:
    return float(sun_height_deg(np.array([(at - EPOCH).total_seconds()]), lon, lat)[0])


def edges(day: datetime, lon: float, lat: float) -> list[tuple[str, str]]:
    pieces = lights(day, day + timedelta(days=1), lon, lat)
    return [(f"{begin + timedelta(seconds=30):%H:%M}", light) for begin, _, light in pieces]


@pytest.mark.parametrize(
    ("at", "place", "height_deg"),
    [
        # by PyEphem 4.2.1, which sums VSOP87: the sun's middle as seen from the middle of the Earth, without refraction
        ((2020, 11, 10, 4, 0), (46.75, 39.8), 4.036),
        ((2020, 11, 10, 9, 0), (46.75, 39.8), 32.638),
        ((2021, 6, 21, 0, 0), (46.75, 39.8), -13.431),
        ((1950, 3, 1, 6, 30), (-70, -33.5), -42.685),
        ((2099, 9, 23, 18, 0), (139.7, 35.7), -30.540),
        ((1975, 12, 22, 12, 0), (25, 78), -12.522),
        ((2060, 7, 4, 23, 45), (-150, 64.8), 44.852),
        ((2030, 1, 1, 0, 0), (0, -90), 23.012),
        ((2045, 4, 15, 3, 20), (179.9, 0), 39.394),
    ],
)
def test_it_stands_where_a_full_theory_of_the_planets_has_it(
    at: tuple[int, ...], place: tuple[float, float], height_deg: float
) -> None:
    year, month, day, hour, minute = at
    found = height(datetime(year, month, day, hour, minute, tzinfo=UTC), *place)
    assert found == pytest.approx(height_deg, abs=0.02)


def test_stepanakert_has_day_and_twilight_when_a_full_theory_of_the_planets_says() -> None:
    # 10 November 2020, by PyEphem 4.2.1: centre at -6, -0.833, -0.833 and -6 degrees
    day = datetime(2020, 11, 10, tzinfo=UTC)
    turns = [begin for begin, _, _ in lights(day, day + timedelta(days=1), 46.75, 39.8)][1:]
    for ours, clock in zip(turns, ((3, 3, 35), (3, 32, 11), (13, 41, 14), (14, 9, 49)), strict=True):
        hour, minute, second = clock
        assert abs(ours - day.replace(hour=hour, minute=minute, second=second)) <= timedelta(seconds=30)


def test_at_noon_of_the_solstices_it_stands_as_high_as_the_tilt_of_the_earth_says() -> None:
    tilt = 23.4366
    assert height(datetime(2020, 6, 20, 12, 2, tzinfo=UTC), 0, 51.4779) == pytest.approx(
        90 - 51.4779 + tilt, abs=0.02
    )
    assert height(datetime(2020, 12, 21, 11, 58, tzinfo=UTC), 0, 51.4779) == pytest.approx(
        90 - 51.4779 - tilt, abs=0.02
    )


def test_at_the_equinox_it_stands_overhead_at_the_equator() -> None:
    # 20 March 2020, 03:50 UTC: the sun crosses the equator; at noon there, by the equation of time 7 min 24 s late, at 0 degrees
    assert height(datetime(2020, 3, 20, 12, 7, 24, tzinfo=UTC), 0, 0) == pytest.approx(90, abs=0.15)


@pytest.mark.parametrize(
    ("day", "place", "rise", "set_"),
    [
        # sunrise and sunset as the published almanac formulas round them, UTC
        (datetime(2020, 6, 21, tzinfo=UTC), (-0.1276, 51.5072), "03:43", "20:21"),
        (datetime(2020, 12, 21, tzinfo=UTC), (-0.1276, 51.5072), "08:03", "15:53"),
    ],
)
def test_it_rises_and_sets_as_almanacs_say(
    day: datetime, place: tuple[float, float], rise: str, set_: str
) -> None:
    found = edges(day, *place)
    (risen,) = [clock for clock, light in found if light == "day"]
    after = next(clock for n, (clock, _) in enumerate(found) if n and found[n - 1][1] == "day")
    for ours, theirs in ((risen, rise), (after, set_)):
        off = datetime.strptime(ours, "%H:%M") - datetime.strptime(theirs, "%H:%M")  # noqa: DTZ007 - clock times alone
        assert abs(off) <= timedelta(minutes=1), (ours, theirs)


def test_at_the_pole_a_summer_is_day_and_a_winter_night() -> None:
    for month, light in ((6, "day"), (12, "night")):
        start = datetime(2021, month, 1, tzinfo=UTC)
        assert lights(start, start + timedelta(days=20), 25.0, 89.0) == (
            (start, start + timedelta(days=20), light),
        )


def test_north_of_the_circle_summer_nights_are_twilight() -> None:
    start = datetime(2021, 6, 21, 12, tzinfo=UTC)
    assert {light for *_, light in lights(start, start + timedelta(days=1), 20.0, 65.0)} == {
        "day",
        "twilight",
    }


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001 - hypothesis wants plain ones
    st.floats(-180, 180),
    st.floats(-90, 90),
    st.floats(0.01, 60),
)
def test_pieces_cover_a_span_without_gap_or_overlap(
    at: datetime, lon: float, lat: float, hours: float
) -> None:
    start = at.replace(tzinfo=UTC)
    end = start + timedelta(hours=hours)
    pieces = lights(start, end, lon, lat)
    assert (pieces[0][0], pieces[-1][1]) == (start, end)
    for one, other in pairwise(pieces):
        assert one[1] == other[0]
        assert one[2] != other[2]
        assert {one[2], other[2]} != {"day", "night"} or abs(lat) < 90


@settings(max_examples=60, deadline=None)
@given(st.floats(-7e8, 3e9), st.floats(-180, 180), st.floats(-89, 89))
def test_the_same_hour_angle_is_the_same_height_all_round_the_earth(
    at_s: float, lon: float, lat: float
) -> None:
    here = sun_height_deg(np.array([at_s]), lon, lat)[0]
    # a quarter turn west the sun stands a quarter of a day later as high, but for its way among the stars
    there = sun_height_deg(np.array([at_s + 21_600]), lon - 90, lat)[0]
    assert abs(here - there) < 0.4


def test_nothing_is_cut_of_no_span() -> None:
    assert lights(EPOCH, EPOCH, 0, 0) == ()
