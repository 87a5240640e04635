"""What each watcher can see of the points of zones: once over the ground, then for any light and weather at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from truceline.core.exposure import LIGHTS, CoverRules, Happening, Light
from truceline.cover.points import Points, bits
from truceline.cover.ports import Floats, Terrain
from truceline.cover.watchers import Watcher
from truceline.geo.plane import Plane
from truceline.geo.sight import VISIBLE, bend_per_m, hidden_below_m, seen_from

_MOST_SIDE = 3000
"""Rows and columns that one watcher's ground is looked over at most; from further away every second, third... is taken."""

Window = tuple[tuple[int, int], tuple[int, int], int]
"""Rows and columns of a part, from and before, and the step."""


class OutsideError(ValueError):
    """A watcher stands where the model of the ground says nothing."""


@dataclass(frozen=True, eq=False)
class _Near:
    """Points by distance: the first n of them are those within a range."""

    order: np.ndarray
    distance_m: Floats

    def within(self, range_m: float) -> int:
        return int(np.searchsorted(self.distance_m, range_m, side="right"))


@dataclass(eq=False)
class View:
    """What one watcher can see of the points.

    Args:
        watcher: Who.
        n_points: How many points there are.
        step: Every how many-th cell of the model was looked at.
        wind: Of `CoverRules`.
        seen: Happening -> points in sight, by distance.
        near: All points in its sectors, by distance: what ears hear.
    """

    watcher: Watcher
    n_points: int
    step: int
    rules: CoverRules
    seen: dict[str, _Near]
    near: _Near
    _made: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def mask(
        self,
        happening: str,
        light: Light,
        visibility_m: float | None,
        wind_ms: float | None,
        without: frozenset[str],
    ) -> int:
        """Return the points at which the watcher can observe a kind of happening.

        Args:
            happening: Its word.
            light: The light.
            visibility_m: How far one can see; None is unknown.
            wind_ms: The wind; None is unknown.
            without: Means that are kept from it.

        Returns:
            A set of points, as bits.
        """
        sight_m = heard_m = 0.0
        for means in self.watcher.means:
            ranges = means.ranges_m.get(happening)
            if ranges is None or means.id in without:
                continue
            range_m = ranges[LIGHTS.index(light)]
            if means.is_dimmed and visibility_m is not None:
                range_m = min(range_m, visibility_m)
            if means.is_drowned and wind_ms is not None:
                range_m *= [item.left for item in self.rules.wind if item.from_ms <= wind_ms][-1]
            if means.needs_sight:
                sight_m = max(sight_m, range_m)
            else:
                heard_m = max(heard_m, range_m)
        reach_m = self.watcher.reach_m or math.inf
        seen = self.seen.get(happening)
        n_seen = seen.within(min(sight_m, reach_m)) if seen is not None and sight_m else 0
        n_near = self.near.within(min(heard_m, reach_m)) if heard_m else 0
        key = happening, n_seen, n_near
        if key not in self._made:
            flags = np.zeros(self.n_points, bool)
            if seen is not None:
                flags[seen.order[:n_seen]] = True
            flags[self.near.order[:n_near]] = True
            self._made[key] = bits(flags)
        return self._made[key]


def view_of(
    watcher: Watcher, points: Points, terrain: Terrain, rules: CoverRules, canopy_m: float = 0.0
) -> View:
    """Look over the ground once.

    Args:
        watcher: Who.
        points: The points.
        terrain: The ground.
        rules: The rules.
        canopy_m: How high woods and houses stand, metres.

    Returns:
        What it can see.

    Raises:
        OutsideError: It stands outside the model, or in a hole of it.
    """
    plane = Plane(watcher.lon, watcher.lat)
    xy = plane.to_plane(points.lon, points.lat)
    distance_m = np.hypot(xy[:, 0], xy[:, 1])
    is_in_sector = in_sectors(np.degrees(np.arctan2(xy[:, 0], xy[:, 1])), watcher.sectors)
    sort = partial(_sorted, distance_m=distance_m)
    step, seen = 1, dict[str, _Near]()
    looks = {item.id: _longest_m(watcher, item) for item in rules.happenings}
    longest_m = max(looks.values())
    if longest_m > 0:
        ground_m, cell_m, at, window = _ground_about(watcher, terrain, longest_m)
        step = window[2]
        rows, columns = terrain.cells_at(*terrain.places(points.lon, points.lat))
        i = np.floor((rows - window[0][0]) / step).astype(np.int64)
        j = np.floor((columns - window[1][0]) / step).astype(np.int64)
        is_near = (distance_m <= longest_m) & is_in_sector
        is_near &= (i >= 0) & (j >= 0) & (i < ground_m.shape[0]) & (j < ground_m.shape[1])
        hidden_m = np.full(len(points.lon), np.inf)
        try:
            hidden_m[is_near] = hidden_below_m(
                ground_m,
                cell_m,
                at,
                watcher.height_m,
                (i[is_near], j[is_near]),
                bend=bend_per_m(),
                canopy_m=canopy_m,
            )
        except ValueError as error:
            raise OutsideError(f"{watcher.id}: {error}") from error
        seen = {item.id: sort(hidden_m <= item.height_m) for item in rules.happenings if looks[item.id] > 0}
    return View(watcher, len(points.lon), step, rules, seen, sort(is_in_sector))


