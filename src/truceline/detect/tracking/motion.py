"""Ways of moving, for many tracks at once: straight on, turning left or right, stopping; each track is all of them, each more or less.

A place is a complex number, metres east plus i times metres north, and so is a velocity. Both coordinates are seen with the same
error, so the covariance of place and velocity is one Hermitian 2x2 matrix, whose ``pp`` and ``vv`` are real: a turn is a product
with a number of length 1, and stays exact. The models interact at every scan. Source: Bar-Shalom, Li, Kirubarajan, Estimation with
Applications to Tracking and Navigation (2001), 6.2.2, 5.2.3, 11.6.6 (interacting multiple models) and 11.7 (coordinated turn).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from truceline.core.detections import Floats
from truceline.detect.tracking.settings import Settings

Complexes = NDArray[np.complex128]
_SMALLEST = 1e-12


@dataclass(slots=True)
class States:
    """What many tracks are together, all their models as one, at one moment.

    Args:
        xy_m: Positions, shape (n, 2).
        v_mps: Velocities, shape (n, 2).
        pp: Variance of a coordinate of the position, m², shape (n,).
        pv: Its covariance with the velocity, m²/s, shape (n,).
        vv: Variance of a coordinate of the velocity, m²/s², shape (n,).
    """

    xy_m: Floats
    v_mps: Floats
    pp: Floats
    pv: Floats
    vv: Floats

    def __len__(self) -> int:
        return len(self.pp)

    def only(self, which: np.ndarray) -> States:
        """Return some of them, by mask or by index."""
        return States(*(getattr(self, one.name)[which] for one in fields(self)))


@dataclass(slots=True)
class Motions:
    """Estimates of many tracks, one for each way of moving; every array has shape (m, n).

    Args:
        z: Places.
        w: Velocities.
        pp: Variance of a coordinate of the place.
        pv: Covariance of place and velocity.
        vv: Variance of a coordinate of the velocity.
        weight: How much each track moves in each way; sums to 1 over the ways.
    """

    z: Complexes
    w: Complexes
    pp: Floats
    pv: Complexes
    vv: Floats
    weight: Floats

    def __len__(self) -> int:
        return int(self.z.shape[1])

    def only(self, which: np.ndarray) -> Motions:
        """Return some tracks, by mask or by index."""
        return Motions(*(getattr(self, one.name)[:, which] for one in fields(self)))

    def and_also(self, others: Motions) -> Motions:
        """Return these, and others behind them."""
        return Motions(
            *(
                np.concatenate([getattr(self, one.name), getattr(others, one.name)], axis=1)
                for one in fields(self)
            )
        )

    def together(self) -> States:
        """Return each track as one: the mean of its models, and their spread about it."""
        z, w = (self.weight * self.z).sum(axis=0), (self.weight * self.w).sum(axis=0)
        dz, dw = self.z - z, self.w - w
        # the covariance is that of a coordinate: half of what a complex number spreads
        pp = (self.weight * (self.pp + _square(dz) / 2)).sum(axis=0)
        pv = (self.weight * (self.pv.real + (dz * dw.conj()).real / 2)).sum(axis=0)
        vv = (self.weight * (self.vv + _square(dw) / 2)).sum(axis=0)
        return States(np.column_stack([z.real, z.imag]), np.column_stack([w.real, w.imag]), pp, pv, vv)


def nothing(settings: Settings) -> Motions:
    """Return the estimates of no track."""
    return opened(np.empty((0, 2)), np.empty(0), np.empty(0), settings)


def opened(xy_m: Floats, sigma_m: Floats, late_s: Floats, settings: Settings) -> Motions:
    """Return the estimates of what was seen once, at rest as far as anybody knows.

    Args:
        xy_m: Where, shape (n, 2).
        sigma_m: Its error, shape (n,).
        late_s: How long before the scan's moment each was seen, seconds, shape (n,); at least 0.
        settings: What is assumed.

    Returns:
        The estimates at the scan's moment.
    """
    m, n = len(settings.ways), len(xy_m)
    vv = np.full((m, n), settings.speed_mps**2)
    z = np.broadcast_to(xy_m[:, 0] + 1j * xy_m[:, 1], (m, n)).copy()
    weight = np.array([way.weight for way in settings.ways])
    return Motions(
        z, np.zeros((m, n), np.complex128), sigma_m**2 + late_s**2 * vv, (late_s * vv).astype(np.complex128), vv,
        np.repeat(weight[:, None] / weight.sum(), n, axis=1),
    )  # fmt: skip


def move(motions: Motions, dt_s: float, settings: Settings) -> Motions:
    """Move tracks on in time: models that change into each other, each then by its own way.

    Args:
        motions: The tracks.
        dt_s: By how much, seconds; at least 0.
        settings: What is assumed.

    Returns:
        The tracks then.
    """
    if dt_s <= 0 or not len(motions):
        return motions
    mixed = _mixed(motions, _changes(settings, dt_s))
    steps = [_step(way.turn_radps, way.stop_s, dt_s) for way in settings.ways]
    a = np.array([step[0] for step in steps])[:, None]
    b = np.array([step[1] for step in steps])[:, None]
    q = np.array([way.noise_m2ps3 for way in settings.ways])[:, None]
    pv_a = mixed.pv + a * mixed.vv
    return Motions(
        mixed.z + a * mixed.w,
        b * mixed.w,
        mixed.pp + 2 * (a.conj() * mixed.pv).real + _square(a) * mixed.vv + q * dt_s**3 / 3,
        b.conj() * pv_a + q * dt_s**2 / 2,
        _square(b) * mixed.vv + q * dt_s,
        mixed.weight,
    )


def _square(one: Complexes) -> Floats:
    found: Floats = one.real**2 + one.imag**2
    return found


def _step(turn_radps: float, stop_s: float, dt_s: float) -> tuple[complex, complex]:
    """Return what a velocity adds to the place, and what is left of it, after some time."""
    if turn_radps:
        b = np.exp(1j * turn_radps * dt_s)
        return complex((b - 1) / (1j * turn_radps)), complex(b)
    if stop_s:
        left = float(np.exp(-dt_s / stop_s))
        return stop_s * (1 - left), left
    return dt_s, 1.0


def _changes(settings: Settings, dt_s: float) -> Floats:
    """Return the probability that each way of moving becomes each other within a time, shape (m, m)."""
    if len(settings.ways) == 1:
        return np.ones((1, 1))
    stay = np.exp(-dt_s / np.array([way.lasts_s for way in settings.ways]))
    weight = np.array([way.weight for way in settings.ways])
    others = weight[None] * (1 - np.eye(len(weight)))
    found: Floats = (1 - stay)[:, None] * others / others.sum(axis=1, keepdims=True) + np.diag(stay)
    return found


def _mixed(motions: Motions, changes: Floats) -> Motions:
    flow = changes[:, :, None] * motions.weight[:, None]  # from i to j
    weight = flow.sum(axis=0)
    share = flow / np.maximum(weight, _SMALLEST)
    z, w = (share * motions.z[:, None]).sum(axis=0), (share * motions.w[:, None]).sum(axis=0)
    dz, dw = motions.z[:, None] - z, motions.w[:, None] - w
    return Motions(
        z, w,
        (share * (motions.pp[:, None] + _square(dz) / 2)).sum(axis=0),
        (share * (motions.pv[:, None] + dz * dw.conj() / 2)).sum(axis=0),
        (share * (motions.vv[:, None] + _square(dw) / 2)).sum(axis=0),
        weight,
    )  # fmt: skip


def spread(pp: Floats, pv: Floats, vv: Floats, sigma_m: Floats, late_s: Floats) -> Floats:
    """Return the variance of a coordinate of what a track would be measured at, a little before its states' moment.

    Args:
        pp: Variances of position; likewise ``pv`` and ``vv``.
        pv: See above.
        vv: See above.
        sigma_m: Errors of the measurements.
        late_s: How long before the states' moment they were made, seconds.

    Returns:
        Variances, m².
    """
    return pp - late_s * (2 * pv - late_s * vv) + sigma_m**2


def correct(motions: Motions, which: np.ndarray, xy_m: Floats, sigma_m: Floats, late_s: Floats) -> None:
    """Correct some tracks by a measurement each, in place: Kalman's update of every model, and Bayes' of their weights.

    Args:
        motions: The tracks.
        which: Which of them, by index, shape (k,); each at most once.
        xy_m: Measured positions, shape (k, 2).
        sigma_m: Their errors, shape (k,).
        late_s: How long before the states' moment each was made, seconds, shape (k,).
    """
    z, w = motions.z[:, which], motions.w[:, which]
    pp, pv, vv = motions.pp[:, which], motions.pv[:, which], motions.vv[:, which]
    variance = spread(pp, pv.real, vv, sigma_m, late_s)
    of_pos, of_vel = pp - late_s * pv, pv.conj() - late_s * vv
    gain_pos, gain_vel = of_pos / variance, of_vel / variance
    error = (xy_m[:, 0] + 1j * xy_m[:, 1]) - (z - late_s * w)
    motions.z[:, which] = z + gain_pos * error
    motions.w[:, which] = w + gain_vel * error
    motions.pp[:, which] = pp - _square(gain_pos) * variance
    motions.pv[:, which] = pv - gain_pos * gain_vel.conj() * variance
    motions.vv[:, which] = vv - _square(gain_vel) * variance
    squared = _square(error) / variance
    likely = np.exp(-0.5 * (squared - squared.min(axis=0))) / variance
    weight = motions.weight[:, which] * likely
    motions.weight[:, which] = weight / np.maximum(weight.sum(axis=0), _SMALLEST)


def share(
    motions: Motions, track: np.ndarray, xy_m: Floats, sigma_m: Floats, late_s: Floats, probability: Floats
) -> None:
    """Correct tracks by several measurements each, in place: every one that may be theirs counts as far as it may.

    What a track becomes by each measurement, and what it is without one, is mixed by probability into one estimate of every model.

    Args:
        motions: The tracks.
        track: Which track each pair is about, by index, shape (k,).
        xy_m: Measured position of each pair, shape (k, 2).
        sigma_m: Their errors, shape (k,).
        late_s: How long before the states' moment each was made, seconds, shape (k,).
        probability: That the measurement is of the track, shape (k,); at most 1 in sum over the pairs of a track.
    """
    if not len(track):
        return
    which, at = np.unique(track, return_inverse=True)
    after = motions.only(track)
    correct(after, np.arange(len(track)), xy_m, sigma_m, late_s)
    before = motions.only(which)
    missed = np.clip(1 - np.bincount(at, probability, minlength=len(which)), 0.0, 1.0)
    together = before.and_also(after)
    at = np.concatenate([np.arange(len(which)), at])
    weight = together.weight * np.concatenate([missed, probability])

    def summed(values: np.ndarray) -> np.ndarray:
        found = np.zeros((values.shape[0], len(which)), values.dtype)
        for row, one in enumerate(values):
            np.add.at(found[row], at, one)
        return found

    total = summed(weight)
    part = weight / np.maximum(total, _SMALLEST)[:, at]
    z, w = summed(part * together.z), summed(part * together.w)
    dz, dw = together.z - z[:, at], together.w - w[:, at]
    motions.z[:, which], motions.w[:, which] = z, w
    motions.pp[:, which] = summed(part * (together.pp + _square(dz) / 2))
    motions.pv[:, which] = summed(part * (together.pv + dz * dw.conj() / 2))
    motions.vv[:, which] = summed(part * (together.vv + _square(dw) / 2))
    motions.weight[:, which] = total / np.maximum(total.sum(axis=0), _SMALLEST)
