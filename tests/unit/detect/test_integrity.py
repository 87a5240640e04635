"""Positions that cannot be true are found; what flies as it says is left alone."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from truceline.core.detections import Anomaly, Sighting
from truceline.detect.integrity import Integrity
from truceline.geo.plane import Plane

PLANE = Plane(46.6, 39.8)
SPOT = (12_000.0, 5_000.0)
Said = Callable[[float, np.ndarray], np.ndarray]


def turning(n: int, seconds: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Aircraft that turn as they please: places and velocities, shape (seconds, n, 2)."""
    chance = np.random.default_rng(seed)
    course = chance.uniform(0, 2 * math.pi, n)
    speed = chance.uniform(80, 250, n)
    at = chance.uniform(-40_000, 40_000, (n, 2))
    rate = np.zeros(n)
    places, velocities = [], []
    for second in range(seconds):
        if second % 20 == 0:
            rate = np.where(chance.random(n) < 0.4, chance.uniform(-0.05, 0.05, n), 0.0)
        course = course + rate
        v = speed[:, None] * np.column_stack([np.sin(course), np.cos(course)])
        at = at + v
        places.append(at.copy())
        velocities.append(v)
    return np.array(places), np.array(velocities)


def watched(
    places: np.ndarray, velocities: np.ndarray, *, said: dict[int, Said] | None = None, noise_m: float = 20.0,
    loss: float = 0.1, blinded: tuple[range, set[int]] | None = None,
) -> list[Anomaly]:  # fmt: skip
    chance, integrity = np.random.default_rng(7), Integrity()
    for second in range(len(places)):
        xy_m = places[second].copy()
        for n, lies in (said or {}).items():
            xy_m[n] = lies(float(second), xy_m[n])
        xy_m += chance.normal(0, noise_m, xy_m.shape)
        there = np.flatnonzero(chance.random(len(xy_m)) > loss)
        lon, lat = PLANE.to_ground(xy_m)
        seen = [
            Sighting(
                1000.0 + second, float(lon[n]), float(lat[n]), None, 9_000.0 + 400 * n, f"A{n}",
                (float(velocities[second, n, 0]), float(velocities[second, n, 1])),
                math.inf if blinded and second in blinded[0] and n in blinded[1] else 185.2,
            )
            for n in there
        ]  # fmt: skip
        integrity.take(1000.0 + second, seen, xy_m[there])
    return integrity.all()


def within(found: list[Anomaly], name: str, since: float, until: float) -> set[str]:
    return {
        one.kind
        for one in found
        if one.name == name and one.since_s <= 1000 + until and one.until_s >= 1000 + since
    }


def test_hours_of_clean_traffic_raise_nothing() -> None:
    """An hour of 40 aircraft that turn, lose messages and measure with errors."""
    assert watched(*turning(40, 3600)) == []


def test_a_place_that_jumps_is_found_at_its_beginning_and_its_end() -> None:
    there = SPOT
    found = watched(*turning(6, 200), said={2: lambda t, at: np.array(there) if 80 <= t < 120 else at})
    assert "jump" in within(found, "A2", 78, 84)
    assert "jump" in within(found, "A2", 118, 124)
    assert {one.name for one in found} == {"A2"}


@pytest.mark.parametrize("drag_mps", [12.0, 25.0, 60.0])
def test_a_place_that_is_dragged_away_slowly_is_found(drag_mps: float) -> None:
    places, velocities = turning(6, 300, seed=3)
    found = watched(
        places, velocities,
        said={4: lambda t, at: at + np.array([drag_mps * max(0.0, t - 100), 0.0]) if t < 200 else at},
    )  # fmt: skip
    assert "mismatch" in within(found, "A4", 100, 200)
    assert {one.name for one in found} == {"A4"}


def test_several_at_one_point_are_found_and_a_formation_is_not() -> None:
    places, velocities = turning(8, 120, seed=5)
    lies: dict[int, Said] = {n: lambda t, at: np.array(SPOT) if t >= 40 else at for n in (1, 2, 3)}
    found = watched(places, velocities, said=lies, noise_m=5)
    assert {one.name for one in found if one.kind == "gathering"} == {"A1", "A2", "A3"}
    places[:, 1:4] = places[:, :1] + np.array([[30.0, 0], [60, 0], [0, 40]])
    velocities[:, 1:4] = velocities[:, :1]
    integrity_ = watched(places, velocities, noise_m=5)
    assert [one for one in integrity_ if one.kind != "gathering"] == []


def test_accuracy_lost_by_several_at_once_is_found_and_by_one_it_is_not() -> None:
    traffic = turning(6, 120, seed=9)
    found = watched(*traffic, blinded=(range(50, 90), {0, 3}))
    assert {(one.name, one.kind) for one in found} == {("A0", "degraded"), ("A3", "degraded")}
    assert watched(*traffic, blinded=(range(50, 90), {0})) == []


def test_what_is_nameless_timeless_or_said_twice_is_passed_over() -> None:
    integrity = Integrity()
    one = Sighting(5.0, 46.6, 39.8, name="A", v_mps=(0.0, 0.0))
    odd = [one, one, Sighting(None, 46.6, 39.8, name="B"), Sighting(6.0, 46.6, 39.8)]
    assert integrity.take(6.0, odd, np.zeros((4, 2))) == []
    assert integrity.now() == {}


def test_a_velocity_that_is_older_than_the_place_is_held_against_the_place_of_its_own_moment() -> None:
    plane, watch, told = Plane(46.6, 39.8), Integrity(), []
    speed, rate = 230.0, np.radians(3.0)
    heard: tuple[float, tuple[float, float]] | None = None
    for n in range(160):
        at_s = 0.5 * n
        course = rate * at_s
        place = speed / rate * np.array([np.sin(course), -np.cos(course)])
        if n % 3 == 0:
            heard = at_s, (speed * np.cos(course), speed * np.sin(course))
        assert heard is not None
        lon, lat = plane.ground_at(*place)
        one = Sighting(at_s, lon, lat, name="A", v_mps=heard[1], v_at_s=heard[0])
        told += watch.take(at_s, [one], place[None])
    assert told == []


def test_a_mismatch_ends_when_velocities_are_heard_no_more_and_a_gap_on_a_turn_is_none() -> None:
    watch, open_ = Integrity(), []
    for n in range(400):
        at_s = float(n)
        v = (200.0, 0.0) if n < 80 else None
        place = np.array([[200.0 * n if n < 20 else 4000.0 + 260.0 * (n - 20), 0.0]])
        lon, lat = PLANE.ground_at(*place[0])
        watch.take(
            at_s, [Sighting(at_s, lon, lat, name="A", v_mps=v, v_at_s=None if v is None else at_s)], place
        )
        open_.append(bool(watch.now()))
    assert open_[70]
    assert not open_[-1]
    calm, told = Integrity(), []
    for at_s in [*range(60), *range(150, 240)]:
        course = 230.0 / 8_000.0 * at_s
        place = 8_000.0 * np.array([[np.sin(course), -np.cos(course)]])
        said_s = at_s - at_s % 3
        was = 230.0 / 8_000.0 * said_s
        lon, lat = PLANE.ground_at(*place[0])
        v = (230.0 * np.cos(was), 230.0 * np.sin(was))
        told += calm.take(
            float(at_s), [Sighting(float(at_s), lon, lat, name="A", v_mps=v, v_at_s=float(said_s))], place
        )
    assert told == []
