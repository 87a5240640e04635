"""Where an explosion was, by when it arrived at several posts: many of them at once.

Least squares over place, moment and the speed that its way shares, the speed held near what is assumed. Its covariance is the inverse
of Fisher's information, the bound of Cramér and Rao. Source: Kay, Fundamentals of Statistical Signal Processing: Estimation Theory
(1993), chapters 3 and 8; the closed form of three posts: Bancroft, IEEE Trans. Aerospace and Electronic Systems 21 (1985).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from truceline.core.blasts import Arrivals, Blast
from truceline.core.detections import Floats

_ROUNDS = 12
_DAMPING = 1e-9
_NEAR_M = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """Explosions that fit sets of arrivals.

    Args:
        xy_m: Places, shape (k, 2).
        at_s: Moments, shape (k,).
        covariance: Of east, north, moment and speed ratio, shape (k, 4, 4).
        chi2: Squared residuals by their errors, that of the speed among them, shape (k,).
    """

    xy_m: Floats
    at_s: Floats
    covariance: Floats
    chi2: Floats


def fit(arrivals: Arrivals, sets: NDArray[np.intp], xy_m: Floats, at_s: Floats) -> Fits:
    """Fit an explosion to each set of arrivals.

    Args:
        arrivals: The arrivals.
        sets: Each set's arrivals, by index, -1 where a post has none, shape (k, p).
        xy_m: Where each search begins, shape (k, 2).
        at_s: Likewise.

    Returns:
        What fits best.
    """
    there = sets >= 0
    times, weight = arrivals.at_s[sets], np.where(there, 1 / arrivals.sigma_s[sets], 0.0)
    begun = at_s.copy()
    posts = arrivals.post[sets]
    places, speed = arrivals.xy_m[posts], arrivals.speed_mps[posts]
    ratio_sigma = arrivals.speed_sigma_mps / float(np.mean(arrivals.speed_mps))
    place, moment, ratio = xy_m.copy(), np.zeros(len(sets)), np.ones(len(sets))
    times = times - begun[:, None]  # seconds since 1970 would eat the digits
    for _ in range(_ROUNDS):
        step, _, _ = _step(place, moment, ratio, times, weight, places, speed, ratio_sigma)
        # no step further than the net of posts is wide, so that a bad beginning does not run away
        far = np.hypot(step[:, 0], step[:, 1])
        step *= np.minimum(1.0, 2e4 / np.maximum(far, 1.0))[:, None]
        place = place + step[:, :2]
        moment = moment + step[:, 2]
        ratio = np.clip(ratio + step[:, 3], 0.5, 2.0)
    _, information, residual = _step(place, moment, ratio, times, weight, places, speed, ratio_sigma)
    covariance: Floats = np.linalg.pinv(information, hermitian=True).astype(np.float64)
    chi2 = (residual**2).sum(axis=1) + ((ratio - 1) / ratio_sigma) ** 2
    return Fits(place, moment + begun, covariance, chi2)


def locate(arrivals: Arrivals) -> Blast | None:
    """Locate the one explosion that all of some arrivals are of.

    Args:
        arrivals: At most one a post, at three posts or more.

    Returns:
        What fits best, searched for from every three posts; None where three posts do not tell, as where they stand in a line.
    """
    order = np.argsort(arrivals.post, kind="stable")
    triples = np.array(list(combinations(order.tolist(), 3)), np.intp).reshape(-1, 3)
    xy_m, at_s, _ = through_three(
        arrivals.xy_m[arrivals.post[triples]],
        arrivals.at_s[triples],
        np.full(len(triples), arrivals.speed_mps.mean()),
    )
    if not len(xy_m):
        return None
    fits = fit(arrivals, np.broadcast_to(order, (len(xy_m), len(order))), xy_m, at_s)
    best = int(np.argmin(np.where(np.isfinite(fits.chi2), fits.chi2, np.inf)))
    covariance = fits.covariance[best]
    return Blast(
        float(fits.at_s[best]), float(np.sqrt(covariance[2, 2])), fits.xy_m[best], covariance[:2, :2],
        float(fits.chi2[best]), tuple(order.tolist()),
    )  # fmt: skip


def bound(arrivals: Arrivals, xy_m: Floats) -> Floats:
    """Return the bound of Cramér and Rao of the place, if every post hears an explosion.

    Args:
        arrivals: One arrival a post, for its errors.
        xy_m: Where it is, shape (2,).

    Returns:
        The smallest covariance that any unbiased estimate of the place can have, m², shape (2, 2).
    """
    places, speed = arrivals.xy_m[arrivals.post], arrivals.speed_mps[arrivals.post]
    ratio_sigma = arrivals.speed_sigma_mps / float(np.mean(arrivals.speed_mps))
    away = np.hypot(*(xy_m - places).T)
    _, information, _ = _step(
        xy_m[None], np.zeros(1), np.ones(1), (away / speed)[None], (1 / arrivals.sigma_s)[None], places[None],
        speed[None], ratio_sigma,
    )  # fmt: skip
    found: Floats = np.linalg.inv(information[0])[:2, :2]
    return found


def _step(
    place: Floats, moment: Floats, ratio: Floats, times: Floats, weight: Floats, places: Floats, speed: Floats, ratio_sigma: float,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """Return Gauss and Newton's step, the information, and the weighted residuals."""
    off = place[:, None] - places
    away = np.maximum(np.hypot(off[..., 0], off[..., 1]), _NEAR_M)
    pace = 1 / (speed * ratio[:, None])
    residual = (times - moment[:, None] - away * pace) * weight
    slope = np.stack(
        [off[..., 0] / away * pace, off[..., 1] / away * pace, np.ones_like(away), -away * pace / ratio[:, None]], axis=-1
    ) * weight[..., None]  # fmt: skip
    information = slope.swapaxes(1, 2) @ slope
    information[:, 3, 3] += ratio_sigma**-2
    right = (slope * residual[..., None]).sum(axis=1)
    right[:, 3] -= (ratio - 1) / ratio_sigma**2
    scale = np.sqrt(np.maximum(np.einsum("kii->ki", information), 1e-30))
    scaled = information / (scale[:, :, None] * scale[:, None, :]) + _DAMPING * np.eye(4)
    step = np.linalg.solve(scaled, (right / scale)[..., None])[..., 0] / scale
    return step, information, residual


