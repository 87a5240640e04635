"""Where posts have to stand so that most is covered, what closing one would lose, and when the one aircraft adds most.

Maximal covering location (Church and ReVelle, The maximal covering location problem, 1974), solved to a proven optimum by HiGHS. Cells
that the same sites see become one. A good choice is found first; the prices of the relaxation then show which sites are in no better
one, and only the others are left to the solver.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from truceline.cover.placing import (
    Flags,
    Indices,
    Pairs,
    Sites,
    Task,
    by_greed,
    improved,
    kicked,
    meets_shares,
    merged,
    value_of,
)
from truceline.cover.ports import Floats
from truceline.cover.proving import Solved, highs, solve

Covers = Flags | tuple[Indices, Indices]
"""Which cells each site sees: flags, shape (sites, cells); or compressed rows: where each site's cells begin, with the end, and the cells."""
_SMALL = 1e-9
_LEAST_BETTER = 1e-6
"""Share of all weight below which a choice is no better: tolerances of the solver."""
_DAY_H = 24


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone and what has to hold there.

    Args:
        id: Its name.
        least_posts: How many posts stand in it at least.
        most_posts: How many at most; None is any number.
        least_share: Share of its weight that has to be covered, 0 to 1, from wherever.
    """

    id: str
    least_posts: int = 0
    most_posts: int | None = None
    least_share: float = 0.0


@dataclass(frozen=True, eq=False)
class Demand:
    """Sites, the cells that they see, and the zones of both.

    Args:
        covers: Which cells each site sees.
        weight: What each cell counts for, 0 or more.
        zones: The zones; none where nothing is asked of zones.
        site_zone: Index of each site's zone, -1 outside all; None only without zones.
        cell_zone: The same of each cell.

    Raises:
        ValueError: Lengths disagree, an index points nowhere, or a weight is no number of 0 or more.
    """

    covers: Covers
    weight: Floats
    zones: tuple[Zone, ...] = ()
    site_zone: Indices | None = None
    cell_zone: Indices | None = None

    def __post_init__(self) -> None:
        starts, cells = self.rows()
        n_cells = len(self.weight)
        if len(cells) and not 0 <= cells.min() <= cells.max() < n_cells:
            raise ValueError("a site sees a cell that has no weight")
        if isinstance(self.covers, np.ndarray) and self.covers.shape[1] != n_cells:
            raise ValueError("there are as many weights as cells")
        if not (np.isfinite(self.weight).all() and (np.asarray(self.weight) >= 0).all()):
            raise ValueError("a weight is a number of 0 or more")
        for index, length in ((self.site_zone, len(starts) - 1), (self.cell_zone, n_cells)):
            if self.zones and (
                index is None or len(index) != length or np.any((index < -1) | (index >= len(self.zones)))
            ):
                raise ValueError("with zones, each site and each cell has the index of one, or -1")

    def rows(self) -> tuple[Indices, Indices]:
        """Return where each site's cells begin, with the end, and the cells."""
        if isinstance(self.covers, tuple):
            return np.asarray(self.covers[0], np.intp), np.asarray(self.covers[1], np.intp)
        site, cell = np.nonzero(self.covers)
        return np.searchsorted(site, np.arange(len(self.covers) + 1)), cell


@dataclass(frozen=True, eq=False)
class Limits:
    """What a choice has to keep to, beside the zones.

    Args:
        posts: How many posts stand in the end, those that stand already among them.
        allowed: Sites that may be taken, for example on land allotted; None is every one.
        standing: Sites that are taken already and stay, whatever the other limits say of their place.
        closed: Sites that may not be taken, and do not stand.
        line_m: Distance of each site from the line, metres.
        least_line_m: How near to the line a site may lie, metres.
    """

    posts: int
    allowed: Flags | None = None
    standing: Flags | None = None
    closed: Flags | None = None
    line_m: Floats | None = None
    least_line_m: float = 0.0

    def masks(self, n_sites: int) -> tuple[Flags, Flags]:
        """Say which sites may still be taken, and which stand.

        Args:
            n_sites: How many sites there are.

        Returns:
            Flags of those that may be taken and do not stand, and of those that stand.

        Raises:
            ValueError: A mask has another length, or a site stands and is closed.
        """
        none, every = np.zeros(n_sites, bool), np.ones(n_sites, bool)
        allowed, standing, closed = (
            np.asarray(default if mask is None else mask, bool)
            for mask, default in ((self.allowed, every), (self.standing, none), (self.closed, none))
        )
        far = every if self.line_m is None else np.asarray(self.line_m) >= self.least_line_m
        if {len(allowed), len(standing), len(closed), len(far)} != {n_sites}:
            raise ValueError("a limit on sites says something of each site")
        if (standing & closed).any():
            raise ValueError(f"site {int(np.argmax(standing & closed))} stands and is closed")
        return allowed & far & ~closed & ~standing, standing


