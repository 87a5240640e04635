"""The tracker: existence, identity and the order of a scan's steps.

Whether a track exists is a probability that every scan changes (integrated probabilistic data association; Mušicki, Evans,
Stanković, IEEE Trans. Automatic Control 39 (1994)), with the one detection that global nearest neighbour gave it. Clutter is
measured, not assumed: it is what confirmed tracks leave over.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from truceline.core.detections import Floats, Scan
from truceline.core.errors import InputError
from truceline.core.ids import identify
from truceline.core.tracks import TrackPicture
from truceline.detect.tracking.assigning import assign
from truceline.detect.tracking.gating import Pairs, gated
from truceline.detect.tracking.motion import correct, move, nothing, opened, share
from truceline.detect.tracking.settings import Settings
from truceline.detect.tracking.sharing import shares

_SURE = 1 - 1e-6
"""No track is surer than this, so that one that ends is let go in time."""
_SIDE_M = 1_000.0
"""Shortest side of the area over which clutter is counted."""
_LEAST = 1e-300
"""Stands for no likelihood at all where a logarithm is taken."""
_HALF = 0.5
_MEMORY = 0.9
"""Weight of what was measured of clutter before, at each scan."""


class Tracker:
    """Follows what moves, scan by scan.

    Args:
        settings: What is assumed.
    """

    def __init__(self, settings: Settings) -> None:
        self._set = settings
        self._time_s: float | None = None
        self._motions = nothing(settings)
        self._exists = np.empty(0)
        self._is_confirmed = np.empty(0, bool)
        self._serial = np.empty(0, np.int64)
        self._name = np.empty(0, np.int64)
        self._seen_by = np.empty(0, np.int64)
        self._is_kept = np.empty(0, bool)
        self._opened = dict[int, tuple[float, float, float]]()
        self._ids = dict[int, str]()
        self._n = 0
        self._clutter = 0.0
        self._low, self._high = np.full(2, np.inf), np.full(2, -np.inf)

    def take(self, scan: Scan, sensor: int | None = None) -> TrackPicture:
        """Take in a scan.

        Args:
            scan: Not older than the one before.
            sensor: Number of the sensor, from 0 to 61, where there are several: that it does not see a track which it never saw
                says nothing. None: it sees everywhere.

        Returns:
            The confirmed tracks after it.

        Raises:
            InputError: It is older.
        """
        if self._time_s is not None and scan.time_s < self._time_s:
            raise InputError(
                "track.order", f"a scan at {scan.time_s:g} s comes after one at {self._time_s:g} s"
            )
        order = scan.order()
        scan = scan.only(order)
        if self._time_s is not None:
            dt_s = scan.time_s - self._time_s
            self._motions = move(self._motions, dt_s, self._set)
            self._exists *= self._set.p_stay**dt_s
        self._time_s = scan.time_s
        area_m2 = self._area(scan)
        self._clutter = self._clutter or max(len(scan), 1) / area_m2
        given = self._update(scan, sensor)
        is_free = np.ones(len(scan), bool)
        is_free[given[given >= 0]] = False
        free = np.flatnonzero(is_free)
        self._clutter = _MEMORY * self._clutter + (1 - _MEMORY) * max(len(free), 1) / area_m2
        kept = self._renew(scan, free, sensor)
        return self._picture(np.append(order, -1)[np.concatenate([given[kept], free])])

    def _area(self, scan: Scan) -> float:
        if len(scan):
            self._low = np.minimum(self._low, scan.xy_m.min(axis=0))
            self._high = np.maximum(self._high, scan.xy_m.max(axis=0))
        sides = np.maximum(self._high - self._low, _SIDE_M)
        return float(sides[0] * sides[1]) if np.isfinite(sides).all() else _SIDE_M**2

    def _update(self, scan: Scan, sensor: int | None) -> NDArray[np.int64]:
        """Give tracks their detections and correct them; confirmed ones choose first. Returns each track's, or -1."""
        p_detect = self._set.p_detect
        pairs = gated(self._motions.together(), scan, self._set.gate, self._set.most_candidates)
        ratio = p_detect * pairs.likelihood / self._clutter * self._named(pairs.track, pairs.detection, scan)
        gain = np.log(np.maximum(ratio / (1 - p_detect), _LEAST))
        is_used, weight = np.zeros(len(scan), bool), np.zeros(len(self._motions))
        given = np.full(len(self._motions), -1, np.int64)
        for is_confirmed in (True, False):
            if self._set.is_shared:
                self._share(scan, pairs, ratio, is_confirmed, is_used, given, weight)
                continue
            able = np.flatnonzero(
                (self._is_confirmed[pairs.track] == is_confirmed) & ~is_used[pairs.detection] & (gain > 0)
            )
            chosen = able[assign(pairs.track[able], pairs.detection[able], gain[able])]
            track, detection = pairs.track[chosen], pairs.detection[chosen]
            late_s = scan.time_s - scan.at_s[detection]
            correct(self._motions, track, scan.xy_m[detection], scan.sigma_m[detection], late_s)
            is_used[detection] = True
            given[track] = detection
            weight[track] = ratio[chosen]
            if scan.name is not None:
                self._name[track] = np.where(
                    scan.name[detection] != 0, scan.name[detection], self._name[track]
                )
        evidence, is_judged = 1 - p_detect + weight, np.ones(len(weight), bool)
        if sensor is not None:
            self._seen_by[given >= 0] |= 1 << sensor
            is_judged = (self._seen_by >> sensor & 1).astype(bool)
            evidence = np.where(is_judged, evidence, 1.0)
        self._exists = np.minimum(
            self._exists * evidence / (1 - self._exists + self._exists * evidence), _SURE
        )
        self._is_confirmed |= self._exists >= self._set.confirm_at
        # what this scan said nothing of waits for the sensor that sees it, but not for ever
        self._is_kept = self._exists >= self._set.drop_below * np.where(is_judged, 1.0, 0.5)
        return given

    def _share(
        self, scan: Scan, pairs: Pairs, ratio: Floats, is_confirmed: bool, is_used: NDArray[np.bool_],
        given: NDArray[np.int64], weight: Floats,
    ) -> None:  # fmt: skip
        """Share detections among tracks by probability; what is likelier some track's than nothing's begins none of its own."""
        able = np.flatnonzero(
            (self._is_confirmed[pairs.track] == is_confirmed) & ~is_used[pairs.detection] & (ratio > 0)
        )
        track, detection = pairs.track[able], pairs.detection[able]
        exists, p_detect = self._exists, self._set.p_detect
        none = 1 - p_detect * exists
        found = shares(track, detection, exists[track] * ratio[able], none[track])
        own = np.unique(track)
        seen = np.minimum(np.bincount(track, found, minlength=len(weight)), 1 - 1e-9)
        # the evidence that makes existence what the ways in which things can belong together make it
        weight[own] = seen[own] / (1 - seen[own]) * none[own] / exists[own]
        # where a track is, is asked of one that exists
        there = seen + (1 - seen) * exists * (1 - p_detect) / none
        found = found / there[track]
        late_s = scan.time_s - scan.at_s[detection]
        share(self._motions, track, scan.xy_m[detection], scan.sigma_m[detection], late_s, found)
        likeliest = np.lexsort((found, track))
        given[track[likeliest]] = np.where(found[likeliest] > _HALF, detection[likeliest], -1)
        is_used |= np.bincount(detection, found, minlength=len(scan)) > _HALF
        if scan.name is not None:
            named = given[own] >= 0
            names = scan.name[given[own[named]]]
            self._name[own[named]] = np.where(names != 0, names, self._name[own[named]])

    def _named(self, track: NDArray[np.intp], detection: NDArray[np.intp], scan: Scan) -> Floats:
        """Return how much names speak for pairs: for the same name, against two different ones altogether."""
        if scan.name is None:
            return np.ones(len(track))
        one, other = self._name[track], scan.name[detection]
        return np.where((one == 0) | (other == 0), 1.0, np.where(one == other, self._set.same_name, 0.0))

    def _renew(self, scan: Scan, free: NDArray[np.intp], sensor: int | None) -> NDArray[np.bool_]:
        """Give up what hardly exists, and begin a track at each detection that nothing took. Returns which were kept."""
        keep = self._is_kept
        for serial in self._serial[~keep].tolist():
            self._opened.pop(serial, None)
            self._ids.pop(serial, None)
        begun = opened(scan.xy_m[free], scan.sigma_m[free], scan.time_s - scan.at_s[free], self._set)
        serials = range(self._n, self._n + len(free))
        self._opened.update(
            zip(serials, zip(scan.at_s[free].tolist(), *scan.xy_m[free].T.tolist(), strict=True), strict=True)
        )
        self._n += len(free)
        self._motions = self._motions.only(keep).and_also(begun)
        names = np.zeros(len(free), np.int64) if scan.name is None else scan.name[free]
        self._name = np.concatenate([self._name[keep], names])
        seen_by = np.full(len(free), 0 if sensor is None else 1 << sensor, np.int64)
        self._seen_by = np.concatenate([self._seen_by[keep], seen_by])
        self._exists = np.concatenate([self._exists[keep], np.full(len(free), self._set.p_new)])
        self._is_confirmed = np.concatenate([self._is_confirmed[keep], np.zeros(len(free), bool)])
        self._serial = np.concatenate([self._serial[keep], np.asarray(serials, np.int64)])
        return keep

    def _picture(self, seen: NDArray[np.int64]) -> TrackPicture:
        shown = np.flatnonzero(self._is_confirmed & (self._exists > self._set.show_above))
        states = self._motions.only(shown).together()
        ids = tuple(self._id(serial) for serial in self._serial[shown].tolist())
        return TrackPicture(
            self._time_s or 0.0, ids, states.xy_m, states.v_mps, np.sqrt(states.pp), seen[shown]
        )

    def _id(self, serial: int) -> str:
        if serial not in self._ids:
            at_s, x_m, y_m = self._opened[serial]
            # identities hold no floats: whole microseconds and millimetres, and the serial for what is equal in both
            fields = {
                "at_us": round(at_s * 1e6),
                "x_mm": round(x_m * 1e3),
                "y_mm": round(y_m * 1e3),
                "n": serial,
            }
            self._ids[serial] = identify("track", fields)
        return self._ids[serial]
