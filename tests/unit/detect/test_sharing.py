"""Shared association: probabilities are those of all ways in which tracks and detections can belong together."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("scipy", reason="tracking needs the extra 'sensors'")

from hypothesis import given
from hypothesis import strategies as st

from truceline.core.detections import Scan
from truceline.detect.tracking.settings import DEFAULTS
from truceline.detect.tracking.sharing import shares
from truceline.detect.tracking.tracker import Tracker


def every_way(weight: np.ndarray, none: np.ndarray) -> np.ndarray:
    """The same by writing every way down: each track takes one detection or none, and no two the same."""
    found, total = np.zeros_like(weight), 0.0
    choices = [[-1, *np.flatnonzero(weight[row]).tolist()] for row in range(len(weight))]
    for way in itertools.product(*choices):
        taken = [column for column in way if column >= 0]
        if len(taken) != len(set(taken)):
            continue
        its = np.prod([none[row] if column < 0 else weight[row, column] for row, column in enumerate(way)])
        total += its
        for row, column in enumerate(way):
            if column >= 0:
                found[row, column] += its
    return found / total


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 5), st.floats(0.2, 1))
def test_probabilities_are_those_of_every_way_written_down(
    seed: int, n_tracks: int, n_detections: int, full: float
) -> None:
    chance = np.random.default_rng(seed)
    weight = chance.exponential(3.0, (n_tracks, n_detections)) * (
        chance.random((n_tracks, n_detections)) < full
    )
    none = chance.uniform(0.05, 1.0, n_tracks)
    track, detection = np.nonzero(weight)
    found = np.zeros_like(weight)
    found[track, detection] = shares(track, detection, weight[track, detection], none[track])
    np.testing.assert_allclose(found, every_way(weight, none), atol=1e-12)
    assert (found.sum(axis=0) <= 1 + 1e-12).all()
    assert (found.sum(axis=1) <= 1 + 1e-12).all()


def test_a_crowd_is_worked_through_in_bounded_time() -> None:
    chance = np.random.default_rng(3)
    track, detection = np.nonzero(np.abs(np.subtract.outer(np.arange(60), np.arange(60))) <= 4)
    found = shares(track, detection, chance.exponential(3.0, len(track)), np.full(len(track), 0.1))
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.bincount(detection, found) <= 1.02).all()


def test_weights_that_no_number_could_hold_do_not_run_out() -> None:
    track, detection = np.nonzero(np.abs(np.subtract.outer(np.arange(400), np.arange(400))) <= 1)
    found = shares(track, detection, np.full(len(track), 1e6), np.full(len(track), 1e-3))
    assert np.isfinite(found).all()
    assert np.bincount(track, found).min() > 0.99


def test_two_that_pass_each_other_keep_their_ways() -> None:
    chance, tracker = np.random.default_rng(5), Tracker(replace(DEFAULTS, is_shared=True))
    ends = set[str]()
    for second in range(60):
        truth = np.array([(20.0 * second, 400.0), (1200 - 20.0 * second, 440.0)])
        seen = truth + chance.normal(0, 10, (2, 2))
        scan = Scan(float(second), np.full(2, float(second)), seen, np.full(2, 10.0), None)
        picture = tracker.take(scan)
        if second == 20:
            ends = set(picture.ids)
    assert len(ends) == 2
    assert set(picture.ids) == ends
    east = {one: xy[0] for one, xy in zip(picture.ids, picture.xy_m, strict=True)}
    speeds = dict(zip(picture.ids, picture.v_mps[:, 0], strict=True))
    assert all((speeds[one] > 0) == (east[one] > 600) for one in ends)


def test_the_same_scans_give_the_same_pictures() -> None:
    chance = np.random.default_rng(1)
    scans = [
        Scan(float(n), np.full(30, float(n)), chance.uniform(0, 3000, (30, 2)), np.full(30, 20.0), None)
        for n in range(15)
    ]
    one, other = (Tracker(replace(DEFAULTS, is_shared=True)) for _ in range(2))
    for scan in scans:
        first, second = one.take(scan), other.take(scan)
        assert first.ids == second.ids
        assert (first.xy_m == second.xy_m).all()