@dataclass(frozen=True, slots=True)
class Choice:
    """Where posts stand.

    Args:
        sites: Indices of the chosen sites, ascending; none where it cannot be done.
        covered: Weight that they cover.
        shares: Share of each zone's weight that is covered; NaN for one that weighs nothing.
        bound: No choice within the limits covers more than this.
        gap: How far below the bound it is, as a share; 0 is proven best, to a millionth of all weight where weights are not whole.
        solver_s: Seconds that the solver took.
        why_not: The limit that cannot be met, in one sentence; empty where all are met.
    """

    sites: tuple[int, ...]
    covered: float
    shares: tuple[float, ...]
    bound: float
    gap: float
    solver_s: float = 0.0
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Flights:
    """When to fly.

    Args:
        hours: First hour of each flight, from 0.
        added: Weight times hours that the flights see and nobody else would.
    """

    hours: tuple[int, ...]
    added: float


class Network:
    """Posts that stand, and what each one alone covers.

    Args:
        demand: Sites and cells.
        sites: Where posts stand.
    """

    def __init__(self, demand: Demand, sites: Sequence[int]) -> None:
        starts, cells = demand.rows()
        self._cells = {site: cells[starts[site] : starts[site + 1]] for site in sites}
        self._count = np.zeros(len(demand.weight), np.intp)
        for own in self._cells.values():
            self._count[own] += 1
        weight = np.asarray(demand.weight, np.float64)
        self._loss = {
            site: float(weight[own[self._count[own] == 1]].sum()) for site, own in self._cells.items()
        }

    def loss_of(self, site: int) -> float:
        """Return the weight that nobody covers any longer where the post at a site closes; 0 where none stands."""
        return self._loss.get(site, 0.0)

    def cells_lost(self, site: int) -> Indices:
        """Return the cells that only the post at a site sees; none where none stands."""
        own = self._cells.get(site, np.empty(0, np.intp))
        found: Indices = own[self._count[own] == 1]
        return found


def site_posts(demand: Demand, limits: Limits, *, most_s: float = math.inf) -> Choice:
    """Choose the sites that cover most within all limits.

    Args:
        demand: Sites and cells.
        limits: What the choice has to keep to.
        most_s: Seconds after which each run of the solver ends with the best that it has, and its gap. With an end, another
            machine may choose otherwise.

    Returns:
        The choice, with its proof; or why there is none.

    Raises:
        ValueError: A limit makes no sense.
        MissingExtraError: HiGHS is not installed.
    """
    highs()
    task = _task(demand, limits)
    why_not = _why_not(demand, task, limits.posts)
    if why_not:
        return _nothing(why_not)
    relaxed = solve(task, task.usable, most_s, is_relaxed=True)
    best = _begin(task, relaxed)
    value = -math.inf if best is None else value_of(task, best)
    more = value + _step(task, value)
    if best is not None and relaxed.bound < more:
        return _choice(demand, limits, best, 0.0, relaxed.took_s)
    keep = task.usable.copy()
    if best is not None and relaxed.x is not None and relaxed.prices is not None:
        # a site that no better choice has; what is chosen stays, to begin with
        slack = 1e-7 * max(1.0, relaxed.bound)
        keep &= (relaxed.x > _SMALL) | (relaxed.bound + relaxed.prices + slack >= more)
        keep[list(best)] = True
    found = solve(task, keep, most_s, start=best)
    took_s = relaxed.took_s + found.took_s
    if found.sites is not None and value_of(task, found.sites) > value:
        best, value = found.sites, value_of(task, found.sites)
    if best is None and found.bound == -math.inf:
        return _nothing(_which_shares(demand, task, limits.posts, most_s), took_s)
    bound = min(relaxed.bound, found.bound)
    if best is None:
        return _nothing(f"no choice was found within {most_s:g} s; there may be one", took_s, bound=bound)
    if bound < value + _step(task, value):
        bound = value
    return _choice(demand, limits, best, bound - value, took_s)


def greedy(demand: Demand, limits: Limits) -> Choice:
    """Choose one site after the other, each the one that adds most: at once and without a solver, but unproven.

    Without zones it covers at least 1 - 1/e of the best (Nemhauser, Wolsey, Fisher 1978).

    Args:
        demand: Sites and cells.
        limits: What the choice has to keep to; least shares of zones are not looked at.

    Returns:
        The choice, or why there is none; its bound adds the highest gains that are left.

    Raises:
        ValueError: A limit makes no sense.
    """
    task = _task(demand, limits)
    why_not = _numbers(demand, task, limits.posts)
    if why_not:
        return _nothing(why_not)
    sites, left = by_greed(task)
    return _choice(demand, limits, sites, float(np.sort(left)[::-1][: task.n_more].sum()))


