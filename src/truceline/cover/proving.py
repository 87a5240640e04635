"""Maximal covering location as a mixed integer programme, given to HiGHS.

Each cell has a variable of its own that no more than the sum of its sites' may be (Church and ReVelle 1974): the strong form, whose
relaxation is close. Only sites have to be whole numbers.
"""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from truceline.core.errors import MissingExtraError
from truceline.cover.placing import Flags, Indices, Pairs, Sites, Task, merged
from truceline.cover.ports import Floats

_TOTAL = 1e4
"""What all cells weigh together in the solver."""


class Solved(NamedTuple):
    """What the solver said.

    Args:
        sites: The best sites that it found; None where none, or where it was asked for the relaxation.
        bound: No choice adds more; infinite where it cannot say, minus infinity where there is none.
        took_s: Seconds.
        x: Of the relaxation, how much of each site is taken; None where it was not asked for or not solved.
        prices: Of the relaxation, how the bound changes where a site that is not taken has to be; 0 or less.
    """

    sites: Sites | None
    bound: float
    took_s: float
    x: Floats | None = None
    prices: Floats | None = None


def highs() -> ModuleType:
    """Return the solver.

    Returns:
        Its module.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import highspy  # noqa: PLC0415 - the extra 'cover'
    except ImportError as error:
        raise MissingExtraError(
            "extra.cover", "siting posts needs the extra 'cover'", todo='pip install "truceline[cover]"'
        ) from error
    found: ModuleType = highspy
    return found


def solve(
    task: Task,
    keep: Flags,
    most_s: float,
    *,
    is_relaxed: bool = False,
    is_any_enough: bool = False,
    start: Sites | None = None,
) -> Solved:
    """Solve a task.

    Args:
        task: The task.
        keep: Sites that are looked at.
        most_s: Seconds after which the best so far is given.
        is_relaxed: Whether sites may be taken in part.
        is_any_enough: Whether the first choice within the limits will do.
        start: A choice out of those sites that keeps to all limits, to begin with.

    Returns:
        What was found.

    Raises:
        MissingExtraError: HiGHS is not installed.
    """
    module = highs()
    number = np.cumsum(keep) - 1
    own = keep[task.pairs.site]
    pairs = task.pairs
    pairs = merged(Pairs(pairs.site[own], pairs.cell[own], pairs.weight, pairs.zone), len(keep))
    # tolerances of the solver are absolute
    scale = _TOTAL / max(float(pairs.weight.sum()), 1e-300)
    pairs = pairs._replace(site=number[pairs.site])
    solver = _quiet(module)
    for option, value in (
        ("threads", 1), ("mip_allow_restart", False), ("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-6), ("solver", "ipm" if is_relaxed else "choose"),
        ("time_limit", most_s),
    ):  # fmt: skip
        solver.setOptionValue(option, value)
    if is_any_enough:
        solver.setOptionValue("mip_max_improving_sols", 1)
    sites = np.flatnonzero(keep)
    solver.passModel(_model(module, task, pairs, sites, scale, is_relaxed=is_relaxed))
    if start is not None:
        taken = np.isin(sites, start)
        seen = np.bincount(pairs.cell, taken[pairs.site], minlength=len(pairs.weight)) > 0
        values = np.concatenate([taken, seen]).astype(np.float64)
        solver.setSolution(len(values), np.arange(len(values), dtype=np.int32), values)
    solver.run()
    status, info, took_s = solver.getModelStatus(), solver.getInfo(), float(solver.getRunTime())
    kinds = module.HighsModelStatus
    if status in {kinds.kInfeasible, kinds.kUnboundedOrInfeasible}:
        return Solved(None, -math.inf, took_s)
    answer = solver.getSolution()
    if is_relaxed:
        if status != kinds.kOptimal:
            return Solved(None, math.inf, took_s)
        x, prices = np.zeros(len(keep)), np.zeros(len(keep))
        x[sites] = np.asarray(answer.col_value)[: len(sites)]
        prices[sites] = np.minimum(0.0, -np.asarray(answer.col_dual)[: len(sites)] / scale)
        return Solved(None, -float(info.objective_function_value) / scale, took_s, x, prices)
    # nothing is more than all that can be seen
    bound = min(-float(info.mip_dual_bound) / scale, float(pairs.weight.sum()))
    if info.primal_solution_status != module.SolutionStatus.kSolutionStatusFeasible:
        return Solved(None, bound, took_s)
    found = sites[np.asarray(answer.col_value)[: len(sites)] > 0.5]
    return Solved(tuple(int(site) for site in found), bound, took_s)


def _quiet(module: ModuleType) -> Any:
    """Return a solver that prints nothing: setting callbacks, which are not needed, prints before it can be silenced."""
    kind = type("Quiet", (module.Highs,), {"enableCallbacks": lambda solver: solver.silent()})
    return kind()


def _model(
    module: ModuleType, task: Task, pairs: Pairs, sites: Indices, scale: float, *, is_relaxed: bool
) -> object:
    """Rows: of each cell, sites less the cell; how many sites; of each zone, sites, and the weight of cells."""
    n_sites, n_cells, n_zones = len(sites), len(pairs.weight), len(task.posted)
    infinite = module.kHighsInf
    zone, cells = task.zone[sites], np.arange(n_cells)
    in_zone, has_zone = np.flatnonzero(zone >= 0), np.flatnonzero(pairs.zone >= 0)
    row = np.concatenate(
        [pairs.cell, cells, np.full(n_sites, n_cells), n_cells + 1 + zone[in_zone], n_cells + 1 + n_zones + pairs.zone[has_zone]]
    )  # fmt: skip
    column = np.concatenate([pairs.site, n_sites + cells, np.arange(n_sites), in_zone, n_sites + has_zone])
    entry = np.ones(len(row))
    entry[len(pairs.cell) : len(pairs.cell) + n_cells] = -1.0
    entry[len(entry) - len(has_zone) :] = scale * pairs.weight[has_zone]
    order = np.lexsort((column, row))
    model = module.HighsLp()
    model.num_col_, model.num_row_ = n_sites + n_cells, n_cells + 1 + 2 * n_zones
    model.col_cost_ = np.concatenate([np.zeros(n_sites), -scale * pairs.weight])
    model.col_lower_, model.col_upper_ = np.zeros(n_sites + n_cells), np.ones(n_sites + n_cells)
    want = np.where(task.want > task.base, scale * (task.want - task.base) * (1 - 1e-9), -infinite)
    model.row_lower_ = np.concatenate([np.zeros(n_cells), [task.n_more], task.least - task.posted, want])
    most = np.minimum(task.most - task.posted, n_sites)
    model.row_upper_ = np.concatenate(
        [np.full(n_cells, infinite), [task.n_more], most, np.full(n_zones, infinite)]
    )
    model.a_matrix_.format_ = module.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(row[order], np.arange(model.num_row_ + 1)).astype(np.int32)
    model.a_matrix_.index_ = column[order].astype(np.int32)
    model.a_matrix_.value_ = entry[order]
    if not is_relaxed:
        kind = module.HighsVarType
        model.integrality_ = [kind.kInteger] * n_sites + [kind.kContinuous] * n_cells
    return model
