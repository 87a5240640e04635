"""Positions that cannot be true: satellite receivers that were deceived or blinded, found by what things say of themselves.

Four signs. A *jump*: further in the time than anything flies, or than the reported velocity carries it. A *mismatch*: over the
last minute the reported velocity leads somewhere else than the reported positions. A *gathering*: several that fly differently
say for a while that they are at one and the same point. *Degraded*: several lose at once the accuracy that they had. None of them
says who did it.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from truceline.core.detections import Anomaly, Sighting
from truceline.geo.plane import Floats

_FASTEST_MPS = 700.0
"""Faster than anything that says where it is."""
_SLACK_M = 600.0
"""Less than this is no jump, whatever the error: clocks and ways of messages are that bad."""
_DRIFT_M = 250.0
"""How far reported velocity and reported positions may part within the window."""
_TURN_MPS2 = 10.0
"""Acceleration that velocities a moment apart may leave out."""
_WINDOW_S, _SHORTEST_S = 60.0, 10.0
_APART_S = 10.0
"""Between velocities that lie further apart a thing may have turned anywhere."""
_SIGMA_M = 30.0
"""Standard deviation of each coordinate where the thing says none."""
_SIGMAS = 4.0
_KNOWN_S = 120.0
"""A thing that was silent for longer begins anew."""
_SPOT_M, _MANY, _STAY_S, _PARTED_MPS, _PARTED_M = 150.0, 3, 10.0, 20.0, 300.0
"""A gathering: within so many metres, so many things, for so long, that differ by so much in velocity or in height."""
_GOOD_M, _BAD_M, _SINCE_S, _BLINDED = 1_200.0, 4_000.0, 60.0, 2
"""Degraded: a containment radius that was below the first, is above the second, within so long, of so many things."""
_REST_S = 60.0
"""An anomaly that does not show for so long has ended."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What was said at one moment: the place, and the velocity that was heard last, if any."""

    at_s: float
    x_m: float
    y_m: float
    v_mps: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class _Knot:
    """A moment of which place and velocity are known together, and by how much its place parts from what the one before foretold."""

    at_s: float
    x_m: float
    y_m: float
    v_mps: tuple[float, float]
    dx_m: float = 0.0
    dy_m: float = 0.0


@dataclass(slots=True)
class _Thing:
    """What one name said: the last step, the knots of the last minute, and by how much all but the first part from their velocities."""

    last: _Step | None = None
    knots: deque[_Knot] = field(default_factory=deque)
    off_m: tuple[float, float] = (0.0, 0.0)
    place: tuple[float, float] = (0.0, 0.0)
    height_m: float | None = None
    good_s: float = -math.inf
    bad_s: float = -math.inf

    def begin(self) -> None:
        """Begin anew: what was said before leads here no more."""
        self.knots, self.off_m = deque(), (0.0, 0.0)

    def tie(self, last: _Step, step: _Step, v_at_s: float) -> bool:
        """Tie a velocity to the place at its own moment, between two steps, and say whether it was; one heard before them is tied already.

        In a turn a velocity that is a second old leads elsewhere: places and velocities are compared at the same moments alone.
        """
        if step.v_mps is None or not last.at_s < v_at_s <= step.at_s:
            return False
        share = (v_at_s - last.at_s) / (step.at_s - last.at_s)
        x_m, y_m = last.x_m + share * (step.x_m - last.x_m), last.y_m + share * (step.y_m - last.y_m)
        before = self.knots[-1] if self.knots else None
        if before is None or v_at_s - before.at_s > _APART_S:
            self.knots, self.off_m = deque([_Knot(v_at_s, x_m, y_m, step.v_mps)]), (0.0, 0.0)
            return True
        dt_s = v_at_s - before.at_s
        dx_m = x_m - before.x_m - dt_s * (before.v_mps[0] + step.v_mps[0]) / 2
        dy_m = y_m - before.y_m - dt_s * (before.v_mps[1] + step.v_mps[1]) / 2
        self.knots.append(_Knot(v_at_s, x_m, y_m, step.v_mps, dx_m, dy_m))
        self.off_m = self.off_m[0] + dx_m, self.off_m[1] + dy_m
        while v_at_s - self.knots[0].at_s > _WINDOW_S:
            self.knots.popleft()
            first = self.knots[0]
            self.off_m = self.off_m[0] - first.dx_m, self.off_m[1] - first.dy_m
        return True


