"""Satellite hot spots against each cell's own season: what is usual there at this time of the year, and what could be seen at all.

A pass of a satellite that sees a cell through clear sky finds it hot or not. How often it is hot in the same weeks of other years
says what is usual; the chance of as many hot looks, or more, says how unusual a day is (beta-binomial; Gelman and others,
Bayesian Data Analysis, chapter 2). A cell without a clear look on a day was not observed, which is not the same as cold.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from truceline.geo.plane import Floats

UNUSUAL, USUAL, NOTHING, NOT_OBSERVED = "unusual", "usual", "nothing", "not observed"
SAME_PASS_S = 600.0
"""Spots of one satellite that follow one another sooner are of one pass."""
PASSES_A_DAY, CLEAR = 2.0, 0.5
"""Assumed of years without a table of passes: two a day of each satellite, every other one through clear sky."""
_STRENGTH = 5.0
"""How many looks the mean over all cells counts for beside a cell's own years."""
_YEAR_DAYS = 366
_DAY_S = 86_400
_MOST_CELLS = 50_000
"""Cells of one pass that are all judged."""

Cell = tuple[int, int]
"""Column and row: degrees of longitude and latitude in widths of a cell, rounded down."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A hot spot: where, degrees (WGS 84), when, seconds since 1970, and which satellite saw it."""

    lon: float
    lat: float
    at_s: float
    satellite: str


@dataclass(frozen=True, slots=True)
class Look:
    """A pass of a satellite over an area.

    Args:
        at_s: When, seconds since 1970.
        satellite: Which.
        west: Degrees.
        south: Degrees.
        east: Degrees.
        north: Degrees.
        cloud: Share of the area under cloud, 0 to 1.
    """

    at_s: float
    satellite: str
    west: float
    south: float
    east: float
    north: float
    cloud: float


@dataclass(frozen=True, slots=True)
class CellDay:
    """A cell on a day (UTC).

    Args:
        day: The day.
        west: Western edge, degrees.
        south: Southern edge, degrees.
        size_deg: Width and height, degrees.
        n_hot: Passes that found it hot.
        n_looks: Passes that went over it; 0 where nobody gave any.
        clear: How many of them saw it, by the share of cloud.
        expected: Hot looks that the season leads one to expect.
        p: Chance of as many hot looks or more in this season; 1 where none was hot.
        state: ``unusual``, ``usual``, ``nothing`` or ``not observed``.
    """

    day: date
    west: float
    south: float
    size_deg: float
    n_hot: int
    n_looks: int
    clear: float
    expected: float
    p: float
    state: str


