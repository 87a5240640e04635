"""A siting task made small, and good choices found fast: greed, exchange, and a post forbidden now and then.

Greed: Nemhauser, Wolsey, Fisher (1978), each gain looked at again only where it may be the highest (Minoux 1978). Exchange: Teitz and
Bart, Heuristic methods for estimating the generalized vertex median of a weighted graph (1968).
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from truceline.cover.ports import Floats

Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]
Sites = tuple[int, ...]
_KICKS = 2
"""Times that each post of the best choice is forbidden, to see whether exchange finds a better one without it."""
_MOST_LOOKS = 400_000_000
"""Pairs that are looked at for that: some ten seconds. What is larger is left to the solver."""
_SMALL = 1e-9


class Pairs(NamedTuple):
    """Which cells sites see, in the order of sites.

    Args:
        site: Site of each pair.
        cell: Its cell.
        weight: Of each cell.
        zone: Of each cell; -1 outside all.
    """

    site: Indices
    cell: Indices
    weight: Floats
    zone: Indices


class Task(NamedTuple):
    """What is left to choose once some posts stand.

    Args:
        pairs: Usable sites and the cells that no standing post sees, alike ones merged.
        usable: Sites that may be taken.
        n_more: How many are to be taken.
        zone: Of each site, -1 outside all.
        posted: Posts that stand in each zone.
        least: Posts of each zone at least.
        most: At most.
        base: Weight of each zone that standing posts cover.
        want: Weight of each zone that has to be covered.
    """

    pairs: Pairs
    usable: Flags
    n_more: int
    zone: Indices
    posted: Indices
    least: Indices
    most: Indices
    base: Floats
    want: Floats


def merged(pairs: Pairs, n_sites: int) -> Pairs:
    """Merge cells of one zone that the same sites see, and drop those that weigh nothing or that nobody sees.

    Args:
        pairs: Pairs.
        n_sites: How many sites there are.

    Returns:
        The fewer pairs; a merged cell weighs what its cells weigh together.
    """
    width = (n_sites + 7) // 8
    key = np.zeros((len(pairs.weight), width + 4), np.uint8)
    np.bitwise_or.at(key, (pairs.cell, pairs.site >> 3), (1 << (pairs.site & 7)).astype(np.uint8))
    key[:, width:] = pairs.zone.astype("<i4").view(np.uint8).reshape(-1, 4)
    kept = np.flatnonzero(key[:, :width].any(axis=1) & (pairs.weight > 0))
    if not len(kept):
        none = np.empty(0, np.intp)
        return Pairs(none, none, np.empty(0), none)
    rows = np.ascontiguousarray(key[kept]).view(np.dtype((np.void, width + 4))).ravel()
    _, first, group = np.unique(rows, return_index=True, return_inverse=True)
    number = np.full(len(pairs.weight), -1, np.intp)
    number[kept[first]] = np.arange(len(first))
    cell = number[pairs.cell]
    own = cell >= 0
    weight = np.bincount(group.ravel(), pairs.weight[kept]).astype(np.float64)
    return Pairs(pairs.site[own], cell[own], weight, pairs.zone[kept[first]])


def value_of(task: Task, sites: Sites) -> float:
    """Return the weight that sites add to what standing posts cover."""
    return float(task.pairs.weight[_times_seen(task, sites) > 0].sum())


def meets_shares(task: Task, sites: Sites) -> bool:
    """Say whether enough of each zone is covered."""
    pairs = task.pairs
    own = (_times_seen(task, sites) > 0) & (pairs.zone >= 0)
    covered = task.base + np.bincount(pairs.zone[own], pairs.weight[own], minlength=len(task.base))
    return bool((covered >= task.want * (1 - _SMALL)).all())


def by_greed(task: Task, liking: Floats | None = None) -> tuple[Sites, Floats]:
    """Take one site after the other, each the one that adds most.

    Args:
        task: A task in which numbers of posts can be met.
        liking: Take those with the highest of these figures instead, one for each site.

    Returns:
        The sites, and what each site would still add; 0 of those that are taken or may not be.
    """
    pairs, counts = task.pairs, task.posted.copy()
    n_sites = len(task.usable)
    starts = np.searchsorted(pairs.site, np.arange(n_sites + 1))
    weight = pairs.weight.copy()
    gains = liking if liking is not None else _summed(pairs, weight, n_sites)
    heap = [(-float(gains[site]), int(site)) for site in np.flatnonzero(task.usable)]
    heapq.heapify(heap)
    taken = list[int]()
    while len(taken) < task.n_more:
        gain, site = heapq.heappop(heap)
        zone = task.zone[site]
        needed = np.maximum(task.least - counts, 0)
        is_needed = zone >= 0 and needed[zone] > 0
        # what has no room now has none later: counts only grow
        if zone >= 0 and counts[zone] >= task.most[zone]:
            continue
        if needed.sum() - is_needed > task.n_more - len(taken) - 1:
            continue
        cells = pairs.cell[starts[site] : starts[site + 1]]
        now = -float(weight[cells].sum()) if liking is None else gain
        if heap and (now, site) > heap[0]:
            heapq.heappush(heap, (now, site))
            continue
        taken.append(site)
        weight[cells] = 0.0
        if zone >= 0:
            counts[zone] += 1
    left = _summed(pairs, weight, n_sites)
    return tuple(sorted(taken)), left


def improved(task: Task, sites: Sites, forbidden: int = -1) -> Sites:
    """Exchange one post for another site as long as that covers more; numbers of posts stay within their limits.

    Args:
        task: The task.
        sites: Where to begin.
        forbidden: A site that is left and not taken again; -1 is none.

    Returns:
        Sites of which no exchange covers more.
    """
    pairs, chosen, n_sites = task.pairs, list(sites), len(task.usable)
    starts = np.searchsorted(pairs.site, np.arange(n_sites + 1))
    seen = _times_seen(task, sites)
    counts = task.posted + np.bincount(
        [task.zone[site] for site in sites if task.zone[site] >= 0], minlength=len(task.posted)
    ).astype(np.intp)
    free = task.usable.copy()
    free[chosen] = False
    if forbidden >= 0:
        free[forbidden] = False
    open_gain: Floats = np.empty(0)
    at, unchanged = 0, 0
    while unchanged < len(chosen) and free.any():
        if forbidden in chosen:
            at = chosen.index(forbidden)
        site = chosen[at]
        own = pairs.cell[starts[site] : starts[site + 1]]
        only = own[seen[own] == 1]
        if not len(open_gain):
            open_gain = _summed(pairs, pairs.weight * (seen == 0), n_sites)
        alone = np.zeros(len(pairs.weight))
        alone[only] = pairs.weight[only]
        gain = open_gain + _summed(pairs, alone, n_sites) - alone.sum()
        may = free & _may_follow(task, counts, int(task.zone[site]))
        other = int(np.argmax(np.where(may, gain, -np.inf)))
        if may[other] and (gain[other] > _SMALL * max(1.0, float(alone.sum())) or site == forbidden):
            seen[own] -= 1
            seen[pairs.cell[starts[other] : starts[other + 1]]] += 1
            for zone, step in ((task.zone[site], -1), (task.zone[other], 1)):
                if zone >= 0:
                    counts[zone] += step
            chosen[at] = other
            free[site], free[other] = site != forbidden, False
            open_gain, unchanged = np.empty(0), 0
        elif site == forbidden:
            return sites
        else:
            unchanged += 1
        at = (at + 1) % len(chosen)
    return tuple(sorted(chosen))


def kicked(task: Task, sites: Sites) -> Sites:
    """Forbid one post after the other and exchange from there, so that a choice that no exchange betters is left.

    Args:
        task: The task.
        sites: Where to begin.

    Returns:
        The best that was met and meets all shares; it covers no less.
    """
    best, value = sites, value_of(task, sites)
    for _ in range(min(_KICKS, _MOST_LOOKS // (1 + 4 * task.n_more**2 * len(task.pairs.site)))):
        before = value
        for site in best:
            found = improved(task, improved(task, best, site))
            if value_of(task, found) > value + _SMALL * max(1.0, value) and meets_shares(task, found):
                best, value = found, value_of(task, found)
        if value <= before:
            break
    return best


def _summed(pairs: Pairs, weight: Floats, n_sites: int) -> Floats:
    """Sum over the cells that each site sees."""
    return np.bincount(pairs.site, weight[pairs.cell], minlength=n_sites).astype(np.float64)


def _times_seen(task: Task, sites: Sites) -> Indices:
    taken = np.zeros(len(task.usable), bool)
    taken[list(sites)] = True
    return np.bincount(task.pairs.cell[taken[task.pairs.site]], minlength=len(task.pairs.weight))


def _may_follow(task: Task, counts: Indices, leaving: int) -> Flags:
    """Say which sites may take the place of a post of a zone, by numbers of posts."""
    if not len(counts):
        return np.ones(len(task.usable), bool)
    if leaving >= 0 and counts[leaving] <= task.least[leaving]:
        return np.asarray(task.zone == leaving, bool)
    has_room = np.append(counts < task.most, True)
    if leaving >= 0:
        has_room[leaving] = True
    found: Flags = has_room[task.zone]
    return found
