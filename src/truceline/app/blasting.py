"""Explosions while they happen: arrivals of a feed are kept until nothing more is on its way, then located and told once."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.app.locating import Located, locate
from truceline.core.feeds import EXPLOSION, Happening
from truceline.core.frames import Frame
from truceline.core.ids import identify
from truceline.detect.decoders.arrivals import FORMAT

__all__ = ["FORMAT", "Blasting"]
SETTLED_S = 30.0
"""So long after the last arrival came in, another of the same explosion is hardly on its way: sound goes ten kilometres."""
MOST = 600
_OF_ELLIPSE = 2.4477
"""Half an axis of the ellipse that holds a place with 0.95 is so many standard deviations."""


class Blasting:
    """Holds the arrivals of a feed.

    Args:
        feed: Its slug.
    """

    def __init__(self, feed: str) -> None:
        self._feed = feed
        self._rows: list[Frame] = []
        self._n_seen = 0
        self._quiet_since_s = 0.0

    def take(self, frame: Frame) -> None:
        """Take an arrival."""
        self._rows.append(frame)

    def settled(self, now_s: float) -> Iterator[Happening]:
        """Give the explosions that all arrivals are in of.

        Args:
            now_s: The time, seconds since 1970.

        Yields:
            One for each.

        Raises:
            InputError: One post stands in two places; the arrivals are let go.
        """
        if len(self._rows) != self._n_seen:
            self._n_seen, self._quiet_since_s = len(self._rows), now_s
        if not self._rows or (now_s - self._quiet_since_s < SETTLED_S and self._n_seen < MOST):
            return
        rows, self._rows, self._n_seen = self._rows, [], 0
        for one in locate(rows, None):
            yield self._happening(one)

    def _happening(self, one: Located) -> Happening:
        name = identify(
            "track", {"feed": self._feed, "at_us": round(one.at_s * 1e6), "posts": list(one.posts)}
        )
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
            " ".join(sorted(one.posts)),
        )
