"""Explosions while they happen: arrivals of a feed are kept until nothing more is on its way, then located and told once."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence

from truceline.app.locating import Located, locate_rows
from truceline.core.feeds import EXPLOSION, Happening
from truceline.core.frames import Frame
from truceline.core.ids import identify
from truceline.detect.decoders.arrivals import FORMAT

__all__ = ["FORMAT", "Blasting", "Found", "find"]
SETTLED_S = 30.0
"""So long after one arrival came in, another of the same explosion is hardly on its way: sound goes ten kilometres."""
MOST = 150
"""Arrivals that are searched together at most: a search takes seconds, not minutes."""
_HELD = 5_000
_OF_ELLIPSE = 2.4477
"""Half an axis of the ellipse that holds a place with 0.95 is so many standard deviations."""
_SAME_PLACE_DEG = 1e-6

Found = list[tuple[Located, tuple[Frame, ...]]]
"""Explosions, each with its arrivals."""


def find(rows: Sequence[Frame]) -> Found:
    """Find the explosions of some arrivals; takes a while, and may be called in any thread."""
    return locate_rows(rows, None)


class Blasting:
    """Holds the arrivals of a feed.

    Args:
        feed: Its slug.
    """

    def __init__(self, feed: str) -> None:
        self._feed = feed
        self._rows: list[Frame] = []
        self._came_s: dict[int, float] = {}
        self._places: dict[str, tuple[float, float]] = {}
        self.notes = deque[str](maxlen=8)

    def take(self, frame: Frame) -> None:
        """Take an arrival; one of a post that stood elsewhere is passed over, and said."""
        post, place = str(frame.values["post"]), (frame.values["lon"], frame.values["lat"])
        if math.dist(self._places.setdefault(post, place), place) > _SAME_PLACE_DEG:
            self.notes.append(
                f"{post}, line {frame.offset}: stands in two places; give each place its own name"
            )
        elif len(self._rows) < _HELD:
            self._rows.append(frame)

    def due(self, now_s: float, *, is_last: bool = False) -> tuple[Frame, ...]:
        """Return the arrivals that are to be searched now.

        Args:
            now_s: The time, seconds since 1970.
            is_last: Whether nothing comes after them.

        Returns:
            At most `MOST`, the earliest; none where more of the same explosions may still be on its way.
        """
        for one in self._rows:
            self._came_s.setdefault(id(one), now_s)
        if not self._rows:
            return ()
        came = self._came_s.values()
        is_quiet = now_s - max(came) >= SETTLED_S
        if not (is_last or is_quiet or now_s - min(came) >= 2 * SETTLED_S or len(self._rows) >= MOST):
            return ()
        return tuple(sorted(self._rows, key=lambda one: one.at_s or 0.0)[:MOST])

    def told(self, searched: Sequence[Frame], found: Found, now_s: float) -> Iterator[Happening]:
        """Give the explosions that were found, and let go of arrivals that no other can come of.

        Args:
            searched: The arrivals that were searched.
            found: What was found in them.
            now_s: The time, seconds since 1970.

        Yields:
            One for each explosion.
        """
        gone = {id(row) for _, rows in found for row in rows}
        is_full = len(searched) >= MOST
        gone |= {
            id(one) for one in searched if is_full or now_s - self._came_s.get(id(one), now_s) >= SETTLED_S
        }
        self._rows = [one for one in self._rows if id(one) not in gone]
        self._came_s = {id(one): self._came_s[id(one)] for one in self._rows if id(one) in self._came_s}
        for one, _ in found:
            yield self._happening(one)

    def _happening(self, one: Located) -> Happening:
        posts = sorted(one.posts)
        name = identify("track", {"feed": self._feed, "at_us": round(one.at_s * 1e6), "posts": posts})
        return Happening(
            "",
            name,
            one.at_s,
            EXPLOSION,
            1.0,
            one.lon,
            one.lat,
            one.long_m / _OF_ELLIPSE,
            None,
            " ".join(posts),
        )
