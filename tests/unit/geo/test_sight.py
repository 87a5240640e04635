"""Lines of sight: as each cell's own ray has them, the same both ways, never less from higher up or with a longer reach."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("numba", reason="lines of sight need the extra 'cover'")

from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.geo.sight import HIDDEN, UNKNOWN, VISIBLE, bend_per_m, hidden_below_m, seen_from

CELL = (25.0, 30.0)


def terrain(n: int, seed: int, smooth: float) -> np.ndarray:
    """Ground whose roughness falls with a power of the wavelength."""
    chance = np.random.default_rng(seed)
    power = np.fft.fftfreq(n)[:, None] ** 2 + np.fft.rfftfreq(n)[None] ** 2
    power[0, 0] = 1.0
    found = np.fft.irfft2(np.fft.rfft2(chance.normal(size=(n, n))) * power ** (-smooth / 2), s=(n, n))
    return np.asarray(600 * (found - found.min()) / np.ptp(found))


def own_rays(
    ground: np.ndarray, at: tuple[int, int], height_m: float, target_m: float, bend: float
) -> np.ndarray:
    """The reference: every cell's own ray, every half cell, ground bilinear between centres."""
    out = np.ones(ground.shape, np.uint8)
    eye_m = ground[at] + height_m
    for row, column in np.ndindex(ground.shape):
        di, dj = row - at[0], column - at[1]
        n = 2 * max(abs(di), abs(dj))
        if not n:
            continue
        share = np.arange(1, n) / n
        y, x = at[0] + di * share, at[1] + dj * share
        i, j = np.floor(y).astype(int), np.floor(x).astype(int)
        u, v = y - i, x - j
        i1, j1 = np.minimum(i + 1, ground.shape[0] - 1), np.minimum(j + 1, ground.shape[1] - 1)
        height = (1 - u) * ((1 - v) * ground[i, j] + v * ground[i, j1]) + u * (
            (1 - v) * ground[i1, j] + v * ground[i1, j1]
        )
        d2 = (di * CELL[0]) ** 2 + (dj * CELL[1]) ** 2
        want = (ground[row, column] + target_m - bend * d2 - eye_m) / math.sqrt(d2)
        slopes = (height - bend * d2 * share**2 - eye_m) / (math.sqrt(d2) * share)
        out[row, column] = not (slopes > want).any()
    return out


@pytest.mark.parametrize("smooth", [1.2, 1.6, 2.0, 2.5, 3.0])
@pytest.mark.parametrize("bend", [0.0, bend_per_m()])
def test_what_is_seen_is_what_each_cells_own_ray_says(smooth: float, bend: float) -> None:
    ground, at = terrain(120, int(10 * smooth), smooth), (67, 40)
    found = seen_from(ground, CELL, at, 10.0, target_m=2.0, bend=bend)
    true = own_rays(ground, at, 10.0, 2.0, bend)
    assert (found == true).mean() >= 0.99
    assert (found & true).sum() / (found | true).sum() >= 0.975


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 1000),
    st.tuples(st.integers(0, 59), st.integers(0, 59)),
    st.tuples(st.integers(0, 59), st.integers(0, 59)),
)
def test_at_equal_heights_who_sees_is_seen(seed: int, one: tuple[int, int], other: tuple[int, int]) -> None:
    ground = terrain(60, seed, 2.2)
    there = seen_from(ground, CELL, one, 5.0, target_m=5.0)[other]
    back = seen_from(ground, CELL, other, 5.0, target_m=5.0)[one]
    assert there == back


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(0, 50), st.floats(0, 50), st.floats(0, 20))
def test_from_higher_up_and_for_higher_things_nothing_seen_before_is_lost(
    seed: int, height_m: float, more_m: float, target_m: float
) -> None:
    ground, at = terrain(60, seed, 2.0), (31, 17)
    low = seen_from(ground, CELL, at, height_m, target_m=target_m)
    taller = seen_from(ground, CELL, at, height_m, target_m=target_m + more_m)
    assert (taller[low == VISIBLE] == VISIBLE).mean() > 0.999
    near = seen_from(ground, CELL, at, height_m, target_m=target_m, reach_m=500)
    assert not (near[low == HIDDEN] == VISIBLE).any()
    assert near.sum() <= low.sum()