class Integrity:
    """Watches what things say of themselves."""

    def __init__(self) -> None:
        self._things: dict[str, _Thing] = {}
        self._open: dict[tuple[str, str], Anomaly] = {}
        self._ended: list[Anomaly] = []
        self._together: dict[str, float] = {}

    def take(self, now_s: float, sightings: Iterable[Sighting], xy_m: Floats) -> list[Anomaly]:
        """Look at what was said since the last time.

        Args:
            now_s: The time, seconds since 1970.
            sightings: What was said; nameless ones and those without a time are passed over.
            xy_m: Where each is in a plane, metres, shape (n, 2).

        Returns:
            The anomalies that begin.
        """
        begun = list[Anomaly]()
        for one, (x_m, y_m) in zip(sightings, xy_m.tolist(), strict=True):
            if one.name and one.at_s is not None:
                begun += self._step(one, one.at_s, x_m, y_m)
        begun += self._gathered(now_s)
        begun += self._blinded(now_s)
        for key, held in list(self._open.items()):
            if now_s - held.until_s > _REST_S:
                self._ended.append(self._open.pop(key))
        self._things = {
            name: one
            for name, one in self._things.items()
            if one.last is not None and now_s - one.last.at_s <= _KNOWN_S
        }
        return begun

    def now(self) -> dict[str, tuple[str, ...]]:
        """Return the anomalies that show at present: name -> their kinds."""
        found = dict[str, tuple[str, ...]]()
        for name, kind in self._open:
            found[name] = (*found.get(name, ()), kind)
        return found

    def all(self) -> list[Anomaly]:
        """Return every anomaly so far, by when it began; those that have not ended last until now."""
        return sorted([*self._ended, *self._open.values()], key=lambda one: (one.since_s, one.name, one.kind))

    def _step(self, one: Sighting, at_s: float, x_m: float, y_m: float) -> list[Anomaly]:
        thing = self._things.setdefault(one.name, _Thing())
        last = thing.last
        if last is not None and at_s <= last.at_s:
            return []  # said twice, or overtaken
        thing.place, thing.height_m = (one.lon, one.lat), one.height_m
        if one.containment_m is not None:
            if one.containment_m <= _GOOD_M:
                thing.good_s = at_s
            elif one.containment_m >= _BAD_M:
                thing.bad_s = at_s
        thing.last = step = _Step(at_s, x_m, y_m, one.v_mps)
        if last is None or at_s - last.at_s > _KNOWN_S:
            thing.begin()
            return []
        noise_m = _SIGMAS * (one.sigma_m or _SIGMA_M)
        jump_m = _parted(last, step, noise_m)
        if jump_m:
            thing.begin()
            return self._note(one.name, "jump", last.at_s, at_s, jump_m)
        if at_s - last.at_s > _APART_S:
            thing.begin()  # between places so far apart nobody knows the way
            return []
        if not thing.tie(last, step, at_s if one.v_at_s is None else one.v_at_s):
            return []
        if len(thing.knots) < 2 or thing.knots[-1].at_s - thing.knots[0].at_s < _SHORTEST_S:
            return []
        off_m = math.hypot(*thing.off_m)
        if off_m <= _DRIFT_M + noise_m:
            return []
        return self._note(one.name, "mismatch", thing.knots[0].at_s, at_s, off_m)

    def _gathered(self, now_s: float) -> list[Anomaly]:
        """Find things that fly differently and yet say that they are at one point."""
        cells = defaultdict[tuple[int, int], list[_Thing]](list)
        near = list[tuple[str, _Thing, int, int]]()
        for name, one in sorted(self._things.items()):
            step = one.last
            if (
                step is not None
                and one.height_m != 0.0
                and step.v_mps is not None
                and now_s - step.at_s <= _STAY_S
            ):
                column, row = int(step.x_m // _SPOT_M), int(step.y_m // _SPOT_M)
                cells[column, row].append(one)
                near.append((name, one, column, row))
        there = dict[str, int]()
        for name, one, column, row in near:
            square = (cells.get((column + i, row + j), ()) for i in (-1, 0, 1) for j in (-1, 0, 1))
            around = [other for cell in square for other in cell if _is_at(one, other)]
            if len(around) >= _MANY and any(_differs(one, other) for other in around):
                there[name] = len(around)
        self._together = {name: self._together.get(name, now_s) for name in there}
        found = list[Anomaly]()
        for name, since_s in self._together.items():
            if now_s - since_s >= _STAY_S:
                found += self._note(name, "gathering", since_s, now_s, there[name])
        return found

    def _blinded(self, now_s: float) -> list[Anomaly]:
        """Find things that lost their accuracy at about the same time."""
        names = [
            name
            for name, one in sorted(self._things.items())
            if one.bad_s > one.good_s > now_s - _SINCE_S - _STAY_S
            or ((name, "degraded") in self._open and one.bad_s > one.good_s)
        ]
        if len(names) < _BLINDED:
            return []
        found = list[Anomaly]()
        for name in names:
            thing = self._things[name]
            found += self._note(name, "degraded", thing.good_s, thing.bad_s, len(names))
        return found

    def _note(self, name: str, kind: str, since_s: float, until_s: float, size: float) -> list[Anomaly]:
        """Begin an anomaly, or have the one that is there go on; returns it where it begins."""
        held = self._open.get((name, kind))
        if held is not None:
            self._open[name, kind] = replace(held, until_s=until_s, size=max(held.size, size))
            return []
        thing = self._things[name]
        begun = Anomaly(name, kind, since_s, until_s, *thing.place, thing.height_m, size)
        self._open[name, kind] = begun
        return [begun]


def _parted(last: _Step, step: _Step, noise_m: float) -> float:
    """Return by how much a step parts from the velocity that was reported, metres, where that is a jump; else 0."""
    dt_s = step.at_s - last.at_s
    went = step.x_m - last.x_m, step.y_m - last.y_m
    known = [v_mps for v_mps in (last.v_mps, step.v_mps) if v_mps is not None]
    if not known:
        far_m = math.hypot(*went)
        return far_m if far_m > _SLACK_M + noise_m + _FASTEST_MPS * dt_s else 0.0
    v_mps = [sum(axis) / len(known) for axis in zip(*known, strict=True)]
    off_m = math.hypot(went[0] - v_mps[0] * dt_s, went[1] - v_mps[1] * dt_s)
    # a velocity says less the longer ago it was; beyond any turn nothing parts faster than things fly
    turn_m = min(0.5 * _TURN_MPS2 * dt_s**2, _FASTEST_MPS * dt_s)
    return off_m if off_m > _SLACK_M + noise_m + turn_m + math.hypot(*v_mps) else 0.0


def _is_at(one: _Thing, other: _Thing) -> bool:
    a, b = one.last, other.last
    return a is not None and b is not None and abs(a.x_m - b.x_m) <= _SPOT_M and abs(a.y_m - b.y_m) <= _SPOT_M


def _differs(one: _Thing, other: _Thing) -> bool:
    v, w = (None if it.last is None else it.last.v_mps for it in (one, other))
    is_parted = v is not None and w is not None and math.dist(v, w) >= _PARTED_MPS
    heights = one.height_m, other.height_m
    return is_parted or (
        heights[0] is not None and heights[1] is not None and abs(heights[0] - heights[1]) >= _PARTED_M
    )
