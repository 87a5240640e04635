"""Cross-sections: what is in sight on them is what lines of sight say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from truceline.geo.profiles import profile

FLAT = np.zeros(101)
ALONG = np.linspace(0, 1000, 101)


def test_flat_ground_is_in_sight() -> None:
    found = profile(ALONG, FLAT, 2.0, 0.0)
    assert (found.hidden_m == 0).all()
    assert found.sees(0.0)


def test_behind_a_wall_things_are_seen_from_where_the_line_over_it_passes() -> None:
    ground = FLAT.copy()
    ground[50] = 12.0
    found = profile(ALONG, ground, 2.0, 0.0)
    assert found.hidden_m[-1] == pytest.approx(22.0)
    assert not found.sees(21.9)
    assert found.sees(22.1)
    assert found.hidden_m[50] == 0


def test_the_earth_itself_hides_what_is_far() -> None:
    far = np.linspace(0, 40_000, 401)
    found = profile(far, np.zeros(401), 2.0, 1 / (2 * 6_378_137))
    # the horizon of two metres is 5 km away; what lies 35 km behind it is hidden by 35^2 / 2R
    assert found.hidden_m[-1] == pytest.approx(
        (40_000 - math.sqrt(2 * 2 * 6_378_137)) ** 2 / (2 * 6_378_137), rel=0.01
    )


def test_behind_a_hole_nobody_knows() -> None:
    ground = FLAT.copy()
    ground[40] = np.nan
    found = profile(ALONG, ground, 2.0, 0.0)
    assert np.isnan(found.hidden_m[41:]).all()
    assert not found.sees(1000.0)
    assert (found.hidden_m[:40] == 0).all()


@pytest.mark.parametrize("ground", [np.full(101, np.nan)])
def test_without_ground_under_the_observer_there_is_none(ground: np.ndarray) -> None:
    with pytest.raises(ValueError, match="no ground"):
        profile(ALONG, ground, 2.0, 0.0)
    with pytest.raises(ValueError, match="one"):
        profile(np.zeros(2), np.zeros(2), 2.0, 0.0)


def test_it_agrees_with_lines_of_sight_over_a_model() -> None:
    sight = pytest.importorskip("truceline.geo.sight", reason="lines of sight need the extra 'cover'")
    chance = np.random.default_rng(4)
    ground = 80 * chance.random((60, 60)).repeat(2, 0).repeat(2, 1)
    seen = sight.seen_from(ground, (25.0, 25.0), (60, 10), 30.0, target_m=5.0)
    same = 0
    for column in range(11, 120):
        n = 2 * (column - 10)
        along = np.linspace(0, 25.0 * (column - 10), n + 1)
        heights = np.interp(along / 25.0 + 10, np.arange(120), ground[60])
        same += profile(along, heights, 30.0, 0.0).sees(5.0) == (seen[60, column] == 1)
    assert same == 109
