"""Tracks: one moving thing is one track, clutter is none, and nothing depends on how a scan's rows are ordered."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("scipy", reason="tracking needs the extra 'sensors'")

from truceline.core.detections import Scan
from truceline.core.errors import InputError
from truceline.core.tracks import TrackPicture
from truceline.detect import detect
from truceline.detect.tracking import assigning
from truceline.detect.tracking.settings import DEFAULTS, Settings
from truceline.detect.tracking.tracker import Tracker
from truceline.testing.traffic import Traffic, crossing, mean_gospa, passing

SIGMA_M = 30.0


def scan(time_s: float, places: object, at_s: object = None) -> Scan:
    xy_m = np.asarray(places, np.float64).reshape(-1, 2)
    at = np.full(len(xy_m), time_s) if at_s is None else np.asarray(at_s, np.float64)
    return Scan(time_s, at, xy_m, np.full(len(xy_m), SIGMA_M))


def line(v_mps: tuple[float, float], seconds: int, start: tuple[float, float] = (0, 0)) -> list[np.ndarray]:
    chance = np.random.default_rng(1)
    return [np.asarray(start) + np.asarray(v_mps) * k + chance.normal(0, SIGMA_M, 2) for k in range(seconds)]


def shown(pictures: list[TrackPicture]) -> set[str]:
    return {one for picture in pictures for one in picture.ids}


def test_one_thing_that_moves_is_one_track() -> None:
    pictures = list(detect(scan(k, place) for k, place in enumerate(line((80, -40), 60))))
    assert len(shown(pictures)) == 1
    assert len(pictures[5].ids) == 1, "five seconds are enough"
    off = np.linalg.norm(pictures[-1].xy_m[0] - np.array([80, -40]) * 59)
    assert off < 3 * SIGMA_M
    assert pictures[-1].sigma_m[0] < SIGMA_M
    assert np.linalg.norm(pictures[-1].v_mps[0] - [80, -40]) < 10


def test_its_error_is_as_large_as_it_says() -> None:
    # mean squared error over the variance that is told, two coordinates: 2 where the filter is honest
    ratios = list[float]()
    for seed in range(40):
        traffic = passing(1, seed, seconds=60, clutter=0.0, p_detect=1.0)
        last = list(detect(traffic.scans))[-1]
        assert len(last.ids) == 1
        ratios.append(float(((last.xy_m[0] - traffic.truth[-1][0]) ** 2).sum() / last.sigma_m[0] ** 2))
    assert 1.3 < np.mean(ratios) < 2.9


def test_clutter_alone_is_no_track() -> None:
    chance = np.random.default_rng(7)
    pictures = list(detect(scan(k, chance.uniform(-2e4, 2e4, (100, 2))) for k in range(120)))
    assert sum(len(picture.ids) for picture in pictures) <= 12, "a false track in ten scans at most"


def test_what_ends_is_let_go() -> None:
    pictures = list(detect(scan(k, place if k < 30 else []) for k, place in enumerate(line((60, 0), 45))))
    assert pictures[30].ids, "one scan that does not see it is no end"
    assert not pictures[36].ids


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_order_inside_a_scan_changes_nothing(seed: int) -> None:
    traffic = passing(6, 3, seconds=25)
    chance = np.random.default_rng(seed)

    def shuffled(one: Scan) -> Scan:
        order = chance.permutation(len(one))
        return Scan(one.time_s, one.at_s[order], one.xy_m[order], one.sigma_m[order])

    for a, b in zip(detect(traffic.scans), detect(map(shuffled, traffic.scans)), strict=True):
        assert a.ids == b.ids
        assert np.array_equal(a.xy_m, b.xy_m)


def test_the_same_log_gives_the_same_ids() -> None:
    traffic = passing(20, 11, seconds=60)
    assert [one.ids for one in detect(traffic.scans)] == [one.ids for one in detect(traffic.scans)]


def test_what_was_seen_earlier_within_a_scan_counts_for_its_own_moment() -> None:
    chance = np.random.default_rng(5)
    scans = list[Scan]()
    for k in range(40):
        at_s = k + chance.random()
        place = np.array([250.0 * at_s, 0.0]) + chance.normal(0, SIGMA_M, 2)
        scans.append(scan(k + 1.0, place, [at_s]))
    last = list(detect(scans))[-1]
    assert len(last.ids) == 1
    assert np.linalg.norm(last.xy_m[0] - [250.0 * 40, 0.0]) < 3 * SIGMA_M, (
        "at a fixed moment it would be off by 125 m"
    )


def turning(seconds: int) -> list[np.ndarray]:
    """200 m/s, straight on, then three degrees a second to the left, then straight on."""
    places, at, course = [], np.zeros(2), 0.0
    for k in range(seconds):
        course += np.radians(3.0) * (30 <= k < 90)
        at = at + 200 * np.array([np.cos(course), np.sin(course)])
        places.append(at)
    return places


def stopping(seconds: int) -> list[np.ndarray]:
    """15 m/s, a stop of a minute, and on."""
    return [np.array([15.0 * (min(k, 60) + max(0, k - 120)), 0.0]) for k in range(seconds)]


@pytest.mark.parametrize(
    ("truth", "least"), [(turning(120), 1.5), (stopping(180), 1.05)], ids=["turning", "stopping"]
)
def test_what_turns_or_stops_is_one_track_and_closer_than_by_going_straight_on(
    truth: list[np.ndarray], least: float
) -> None:
    chance = np.random.default_rng(3)
    seen = [place + chance.normal(0, SIGMA_M, 2) for place in truth]
    straight = replace(DEFAULTS, ways=DEFAULTS.ways[:1])

    def error_m(assumed: Settings) -> float:
        pictures = list(detect((scan(k, place) for k, place in enumerate(seen)), assumed))
        assert assumed is straight or len(shown(pictures)) == 1
        off = [one.xy_m[0] - truth[k] for k, one in enumerate(pictures) if one.ids and k > 20]
        return float(np.sqrt(np.mean(np.sum(np.square(off), axis=1))))

    assert error_m(straight) / error_m(DEFAULTS) > least


def test_who_says_its_name_is_taken_for_nobody_else() -> None:
    """Two aircraft that say who they are fly within each other's error for a while; each keeps its own detections."""
    chance = np.random.default_rng(11)
    pictures = []
    tracker = Tracker(DEFAULTS)
    for k in range(80):
        places = np.array([[70.0 * k, 20.0], [70.0 * k, -20.0]]) + chance.normal(0, SIGMA_M, (2, 2))
        order = chance.permutation(2)
        names = np.array([11, 22])[order]
        found = Scan(float(k), np.full(2, float(k)), places[order], np.full(2, SIGMA_M), names)
        picture = tracker.take(found)
        pictures.append(
            {
                one: int(names[at])
                for one, at in zip(picture.ids, picture.seen.tolist(), strict=True)
                if at >= 0
            }
        )
    by_track = {track: {one[track] for one in pictures if track in one} for track in pictures[-1]}
    assert sorted(map(sorted, by_track.values())) == [[11], [22]]