def in_sectors(bearing_deg: Floats, sectors: Sequence[Sequence[float]]) -> np.ndarray:
    """Say which bearings lie in sectors.

    Args:
        bearing_deg: From true north, degrees.
        sectors: Pairs from, to, clockwise, also across north; none is all round.

    Returns:
        Flags of the same shape.
    """
    if not sectors:
        return np.ones(bearing_deg.shape, bool)
    found = np.zeros(bearing_deg.shape, bool)
    for start, end in sectors:
        width = (end - start) % 360.0 or 360.0
        found |= (bearing_deg - start) % 360.0 <= width
    return found


def seen_cells(
    watcher: Watcher, terrain: Terrain, happening: Happening, canopy_m: float = 0.0
) -> tuple[Window, np.ndarray]:
    """Return which cells of the model a watcher can observe a happening at, in its best light.

    Args:
        watcher: Who.
        terrain: The ground.
        happening: The kind.
        canopy_m: How high woods and houses stand, metres.

    Returns:
        The part of the model, and flags of its cells.

    Raises:
        OutsideError: It stands outside the model, or in a hole of it.
    """
    sight_m = _longest_m(watcher, happening)
    heard_m = _longest_m(watcher, happening, is_heard=True)
    ground_m, cell_m, at, window = _ground_about(watcher, terrain, max(sight_m, heard_m), may_step=False)
    south = (np.arange(ground_m.shape[0]) - at[0])[:, None] * cell_m[0]
    east = (np.arange(ground_m.shape[1]) - at[1])[None] * cell_m[1]
    found = np.hypot(south, east) <= heard_m
    if sight_m > 0:
        try:
            cells = seen_from(
                ground_m, cell_m, at, watcher.height_m, target_m=happening.height_m, bend=bend_per_m(),
                reach_m=sight_m, canopy_m=canopy_m,
            )  # fmt: skip
        except ValueError as error:
            raise OutsideError(f"{watcher.id}: {error}") from error
        found |= cells == VISIBLE
    if watcher.sectors:
        found &= in_sectors(np.degrees(np.arctan2(east, -south)), watcher.sectors)
    return window, found


def _longest_m(watcher: Watcher, happening: Happening, *, is_heard: bool = False) -> float:
    ranges = [
        max(means.ranges_m.get(happening.id, (0.0,)))
        for means in watcher.means
        if means.needs_sight is not is_heard
    ]
    return min(max(ranges, default=0.0), watcher.reach_m or math.inf)


def _ground_about(
    watcher: Watcher, terrain: Terrain, reach_m: float, *, may_step: bool = True
) -> tuple[Floats, tuple[float, float], tuple[int, int], Window]:
    """Read the ground about a watcher: heights, cell lengths, where it stands in them, and which part it is."""
    x, y = terrain.places(np.array([watcher.lon]), np.array([watcher.lat]))
    found_rows, found_columns = terrain.cells_at(x, y)
    row, column = math.floor(found_rows[0]), math.floor(found_columns[0])
    n_rows, n_columns = terrain.shape
    if not (0 <= row < n_rows and 0 <= column < n_columns):
        raise OutsideError(f"{watcher.id}: it stands outside the model of the ground")
    tall, wide = terrain.cell_m(row, column)
    up, across = math.ceil(reach_m / tall) + 1, math.ceil(reach_m / wide) + 1
    step = max(1, math.ceil((2 * max(up, across) + 1) / _MOST_SIDE)) if may_step else 1
    # the part begins a whole number of steps before the watcher, so that its own cell is looked at as it is
    top = max(row - up, 0)
    top += (row - top) % step
    left = max(column - across, 0)
    left += (column - left) % step
    bottom, right = min(row + up + 1, n_rows), min(column + across + 1, n_columns)
    ground_m = terrain.part((top, bottom), (left, right), step)
    at = (row - top) // step, (column - left) // step
    return ground_m, (tall * step, wide * step), at, ((top, bottom), (left, right), step)


def _sorted(flags: np.ndarray, distance_m: Floats) -> _Near:
    which = np.flatnonzero(flags)
    order = which[np.argsort(distance_m[which], kind="stable")]
    return _Near(order, distance_m[order])
