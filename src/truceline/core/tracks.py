"""Tracks: where something that moves is, as it was known at each scan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from truceline.core.detections import Floats


@dataclass(frozen=True, slots=True, eq=False)
class TrackPicture:
    """The confirmed tracks at one scan, as they were on the screen at that scan: nothing is mended afterwards.

    Args:
        time_s: The scan's moment, seconds.
        ids: Each track's id; it follows from the detection that opened the track.
        xy_m: Estimated positions, metres, shape (n, 2).
        v_mps: Estimated velocities east and north, metres a second, shape (n, 2).
        sigma_m: Standard deviation of each coordinate of the position, metres, shape (n,).
        seen: Which detection of the scan each track was given, by its place in the scan; -1 where it was given none.
    """

    time_s: float
    ids: tuple[str, ...]
    xy_m: Floats
    v_mps: Floats
    sigma_m: Floats
    seen: NDArray[np.int64]
