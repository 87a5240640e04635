"""On the ground: which tracks move together as a convoy, and which have stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from truceline.core.detections import Floats
from truceline.core.ids import identify

APART_M = 400.0
"""Vehicles of a convoy follow one another within this."""
UNLIKE_MPS = 4.0
"""So much may the velocities of two that move together differ: drivers close up and fall back."""
SLOWEST_MPS, FASTEST_MPS = 1.5, 45.0
HELD_S = 30.0
"""So long must two have moved together: what meets on a road parts again."""
LOST_S = 15.0
"""So long may two not be seen together and still count as together."""
LEAST = 3
STILL_MPS = 0.7
STOPPED_S = 30.0
"""So long must something stand to have stopped: at a junction all stand for a while."""


@dataclass(frozen=True, slots=True)
class Convoy:
    """A convoy.

    Args:
        id: Its id, which stays with most of its vehicles.
        tracks: Ids of its tracks, in alphabetical order.
    """

    id: str
    tracks: tuple[str, ...]


class Convoys:
    """Looks for convoys and stops, picture by picture."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[str, str], tuple[float, float]] = {}
        self._convoys: tuple[Convoy, ...] = ()
        self._still: dict[str, float] = {}

    def take(self, time_s: float, ids: Sequence[str], xy_m: Floats, v_mps: Floats) -> Mapping[str, Convoy]:
        """Take a picture of what is on the ground.

        Args:
            time_s: Its moment, seconds.
            ids: Ids of the tracks.
            xy_m: Positions, metres, shape (n, 2).
            v_mps: Velocities, metres a second, shape (n, 2).

        Returns:
            Track's id -> the convoy that it is in; tracks that are in none are left out.
        """
        speed = np.hypot(*v_mps.T) if len(ids) else np.empty(0)
        standing = {ids[int(n)] for n in np.flatnonzero(speed < STILL_MPS)}
        self._still = {one: self._still.get(one, time_s) for one in standing}
        self._pair(time_s, ids, xy_m, v_mps, (speed >= SLOWEST_MPS) & (speed <= FASTEST_MPS))
        held = [pair for pair, (since_s, _) in self._pairs.items() if time_s - since_s >= HELD_S]
        names = sorted({one for pair in held for one in pair} & set(ids))
        if len(names) < LEAST:
            self._convoys = ()
            return {}
        at = {name: n for n, name in enumerate(names)}
        ends = np.array([(at[a], at[b]) for a, b in held if a in at and b in at], np.intp).reshape(-1, 2)
        graph = coo_array((np.ones(len(ends)), ends.T), shape=(len(names), len(names)))
        n_parts, part = connected_components(graph, directed=False)
        groups = (tuple(names[n] for n in np.flatnonzero(part == k)) for k in range(n_parts))
        self._convoys = tuple(self._named(group, time_s) for group in groups if len(group) >= LEAST)
        return {track: one for one in self._convoys for track in one.tracks}

    def stopped_since(self, track: str, time_s: float) -> float | None:
        """Return since when a track stands, seconds; None where it moves, or has not stood long."""
        since_s = self._still.get(track)
        return since_s if since_s is not None and time_s - since_s >= STOPPED_S else None

    def _pair(
        self, time_s: float, ids: Sequence[str], xy_m: Floats, v_mps: Floats, moves: NDArray[np.bool_]
    ) -> None:
        places = np.flatnonzero(moves)
        if len(places):
            near = KDTree(xy_m[places]).query_pairs(APART_M, output_type="ndarray")
            first, second = places[near[:, 0]], places[near[:, 1]]
            alike = np.hypot(*(v_mps[first] - v_mps[second]).T) <= UNLIKE_MPS
            for a, b in zip(first[alike], second[alike], strict=True):
                pair = (ids[a], ids[b]) if ids[a] < ids[b] else (ids[b], ids[a])
                self._pairs[pair] = self._pairs.get(pair, (time_s, time_s))[0], time_s
        self._pairs = {pair: seen for pair, seen in self._pairs.items() if time_s - seen[1] <= LOST_S}

    def _named(self, tracks: tuple[str, ...], time_s: float) -> Convoy:
        """A convoy keeps the id of the one that it shares most with; the rest of one that parts is another."""
        best = max(self._convoys, key=lambda one: len({*one.tracks} & {*tracks}), default=None)
        if best is not None and 2 * len({*best.tracks} & {*tracks}) > len(best.tracks):
            return Convoy(best.id, tracks)
        return Convoy(identify("convoy", {"tracks": list(tracks), "at_ms": round(time_s * 1e3)}), tracks)