class Seasons:
    """What is usual where and when.

    Args:
        history: Spots of other years, in any order.
        looks: Passes of those years; none where nobody kept them: then `PASSES_A_DAY` and `CLEAR` are assumed.
        size_deg: Width of a cell, degrees.
        weeks: How many weeks before and after a day are its season.

    Raises:
        ValueError: The width or the season is none.
    """

    def __init__(
        self,
        history: Iterable[Spot],
        looks: Sequence[Look] = (),
        *,
        size_deg: float = 0.05,
        weeks: float = 2.0,
    ) -> None:
        if not 0.001 <= size_deg <= 5 or not 0 < weeks <= 26:
            raise ValueError("a cell is 0.001 to 5 degrees wide, a season at most 26 weeks to either side")
        self._size = size_deg
        self._half_days = round(weeks * 7)
        spots = sorted(history, key=lambda one: one.at_s)
        edges = [(one.west, one.south, one.east, one.north) for one in looks]
        self._edges = np.array(edges, np.float64).reshape(-1, 4)
        self._clear = np.array([1 - one.cloud for one in looks], np.float64)
        self._days = np.array([_yday(one.at_s) for one in looks], np.intp)
        hot: dict[Cell, list[int]] = defaultdict(list)
        for cell, at_s in self._hot_looks(spots):
            hot[cell].append(_yday(at_s))
        self._hot = {cell: self._season_of(np.array(days), np.ones(len(days))) for cell, days in hot.items()}
        n_satellites = max(1, len({one.satellite for one in spots}))
        self._a_day = PASSES_A_DAY * n_satellites
        years = {datetime.fromtimestamp(one.at_s, UTC).year for one in spots}
        span_days = (spots[-1].at_s - spots[0].at_s) / _DAY_S + 1 if spots else 0.0
        # without a table of passes: so many clear looks in one season of all years that are known
        season_days = min(2.0 * self._half_days + 1, span_days)
        self._assumed = len(years) * season_days * self._a_day * CLEAR
        assumed = min(span_days, len(years) * 366.0) * self._a_day * CLEAR
        self._total = float(self._clear.sum()) if len(looks) else assumed
        self._box = _box_of(hot)
        n_hot, n_looks = sum(map(len, hot.values())), self._total * max(1, len(hot))
        self._mean = min(0.5, max(1e-4, n_hot / n_looks)) if n_looks else 1e-3
        self._looks: dict[Cell, Floats] = {}

    def judge(self, spots: Iterable[Spot], looks: Sequence[Look], least_p: float = 1e-3) -> Iterator[CellDay]:
        """Say of each cell and day how it was.

        Args:
            spots: Spots of the days that are judged.
            looks: Passes of those days. A cell is judged where a pass went over it or a spot lies in it.
            least_p: What is less likely than this is unusual.

        Yields:
            Cells in the order of days, then from west to east and south to north.
        """
        hot: dict[tuple[date, Cell], int] = defaultdict(int)
        for cell, at_s in self._hot_looks(sorted(spots, key=lambda one: one.at_s)):
            hot[_day(at_s), cell] += 1
        over: dict[tuple[date, Cell], list[float]] = defaultdict(list)
        edges = _box_of({cell: [] for _, cell in hot}, self._box)
        for look in looks:
            for cell in self._under(look, edges):
                over[_day(look.at_s), cell].append(1 - look.cloud)
        for day, cell in sorted({*hot, *over}):
            n_hot, seen = hot[day, cell], over[day, cell]
            # a look that found the cell hot saw it, whatever the cloud round about
            clear = max(sum(seen), float(n_hot))
            n_looks = max(len(seen), n_hot) if looks else 0
            alpha, beta = self._share(cell, day)
            n_clear = max(n_hot, round(clear if looks else self._a_day))
            p = _at_least(n_hot, n_clear, alpha, beta)
            state = (
                UNUSUAL if n_hot and p < least_p else USUAL if n_hot else NOTHING if n_clear else NOT_OBSERVED
            )
            yield CellDay(
                day, cell[0] * self._size, cell[1] * self._size, self._size, n_hot, n_looks, clear,
                clear * alpha / (alpha + beta), p, state,
            )  # fmt: skip

    def _share(self, cell: Cell, day: date) -> tuple[float, float]:
        """The share of clear looks in which a cell is hot in the season of a day, as a beta distribution."""
        at = day.timetuple().tm_yday - 1
        n_looks = float(self._clear_looks(cell)[at])
        n_hot = min(float(self._hot[cell][at]), n_looks) if cell in self._hot else 0.0
        return self._mean * _STRENGTH + n_hot, (1 - self._mean) * _STRENGTH + n_looks - n_hot

    def _clear_looks(self, cell: Cell) -> Floats:
        """Clear looks at a cell in the season of each day of the year."""
        if cell not in self._looks:
            if len(self._clear):
                x, y = (cell[0] + 0.5) * self._size, (cell[1] + 0.5) * self._size
                west, south, east, north = self._edges.T
                over = (west <= x) & (x <= east) & (south <= y) & (y <= north)
                self._looks[cell] = self._season_of(self._days[over], self._clear[over])
            else:
                self._looks[cell] = np.full(_YEAR_DAYS, self._assumed)
        return self._looks[cell]

    def _season_of(self, days: NDArray[np.intp], weights: Floats) -> Floats:
        """Sum what fell on days of the year over the season of each day; the year is a ring."""
        by_day = np.bincount(days, weights, minlength=_YEAR_DAYS)
        around = np.arange(-self._half_days, self._half_days + 1)[:_YEAR_DAYS]
        found: Floats = by_day[(np.arange(_YEAR_DAYS)[:, None] + around) % _YEAR_DAYS].sum(axis=1)
        return found

    def _hot_looks(self, spots: Sequence[Spot]) -> Iterator[tuple[Cell, float]]:
        """Give each cell once for every pass that found it hot, however many spots the pass saw in it."""
        begun: dict[str, float] = {}
        last: dict[str, float] = {}
        seen: set[tuple[str, float, Cell]] = set()
        for one in spots:
            if one.at_s - last.get(one.satellite, -math.inf) > SAME_PASS_S:
                begun[one.satellite] = one.at_s
            last[one.satellite] = one.at_s
            cell = math.floor(one.lon / self._size), math.floor(one.lat / self._size)
            key = one.satellite, begun[one.satellite], cell
            if key not in seen:
                seen.add(key)
                yield cell, one.at_s

    def _under(self, look: Look, edges: tuple[int, int, int, int]) -> Iterator[Cell]:
        """The cells whose middle lies under a pass; of a pass over half the world those where anything was ever seen."""
        west, south = math.ceil(look.west / self._size - 0.5), math.ceil(look.south / self._size - 0.5)
        east, north = math.ceil(look.east / self._size - 0.5), math.ceil(look.north / self._size - 0.5)
        if (east - west) * (north - south) > _MOST_CELLS:
            west, south = max(west, edges[0]), max(south, edges[1])
            east, north = min(east, edges[2] + 1), min(north, edges[3] + 1)
        yield from ((column, row) for column in range(west, east) for row in range(south, north))


def _box_of(
    cells: Mapping[Cell, object], also: tuple[int, int, int, int] | None = None
) -> tuple[int, int, int, int]:
    """First column and row, last column and row of some cells; none where the last lie before the first."""
    corners = [*cells, *((also[:2], also[2:]) if also and also[0] <= also[2] else ())]
    if not corners:
        return 0, 0, -1, -1
    columns, rows = zip(*corners, strict=True)
    return min(columns), min(rows), max(columns), max(rows)


def _day(at_s: float) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at_s)).date()


def _yday(at_s: float) -> int:
    """The day of the year, from 0."""
    return _day(at_s).timetuple().tm_yday - 1


def _at_least(k: int, n: int, alpha: float, beta: float) -> float:
    """Chance of k or more of n, each with a chance that is itself drawn from a beta distribution."""
    return min(1.0, sum(math.exp(_log_mass(x, n, alpha, beta)) for x in range(k, n + 1))) if k else 1.0


def _log_mass(k: int, n: int, alpha: float, beta: float) -> float:
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return ways + _log_beta(k + alpha, n - k + beta) - _log_beta(alpha, beta)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