def best_hours(
    exposed: Floats, weight: Floats, *, flight_h: int, flights_a_day: int, rest_h: int = 0
) -> Flights:
    """Choose hours in which one aircraft adds most to what posts observe.

    Args:
        exposed: Share of each hour and cell that posts observe, 0 to 1, shape (hours, cells); hour 0 begins a day.
        weight: What each cell counts for where the aircraft sees it; 0 where it does not fly.
        flight_h: How long it flies, hours.
        flights_a_day: How many flights begin on one day at most.
        rest_h: Hours between landing and the next start.

    Returns:
        The flights that add most of all; none where nothing is left to be seen.

    Raises:
        ValueError: A flight has no length, or there are fewer than no flights or hours of rest.
    """
    if flight_h < 1 or flights_a_day < 0 or rest_h < 0:
        raise ValueError("a flight takes an hour or more; flights and rest are not fewer than none")
    unseen = (1 - np.clip(np.asarray(exposed, np.float64), 0, 1)) @ np.asarray(weight, np.float64)
    n_hours = len(unseen)
    sums = np.concatenate([[0.0], np.cumsum(unseen)])
    # best[t][n]: what hours from t on may add where n flights of t's day have begun
    best = np.zeros((n_hours + 1, flights_a_day + 1))
    flies = np.zeros((n_hours, flights_a_day + 1), bool)

    def after(hour: int, then: int, begun: int) -> tuple[int, int]:
        then = min(then, n_hours)
        return then, begun if then // _DAY_H == hour // _DAY_H else 0

    for hour in range(n_hours - 1, -1, -1):
        for begun in range(flights_a_day + 1):
            best[hour, begun] = best[after(hour, hour + 1, begun)]
            if begun < flights_a_day and hour + flight_h <= n_hours:
                gain = float(sums[hour + flight_h] - sums[hour])
                with_it = gain + best[after(hour, hour + flight_h + rest_h, begun + 1)]
                if gain > 0 and with_it >= best[hour, begun]:
                    best[hour, begun], flies[hour, begun] = with_it, True
    hours, hour, begun = list[int](), 0, 0
    while hour < n_hours:
        if flies[hour, begun]:
            hours.append(hour)
            hour, begun = after(hour, hour + flight_h + rest_h, begun + 1)
        else:
            hour, begun = after(hour, hour + 1, begun)
    return Flights(tuple(hours), float(best[0, 0]) if n_hours else 0.0)


def _task(demand: Demand, limits: Limits) -> Task:
    starts, cells = demand.rows()
    n_sites, zones = len(starts) - 1, demand.zones
    usable, standing = limits.masks(n_sites)
    weight = np.asarray(demand.weight, np.float64)
    site = np.repeat(np.arange(n_sites), np.diff(starts))
    is_seen = np.zeros(len(weight), bool)
    is_seen[cells[standing[site]]] = True
    cell_zone, site_zone = (
        np.full(length, -1) if not zones or index is None else np.asarray(index, np.intp)
        for index, length in ((demand.cell_zone, len(weight)), (demand.site_zone, n_sites))
    )
    own = usable[site] & ~is_seen[cells]
    pairs = merged(Pairs(site[own], cells[own], weight, cell_zone), n_sites)
    total = _by_zone(cell_zone, weight, len(zones))
    return Task(
        pairs, usable, limits.posts - int(standing.sum()), site_zone,
        _by_zone(site_zone, standing, len(zones)).astype(np.intp),
        np.array([zone.least_posts for zone in zones], np.intp),
        np.array([n_sites if zone.most_posts is None else zone.most_posts for zone in zones], np.intp),
        _by_zone(cell_zone, weight * is_seen, len(zones)),
        np.array([zone.least_share for zone in zones]) * total,
    )  # fmt: skip


def _by_zone(zone: Indices, weight: np.ndarray, n_zones: int) -> Floats:
    own = zone >= 0
    found = np.bincount(zone[own], np.asarray(weight, np.float64)[own], minlength=n_zones)
    return found.astype(np.float64)


def _step(task: Task, value: float) -> float:
    """By how much a better choice is better at least: nearly one where all weights are whole, else a millionth."""
    weight = task.pairs.weight
    is_whole = value < 1e6 and bool((weight == np.round(weight)).all())
    return 0.99 if is_whole else _LEAST_BETTER * max(value, float(weight.sum()))


def _begin(task: Task, relaxed: Solved) -> Sites | None:
    """Find a good choice that keeps to all limits: from greed, and from what the relaxation takes most of."""
    begun = [by_greed(task)[0]]
    if relaxed.x is not None:
        begun.append(by_greed(task, relaxed.x)[0])
    found = [improved(task, sites) for sites in begun]
    found = [sites for sites in (*found, *begun) if meets_shares(task, sites)]
    return kicked(task, max(found, key=lambda sites: value_of(task, sites))) if found else None


