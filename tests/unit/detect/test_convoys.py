"""Convoys: what moves together for long enough is one, what only meets is none, and what stands has stopped."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason="tracking needs the extra 'sensors'")

from truceline.detect.convoys import Convoys


def drive(
    convoys: Convoys,
    cars: dict[str, tuple[tuple[float, float], tuple[float, float]]],
    since_s: int,
    until_s: int,
) -> dict[str, set[str]]:
    """Let cars go straight on from where they were at second 0; the convoys at the end, by id."""
    found = {}
    for time_s in range(since_s, until_s):
        ids = list(cars)
        v = np.array([cars[one][1] for one in ids], float)
        xy = np.array([cars[one][0] for one in ids], float) + v * time_s
        found = convoys.take(float(time_s), ids, xy, v)
    return {one.id: set(one.tracks) for one in found.values()}


FIVE = {f"t{n}": ((-120.0 * n, 3.0 * (n % 2)), (12.0 + 0.3 * n, 0.0)) for n in range(5)}


def test_five_that_follow_one_another_are_one_convoy_after_half_a_minute() -> None:
    convoys = Convoys()
    assert drive(convoys, FIVE, 0, 25) == {}
    (tracks,) = drive(convoys, FIVE, 25, 40).values()
    assert tracks == set(FIVE)


def test_what_comes_the_other_way_or_passes_fast_is_none_of_it() -> None:
    cars = {**FIVE, "against": ((900.0, 5.0), (-14.0, 0.0)), "fast": ((-900.0, 4.0), (28.0, 0.0))}
    (tracks,) = drive(Convoys(), cars, 0, 60).values()
    assert tracks == set(FIVE)


def test_two_are_no_convoy_and_what_stands_is_none() -> None:
    two = {name: FIVE[name] for name in ("t0", "t1")}
    parked = {f"p{n}": ((20.0 * n, 0.0), (0.0, 0.0)) for n in range(6)}
    convoys = Convoys()
    assert drive(convoys, {**two, **parked}, 0, 60) == {}
    assert convoys.stopped_since("p3", 59.0) == 0.0
    assert convoys.stopped_since("t0", 59.0) is None
    assert convoys.stopped_since("p3", 20.0) is None


def test_a_convoy_keeps_its_name_when_one_joins_and_one_leaves() -> None:
    convoys = Convoys()
    ((name, _),) = drive(convoys, FIVE, 0, 40).items()
    joined = {**FIVE, "new": ((60.0, 0.0), (12.2, 0.0))}
    ((after, tracks),) = drive(convoys, joined, 40, 90).items()
    assert (after, tracks) == (name, set(joined))
    del joined["t4"]
    ((last, tracks),) = drive(convoys, joined, 90, 120).items()
    assert (last, "t4" in tracks) == (name, False)


def test_an_empty_road_has_no_convoy() -> None:
    assert Convoys().take(0.0, [], np.empty((0, 2)), np.empty((0, 2))) == {}


def test_the_same_pictures_give_the_same_convoys() -> None:
    assert drive(Convoys(), FIVE, 0, 50) == drive(Convoys(), FIVE, 0, 50)
