"""Simulated traffic with its truth: what moved, and what a sensor with clutter made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from truceline.core.detections import Floats, Scan


@dataclass(frozen=True, slots=True, eq=False)
class Traffic:
    """A simulated scene.

    Args:
        scans: What the sensor saw, one scan a second.
        truth: Where everything was at each scan, metres, one array of shape (n, 2) a scan.
        names: Which target each of these is, one array of shape (n,) a scan.
    """

    scans: tuple[Scan, ...]
    truth: tuple[Floats, ...]
    names: tuple[NDArray[np.int64], ...]


def passing(
    n: int,
    seed: int,
    *,
    seconds: int = 200,
    clutter: float = 5.0,
    p_detect: float = 0.9,
    sigma_m: float = 30.0,
) -> Traffic:
    """Simulate targets that pass over an area that grows with their number, half of them there from the start.

    Args:
        n: Targets.
        seed: What chance begins with.
        seconds: Scans.
        clutter: False detections a scan, for each target.
        p_detect: Probability that a scan sees a target.
        sigma_m: Standard deviation of each measured coordinate.

    Returns:
        The scene.
    """
    chance = np.random.default_rng(seed)
    half = 10_000.0 * np.sqrt(n / 20)
    begins = np.where(np.arange(n) < n // 2, 0, chance.integers(0, max(seconds // 2, 1), n))
    stays = np.where(chance.random(n) < 0.7, seconds, chance.integers(60, 150, n))
    xy_m = chance.uniform(-half, half, (n, 2))
    # most head for the middle, so that many meet
    course = np.arctan2(-xy_m[:, 1], -xy_m[:, 0]) + chance.normal(0, 0.6, n)
    v_mps = chance.uniform(30, 150, n)[:, None] * np.column_stack([np.cos(course), np.sin(course)])
    return _simulated(
        chance, begins, begins + stays, xy_m, v_mps, half, seconds, clutter * n, p_detect, sigma_m
    )


def crossing(
    n: int, seed: int, *, seconds: int = 120, clutter: float = 100.0, p_detect: float = 0.9
) -> Traffic:
    """Simulate targets that all fly through the same few hundred metres at the same time.

    Args:
        n: Targets.
        seed: What chance begins with.
        seconds: Scans; they meet half way.
        clutter: False detections a scan.
        p_detect: Probability that a scan sees a target.

    Returns:
        The scene.
    """
    chance = np.random.default_rng(seed)
    course = 2 * np.pi * np.arange(n) / n + chance.normal(0, 0.05, n)
    v_mps = chance.uniform(60, 90, n)[:, None] * np.column_stack([np.cos(course), np.sin(course)])
    xy_m = chance.normal(0, 150, (n, 2)) - v_mps * seconds / 2
    there = np.zeros(n, np.int64)
    return _simulated(chance, there, there + seconds, xy_m, v_mps, 8_000.0, seconds, clutter, p_detect, 30.0)


def _simulated(
    chance: np.random.Generator, begins: NDArray[np.int64], ends: NDArray[np.int64], xy_m: Floats, v_mps: Floats,
    half: float, seconds: int, clutter: float, p_detect: float, sigma_m: float,
) -> Traffic:  # fmt: skip
    # white acceleration of 1 m²/s³, exactly as it moves a target within one second
    push = np.linalg.cholesky(np.array([[1 / 3, 1 / 2], [1 / 2, 1.0]]))
    scans, truth, names = list[Scan](), list[Floats](), list[NDArray[np.int64]]()
    for second in range(seconds):
        is_there = (begins <= second) & (second < ends)
        seen = xy_m[is_there & (chance.random(len(xy_m)) < p_detect)]
        seen = seen + chance.normal(0, sigma_m, seen.shape)
        false = chance.uniform(-half, half, (chance.poisson(clutter), 2))
        found = np.vstack([seen, false])[chance.permutation(len(seen) + len(false))]
        scans.append(
            Scan(float(second), np.full(len(found), float(second)), found, np.full(len(found), sigma_m))
        )
        truth.append(xy_m[is_there].copy())
        names.append(np.flatnonzero(is_there))
        noise = chance.normal(size=(len(xy_m), 2, 2)) @ push.T
        is_moving = is_there[:, None]
        xy_m = xy_m + np.where(is_moving, v_mps + noise[..., 0], 0.0)
        v_mps = v_mps + np.where(is_moving, noise[..., 1], 0.0)
    return Traffic(tuple(scans), tuple(truth), tuple(names))


def gospa(found: Floats, truth: Floats, cutoff_m: float = 300.0) -> float:
    """Return the generalised optimal sub-pattern assignment distance of two sets of places, with p = 2 and alpha = 2.

    Args:
        found: What was said, shape (n, 2).
        truth: What was, shape (m, 2).
        cutoff_m: Distance beyond which one is missed and the other false.

    Returns:
        The distance, metres. Source: Rahmathullah, García-Fernández, Svensson, FUSION 2017.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - the extra 'sensors'

    off = np.minimum(np.linalg.norm(found[:, None] - truth[None], axis=2), cutoff_m) ** 2
    row, column = linear_sum_assignment(off)
    near = off[row, column]
    is_near = near < cutoff_m**2
    alone = len(found) + len(truth) - 2 * int(is_near.sum())
    return float(np.sqrt(near[is_near].sum() + alone * cutoff_m**2 / 2))


def mean_gospa(pictures: Sequence[Floats], traffic: Traffic) -> float:
    """Return the mean distance of what was on the screen at each scan from what was.

    Args:
        pictures: Places of the tracks at each scan, as many as are to count.
        traffic: The scene.

    Returns:
        The mean, metres.
    """
    return float(
        np.mean([gospa(found, truth) for found, truth in zip(pictures, traffic.truth, strict=False)])
    )
