"""Several sensors as one picture: each is set against the first by what both follow, then all move the same tracks.

Sensors of one area disagree by where they believe they stand. Each is followed alone too; tracks of two sensors that move alike vote
for how far the second is off, and what most of them say is taken away from what it sees. Nothing is mended afterwards: what a
sensor saw before it was set counts as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from truceline.core.detections import Floats, Scan
from truceline.core.tracks import TrackPicture
from truceline.detect.tracking.settings import Settings
from truceline.detect.tracking.tracker import Tracker

EVERY_S = 5.0
"""How often sensors are set against each other."""
_REACH_M, _SPOT_M = 2_000.0, 80.0
"""How far a sensor may be off, and how near votes for one place lie."""
_ALIKE_MPS, _MOVES_MPS = 15.0, 3.0
_LEAST, _SHARE = 3, 0.3
"""Votes that are needed: so many, and so large a share of the tracks that the poorer sensor has."""
_NEW = 0.3
"""Weight of a new setting beside what was set before."""


class Fused:
    """Follows what several sensors see.

    Args:
        settings: What is assumed.
    """

    def __init__(self, settings: Settings) -> None:
        self._set = settings
        self._tracker = Tracker(settings)
        self._alone: dict[int, Tracker] = {}
        self._off_m: dict[int, Floats] = {}
        self._set_s = -np.inf

    @property
    def off_m(self) -> dict[int, Floats]:
        """How far each sensor is off the first, metres east and north; a sensor that was never set is left out."""
        return dict(self._off_m)

    def take(self, time_s: float, scans: Mapping[int, Scan]) -> TrackPicture:
        """Take in what all sensors saw within a window.

        Args:
            time_s: The window's moment.
            scans: Number of a sensor, from 0 to 61 -> its scan; none is later than the window.

        Returns:
            The confirmed tracks after it; which detection each was given counts through the scans in the order of their sensors.

        Raises:
            InputError: The window is older than the one before.
        """
        scans = {sensor: replace(scans[sensor], time_s=time_s) for sensor in sorted(scans)}
        if len(scans) > 1 or self._alone:
            alone = {sensor: self._follow(sensor, scan) for sensor, scan in scans.items()}
            if time_s - self._set_s >= EVERY_S:
                self._set_s = time_s
                self._register(alone)
        picture, seen, before = None, np.empty(0, np.int64), 0
        for sensor, scan in scans.items():
            off_m = self._off_m.get(sensor)
            found = scan if off_m is None else replace(scan, xy_m=scan.xy_m - off_m)
            last, picture = picture, self._tracker.take(found, sensor)
            seen = _seen(last, seen, picture, before)
            before += len(scan)
        if picture is None:
            return self._tracker.take(Scan(time_s, np.empty(0), np.empty((0, 2)), np.empty(0)))
        return replace(picture, seen=seen)

    def _follow(self, sensor: int, scan: Scan) -> TrackPicture:
        tracker = self._alone.setdefault(sensor, Tracker(self._set))
        return tracker.take(scan)

    def _register(self, alone: Mapping[int, TrackPicture]) -> None:
        first = min(self._alone)
        if first not in alone:
            return
        base = alone[first]
        for sensor, picture in alone.items():
            if sensor == first:
                continue
            off_m = _voted(base, picture)
            if off_m is not None:
                held = self._off_m.get(sensor)
                near = held is not None and float(np.hypot(*(off_m - held))) < _SPOT_M
                self._off_m[sensor] = (1 - _NEW) * held + _NEW * off_m if held is not None and near else off_m


def _seen(last: TrackPicture | None, seen: np.ndarray, picture: TrackPicture, before: int) -> np.ndarray:
    """Return which detection each track of a picture was given by any sensor of the window so far, or -1."""
    held = dict(zip(last.ids, seen.tolist(), strict=True)) if last is not None else {}
    return np.array(
        [
            before + at if at >= 0 else held.get(id_, -1)
            for id_, at in zip(picture.ids, picture.seen.tolist(), strict=True)
        ],
        np.int64,
    )


def _voted(base: TrackPicture, other: TrackPicture) -> Floats | None:
    """Return how far one picture is off another by what most pairs of tracks that move alike say; None where too few do."""
    if not base.ids or not other.ids:
        return None
    off = other.xy_m[None] - base.xy_m[:, None]
    apart = other.v_mps[None] - base.v_mps[:, None]
    is_pair = (np.hypot(off[..., 0], off[..., 1]) < _REACH_M) & (
        np.hypot(apart[..., 0], apart[..., 1]) < _ALIKE_MPS
    )
    is_pair &= (np.hypot(*base.v_mps.T) > _MOVES_MPS)[:, None] & (np.hypot(*other.v_mps.T) > _MOVES_MPS)
    votes = off[is_pair]
    if len(votes) < _LEAST:
        return None
    near = np.hypot(*(votes[:, None] - votes[None]).transpose(2, 0, 1)) < _SPOT_M
    best = int(np.argmax(near.sum(axis=1)))
    if near[best].sum() < max(_LEAST, _SHARE * min(len(base.ids), len(other.ids))):
        return None
    found: Floats = np.median(votes[near[best]], axis=0)
    return found
