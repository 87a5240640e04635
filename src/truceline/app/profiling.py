"""A cross-section between two places, out of a model of the ground and into a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from truceline.app import wiring
from truceline.core.errors import InputError
from truceline.geo.plane import Plane
from truceline.geo.profiles import Floats, Profile, profile
from truceline.geo.sight import bend_per_m

_MOST = 2000
"""Steps that a picture shows."""


@dataclass(frozen=True, slots=True)
class Between:
    """Two places.

    Args:
        start: Longitude and latitude of the observer, degrees.
        end: Those of what is looked at.
        height_m: How high above the ground the observer looks from, metres.
        target_m: How high above the ground what is looked at reaches, metres.
        refraction: Share of the curvature that air takes back.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    height_m: float
    target_m: float = 0.0
    refraction: float = 0.13


def cut(dem: Path, between: Between) -> tuple[Profile, tuple[str, ...]]:
    """Cut through the ground.

    Args:
        dem: The model of the ground.
        between: The places.

    Returns:
        The cross-section, looked at every half cell, and what was assumed.

    Raises:
        InputError: The model cannot be read, or a place lies outside it.
    """
    terrain = wiring.TerrainFile(dem)
    plane = Plane(*between.start)
    end = plane.to_plane(*(np.array([value]) for value in between.end))[0]
    length_m = float(np.hypot(*end))
    rows, columns = _cells(
        terrain, *(np.array(pair) for pair in zip(between.start, between.end, strict=True))
    )
    for name, row, column in zip(("--from", "--to"), rows, columns, strict=True):
        if not (0 <= row < terrain.shape[0] and 0 <= column < terrain.shape[1]):
            raise InputError("profile.place", f"the place of {name} lies outside the model", where=str(dem))
    cell_m = min(terrain.cell_m(float(rows[0]), float(columns[0])))
    share = np.linspace(0.0, 1.0, max(3, math.ceil(2 * length_m / cell_m) + 1))
    rows, columns = _cells(terrain, *plane.to_ground(share[:, None] * end))
    try:
        found = profile(
            share * length_m,
            _between(terrain, rows, columns),
            between.height_m,
            bend_per_m(between.refraction),
        )
    except ValueError as error:
        raise InputError("profile.ground", str(error), where=str(dem), todo="check the places") from error
    return found, terrain.notes


def profile_sheet(found: Profile, between: Between, language: str) -> bytes:
    """Draw a cross-section.

    Args:
        found: It.
        between: Its places.
        language: Of the words.

    Returns:
        A PNG.
    """
    words = wiring.words_of([language])[language]
    say = words.say
    picked = np.unique(np.linspace(0, len(found.distance_m) - 1, _MOST).astype(int))
    level = (found.ground_m - found.drop_m)[picked]
    known = level[~np.isnan(level)]
    eye, goal = float(level[0]) + between.height_m, float(level[-1]) + between.target_m
    low, high = float(np.nanmin([*known, eye, goal])), float(np.nanmax([*known, eye, goal]))
    room = max(10.0, 0.08 * (high - low))
    low, high = low - room, high + room
    length = float(found.distance_m[-1])
    data: dict[str, Any] = {
        "language": language,
        "direction": words.direction,
        "font": say("meta.fonts_plain"),
        "internal": say("cover.internal"),
        "title": say("cover.profile"),
        "along": say("cover.along"),
        "above": say("cover.above"),
        "places": [_place(pair) for pair in (between.start, between.end)],
        "verdict": say("cover.sees") if found.sees(between.target_m) else say("cover.hidden"),
        "is_seen": found.sees(between.target_m),
        "ground": [
            [round(float(x), 5), None if np.isnan(y) else round(float(y), 5)]
            for x, y in zip(found.distance_m[picked] / length, (high - level) / (high - low), strict=True)
        ],
        "seen": [bool(hidden <= between.target_m) for hidden in found.hidden_m[picked]],
        "eye": (high - eye) / (high - low),
        "goal": None if np.isnan(goal) else (high - goal) / (high - low),
        "ticks_x": [{"at": one / length, "words": f"{one / 1000:g}"} for one in _ticks(0, length)],
        "ticks_y": [{"at": (high - one) / (high - low), "words": f"{one:g}"} for one in _ticks(low, high)],
        "words": {"seen": say("cover.sees"), "hidden": say("cover.hidden")},
    }
    return wiring.sheet_of("profile", data, {}, "png")


def _cells(terrain: wiring.TerrainFile, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    return terrain.cells_at(*terrain.places(lon, lat))


def _between(terrain: wiring.TerrainFile, rows: Floats, columns: Floats) -> Floats:
    """Heights between cell centres, by the plane through the four about each place."""
    n_rows, n_columns = terrain.shape
    y, x = np.clip(rows - 0.5, 0, n_rows - 1), np.clip(columns - 0.5, 0, n_columns - 1)
    top, left = int(y.min()), int(x.min())
    ground = terrain.part((top, min(n_rows, int(y.max()) + 2)), (left, min(n_columns, int(x.max()) + 2)))
    i = np.minimum((y - top).astype(int), max(ground.shape[0] - 2, 0))
    j = np.minimum((x - left).astype(int), max(ground.shape[1] - 2, 0))
    u, v = y - top - i, x - left - j
    i1, j1 = np.minimum(i + 1, ground.shape[0] - 1), np.minimum(j + 1, ground.shape[1] - 1)
    upper = (1 - v) * ground[i, j] + v * ground[i, j1]
    lower = (1 - v) * ground[i1, j] + v * ground[i1, j1]
    found: Floats = (1 - u) * upper + u * lower
    return found


def _ticks(low: float, high: float) -> list[float]:
    raw = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(lead * power for lead in (1, 2, 5, 10) if lead * power >= raw)
    return [step * n for n in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _place(pair: tuple[float, float]) -> str:
    lon, lat = pair
    return f"\u2066{abs(lat):.4f}°{'N' if lat >= 0 else 'S'} {abs(lon):.4f}°{'E' if lon >= 0 else 'W'}\u2069"
