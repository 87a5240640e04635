"""Siting: the best that brute force finds, within all limits; what cannot be met is said; what closing a post loses."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import numpy as np
import pytest

pytest.importorskip("highspy", reason="siting posts needs the extra 'cover'")

from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.cover.siting import (
    Choice,
    Demand,
    Limits,
    Network,
    Zone,
    best_hours,
    greedy,
    site_posts,
)


@st.composite
def demands(draw: st.DrawFn, n_zones: int = 0) -> Demand:
    """A small random task; some cells are alike, some weigh nothing, some nobody sees."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_sites, n_cells = draw(st.integers(4, 8)), draw(st.integers(1, 24))
    covers = chance.random((n_sites, n_cells)) < draw(st.sampled_from([0.1, 0.3, 0.6]))
    is_whole = draw(st.booleans())
    weight = chance.integers(0, 6, n_cells).astype(float) if is_whole else chance.random(n_cells)
    if not n_zones:
        return Demand(covers, weight)
    zones = tuple(
        Zone(
            f"z{n}",
            draw(st.integers(0, 2)),
            draw(st.sampled_from([None, 1, 2, 3])),
            draw(st.sampled_from([0.0, 0.0, 0.2, 0.5, 0.8])),
        )
        for n in range(n_zones)
    )
    return Demand(
        covers, weight, zones, chance.integers(-1, n_zones, n_sites), chance.integers(-1, n_zones, n_cells)
    )


def covered(demand: Demand, sites: tuple[int, ...]) -> float:
    assert isinstance(demand.covers, np.ndarray)
    return float(demand.weight[demand.covers[list(sites)].any(axis=0)].sum())


def keeps(demand: Demand, limits: Limits, sites: tuple[int, ...]) -> bool:
    """Whether a choice is within all limits, said as plainly as can be."""
    assert isinstance(demand.covers, np.ndarray)
    standing = np.zeros(len(demand.covers), bool) if limits.standing is None else limits.standing
    if len(sites) != limits.posts or not set(np.flatnonzero(standing)) <= set(sites):
        return False
    for site in sites:
        if standing[site]:
            continue
        if (limits.allowed is not None and not limits.allowed[site]) or (
            limits.closed is not None and limits.closed[site]
        ):
            return False
        if limits.line_m is not None and limits.line_m[site] < limits.least_line_m:
            return False
    seen = demand.covers[list(sites)].any(axis=0)
    for n, zone in enumerate(demand.zones):
        assert demand.site_zone is not None
        assert demand.cell_zone is not None
        count = sum(demand.site_zone[site] == n for site in sites)
        if count < zone.least_posts or (zone.most_posts is not None and count > zone.most_posts):
            return False
        own = demand.cell_zone == n
        if demand.weight[own & seen].sum() < zone.least_share * demand.weight[own].sum() - 1e-9:
            return False
    return True


def by_force(demand: Demand, limits: Limits) -> float:
    """The most that any choice covers; minus infinity where none is within the limits."""
    found = (
        covered(demand, sites)
        for sites in combinations(range(len(demand.covers)), limits.posts)
        if keeps(demand, limits, sites)
    )
    return max(found, default=-math.inf)


@settings(max_examples=60, deadline=None)
@given(demands(), st.integers(0, 4))
def test_nothing_covers_more_and_greed_covers_its_share(demand: Demand, posts: int) -> None:
    limits = Limits(posts)
    best, found, quick = by_force(demand, limits), site_posts(demand, limits), greedy(demand, limits)
    assert found.covered == pytest.approx(best, abs=1e-5)
    assert (found.gap, found.bound, len(found.sites)) == (0, found.covered, posts)
    assert (1 - 1 / math.e) * best - 1e-9 <= quick.covered <= best + 1e-9 <= quick.bound + 2e-9


