"""Explosions: arrivals of their sound or shaking at posts, and the places that follow from them. Never where anything was fired from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from truceline.core.detections import Floats

KINDS = ("acoustic", "seismic")
"""What arrives."""


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """Arrivals at posts, as arrays.

    Args:
        at_s: When each arrived, seconds, shape (n,).
        sigma_s: Standard deviation of each, seconds, shape (n,); above 0.
        post: Which post each arrived at, index into ``xy_m``, shape (n,).
        xy_m: Where the posts stand in a plane, metres, shape (p, 2).
        speed_mps: How fast it travels to each post, as far as known, shape (p,).
        speed_sigma_mps: Standard deviation of these speeds about one value that they share.
    """

    at_s: Floats
    sigma_s: Floats
    post: NDArray[np.intp]
    xy_m: Floats
    speed_mps: Floats
    speed_sigma_mps: float

    def __len__(self) -> int:
        return len(self.at_s)


@dataclass(frozen=True, slots=True, eq=False)
class Blast:
    """An explosion that was located.

    Args:
        at_s: When it was, seconds.
        sigma_s: Standard deviation of that, seconds.
        xy_m: Where it was, metres, shape (2,).
        covariance_m2: Covariance of the place, shape (2, 2).
        chi2: How badly its arrivals fit each other: squared residuals by their errors.
        arrivals: Which arrivals are of it, indices, in the order of posts.
    """

    at_s: float
    sigma_s: float
    xy_m: Floats
    covariance_m2: Floats
    chi2: float
    arrivals: tuple[int, ...]

    def ellipse(self) -> tuple[float, float, float]:
        """Return the ellipse that holds the place with a probability of 0.95.

        Returns:
            Half of its long and of its short axis, metres, and the bearing of the long one from north, degrees, 0 to 180.
        """
        values, vectors = np.linalg.eigh(self.covariance_m2)
        short, long = np.sqrt(np.maximum(values, 0.0) * _CHI2_95)
        east, north = vectors[:, 1]
        return float(long), float(short), float(np.degrees(np.arctan2(east, north)) % 180)


_CHI2_95 = 5.991464547
"""95 per cent of two dimensions."""
