"""Lines of sight over a model of the ground: which cells an observer sees.

A cell is hidden where the ground between, looked at every half cell along its own ray and taken between cell centres by the plane
through its neighbours (bilinear), rises above the line to it. One ray for each cell would cost the third power of a model's side. So
rays to the edge are walked once, each deciding the cells that lie nearest to it, and where a decision hangs on less than the
ground may change between that ray and the cell's own, the cell's own ray is walked. Source of the sweep: Franklin, Ray, Mehta,
Geometric algorithms for siting of air defense missile batteries (1994), R2; what is decided again is ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

from truceline.geo.points import SEMI_MAJOR_M

_F = TypeVar("_F", bound=Callable[..., Any])
HIDDEN, VISIBLE, UNKNOWN = 0, 1, 255
"""What a cell is: hidden, seen, or nobody knows, for the model has a hole there or on the way."""
REFRACTION = 0.13
"""Share of the Earth's curvature that air bends light by, in common weather."""
DENSITY = 2
"""Rays to each cell of the edge."""
_CHUNK = 64
"""Rays that a core takes at a time, so that none waits for one that is disturbed."""
_DOUBT = 1.0
_MEMORY = 16.0
"""Half cells over which the roughness beside a ray is remembered."""

Floats = NDArray[np.float64]
Cells = NDArray[np.uint8]
Steps = tuple[int, int]
"""A step in rows and columns."""
Lengths = tuple[float, float]
"""How long a step outward and a step sideways are, metres."""


def bend_per_m(refraction: float = REFRACTION) -> float:
    """Return by how much ground drops under a level line, metres for each square metre of distance.

    Args:
        refraction: Share of the curvature that refraction takes back, 0 to below 1.

    Returns:
        The drop over the distance squared.
    """
    return (1 - refraction) / (2 * SEMI_MAJOR_M)


def seen_from(
    ground_m: Floats,
    cell_m: tuple[float, float],
    at: tuple[int, int],
    height_m: float,
    *,
    target_m: float = 0.0,
    bend: float = 0.0,
    reach_m: float = math.inf,
    canopy_m: float | Floats = 0.0,
) -> Cells:
    """Say which cells an observer sees.

    Args:
        ground_m: Heights of the ground at cell centres, metres, shape (rows, columns); NaN where nobody knows.
        cell_m: Distance of two rows and of two columns, metres.
        at: Row and column of the observer.
        height_m: How high above the ground the observer stands, metres.
        target_m: How high above the ground of each cell what is looked for reaches, metres.
        bend: See `bend_per_m`; 0 is a flat Earth.
        reach_m: Cells whose centres lie further away are hidden, metres.
        canopy_m: How high woods and houses stand on the ground and hide what is behind, metres: one height, or one for each
            cell. The observer's own cell is clear of them; what is looked for stands on the ground.

    Returns:
        `VISIBLE`, `HIDDEN` or `UNKNOWN` for each cell; the observer's own is visible.

    Raises:
        ValueError: The observer stands outside the model or in a hole of it, or a length is none.
    """
    rows, columns = ground_m.shape
    row, column = at
    if not (0 <= row < rows and 0 <= column < columns):
        raise ValueError("the observer stands outside the model")
    if not math.isfinite(ground_m[row, column]):
        raise ValueError("the observer stands in a hole of the model")
    if not (
        min(cell_m) > 0 and math.isfinite(max(cell_m)) and height_m >= 0 and target_m >= 0 and reach_m > 0
    ):
        raise ValueError("heights are not below the ground, cells and reach are longer than nothing")
    ground = np.ascontiguousarray(ground_m, np.float64)
    surface = _surface(ground, at, canopy_m)
    out = np.full(ground.shape, HIDDEN, np.uint8)
    out[row, column] = VISIBLE
    eye_m, (tall, wide) = float(ground[row, column]) + height_m, cell_m
    up, down, left, right = row, rows - 1 - row, column, columns - 1 - column
    # each sector: steps outward and sideways, how far outward, how far sideways either way, and whether its diagonals are its own
    for outward, sideways, far, before, behind, lengths, has_diagonals in (
        ((-1, 0), (0, 1), up, left, right, (tall, wide), True),
        ((1, 0), (0, 1), down, left, right, (tall, wide), True),
        ((0, 1), (1, 0), right, up, down, (wide, tall), False),
        ((0, -1), (1, 0), left, up, down, (wide, tall), False),
    ):
        if far:
            with numba.parallel_chunksize(_CHUNK):
                _sweep(
                    ground, surface, row, column, eye_m, target_m, outward, sideways, far, before, behind, DENSITY * far,
                    lengths, bend, reach_m, has_diagonals, out,
                )  # fmt: skip
    _mark_holes(ground, out)
    return out