@settings(max_examples=120, deadline=None)
@given(demands(2), st.integers(1, 5), st.data())
def test_all_limits_hold_and_where_brute_force_finds_nothing_the_reason_is_named(
    demand: Demand, posts: int, data: st.DataObject
) -> None:
    states = data.draw(st.lists(st.sampled_from("....asc"), min_size=8, max_size=8))[: len(demand.covers)]
    standing, closed = (np.array([state == word for state in states]) for word in "sc")
    limits = Limits(
        posts,
        allowed=np.array([state != "a" for state in states]),
        standing=standing,
        closed=closed,
        line_m=np.linspace(900, 2000, len(states)),
        least_line_m=data.draw(st.sampled_from([0.0, 1000.0])),
    )
    best, found = by_force(demand, limits), site_posts(demand, limits)
    if best == -math.inf:
        assert found.sites == ()
        assert found.why_not
    else:
        assert not found.why_not
        assert keeps(demand, limits, found.sites)
        assert found.covered == pytest.approx(best, abs=1e-5)
        assert found.gap == 0


@settings(max_examples=30, deadline=None)
@given(demands())
def test_more_posts_never_cover_less(demand: Demand) -> None:
    found = [site_posts(demand, Limits(posts)).covered for posts in range(len(demand.covers) + 1)]
    assert all(more >= less - 1e-9 for less, more in pairwise(found))


@settings(max_examples=30, deadline=None)
@given(demands(2), st.integers(1, 4), st.randoms(use_true_random=False))
def test_other_names_of_sites_and_zones_change_nothing_but_the_names(
    demand: Demand, posts: int, chance: object
) -> None:
    assert isinstance(demand.covers, np.ndarray)
    assert demand.site_zone is not None
    assert demand.cell_zone is not None
    order = np.arange(len(demand.covers))
    chance.shuffle(order)  # type: ignore[attr-defined]
    site_zone, cell_zone = (
        np.array([1, 0, -1])[index] for index in (demand.site_zone[order], demand.cell_zone)
    )
    other = Demand(demand.covers[order], demand.weight, demand.zones[::-1], site_zone, cell_zone)
    limits = Limits(posts)
    here, there = site_posts(demand, limits), site_posts(other, limits)
    assert here.covered == pytest.approx(there.covered, abs=1e-5)
    assert bool(here.why_not) == bool(there.why_not)


@settings(max_examples=30, deadline=None)
@given(demands(1), st.integers(1, 4))
def test_compressed_rows_say_the_same_as_flags(demand: Demand, posts: int) -> None:
    other = Demand(demand.rows(), demand.weight, demand.zones, demand.site_zone, demand.cell_zone)
    here, there = (site_posts(one, Limits(posts)) for one in (demand, other))
    assert (here.sites, here.covered, here.why_not) == (there.sites, there.covered, there.why_not)


def corridor() -> Demand:
    """Ten sites in a row, the first three in the south; each sees its own cell and the next."""
    covers = np.eye(10, dtype=bool) | np.eye(10, k=1, dtype=bool)
    zone = np.array([0] * 3 + [1] * 7)
    return Demand(covers, np.ones(10), (Zone("south"), Zone("north")), zone, zone)


def asked(limits: Limits, *zones: Zone) -> Choice:
    demand = corridor()
    return site_posts(
        Demand(demand.covers, demand.weight, zones or demand.zones, demand.site_zone, demand.cell_zone),
        limits,
    )


@pytest.mark.parametrize(
    ("limits", "zones", "words"),
    [
        (Limits(9), (Zone("south", 9), Zone("north")), "zone south has 3 allowed sites and needs 9"),
        (Limits(5, closed=np.arange(10) == 0), (Zone("south", 3), Zone("north")), "has 2 allowed sites and needs 3"),
        (Limits(5, line_m=np.arange(10) * 500.0, least_line_m=1000), (Zone("south", 2), Zone("north")), "has 1 allowed site and needs 2"),
        (Limits(5), (Zone("south", 3), Zone("north", 3)), "zones need 6 posts, standing ones among them, and there are 5"),
        (Limits(5), (Zone("south", 0, 1), Zone("north", 0, 2)), "leave room for 3 posts, and there are 5"),
        (Limits(11), (), "leave room for 10 posts, and there are 11"),
        (Limits(1, standing=np.arange(10) < 2), (), "there are 2 standing posts, and 1 may stand"),
        (Limits(5, standing=np.arange(10) < 2), (Zone("south", 0, 1), Zone("north")), "zone south has 2 standing posts, and 1 may stand there"),
        (Limits(5), (Zone("south", 3, 2), Zone("north")), "zone south needs 3 posts and may have 2"),
        (Limits(4, allowed=np.arange(10) > 5), (Zone("south", least_share=0.5), Zone("north")), "cover 0.0% of zone south, which needs 50%"),
        (Limits(2), (Zone("south"), Zone("north", least_share=0.9)), "2 posts cover at most 57.1% of zone north, which needs 90%"),
        (Limits(3), (Zone("south", least_share=0.9), Zone("north", least_share=0.5)), "zones south, north together, though each alone"),
    ],
)  # fmt: skip
def test_a_limit_that_cannot_be_met_is_named(limits: Limits, zones: tuple[Zone, ...], words: str) -> None:
    found = asked(limits, *zones)
    assert words in found.why_not
    assert (found.sites, found.covered) == ((), 0)


