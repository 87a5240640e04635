"""Each track takes at most one detection and each detection at most one track, so that all together are likeliest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from truceline.core.detections import Floats

_ABOVE = 1e3
"""Added to every cost of the sparse form, since a sparse matrix takes a cost of 0 for no edge; no gain of a pair comes near it."""
_SMALL = 40_000
"""Cells up to which a whole matrix is quicker than a sparse one."""


def assign(track: NDArray[np.intp], detection: NDArray[np.intp], gain: Floats) -> NDArray[np.intp]:
    """Choose pairs with the largest sum of gains: global nearest neighbour.

    Most pairs have no rival and are taken as they are; those that compete go to an assignment in which each track may
    also take nothing, at no gain. Source: Jonker and Volgenant (1987), dense, and sparse where the matrix would be large.

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
    pick = _dense if n_rows * n_columns <= _SMALL else _sparse
    of_row, of_column = pick(row, column, gain[rivals], n_rows, n_columns)
    place = row * n_columns + column
    order = np.argsort(place)
    wanted = of_row * n_columns + of_column
    return np.concatenate([np.flatnonzero(alone), rivals[order[np.searchsorted(place[order], wanted)]]])


_Chosen = tuple[NDArray[np.intp], NDArray[np.intp]]


def _dense(
    row: NDArray[np.intp], column: NDArray[np.intp], gain: Floats, n_rows: int, n_columns: int
) -> _Chosen:
    gains = np.zeros((n_rows, n_columns))
    gains[row, column] = gain
    of_row, of_column = linear_sum_assignment(gains, maximize=True)
    # who gains nothing by a pair has no pair
    is_pair = gains[of_row, of_column] > 0
    return of_row[is_pair], of_column[is_pair]


def _sparse(
    row: NDArray[np.intp], column: NDArray[np.intp], gain: Floats, n_rows: int, n_columns: int
) -> _Chosen:
    nothing = np.arange(n_rows)
    costs = coo_array(
        (
            np.concatenate([_ABOVE - gain, np.full(n_rows, _ABOVE)]),
            (np.concatenate([row, nothing]), np.concatenate([column, n_columns + nothing])),
        ),
        shape=(n_rows, n_columns + n_rows),
    )
    of_row, of_column = min_weight_full_bipartite_matching(costs.tocsr())
    is_pair = of_column < n_columns
    return of_row[is_pair], of_column[is_pair]
