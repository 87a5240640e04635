"""Every detection may be of every track near it: how likely each pair is, over all ways in which they can belong together.

Joint probabilistic data association (Fortmann, Bar-Shalom, Scheffe, IEEE J. Oceanic Engineering 8 (1983)) with existence
(Mušicki, Evans, IEEE Trans. Aerospace and Electronic Systems 40 (2004)). Clusters are worked through track by track; ways that
differ only in what no later track can take are one (efficient hypothesis management; Maskell, Briers, Wright, SPIE 5428 (2004)).
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from truceline.core.detections import Floats

MOST_WAYS = 512
"""Ways that are kept after each track of a cluster, the likeliest; larger clusters than a few dozen are then approximate."""

_Ways = dict[int, float]
"""Detections that are taken, as bits -> weight."""


def shares(track: NDArray[np.intp], detection: NDArray[np.intp], weight: Floats, none: Floats) -> Floats:
    """Return the probability of each pair.

    Args:
        track: Track of each pair.
        detection: Detection of each pair.
        weight: How likely the detection is if it is of the track, against being of nothing, shape (k,).
        none: How likely it is that nothing is of the track, shape (k,): the same for all pairs of one track; above 0.

    Returns:
        Probabilities, shape (k,): over the pairs of a track they sum to at most 1, and over the pairs of a detection too.
    """
    if not len(track):
        return np.empty(0)
    found = weight / (weight + none)
    alone = (np.bincount(track)[track] == 1) & (np.bincount(detection)[detection] == 1)
    rivals = np.flatnonzero(~alone)
    if not len(rivals):
        return found
    n_tracks = int(track.max()) + 1
    ends = np.concatenate([track[rivals], n_tracks + detection[rivals]])
    names, at = np.unique(ends, return_inverse=True)
    graph = coo_array(
        (np.ones(len(rivals)), (at[: len(rivals)], at[len(rivals) :])), shape=(len(names), len(names))
    )
    _, part = connected_components(graph, directed=False)
    cluster = part[at[: len(rivals)]]
    for group in np.split(
        rivals[np.argsort(cluster, kind="stable")], np.flatnonzero(np.diff(np.sort(cluster))) + 1
    ):
        found[group] = _shared(track[group], detection[group], weight[group], none[group])
    return found


def _shared(track: NDArray[np.intp], detection: NDArray[np.intp], weight: Floats, none: Floats) -> Floats:
    """Work through one cluster forwards and backwards; the product of both is the weight of all ways through a pair."""
    tracks, row = np.unique(track, return_inverse=True)
    columns, column = np.unique(detection, return_inverse=True)
    pairs: list[list[tuple[int, int, float]]] = [[] for _ in tracks]
    for at, (r, c) in enumerate(zip(row.tolist(), column.tolist(), strict=True)):
        pairs[r].append((at, 1 << c, float(weight[at])))
    nothing = np.zeros(len(tracks))
    nothing[row] = none
    last = np.zeros(len(columns), np.intp)
    np.maximum.at(last, column, row)
    # what no later track can take need not be remembered
    later = [sum(1 << c for c in np.flatnonzero(last > r).tolist()) for r in range(len(tracks))]
    before: list[_Ways] = [{0: 1.0}]
    for r in range(len(tracks)):
        after: _Ways = defaultdict(float)
        for taken, so_far in before[-1].items():
            after[taken & later[r]] += so_far * nothing[r]
            for _, bit, its in pairs[r]:
                if not taken & bit:
                    after[(taken | bit) & later[r]] += so_far * its
        before.append(_likeliest(after))
    found = np.zeros(len(track))
    behind: _Ways = dict.fromkeys(before[-1], 1.0)
    for r in range(len(tracks) - 1, -1, -1):
        mine: _Ways = {}
        for taken, so_far in before[r].items():
            left = nothing[r] * behind.get(taken & later[r], 0.0)
            for at, bit, its in pairs[r]:
                if not taken & bit:
                    through = its * behind.get((taken | bit) & later[r], 0.0)
                    found[at] += so_far * through
                    left += through
            mine[taken] = left
        total = sum(so_far * mine[taken] for taken, so_far in before[r].items())
        for at, _, _ in pairs[r]:
            found[at] /= total
        most = max(mine.values())
        # only ratios count: far behind, weights would run out of what a number can hold
        behind = {taken: one / most for taken, one in mine.items()}
    return found


def _likeliest(ways: _Ways) -> _Ways:
    most = max(ways.values())
    scaled = {taken: one / most for taken, one in ways.items()}
    if len(scaled) <= MOST_WAYS:
        return scaled
    return dict(sorted(scaled.items(), key=lambda one: (-one[1], one[0]))[:MOST_WAYS])