def test_posts_of_a_zone_and_what_they_cover_are_told_zone_by_zone() -> None:
    found = asked(Limits(3), Zone("south", 1, 1), Zone("north", 2))
    assert found.covered == 6
    assert found.shares[0] * 3 + found.shares[1] * 7 == pytest.approx(6)
    assert sum(site < 3 for site in found.sites) == 1


def test_a_site_that_stands_and_is_closed_is_refused() -> None:
    some = np.arange(10) == 4
    with pytest.raises(ValueError, match="site 4 stands and is closed"):
        asked(Limits(3, standing=some, closed=some))


@pytest.mark.parametrize(
    ("covers", "weight", "zones", "words"),
    [
        (np.ones((2, 3), bool), np.ones(2), (), "no weight|as many weights"),
        (np.ones((2, 3), bool), np.array([1, -1, 1.0]), (), "0 or more"),
        (np.ones((2, 3), bool), np.array([1, np.nan, 1.0]), (), "0 or more"),
        (np.ones((2, 3), bool), np.ones(3), (Zone("a"),), "index of one"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused(
    covers: np.ndarray, weight: np.ndarray, zones: tuple[Zone, ...], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Demand(covers, weight, zones)


@settings(max_examples=30, deadline=None)
@given(demands(), st.integers(1, 4))
def test_what_closing_a_post_loses_is_what_the_others_do_not_see(demand: Demand, posts: int) -> None:
    sites = greedy(demand, Limits(posts)).sites
    network = Network(demand, sites)
    for site in sites:
        others = tuple(other for other in sites if other != site)
        lost = covered(demand, sites) - covered(demand, others)
        assert network.loss_of(site) == pytest.approx(lost)
        assert demand.weight[network.cells_lost(site)].sum() == pytest.approx(lost)
    assert all(network.loss_of(site) == 0 for site in range(len(demand.covers)) if site not in sites)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(0, 2), st.integers(0, 3), st.integers(0, 30))
def test_no_other_hours_of_flight_add_more(
    seed: int, flight_h: int, flights_a_day: int, rest_h: int, n_hours: int
) -> None:
    chance = np.random.default_rng(seed)
    exposed, weight = chance.random((n_hours, 3)), chance.integers(0, 3, 3).astype(float)
    found = best_hours(exposed, weight, flight_h=flight_h, flights_a_day=flights_a_day, rest_h=rest_h)
    gain = (1 - exposed) @ weight

    def most(hour: int, days: tuple[int, ...]) -> float:
        """All ways, by trying every next start."""
        starts = (
            (start, (*days, start // 24))
            for start in range(hour, n_hours - flight_h + 1)
            if days.count(start // 24) < flights_a_day
        )
        return max(
            (
                float(gain[start : start + flight_h].sum()) + most(start + flight_h + rest_h, then)
                for start, then in starts
            ),
            default=0.0,
        )

    assert found.added == pytest.approx(sum(gain[hour : hour + flight_h].sum() for hour in found.hours))
    assert all(late - early >= flight_h + rest_h for early, late in pairwise(found.hours))
    assert all([hour // 24 for hour in found.hours].count(day) <= flights_a_day for day in (0, 1))
    if n_hours <= 26:
        assert found.added == pytest.approx(most(0, ()))


def test_a_flight_of_no_length_is_refused() -> None:
    with pytest.raises(ValueError, match="an hour or more"):
        best_hours(np.zeros((24, 1)), np.ones(1), flight_h=0, flights_a_day=1)
