"""What moved held against what was notified: matched, unnotified, notified but not seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from truceline.core.movements import Movement
from truceline.core.sensed import Way
from truceline.geo.areas import Area
from truceline.geo.plane import Plane

EARLY_S = LATE_S = 1800.0
"""How long before and after its time something may still be what was notified: movements are seldom punctual."""
KEPT_S = 86_400.0
"""How long after its end a notice is held."""
_POINT = 1e-6


@dataclass(slots=True)
class _Held:
    movement: Movement
    area: Area
    seen: set[str] = field(default_factory=set)
    is_told: bool = False


class Movements:
    """Holds the notices of a mission.

    Args:
        plane: The plane that tracks are followed in.
    """

    def __init__(self, plane: Plane) -> None:
        self._plane = plane
        self._held: dict[str, _Held] = {}
        self._of: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._held)

    def take(self, movement: Movement) -> None:
        """Take a notice; a later one of the same number takes its place, and may take it back."""
        self._held.pop(movement.id, None)
        self._of = {track: id_ for track, id_ in self._of.items() if id_ != movement.id}
        if not movement.is_cancelled:
            self._held[movement.id] = _Held(
                movement, Area(_line(movement), self._plane, 2 * movement.within_m)
            )

    def see(self, ways: Iterable[Way]) -> None:
        """Hold tracks against the notices; a track that was matched once stays so.

        By its name, where a notice names it; else by place, height and time. Who bears a name that no notice has is matched
        by place all the same: notices leave names out, and sensors know others.
        """
        new = [way for way in ways if way.id not in self._of]
        if not new or not self._held:
            return
        xy_m = self._plane.to_plane(np.array([way.lon for way in new]), np.array([way.lat for way in new]))
        for held in self._held.values():
            its = held.movement
            may = [
                n
                for n, way in enumerate(new)
                if its.since_s - EARLY_S <= way.at_s <= its.until_s + LATE_S and way.id not in self._of
            ]
            if not may:
                continue
            deep_m = held.area.depth_m(xy_m[may])
            for n, depth_m in zip(may, deep_m.tolist(), strict=True):
                way = new[n]
                is_named = bool(way.name) and way.name.strip().upper() in its.names
                is_there = depth_m + 2 * way.sigma_m > 0 and _is_high(its, way.height_m)
                # a notice that names who comes is not met by somebody else who bears a name of his own
                if is_named or (is_there and not (its.names and way.name)):
                    self._of[way.id] = its.id
                    held.seen.add(way.id)

    def of(self, track: str) -> str:
        """Return the number of the notice that a track was matched with, or empty."""
        return self._of.get(track, "")

    def over(self, now_s: float) -> list[Movement]:
        """Return the movements whose time is over since the last time and that no track was matched with."""
        found = list[Movement]()
        for id_, held in list(self._held.items()):
            if now_s <= held.movement.until_s + LATE_S:
                continue
            if not held.seen and not held.is_told:
                found.append(held.movement)
            held.is_told = True
            if now_s > held.movement.until_s + KEPT_S:
                del self._held[id_]
        return found

    def forget(self, tracks: Iterable[str]) -> None:
        """Let go of all tracks but these."""
        there = set(tracks)
        self._of = {track: id_ for track, id_ in self._of.items() if track in there}


def _line(movement: Movement) -> dict[str, object]:
    corners = [list(corner) for corner in movement.route]
    if len(corners) == 1:
        # a place is a way that is hardly one
        corners.append([corners[0][0] + _POINT, corners[0][1]])
    return {"type": "LineString", "coordinates": corners}


def _is_high(movement: Movement, height_m: float | None) -> bool:
    if height_m is None:
        return True
    return (movement.floor_m is None or height_m >= movement.floor_m) and (
        movement.ceiling_m is None or height_m <= movement.ceiling_m
    )
