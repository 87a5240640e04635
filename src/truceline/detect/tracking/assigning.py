"""Each track takes at most one detection and each detection at most one track, so that all together are likeliest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from truceline.core.detections import Floats

_ABOVE = 1e3
"""Added to every cost, since a sparse matrix takes a cost of 0 for no edge; no gain of a pair comes near it."""


def assign(track: NDArray[np.intp], detection: NDArray[np.intp], gain: Floats) -> NDArray[np.intp]:
    """Choose pairs with the largest sum of gains: global nearest neighbour.

    Most pairs have no rival and are taken as they are; those that compete go to a sparse assignment in which each track may
    also take nothing, at no gain. Source: Jonker and Volgenant (1987), as in LAPJVsp.

    Args:
        track: Track of each pair.
        detection: Detection of each pair.
        gain: What each pair adds to the logarithm of the likelihood, against both being left alone; above 0.

    Returns:
        Indices of the chosen pairs.
    """
    if not len(track):
        return np.empty(0, np.intp)
    alone = (np.bincount(track)[track] == 1) & (np.bincount(detection)[detection] == 1)
    rivals = np.flatnonzero(~alone)
    if not len(rivals):
        return np.flatnonzero(alone)
    rows, row = np.unique(track[rivals], return_inverse=True)
    columns, column = np.unique(detection[rivals], return_inverse=True)
    n_rows, n_columns = len(rows), len(columns)
    nothing = np.arange(n_rows)
    costs = coo_array(
        (
            np.concatenate([_ABOVE - gain[rivals], np.full(n_rows, _ABOVE)]),
            (np.concatenate([row, nothing]), np.concatenate([column, n_columns + nothing])),
        ),
        shape=(n_rows, n_columns + n_rows),
    )
    of_row, of_column = min_weight_full_bipartite_matching(costs.tocsr())
    taken = of_column < n_columns
    place = row * n_columns + column
    order = np.argsort(place)
    wanted = of_row[taken] * n_columns + of_column[taken]
    return np.concatenate([np.flatnonzero(alone), rivals[order[np.searchsorted(place[order], wanted)]]])