def hidden_below_m(
    ground_m: Floats,
    cell_m: tuple[float, float],
    at: tuple[int, int],
    height_m: float,
    cells: tuple[NDArray[np.int64], NDArray[np.int64]],
    *,
    bend: float = 0.0,
    canopy_m: float | Floats = 0.0,
) -> Floats:
    """Say how high something has to stand above the ground to be in sight, at some cells: each by its own ray.

    Args:
        ground_m: As `seen_from` has it.
        cell_m: As `seen_from` has it.
        at: Row and column of the observer.
        height_m: How high above the ground the observer stands, metres.
        cells: Rows and columns of what is looked at, inside the model.
        bend: See `bend_per_m`.
        canopy_m: As `seen_from` has it.

    Returns:
        Metres above the ground of each cell, 0 where the ground itself is in sight; NaN where nobody knows.

    Raises:
        ValueError: The observer stands in a hole of the model.
    """
    row, column = at
    if not math.isfinite(ground_m[row, column]):
        raise ValueError("the observer stands in a hole of the model")
    ground = np.ascontiguousarray(ground_m, np.float64)
    surface = _surface(ground, at, canopy_m)
    out = np.empty(len(cells[0]))
    with numba.parallel_chunksize(_CHUNK):
        _rise(
            ground, surface, row, column, float(ground[at]) + height_m, cells[0], cells[1], cell_m, bend, out
        )
    return out


def _surface(ground: Floats, at: tuple[int, int], canopy_m: float | Floats) -> Floats:
    """Where woods and houses end above the ground; the observer's own cell is clear of them."""
    if not np.any(np.asarray(canopy_m) > 0):
        return ground
    surface = np.ascontiguousarray(ground + canopy_m)
    surface[at] = ground[at]
    return surface


def _compiled(**how: Any) -> Callable[[_F], _F]:
    """Have a function compiled, once for this machine."""
    made: Callable[[_F], _F] = numba.njit(cache=True, **how)
    return made


@_compiled(inline="always")
def _beside(
    ground: Floats, row: int, column: int, outward: Steps, sideways: Steps, m: int, y: float
) -> tuple[float, float]:
    """Height at a whole step outward and any place sideways, and how it changes sideways, metres a cell."""
    low = math.floor(y)
    share, j = y - low, low
    one = ground[row + m * outward[0] + j * sideways[0], column + m * outward[1] + j * sideways[1]]
    if share == 0.0:
        return one, 0.0
    other = ground[
        row + m * outward[0] + (j + 1) * sideways[0], column + m * outward[1] + (j + 1) * sideways[1]
    ]
    return one + share * (other - one), other - one


@_compiled(inline="always")
def _under(
    ground: Floats, row: int, column: int, outward: Steps, sideways: Steps, h: int, y: float
) -> tuple[float, float]:
    """The same at half a step, between two whole ones."""
    m = h >> 1
    height, lean = _beside(ground, row, column, outward, sideways, m, y)
    if h & 1:
        behind, lean_behind = _beside(ground, row, column, outward, sideways, m + 1, y)
        return 0.5 * (height + behind), 0.5 * (lean + lean_behind)
    return height, lean


@_compiled()
def _own_ray(
    ground: Floats, row: int, column: int, eye_m: float, want: float, outward: Steps, sideways: Steps, m: int, j: int,
    lengths: Lengths, bend: float,
) -> int:  # fmt: skip
    """Walk a cell's own ray: what it is by that."""
    is_whole = True
    for h in range(1, 2 * m):
        far, y = 0.5 * h, j * 0.5 * h / m
        height, _ = _under(ground, row, column, outward, sideways, h, y)
        d2 = (far * lengths[0]) ** 2 + (y * lengths[1]) ** 2
        if (height - bend * d2 - eye_m) / math.sqrt(d2) > want:
            return HIDDEN
        if math.isnan(height):
            is_whole = False
    return VISIBLE if is_whole else UNKNOWN


