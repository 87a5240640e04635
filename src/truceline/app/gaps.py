"""When feeds were not heard: what keeps "nothing was there" apart from "nobody looked"."""

from __future__ import annotations

from collections import defaultdict

HELD_S = 32 * 86_400.0
"""How long gaps are held: longer than any notified movement lasts."""


class Gaps:
    """Holds the gaps of feeds."""

    def __init__(self) -> None:
        self._gaps = defaultdict[str, list[tuple[float, float]]](list)
        self._began: dict[str, float] = {}

    def begin(self, feed: str, at_s: float) -> None:
        """Hear when a feed was heard first; before that nobody looked."""
        self._began[feed] = min(at_s, self._began.get(feed, at_s))

    def add(self, feed: str, since_s: float, until_s: float) -> None:
        """Hear of a gap; what lies too far back is let go."""
        held = [gap for gap in self._gaps[feed] if gap[1] > until_s - HELD_S]
        self._gaps[feed] = [*held, (since_s, until_s)]

    def share_heard(self, feed: str, since_s: float, until_s: float) -> float:
        """Return the share of a stretch of time in which a feed was heard, from 0 to 1.

        Args:
            feed: Its slug.
            since_s: Beginning of the stretch, seconds since 1970.
            until_s: Its end, after it.

        Returns:
            The share; overlapping gaps count once.
        """
        began_s = self._began.get(feed)
        if began_s is None:
            return 0.0
        gaps = sorted([(since_s, max(since_s, began_s)), *self._gaps[feed]])
        missed_s, upto_s = 0.0, since_s
        for gap in gaps:
            begin_s, end_s = max(gap[0], upto_s), min(gap[1], until_s)
            if end_s > begin_s:
                missed_s += end_s - begin_s
                upto_s = end_s
        return 1 - missed_s / (until_s - since_s)