def _choice(demand: Demand, limits: Limits, taken: Sites, room: float, took_s: float = 0.0) -> Choice:
    """Make a choice of sites; what a better one may cover more is its room."""
    starts, cells = demand.rows()
    sites = sorted({*taken, *(int(site) for site in np.flatnonzero(limits.masks(len(starts) - 1)[1]))})
    is_seen = np.zeros(len(demand.weight), bool)
    for site in sites:
        is_seen[cells[starts[site] : starts[site + 1]]] = True
    weight = np.asarray(demand.weight, np.float64)
    covered, shares = float(weight[is_seen].sum()), list[float]()
    for n in range(len(demand.zones)):
        own = np.asarray(demand.cell_zone) == n
        total = float(weight[own].sum())
        shares.append(float(weight[own & is_seen].sum()) / total if total else math.nan)
    bound = covered + max(0.0, room)
    gap = (bound - covered) / bound if bound else 0.0
    return Choice(tuple(sites), covered, tuple(shares), bound, gap, took_s)


def _nothing(why_not: str, took_s: float = 0.0, *, bound: float = 0.0) -> Choice:
    return Choice((), 0.0, (), bound, 0.0 if bound == 0 else 1.0, took_s, why_not)


def _numbers(demand: Demand, task: Task, posts: int) -> str:
    """Say which number of posts cannot be met; nothing where all can."""
    standing = posts - task.n_more
    if task.n_more < 0:
        return f"there are {_many(standing, 'standing post')}, and {posts} may stand"
    usable = _by_zone(task.zone, task.usable, len(demand.zones)).astype(int)
    for zone, stand, more, least, most in zip(
        demand.zones, task.posted, usable, task.least, task.most, strict=True
    ):
        if least > most:
            return f"zone {zone.id} needs {least} posts and may have {most}"
        if stand > most:
            return f"zone {zone.id} has {_many(stand, 'standing post')}, and {most} may stand there"
        if stand + more < least:
            return f"zone {zone.id} has {_many(stand + more, 'allowed site')} and needs {least}"
    needed = int(np.maximum(task.least - task.posted, 0).sum())
    if needed > task.n_more:
        return f"zones need {standing + needed} posts, standing ones among them, and there are {posts}"
    room = int(np.minimum(usable, task.most - task.posted).sum()) + int((task.usable & (task.zone < 0)).sum())
    if room < task.n_more:
        limit = "allowed sites, and most posts of zones," if demand.zones else "allowed sites"
        return f"{limit} leave room for {standing + room} posts, and there are {posts}"
    return ""


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _why_not(demand: Demand, task: Task, posts: int) -> str:
    """Say which limit cannot be met, as far as that shows without solving anything."""
    why_not = _numbers(demand, task, posts)
    pairs = task.pairs
    most = task.base + _by_zone(pairs.zone, pairs.weight, len(demand.zones))
    for n, zone in enumerate(demand.zones):
        if not why_not and most[n] < task.want[n] * (1 - _SMALL):
            share = _percent(most[n] * zone.least_share / task.want[n])
            why_not = f"all allowed sites together cover {share} of zone {zone.id}, which needs {zone.least_share:.0%}"
    return why_not


def _percent(share: float) -> str:
    """Write a share that is too small, rounded down so that it stays below what is needed."""
    return f"{math.floor(share * 1000) / 10:.1f}%"


def _which_shares(demand: Demand, task: Task, posts: int, most_s: float) -> str:
    """Say which least shares cannot be met: one alone, or a set of which each is needed for that."""
    for n, zone in enumerate(demand.zones):
        if task.want[n] > task.base[n]:
            weight = np.where(task.pairs.zone == n, task.pairs.weight, 0.0)
            alone = task._replace(pairs=task.pairs._replace(weight=weight), want=np.zeros(len(task.want)))
            most = task.base[n] + solve(alone, task.usable, most_s).bound
            if most < task.want[n] * (1 - _SMALL):
                share = _percent(most * zone.least_share / task.want[n])
                return f"{_many(posts, 'post')} cover at most {share} of zone {zone.id}, which needs {zone.least_share:.0%}"
    want = task.want.copy()
    for n in range(len(want)):
        less = want.copy()
        less[n] = 0.0
        if solve(task._replace(want=less), task.usable, most_s, is_any_enough=True).bound == -math.inf:
            want = less
    names = [zone.id for n, zone in enumerate(demand.zones) if want[n] > 0]
    return (
        f"{posts} posts cannot meet the least shares of zones {', '.join(names)} together, though each alone"
    )
