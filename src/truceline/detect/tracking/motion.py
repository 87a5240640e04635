"""Motion at constant velocity, disturbed by white acceleration, for many tracks at once.

Both coordinates move alike and are seen with the same error, so one 2x2 covariance serves both: ``pp`` of position, ``pv`` of
position with velocity, ``vv`` of velocity. Source: Bar-Shalom, Li, Kirubarajan, Estimation with Applications to Tracking and
Navigation (2001), 6.2.2 and 5.2.3.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from truceline.core.detections import Floats


@dataclass(slots=True)
class States:
    """Estimates of many tracks at one moment.

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

    def and_also(self, others: States) -> States:
        """Return these, and others behind them."""
        return States(
            *(np.concatenate([getattr(self, one.name), getattr(others, one.name)]) for one in fields(self))
        )


def nothing() -> States:
    """Return the states of no track."""
    none = np.empty(0)
    return States(np.empty((0, 2)), np.empty((0, 2)), none, none, none)


def opened(xy_m: Floats, sigma_m: Floats, late_s: Floats, speed_mps: float) -> States:
    """Return the states of what was seen once, at rest as far as anybody knows.

    Args:
        xy_m: Where, shape (n, 2).
        sigma_m: Its error, shape (n,).
        late_s: How long before the scan's moment each was seen, seconds, shape (n,); at least 0.
        speed_mps: Standard deviation of each coordinate of its velocity.

    Returns:
        The states at the scan's moment.
    """
    vv = np.full(len(xy_m), speed_mps**2)
    return States(xy_m.copy(), np.zeros_like(xy_m), sigma_m**2 + late_s**2 * vv, late_s * vv, vv)


def move(states: States, dt_s: float, noise_m2ps3: float) -> None:
    """Move states on in time, in place.

    Args:
        states: The states.
        dt_s: By how much, seconds; at least 0.
        noise_m2ps3: Spectral density of the acceleration.
    """
    states.xy_m += states.v_mps * dt_s
    states.pp += dt_s * (2 * states.pv + dt_s * states.vv) + noise_m2ps3 * dt_s**3 / 3
    states.pv += dt_s * states.vv + noise_m2ps3 * dt_s**2 / 2
    states.vv += noise_m2ps3 * dt_s


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


def correct(states: States, which: np.ndarray, xy_m: Floats, sigma_m: Floats, late_s: Floats) -> None:
    """Correct some states by a measurement each, in place: the Kalman filter's update.

    Args:
        states: The states.
        which: Which of them, by index, shape (k,); each at most once.
        xy_m: Measured positions, shape (k, 2).
        sigma_m: Their errors, shape (k,).
        late_s: How long before the states' moment each was made, seconds, shape (k,).
    """
    pp, pv, vv = states.pp[which], states.pv[which], states.vv[which]
    variance = spread(pp, pv, vv, sigma_m, late_s)
    of_pos, of_vel = pp - late_s * pv, pv - late_s * vv
    gain_pos, gain_vel = of_pos / variance, of_vel / variance
    error = xy_m - (states.xy_m[which] - states.v_mps[which] * late_s[:, None])
    states.xy_m[which] += gain_pos[:, None] * error
    states.v_mps[which] += gain_vel[:, None] * error
    states.pp[which] = pp - gain_pos * of_pos
    states.pv[which] = pv - gain_pos * of_vel
    states.vv[which] = vv - gain_vel * of_vel