def test_two_that_meet_keep_their_names() -> None:
    there, back = line((70, 5), 80, (-2800, -200)), line((-70, 5), 80, (2800, 200))
    pictures = list(detect(scan(k, [a, b]) for k, (a, b) in enumerate(zip(there, back, strict=True))))
    first = dict(zip(pictures[20].ids, pictures[20].v_mps[:, 0] > 0, strict=True))
    last = dict(zip(pictures[-1].ids, pictures[-1].v_mps[:, 0] > 0, strict=True))
    assert len(first) == 2
    assert first == last


@pytest.mark.parametrize(
    ("traffic", "bound_m"),
    [(passing(20, 101), 150.0), (crossing(12, 102), 200.0)],
    ids=["passing", "crossing"],
)
def test_the_screen_is_near_the_truth(traffic: Traffic, bound_m: float) -> None:
    pictures = list(detect(traffic.scans))
    assert mean_gospa([one.xy_m for one in pictures], traffic) < bound_m
    lengths = Counter(one for picture in pictures for one in picture.ids)
    assert lengths.most_common(1)[0][1] > 100, "a track that stays keeps its id"


def test_a_scan_from_before_is_refused() -> None:
    with pytest.raises(InputError, match="comes after"):
        list(detect([scan(2, (0, 0)), scan(1, (0, 0))]))


def test_nothing_at_all_is_no_picture_and_no_error() -> None:
    assert list(detect([])) == []
    (picture,) = detect([scan(0, [])])
    assert picture.ids == ()


@given(
    st.lists(
        st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(0.01, 50)),
        max_size=24,
        unique_by=lambda one: one[:2],
    )
)
def test_the_best_pairs_are_chosen_however_many_there_are(pairs: list[tuple[int, int, float]]) -> None:
    track, detection = (np.array([one[at] for one in pairs], np.intp) for at in (0, 1))
    gain = np.array([one[2] for one in pairs], np.float64)
    chosen = assigning.assign(track, detection, gain)
    assert len(set(track[chosen])) == len(chosen) == len(set(detection[chosen]))
    before, assigning._SMALL = assigning._SMALL, 0
    try:
        by_sparse = assigning.assign(track, detection, gain)
    finally:
        assigning._SMALL = before
    assert gain[chosen].sum() == pytest.approx(gain[by_sparse].sum())
    best = _best([(a, b, g) for a, b, g in pairs])
    assert gain[chosen].sum() == pytest.approx(best)


def _best(pairs: list[tuple[int, int, float]]) -> float:
    """The largest sum by a rule of its own: each track in turn takes nothing, or any detection that is left."""
    sums = {frozenset[int](): 0.0}
    for track in range(8):
        able = [(b, g) for a, b, g in pairs if a == track]
        grown = dict(sums)
        for used, value in sums.items():
            for b, g in able:
                if b not in used and value + g > grown.get(used | {b}, -1.0):
                    grown[used | {b}] = value + g
        sums = grown
    return max(sums.values())
