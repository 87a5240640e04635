"""Which arrivals are of one explosion: one that four posts heard is counted once, and two within seconds are two.

Every three arrivals at three posts point at places; the arrivals at the other posts that fit them make candidates. A candidate weighs
what its arrivals say together against that each came by chance, place and moment integrated out. What more posts heard comes first;
of candidates that so many posts heard and that share an arrival, the set with the largest sum is taken (set packing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array
from scipy.stats import chi2

from truceline.core.blasts import Arrivals, Blast
from truceline.core.detections import Floats
from truceline.detect.blasts.locating import Fits, fit, through_three


@dataclass(frozen=True, slots=True)
class BlastSettings:
    """What is assumed of explosions.

    Args:
        least_posts: Posts that must have heard one.
        reach_m: How far from the middle of the posts one may be.
        rate_per_s: How often one happens, while they happen.
        p_heard: Probability that a post hears one.
        chance_per_s: How often a post hears something else.
        p_fits: Probability with which the arrivals of one explosion fit each other as well as is asked for.
    """

    least_posts: int = 4
    reach_m: float = 25_000.0
    rate_per_s: float = 0.2
    p_heard: float = 0.9
    chance_per_s: float = 0.02
    p_fits: float = 0.999


BLASTS = BlastSettings()
"""The one configuration that every published figure was measured with."""
_MOST_TRIPLES = 400_000
_SEARCH_S = 5.0
"""How long the best packing is searched for; what was found by then is taken."""


def associate(arrivals: Arrivals, settings: BlastSettings = BLASTS) -> list[Blast]:
    """Find the explosions that arrivals are of.

    Args:
        arrivals: Arrivals at any number of posts, in any order.
        settings: What is assumed.

    Returns:
        The explosions, by their moments; arrivals that fit none are left out.
    """
    if len(arrivals) < settings.least_posts or len(arrivals.xy_m) < settings.least_posts:
        return []
    sets, fits = _candidates(arrivals, settings)
    if not len(sets):
        return []
    score = _scores(arrivals, sets, fits, settings)
    n_posts = (sets >= 0).sum(axis=1)
    is_free = np.ones(len(arrivals) + 1, bool)  # the last stands for a post that heard nothing
    found = list[Blast]()
    for level in range(len(arrivals.xy_m), settings.least_posts - 1, -1):
        open_ = np.flatnonzero((n_posts == level) & (score > 0) & is_free[sets].all(axis=1))
        for one in open_[_packed(sets[open_], score[open_], len(arrivals))]:
            is_free[sets[one][sets[one] >= 0]] = False
            found.append(_blast(sets, fits, int(one)))
    return sorted(found, key=lambda one: (one.at_s, one.arrivals))


def _candidates(arrivals: Arrivals, settings: BlastSettings) -> tuple[NDArray[np.intp], Fits]:
    """Return sets of arrivals that fit one explosion, each once, and what fits them."""
    of_post = [_by_time(arrivals, post) for post in range(len(arrivals.xy_m))]
    middle = arrivals.xy_m.mean(axis=0)
    speed = float(arrivals.speed_mps.mean())
    found = list[NDArray[np.intp]]()
    places, moments = list[Floats](), list[Floats]()
    for triple in combinations(range(len(of_post)), 3):
        if any(not len(of_post[post]) for post in triple):
            continue
        indices = _near_triples(arrivals, triple, of_post, speed)
        xy_m, at_s, which = through_three(
            np.broadcast_to(arrivals.xy_m[list(triple)], (len(indices), 3, 2)), arrivals.at_s[indices],
            np.full(len(indices), speed),
        )  # fmt: skip
        near = np.flatnonzero(np.hypot(*(xy_m - middle).T) <= settings.reach_m)
        xy_m, at_s, which = xy_m[near], at_s[near], which[near]
        sets = np.full((len(near), len(of_post)), -1, np.intp)
        sets[:, list(triple)] = indices[which]
        for post in set(range(len(of_post))) - set(triple):
            sets[:, post] = _nearest(arrivals, of_post[post], post, xy_m, at_s)
        enough = (sets >= 0).sum(axis=1) >= settings.least_posts
        found.append(sets[enough])
        places.append(xy_m[enough])
        moments.append(at_s[enough])
    if not found:
        return np.empty((0, len(of_post)), np.intp), fit(
            arrivals, np.empty((0, len(of_post)), np.intp), np.empty((0, 2)), np.empty(0)
        )
    sets, xy_m, at_s = np.concatenate(found), np.concatenate(places), np.concatenate(moments)
    sets, first = np.unique(sets, axis=0, return_index=True)
    return _sound(arrivals, sets, fit(arrivals, sets, xy_m[first], at_s[first]), settings)


def _by_time(arrivals: Arrivals, post: int) -> NDArray[np.intp]:
    of = np.flatnonzero(arrivals.post == post)
    found: NDArray[np.intp] = of[np.argsort(arrivals.at_s[of], kind="stable")]
    return found


def _near_triples(
    arrivals: Arrivals, triple: Sequence[int], of_post: Sequence[NDArray[np.intp]], speed: float
) -> NDArray[np.intp]:
    """Return arrivals at three posts that no way between the posts rules out, shape (k, 3)."""
    a, b, c = triple
    pairs = _within(arrivals, of_post[a], of_post[b], _apart(arrivals, a, b, speed))
    n, third = _within_many(arrivals, pairs[:, 0], of_post[c], _apart(arrivals, a, c, speed))
    indices = np.column_stack([pairs[n], third])
    near = np.abs(arrivals.at_s[indices[:, 1]] - arrivals.at_s[indices[:, 2]]) <= _apart(
        arrivals, b, c, speed
    )
    return indices[near][:_MOST_TRIPLES]


def _apart(arrivals: Arrivals, a: int, b: int, speed: float) -> float:
    """Return the longest time between the arrivals of one explosion at two posts."""
    margin = 1 + 3 * arrivals.speed_sigma_mps / speed
    away = float(np.hypot(*(arrivals.xy_m[a] - arrivals.xy_m[b])))
    return margin * away / speed + 5 * float(arrivals.sigma_s.max())


def _within(
    arrivals: Arrivals, left: NDArray[np.intp], right: NDArray[np.intp], most_s: float
) -> NDArray[np.intp]:
    n, other = _within_many(arrivals, left, right, most_s)
    return np.column_stack([left[n], other])


def _within_many(
    arrivals: Arrivals, left: NDArray[np.intp], right: NDArray[np.intp], most_s: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return, for each arrival of the left, those of the right within a time: its place in the left, and the other."""
    times = arrivals.at_s[right]
    low = np.searchsorted(times, arrivals.at_s[left] - most_s, "left")
    high = np.searchsorted(times, arrivals.at_s[left] + most_s, "right")
    count = high - low
    n = np.repeat(np.arange(len(left)), count)
    at = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + low[n]
    return n, right[at]


