"""Simulated explosions with their truth: when they were, where, and when posts heard them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from truceline.core.blasts import Arrivals, Blast
from truceline.core.detections import Floats

POSTS_M = np.array(
    [[-4_000.0, -3_000.0], [3_500.0, -4_200.0], [5_200.0, 2_100.0], [-400.0, 5_600.0], [-5_600.0, 1_900.0]]
)
"""Five posts about a valley: metres east and north."""
SOUND_MPS, SOUND_SIGMA_MPS = 340.0, 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What posts heard of explosions.

    Args:
        arrivals: What arrived.
        of: Which explosion each is of; -1 where of none, shape (n,).
        xy_m: Where the explosions were, shape (k, 2).
        at_s: When, shape (k,).
    """

    arrivals: Arrivals
    of: NDArray[np.intp]
    xy_m: Floats
    at_s: Floats


def explosions(
    n: int, seed: int, *, spacing_s: float = 2.0, sigma_s: float = 0.01, p_heard: float = 1.0,
    chance_per_s: float = 0.0, half_m: float = 5_000.0, posts_m: Floats = POSTS_M,
) -> Heard:  # fmt: skip
    """Simulate explosions one after another.

    Args:
        n: How many.
        seed: What chance begins with.
        spacing_s: Seconds between one and the next.
        sigma_s: Standard deviation of each arrival.
        p_heard: Probability that a post hears one.
        chance_per_s: How often a post hears something else.
        half_m: They are within so much of the middle, east and north.
        posts_m: Where the posts stand.

    Returns:
        What was heard. The speed of sound is off by what is assumed of it, the same for all of one simulation.
    """
    chance = np.random.default_rng(seed)
    xy_m = chance.uniform(-half_m, half_m, (n, 2))
    at_s = np.arange(n) * spacing_s + chance.uniform(0, 0.2, n)
    speed = SOUND_MPS + chance.normal(0, SOUND_SIGMA_MPS)
    away = np.linalg.norm(xy_m[:, None] - posts_m, axis=2)
    times = at_s[:, None] + away / speed + chance.normal(0, sigma_s, away.shape)
    blast, post = np.nonzero(chance.random(away.shape) < p_heard)
    found, of, by = [times[blast, post]], [blast], [post]
    for one in range(len(posts_m)):
        others = chance.uniform(0, n * spacing_s, chance.poisson(chance_per_s * n * spacing_s))
        found.append(others)
        of.append(np.full(len(others), -1))
        by.append(np.full(len(others), one))
    when = np.concatenate(found)
    arrivals = Arrivals(
        when, np.full(len(when), sigma_s), np.concatenate(by).astype(np.intp), posts_m,
        np.full(len(posts_m), SOUND_MPS), SOUND_SIGMA_MPS,
    )  # fmt: skip
    return Heard(arrivals, np.concatenate(of).astype(np.intp), xy_m, at_s)


def pair_f1(found: Sequence[Blast], heard: Heard) -> float:
    """Return the F1 of pairs of arrivals that are said to be, and are, of one explosion.

    Args:
        found: What was said.
        heard: What was.

    Returns:
        From 0 to 1.
    """
    said = {(a, b) for one in found for a in one.arrivals for b in one.arrivals if a < b}
    true = set[tuple[int, int]]()
    for blast in range(len(heard.at_s)):
        of = np.flatnonzero(heard.of == blast).tolist()
        true |= {(a, b) for a in of for b in of if a < b}
    return 2 * len(said & true) / max(len(said) + len(true), 1)
