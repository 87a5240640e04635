"""What one observer sees over a model of the ground, out of a file and into a file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from truceline.app import wiring
from truceline.core.errors import InputError, MissingExtraError


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found.

    Args:
        visible: Cells that are seen.
        hidden: Cells that are not.
        unknown: Cells of which nobody knows.
        cell_m: Distance of two rows and of two columns, metres.
        ground_m: Height of the ground under the observer, metres.
        notes: What was assumed.
    """

    visible: int
    hidden: int
    unknown: int
    cell_m: tuple[float, float]
    ground_m: float
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Observer:
    """Who looks.

    Args:
        lon_lat: Longitude and latitude, degrees; or None.
        xy: Place in the model's own coordinates; or None.
        height_m: Above the ground, metres.
        target_m: How high above the ground what is looked for reaches, metres.
        reach_m: How far is looked, metres.
        refraction: Share of the curvature that air takes back.
        canopy_m: How high woods and houses stand on the ground everywhere, metres.
        is_flat: Whether the Earth is taken for flat.
    """

    lon_lat: tuple[float, float] | None
    xy: tuple[float, float] | None
    height_m: float
    target_m: float = 0.0
    reach_m: float = math.inf
    refraction: float = 0.13
    canopy_m: float = 0.0
    is_flat: bool = False


def look(model: Path, who: Observer, out: Path) -> Seen:
    """Work out what an observer sees, and write it.

    Args:
        model: The model of the ground.
        who: Who looks.
        out: The GeoTIFF: 1 visible, 0 hidden, 255 unknown.

    Returns:
        What was found.

    Raises:
        InputError: The model cannot be read, or the observer stands outside it, or a length is none.
        MissingExtraError: The extra 'cover' is not installed.
    """
    terrain = wiring.TerrainFile(model)
    try:
        from truceline.geo.sight import HIDDEN, UNKNOWN, VISIBLE, bend_per_m, seen_from  # noqa: PLC0415 - the extra 'cover'
    except ImportError as error:
        raise MissingExtraError(
            "extra.cover", "lines of sight need the extra 'cover'", todo='pip install "truceline[cover]"'
        ) from error
    at = _cell_of(who, terrain, model)
    cell_m = terrain.cell_m(*at)
    # only what lies within reach is read: so a large model is looked over as far as somebody sees
    rows, columns = (
        _within(here, who.reach_m / length, n)
        for here, length, n in zip(at, cell_m, terrain.shape, strict=True)
    )
    ground_m = terrain.part(rows, columns)
    here = at[0] - rows[0], at[1] - columns[0]
    bend = 0.0 if who.is_flat else bend_per_m(who.refraction)
    try:
        seen = seen_from(
            ground_m,
            cell_m,
            here,
            who.height_m,
            target_m=who.target_m,
            bend=bend,
            reach_m=who.reach_m,
            canopy_m=who.canopy_m,
        )
    except ValueError as error:
        raise InputError(
            "sight.observer", f"{error}", where=str(model), todo="check place, heights and coordinate system"
        ) from error
    notes = list(terrain.notes)
    if terrain.is_large:
        cells = seen
        wiring.write_cells(out, cells, terrain, UNKNOWN, (rows[0], columns[0]))
        notes.append(
            f"{terrain.shape[0]} x {terrain.shape[1]} cells are many: only the part within reach is written"
        )
    else:
        cells = np.full(terrain.shape, HIDDEN, np.uint8)
        cells[slice(*rows), slice(*columns)] = seen
        wiring.write_cells(out, cells, terrain, UNKNOWN)
    visible, hidden, unknown = (int((cells == word).sum()) for word in (VISIBLE, HIDDEN, UNKNOWN))
    if holes := int(np.isnan(ground_m).sum()):
        notes.append(f"{holes} cells without a height; what lies behind them is unknown")
    return Seen(visible, hidden, unknown, cell_m, float(ground_m[here]), tuple(notes))


def _cell_of(who: Observer, terrain: wiring.TerrainFile, model: Path) -> tuple[int, int]:
    if who.lon_lat is not None:
        x, y = terrain.places(*(np.array([value]) for value in who.lon_lat))
    elif who.xy is not None:
        x, y = (np.array([value]) for value in who.xy)
    else:
        raise InputError(
            "sight.observer",
            "it is not said where the observer stands",
            todo="give --observer or --observer-xy",
        )
    rows, columns = terrain.cells_at(x, y)
    row, column = math.floor(rows[0]), math.floor(columns[0])
    if not (0 <= row < terrain.shape[0] and 0 <= column < terrain.shape[1]):
        raise InputError(
            "sight.observer",
            "the observer stands outside the model",
            where=str(model),
            todo="check place and coordinate system",
        )
    return row, column


def _within(here: int, reach: float, n: int) -> tuple[int, int]:
    if math.isinf(reach):
        return 0, n
    return max(0, here - math.ceil(reach)), min(n, here + math.ceil(reach) + 1)