@_compiled(parallel=True)
def _sweep(
    ground: Floats, surface: Floats, row: int, column: int, eye_m: float, target_m: float, outward: Steps,
    sideways: Steps, far: int, before: int, behind: int, n: int, lengths: Lengths, bend: float, reach_m: float, has_diagonals: bool, out: Cells,
) -> None:  # fmt: skip
    """Walk the rays of a sector; each decides the cells that lie nearest to it, so that no cell is decided twice.

    The ray that is nearest to a cell on the model's edge may lie outside: those walk their own.
    """
    for m in numba.prange(1, far + 1):
        for side in range(2):
            j = behind if side else -before
            if (side and before == 0 and behind == 0) or abs(j) > m or (abs(j) == m and not has_diagonals):
                continue
            at = row + m * outward[0] + j * sideways[0], column + m * outward[1] + j * sideways[1]
            e2 = (m * lengths[0]) ** 2 + (j * lengths[1]) ** 2
            if e2 <= reach_m * reach_m:
                want = (ground[at] + target_m - bend * e2 - eye_m) / math.sqrt(e2)
                out[at] = _own_ray(surface, row, column, eye_m, want, outward, sideways, m, j, lengths, bend)
    # a ray is walked a little further than reach: its cells may lie nearer than it
    beyond2 = (reach_m + 2 * max(lengths[0], lengths[1])) ** 2
    for u in numba.prange(2 * n + 1):
        t = u - n
        aslant = t / n
        highest, lean, rough, is_whole = -np.inf, 0.0, 0.0, True
        for h in range(1, 2 * far + 1):
            y = aslant * 0.5 * h
            if y > behind or y < -before:
                break
            d2 = (0.5 * h * lengths[0]) ** 2 + (y * lengths[1]) ** 2
            if d2 > beyond2:
                break
            height, change = _under(surface, row, column, outward, sideways, h, y)
            m, j = h >> 1, math.floor(y + 0.5)
            is_its = not h & 1 and math.floor(j * n / m + 0.5) == t and (abs(j) < m or has_diagonals)
            if is_its and -before < j < behind:
                at = row + m * outward[0] + j * sideways[0], column + m * outward[1] + j * sideways[1]
                e2 = (m * lengths[0]) ** 2 + (j * lengths[1]) ** 2
                if e2 <= reach_m * reach_m:
                    want = (ground[at] + target_m - bend * e2 - eye_m) / math.sqrt(e2)
                    off = abs(j / m - aslant)
                    # so much the slope of the horizon may be another on the cell's own ray
                    doubt = _DOUBT * (abs(lean) + rough) * off / lengths[0]
                    if off > 0.0 and (abs(want - highest) < doubt or not is_whole):
                        out[at] = _own_ray(
                            surface, row, column, eye_m, want, outward, sideways, m, j, lengths, bend
                        )
                    elif want >= highest:
                        out[at] = VISIBLE if is_whole else UNKNOWN
            if math.isnan(height):
                is_whole = False
                continue
            rough += (abs(change) - rough) / min(h, _MEMORY)
            slope = (height - bend * d2 - eye_m) / math.sqrt(d2)
            if slope > highest:
                highest, lean = slope, change


@_compiled(parallel=True)
def _rise(
    ground: Floats, surface: Floats, row: int, column: int, eye_m: float, rows: NDArray[np.int64],
    columns: NDArray[np.int64], lengths: Lengths, bend: float, out: Floats,
) -> None:  # fmt: skip
    """Walk the own ray of each of some cells to its horizon."""
    n_rows, n_columns = surface.shape
    for k in numba.prange(len(rows)):
        i, j = rows[k], columns[k]
        di, dj = i - row, j - column
        n = 2 * max(abs(di), abs(dj))
        if n == 0:
            out[k] = 0.0
            continue
        d = math.hypot(di * lengths[0], dj * lengths[1])
        highest, is_whole = -np.inf, True
        for step in range(1, n):
            y, x = row + di * step / n, column + dj * step / n
            i0, j0 = math.floor(y), math.floor(x)
            i1, j1 = min(i0 + 1, n_rows - 1), min(j0 + 1, n_columns - 1)
            u, v = y - i0, x - j0
            height = (1 - u) * ((1 - v) * surface[i0, j0] + v * surface[i0, j1]) + u * (
                (1 - v) * surface[i1, j0] + v * surface[i1, j1]
            )
            if math.isnan(height):
                is_whole = False
                break
            e = d * step / n
            highest = max(highest, (height - bend * e * e - eye_m) / e)
        out[k] = max(highest * d + eye_m + bend * d * d - ground[i, j], 0.0) if is_whole else np.nan


@_compiled(parallel=True)
def _mark_holes(ground: Floats, out: Cells) -> None:
    """Say of cells without a height that nobody knows."""
    for row in numba.prange(ground.shape[0]):
        for column in range(ground.shape[1]):
            if math.isnan(ground[row, column]):
                out[row, column] = UNKNOWN
