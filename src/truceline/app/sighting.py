"""What one observer sees over a model of the ground, out of a file and into a file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

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
        is_flat: Whether the Earth is taken for flat.
    """

    lon_lat: tuple[float, float] | None
    xy: tuple[float, float] | None
    height_m: float
    target_m: float = 0.0
    reach_m: float = math.inf
    refraction: float = 0.13
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
    terrain = wiring.read_terrain(model)
    try:
        from truceline.geo.sight import HIDDEN, UNKNOWN, VISIBLE, bend_per_m, seen_from  # noqa: PLC0415 - the extra 'cover'
    except ImportError as error:
        raise MissingExtraError(
            "extra.cover", "lines of sight need the extra 'cover'", todo='pip install "truceline[cover]"'
        ) from error
    place = who.xy if who.lon_lat is None else terrain.place(*who.lon_lat)
    if place is None:
        raise InputError(
            "sight.observer",
            "it is not said where the observer stands",
            todo="give --observer or --observer-xy",
        )
    at = terrain.cell_at(*place)
    bend = 0.0 if who.is_flat else bend_per_m(who.refraction)
    try:
        cells = seen_from(
            terrain.ground_m,
            terrain.cell_m,
            at,
            who.height_m,
            target_m=who.target_m,
            bend=bend,
            reach_m=who.reach_m,
        )
    except ValueError as error:
        raise InputError(
            "sight.observer", f"{error}", where=str(model), todo="check place, heights and coordinate system"
        ) from error
    wiring.write_cells(out, cells, terrain, UNKNOWN)
    visible, hidden, unknown = (int((cells == word).sum()) for word in (VISIBLE, HIDDEN, UNKNOWN))
    return Seen(visible, hidden, unknown, terrain.cell_m, float(terrain.ground_m[at]), terrain.notes)