def through_three(
    places: Floats, times: Floats, speed_mps: Floats
) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Return the explosions that arrive at three posts at exactly three moments: none, one or two of each.

    Args:
        places: The posts' places, shape (k, 3, 2).
        times: Moments, shape (k, 3).
        speed_mps: One speed for each, shape (k,).

    Returns:
        Places, shape (m, 2); moments, shape (m,); and which of the k each is of.
    """
    base = times.min(axis=1)
    far = (times - base[:, None]) * speed_mps[:, None]
    origin = places[:, 0]
    off, reach = places[:, 1:] - origin[:, None], far[:, 1:] - far[:, :1]
    # of each two posts' circles the difference is a line; along it the place is a + b r, with r the distance from the first post
    determinant = off[:, 0, 0] * off[:, 1, 1] - off[:, 0, 1] * off[:, 1, 0]
    is_flat = np.abs(determinant) < 1e-6 * np.maximum((off**2).sum(axis=(1, 2)), 1.0)
    determinant = np.where(is_flat, 1.0, determinant)
    half = ((off**2).sum(axis=2) - reach**2) / 2
    inverse = np.stack(
        [np.stack([off[:, 1, 1], -off[:, 0, 1]], axis=-1), np.stack([-off[:, 1, 0], off[:, 0, 0]], axis=-1)], axis=1
    ) / determinant[:, None, None]  # fmt: skip
    a, b = (inverse @ half[..., None])[..., 0], -(inverse @ reach[..., None])[..., 0]
    second = (b**2).sum(axis=1) - 1
    second = np.where(np.abs(second) < 1e-12, 1e-12, second)
    first, free = (a * b).sum(axis=1), (a**2).sum(axis=1)
    root2 = first**2 - second * free
    # measured moments of a place behind all posts may miss by a little: the nearest that fits
    root = np.sqrt(np.maximum(root2, 0.0))
    found, moment, which = list[Floats](), list[Floats](), list[NDArray[np.intp]]()
    for sign in (1.0, -1.0):
        distance = (-first + sign * root) / second
        good = np.flatnonzero((distance >= 0) & (distance + reach.min(axis=1) >= 0) & ~is_flat)
        found.append(origin[good] + a[good] + b[good] * distance[good, None])
        moment.append(base[good] + (far[good, 0] - distance[good]) / speed_mps[good])
        which.append(good)
    return np.concatenate(found), np.concatenate(moment), np.concatenate(which)
