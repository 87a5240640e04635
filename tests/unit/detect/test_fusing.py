"""Several sensors: one picture of one thing, although they disagree where they stand."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason="tracking needs the extra 'sensors'")

from truceline.core.detections import Scan
from truceline.detect.tracking.fusing import Fused
from truceline.detect.tracking.settings import DEFAULTS

OFF_M = np.array([420.0, -310.0])
SIGMA_M = 30.0


def windows(
    seconds: int, n: int, *, off_m: np.ndarray, shared: int, seed: int = 4
) -> list[tuple[float, dict[int, Scan], np.ndarray]]:
    """Things that go straight on; sensor 0 sees the first ``shared`` and some, sensor 1 the last of them: moment, scans, truth."""
    chance = np.random.default_rng(seed)
    xy_m, v_mps = chance.uniform(-15_000, 15_000, (n, 2)), chance.uniform(-120, 120, (n, 2))
    found = []
    for second in range(seconds):
        xy_m = xy_m + v_mps
        scans = {}
        for sensor, seen in enumerate((slice(0, shared), slice(n - shared, n))):
            there = xy_m[seen][chance.random(shared) < 0.9]
            there = there + chance.normal(0, SIGMA_M, there.shape) + off_m * sensor
            false = chance.uniform(-15_000, 15_000, (chance.poisson(5), 2))
            every = np.vstack([there, false])
            scans[sensor] = Scan(
                float(second), np.full(len(every), float(second)), every, np.full(len(every), SIGMA_M)
            )
        found.append((float(second), scans, xy_m.copy()))
    return found


@pytest.mark.parametrize("off_m", [np.zeros(2), OFF_M], ids=["agreed", "off"])
def test_two_sensors_make_one_track_of_one_thing(off_m: np.ndarray) -> None:
    fused = Fused(DEFAULTS)
    made = windows(90, 14, off_m=off_m, shared=10)
    picture = [fused.take(time_s, scans) for time_s, scans, _ in made][-1]
    truth = made[-1][2]
    near = np.linalg.norm(picture.xy_m[:, None] - truth[None], axis=2)
    assert (near.min(axis=0) < 100).sum() == 14, "each of them has a track"
    assert (near < 100).sum() <= 15, "and hardly one has two"
    assert np.hypot(*(fused.off_m.get(1, np.zeros(2)) - off_m)) < 25


def test_sensors_that_see_nothing_in_common_are_not_set_against_each_other() -> None:
    fused = Fused(DEFAULTS)
    for time_s, scans, _ in windows(60, 12, off_m=np.zeros(2), shared=5):
        fused.take(time_s, scans)
    assert np.hypot(*fused.off_m.get(1, np.zeros(2))) < 60


def test_what_one_sensor_never_saw_it_cannot_miss() -> None:
    fused = Fused(DEFAULTS)
    lonely = 0
    for time_s, scans, truth in windows(60, 14, off_m=np.zeros(2), shared=10):
        picture = fused.take(time_s, scans)
        if time_s > 20:
            lonely += int((np.linalg.norm(picture.xy_m - truth[0], axis=1) < 150).any())
    assert lonely >= 37


def test_the_same_windows_give_the_same_tracks_and_a_window_without_scans_is_one() -> None:
    made = windows(30, 10, off_m=OFF_M, shared=8)
    first, second = Fused(DEFAULTS), Fused(DEFAULTS)
    for time_s, scans, _ in made:
        turned = dict(reversed(list(scans.items())))
        one, other = first.take(time_s, scans), second.take(time_s, turned)
        assert one.ids == other.ids
        assert np.array_equal(one.xy_m, other.xy_m)
    assert first.take(31.0, {}).time_s == 31.0