def _nearest(
    arrivals: Arrivals, of_post: NDArray[np.intp], post: int, xy_m: Floats, at_s: Floats
) -> NDArray[np.intp]:
    """Return the arrival at a post that lies nearest to when explosions would arrive there; -1 where none is near."""
    if not len(of_post) or not len(xy_m):
        return np.full(len(xy_m), -1, np.intp)
    away = np.hypot(*(xy_m - arrivals.xy_m[post]).T)
    due = at_s + away / arrivals.speed_mps[post]
    times = arrivals.at_s[of_post]
    right = np.clip(np.searchsorted(times, due), 1, max(len(times) - 1, 1))
    left = np.clip(right - 1, 0, len(times) - 1)
    right = np.clip(right, 0, len(times) - 1)
    at = np.where(np.abs(times[left] - due) <= np.abs(times[right] - due), left, right)
    # three moments leave their errors, and a speed that is off, in the place: what is too far off is told by the fit
    slack = (
        8 * float(arrivals.sigma_s.max())
        + 0.5 * away * arrivals.speed_sigma_mps / arrivals.speed_mps[post] ** 2
        + 0.05
    )
    return np.where(np.abs(times[at] - due) <= slack, of_post[at], -1)


def _sound(
    arrivals: Arrivals, sets: NDArray[np.intp], fits: Fits, settings: BlastSettings
) -> tuple[NDArray[np.intp], Fits]:
    """Keep the sets whose arrivals fit each other."""
    freedom = np.maximum((sets >= 0).sum(axis=1) - 3, 1)
    middle = arrivals.xy_m.mean(axis=0)
    good = np.flatnonzero(
        (fits.chi2 <= chi2.ppf(settings.p_fits, freedom))
        & np.isfinite(fits.chi2)
        & (np.hypot(*(fits.xy_m - middle).T) <= settings.reach_m)
    )
    return sets[good], Fits(fits.xy_m[good], fits.at_s[good], fits.covariance[good], fits.chi2[good])


def _scores(arrivals: Arrivals, sets: NDArray[np.intp], fits: Fits, settings: BlastSettings) -> Floats:
    """Return the logarithm of how much likelier each set is one explosion than so many arrivals by chance."""
    there = sets >= 0
    n = there.sum(axis=1)
    spread = np.where(there, np.log(np.sqrt(2 * np.pi) * arrivals.sigma_s[sets]), 0.0).sum(axis=1)
    # place and moment integrated out, Laplace's way: the density of explosions times the volume that fits
    volume = 0.5 * np.linalg.slogdet(2 * np.pi * fits.covariance[:, :3, :3])[1]
    density = np.log(settings.rate_per_s / (np.pi * settings.reach_m**2))
    heard = n * np.log(settings.p_heard) + (sets.shape[1] - n) * np.log(1 - settings.p_heard)
    found: Floats = density + volume - spread - fits.chi2 / 2 + heard - n * np.log(settings.chance_per_s)
    return found


def _packed(sets: NDArray[np.intp], score: Floats, n_arrivals: int) -> NDArray[np.intp]:
    """Choose sets that share no arrival, with the largest sum of scores."""
    if not len(sets):
        return np.empty(0, np.intp)
    row, post = np.nonzero(sets >= 0)
    shares = coo_array((np.ones(len(row)), (sets[row, post], row)), shape=(n_arrivals, len(sets))).tocsr()
    shares = shares[np.flatnonzero(np.diff(shares.indptr) > 0)]
    done = milp(
        -score, constraints=LinearConstraint(shares, ub=1), integrality=np.ones(len(sets)), bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "time_limit": _SEARCH_S},
    )  # fmt: skip
    return np.empty(0, np.intp) if done.x is None else np.flatnonzero(done.x > 0.5)


def _blast(sets: NDArray[np.intp], fits: Fits, one: int) -> Blast:
    covariance = fits.covariance[one]
    return Blast(
        float(fits.at_s[one]), float(np.sqrt(covariance[2, 2])), fits.xy_m[one], covariance[:2, :2],
        float(fits.chi2[one]), tuple(int(at) for at in sets[one] if at >= 0),
    )  # fmt: skip
