"""What was notified, held against what feeds show: matched, unnotified, notified and not seen, notified where nobody looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from truceline.app.gaps import Gaps
from truceline.app.hearing import Hearing
from truceline.core.feeds import OF_MOVEMENTS, Happening
from truceline.core.frames import Frame
from truceline.core.ids import identify
from truceline.core.movements import Movement
from truceline.detect.decoders import movements as notices
from truceline.detect.movements import LATE_S, Movements
from truceline.geo.plane import Plane

FORMAT = notices.FORMAT
"""Format of the feeds that bring notices."""
_WELL_HEARD = 0.8
"""Share of a movement's time that a feed must have been heard for its silence to mean something."""


class Expected:
    """Holds the notices of a service.

    Args:
        plane: The plane that tracks are followed in.
        gaps: When feeds were not heard.
    """

    def __init__(self, plane: Plane, gaps: Gaps) -> None:
        self._plane = plane
        self._gaps = gaps
        self._movements = Movements(plane)

    def take(self, frame: Frame) -> None:
        """Take a notice."""
        self._movements.take(notices.movement_of(frame))

    def match(self, one: Hearing) -> None:
        """Hold the tracks of a feed against the notices, and mark those that were notified."""
        if not len(self._movements):
            return
        self._movements.see(one.ways)
        one.ways = tuple(
            replace(way, movement=its) if (its := self._movements.of(way.id)) else way for way in one.ways
        )

    def of(self, track: str) -> str:
        """Return the number of the notice that a track was matched with, or empty."""
        return self._movements.of(track)

    def missed(self, now_s: float, hearings: Sequence[Hearing]) -> Iterator[Happening]:
        """Give each movement whose time is over and that nobody saw: it was not there, or nobody looked.

        Args:
            now_s: The time, seconds since 1970.
            hearings: The feeds.
        """
        if not len(self._movements):
            return
        self._movements.forget(way.id for one in hearings for way in one.ways)
        for movement in self._movements.over(now_s):
            lon, lat = movement.route[len(movement.route) // 2]
            way = OF_MOVEMENTS[not self._could_see(movement, lon, lat, hearings)]
            yield Happening(
                "", identify("track", {"movement": movement.id, "until_us": round(movement.until_s * 1e6)}),
                movement.until_s + LATE_S, way, 1.0, lon, lat, movement.within_m, None, movement.id, movement.id,
            )  # fmt: skip

    def _could_see(self, movement: Movement, lon: float, lat: float, hearings: Sequence[Hearing]) -> bool:
        """Say whether a feed that reaches the middle of a movement's way was heard for most of its time."""
        for one in hearings:
            reach = one.feed.reach
            if reach is None:
                continue
            ends = self._plane.to_plane(np.array([reach.lon, lon]), np.array([reach.lat, lat]))
            is_near = float(np.hypot(*(ends[1] - ends[0]))) <= reach.radius_m
            heard = self._gaps.share_heard(one.feed.id, movement.since_s, movement.until_s)
            if is_near and heard >= _WELL_HEARD:
                return True
        return False