def test_flat_ground_is_seen_to_the_horizon_and_no_further() -> None:
    flat = np.zeros((3, 801))
    found = seen_from(flat, (100.0, 100.0), (1, 0), 10.0, bend=bend_per_m(0.0))
    horizon_m = math.sqrt(10 / bend_per_m(0.0))
    seen_m = 100 * np.flatnonzero(found[1] == VISIBLE).max()
    assert abs(seen_m - horizon_m) <= 200
    assert (seen_from(flat, (100.0, 100.0), (1, 0), 10.0) == VISIBLE).all()


def test_a_wall_hides_what_lies_behind_it_and_not_itself() -> None:
    ground = np.zeros((41, 41))
    ground[:, 25] = 50.0
    found = seen_from(ground, (10.0, 10.0), (20, 5), 2.0)
    assert (found[:, :26] == VISIBLE).all()
    assert (found[10:31, 26:] == HIDDEN).all()


def test_behind_a_hole_nobody_knows_but_behind_a_wall_it_is_hidden_all_the_same() -> None:
    ground = np.zeros((1, 40))
    ground[0, 10] = np.nan
    ground[0, 30] = 40.0
    found = seen_from(ground, (10.0, 10.0), (0, 2), 2.0)[0]
    assert (found[:10] == VISIBLE).all()
    assert set(found[10:30].tolist()) == {UNKNOWN}
    assert (found[31:] == HIDDEN).all()


@pytest.mark.parametrize(
    ("at", "height_m", "words"),
    [((0, 9), 2.0, "outside"), ((-1, 0), 2.0, "outside"), ((0, 1), 2.0, "hole"), ((0, 0), -1.0, "below the ground"),
     ((0, 0), float("nan"), "below the ground")],
)  # fmt: skip
def test_an_observer_that_cannot_be_is_refused(at: tuple[int, int], height_m: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        seen_from(np.array([[0.0, np.nan, 0.0]]), CELL, at, height_m)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(0, 30), st.floats(0, 60), st.booleans())
def test_what_stands_high_enough_is_what_is_seen(
    seed: int, height_m: float, target_m: float, has_woods: bool
) -> None:
    ground, at = terrain(60, seed, 2.0), (25, 33)
    canopy_m = 12.0 if has_woods else 0.0
    seen = seen_from(ground, CELL, at, height_m, target_m=target_m, bend=bend_per_m(), canopy_m=canopy_m)
    rows, columns = (part.ravel() for part in np.indices(ground.shape))
    hidden = hidden_below_m(ground, CELL, at, height_m, (rows, columns), bend=bend_per_m(), canopy_m=canopy_m)
    assert ((hidden.reshape(ground.shape) <= target_m) == (seen == VISIBLE)).mean() > 0.999


def test_woods_hide_what_is_behind_them_and_not_the_observer() -> None:
    ground = np.zeros((40, 40))
    bare = seen_from(ground, CELL, (20, 20), 3.0, target_m=2.0)
    woods = seen_from(ground, CELL, (20, 20), 3.0, target_m=2.0, canopy_m=10.0)
    assert bare.all()
    assert woods.sum() == 1  # whoever stands in the woods is in them
    assert seen_from(ground, CELL, (20, 20), 30.0, target_m=12.0, canopy_m=10.0).all()


def test_a_short_reach_reads_as_the_same_within_it() -> None:
    ground, at = terrain(120, 7, 2.0), (50, 61)
    whole = seen_from(ground, CELL, at, 4.0, target_m=2.0)
    near = seen_from(ground, CELL, at, 4.0, target_m=2.0, reach_m=900.0)
    rows, columns = np.indices(ground.shape)
    within = np.hypot((rows - at[0]) * CELL[0], (columns - at[1]) * CELL[1]) <= 900.0
    assert (near[within] == whole[within]).all()
    assert not near[~within].any()
