"""Where 25 of 500 sites cover most: how soon the best is proven, beside greed and beside SciPy's `milp` on the model as it is.

Usage: siting.py [all]. ``all`` adds smoother hills, where what posts see overlaps more: not promised, and shown as it is.
"""

from __future__ import annotations

import os
import sys
import time
from statistics import median
from typing import NamedTuple

import numpy as np
from _rows import row
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from truceline.cover.siting import Choice, Demand, Limits, greedy, site_posts

N_CELLS, N_SITES, N_POSTS, SEEDS = 5000, 500, 25, range(5)
BOX_KM, N_GROUND, RELIEF_M = 50.0, 256, 1200.0
EYE_M, TARGET_M, N_LOOKS = 6.0, 2.0, 40
MOST_S = 60.0


class Theatre(NamedTuple):
    """How far posts see, kilometres, and how smooth the ground is: by which power of a wave's length its height grows."""

    reach_km: float
    smooth: float


MOUNTAINS, HILLS = Theatre(6.0, 2.2), Theatre(6.0, 2.5)


def spatial(theatre: Theatre, seed: int) -> Demand:
    """Make a task: cells and sites anywhere in a box; a site sees the cells in reach that random ground does not hide."""
    chance = np.random.default_rng(seed)
    power = np.fft.fftfreq(N_GROUND)[:, None] ** 2 + np.fft.rfftfreq(N_GROUND)[None] ** 2
    power[0, 0] = 1.0
    waves = np.fft.rfft2(chance.normal(size=(N_GROUND, N_GROUND))) * power ** (-theatre.smooth / 2)
    rough = np.fft.irfft2(waves, s=(N_GROUND, N_GROUND))
    ground = RELIEF_M * (rough - rough.min()) / np.ptp(rough)
    cells, sites = (chance.uniform(0, BOX_KM, (n, 2)) for n in (N_CELLS, N_SITES))

    def height(places: np.ndarray) -> np.ndarray:
        column, row_ = np.moveaxis(np.minimum((places / BOX_KM * N_GROUND).astype(int), N_GROUND - 1), -1, 0)
        return np.asarray(ground[row_, column])

    eyes, targets = height(sites) + EYE_M, height(cells) + TARGET_M
    way = np.arange(1, N_LOOKS)[:, None] / N_LOOKS
    covers = np.zeros((N_SITES, N_CELLS), bool)
    for site, eye in enumerate(eyes):
        near = np.flatnonzero(np.hypot(*(cells - sites[site]).T) <= theatre.reach_km)
        places = sites[site] + way[..., None] * (cells[near] - sites[site])
        covers[site, near] = (height(places) <= eye + way * (targets[near] - eye)).all(axis=0)
    return Demand(covers, chance.integers(1, 10, N_CELLS).astype(np.float64))


def unreduced(demand: Demand) -> tuple[float, float]:
    """Give SciPy the model as it stands in the paper: a variable for every site and every cell.

    Returns:
        Weight that is covered, and the gap that is left after a minute.
    """
    site, cell = np.nonzero(demand.covers)
    diagonal = np.arange(N_CELLS)
    cells = coo_array(
        (
            np.concatenate([np.ones(len(site)), -np.ones(N_CELLS)]),
            (np.concatenate([cell, diagonal]), np.concatenate([site, N_SITES + diagonal])),
        ),
        shape=(N_CELLS, N_SITES + N_CELLS),
    )
    number = csr_array(np.concatenate([np.ones(N_SITES), np.zeros(N_CELLS)])[None])
    is_whole = np.concatenate([np.ones(N_SITES), np.zeros(N_CELLS)])
    found = milp(
        np.concatenate([np.zeros(N_SITES), -demand.weight]),
        integrality=is_whole,
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(cells.tocsr(), lb=0),
            LinearConstraint(number, lb=N_POSTS, ub=N_POSTS),
        ],
        options={"time_limit": MOST_S, "mip_rel_gap": 0.0},
    )
    value = 0.0 if found.x is None else -float(found.fun)
    return value, 1 - value / -float(found.mip_dual_bound)


def timed(demand: Demand) -> tuple[Choice, float]:
    """Choose, and say how many seconds it took on the wall."""
    began = time.perf_counter()
    found = site_posts(demand, Limits(N_POSTS), most_s=MOST_S)
    return found, time.perf_counter() - began


def measure(theatre: Theatre, name: str, most_s: float | None) -> None:
    """Measure on one kind of ground."""
    ours, theirs, quick_s = list[float](), list[float](), list[float]()
    gaps, their_gaps, shares, covered = list[float](), list[float](), list[float](), list[float]()
    for seed in SEEDS:
        demand = spatial(theatre, seed)
        found, took_s = timed(demand)
        ours.append(took_s)
        gaps.append(found.gap)
        covered.append(found.covered / float(demand.weight.sum()))
        began = time.perf_counter()
        quick = greedy(demand, Limits(N_POSTS))
        quick_s.append(time.perf_counter() - began)
        shares.append(quick.covered / found.covered)
        began = time.perf_counter()
        value, gap = unreduced(demand)
        theirs.append(time.perf_counter() - began)
        their_gaps.append(gap)
        if gap < 1e-9 and found.gap == 0 and abs(value - found.covered) > 0.5:
            raise SystemExit(f"seed {seed}: two proven optima differ: {found.covered} and {value}")
    size = f"{name}, {N_CELLS} cells x {N_SITES} sites x {N_POSTS} posts, {len(SEEDS)} seeds, one core"
    if most_s is None:
        row(f"{size}: worst wall time, stopped after {MOST_S:g} s of the solver", max(ours), "s", ">=", 0)
        row(f"{size}: share of the bound that is left open, worst", max(gaps), "share", ">=", 0)
    else:
        row(f"{size}: the best is proven, worst wall time", max(ours), "s", "<=", most_s)
        row(f"{size}: gap, worst", max(gaps), "share", "==", 0)
    row(f"{size}: wall time, median", median(ours), "s", ">=", 0)
    row(f"{size}: share of all weight that is covered, median", median(covered), "share", ">=", 0)
    row(f"beside it, {size}: greed over what we found, worst", min(shares), "share", "<=", 1)
    row(f"beside it, {size}: greed, median", median(quick_s), "s", ">=", 0)
    row(
        f"beside it, {size}: SciPy milp, unreduced, at most {MOST_S:g} s, median",
        median(theirs),
        "s",
        ">=",
        0,
    )
    row(f"beside it, {size}: SciPy milp, unreduced, worst gap", max(their_gaps), "share", ">=", 0)
    op = ">=" if most_s is not None else "<="
    row(f"{size}: SciPy milp's time over ours, median of seeds", median(b / a for a, b in zip(ours, theirs, strict=True)), "times", op, 1 if most_s is not None else 1e9)  # fmt: skip


def main() -> None:
    """Measure on one core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    measure(MOUNTAINS, "mountains", 10.0)
    if "all" in sys.argv[1:]:
        measure(HILLS, "hills", None)


if __name__ == "__main__":
    main()
