"""The ground between two places, and what of it is in sight from the first."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profile:
    """A cross-section.

    Args:
        distance_m: From the first place, metres, shape (n,).
        ground_m: Height of the ground above the sea there, metres; NaN in holes of the model.
        drop_m: By how much the ground lies lower for the observer than a flat Earth would have it, metres.
        hidden_m: How high something has to stand above the ground to be in sight there, metres; 0 where the ground itself is; NaN where
            nobody knows.
    """

    distance_m: Floats
    ground_m: Floats
    drop_m: Floats
    hidden_m: Floats

    def sees(self, target_m: float) -> bool:
        """Say whether what stands so high at the far end is in sight.

        Args:
            target_m: Metres above the ground.

        Returns:
            Whether it is; also false where nobody knows.
        """
        return bool(self.hidden_m[-1] <= target_m)


def profile(distance_m: Floats, ground_m: Floats, eye_m: float, bend: float) -> Profile:
    """Work out a cross-section.

    Args:
        distance_m: From the observer, rising from 0, metres.
        ground_m: Heights there, metres; NaN in holes.
        eye_m: How high above the ground the observer looks from, metres.
        bend: See `truceline.geo.sight.bend_per_m`.

    Returns:
        The cross-section.

    Raises:
        ValueError: There is no ground under the observer, or no way to the other place.
    """
    if len(distance_m) < 2 or not distance_m[-1] > 0:
        raise ValueError("the two places are one")
    if math.isnan(ground_m[0]):
        raise ValueError("there is no ground under the observer")
    drop = bend * distance_m**2
    eye = ground_m[0] + eye_m
    far = distance_m[1:]
    slope = (ground_m[1:] - drop[1:] - eye) / far
    # the horizon that lies before each place; behind a hole nobody knows it
    before = np.concatenate([[-np.inf], np.maximum.accumulate(slope)[:-1]])
    needed = before * far + eye + drop[1:] - ground_m[1:]
    hidden = np.concatenate([[0.0], np.where(np.isnan(needed), np.nan, np.maximum(needed, 0.0))])
    return Profile(distance_m, ground_m, drop, hidden)
