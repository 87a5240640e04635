"""Which detections may be of which track: pairs near enough, found by a tree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from truceline.core.detections import Floats, Scan
from truceline.detect.tracking.motion import States, spread


@dataclass(frozen=True, slots=True)
class Pairs:
    """Tracks and detections that may belong together.

    Args:
        track: Index of the track, shape (k,).
        detection: Index of the detection, shape (k,).
        likelihood: Density of the detection at its place if it is of the track, 1/m², shape (k,).
    """

    track: NDArray[np.intp]
    detection: NDArray[np.intp]
    likelihood: Floats


def gated(states: States, scan: Scan, gate: float, most: int) -> Pairs:
    """Find the pairs within the gate.

    Args:
        states: The tracks at the scan's moment.
        scan: The scan.
        gate: Largest squared Mahalanobis distance.
        most: Detections that are considered for one track, the nearest first.

    Returns:
        The pairs, by track.
    """
    none = np.empty(0, np.intp)
    if not len(states) or not len(scan):
        return Pairs(none, none, np.empty(0))
    late_s = scan.time_s - scan.at_s
    # the tree knows one moment: what was seen earlier lies further off by as much as the track has moved since
    reach = np.sqrt(gate * (states.pp + scan.sigma_m.max() ** 2))
    if latest := float(late_s.max()):
        reach += latest * (np.hypot(*states.v_mps.T) + np.sqrt(gate * states.vv))
    k = min(most, len(scan))
    far, near = cKDTree(scan.xy_m).query(states.xy_m, k=k, distance_upper_bound=float(reach.max()) + 1e-9)
    far, near = far.reshape(-1, k), near.reshape(-1, k)
    track, column = np.nonzero(far <= reach[:, None])
    detection = near[track, column]
    late = late_s[detection]
    variance = spread(states.pp[track], states.pv[track], states.vv[track], scan.sigma_m[detection], late)
    off = scan.xy_m[detection] - states.xy_m[track] + states.v_mps[track] * late[:, None]
    squared = (off**2).sum(axis=1) / variance
    inside = squared <= gate
    likelihood = np.exp(-0.5 * squared[inside]) / (2 * np.pi * variance[inside])
    return Pairs(track[inside], detection[inside], likelihood)
