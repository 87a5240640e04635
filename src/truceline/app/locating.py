"""Explosions out of files of arrivals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from truceline.app.decoding import decode_files
from truceline.core.blasts import Arrivals, Blast
from truceline.core.errors import InputError
from truceline.core.frames import Frame, Refused
from truceline.detect.blasts.associating import BLASTS, associate
from truceline.detect.decoders.arrivals import FORMAT
from truceline.geo.plane import Plane

_SPEEDS = {"acoustic": (331.3, 6.0), "seismic": (3_000.0, 300.0)}
"""Metres a second, at 0 °C for sound, and the standard deviation where nobody knows the weather or the ground."""
_KNOWN_SIGMA_MPS = 3.0
_FREEZING_K, _MILD_C = 273.15, 15.0
_QUIET_S = 90.0
"""After so long without an arrival a new search begins: nothing is on its way any more."""
_MOST = 600


@dataclass(frozen=True, slots=True)
class Located:
    """An explosion.

    Args:
        kind: What arrived.
        at_s: When it was, seconds since 1970.
        sigma_s: Standard deviation of that.
        lon: Where it was, degrees.
        lat: Where it was, degrees.
        long_m: Half of the long axis of the ellipse that holds it with a probability of 0.95.
        short_m: Half of its short axis.
        bearing_deg: Bearing of the long axis from north.
        posts: The posts that heard it.
        misfit: How badly its arrivals fit each other; about the number of posts less three where all is as assumed.
    """

    kind: str
    at_s: float
    sigma_s: float
    lon: float
    lat: float
    long_m: float
    short_m: float
    bearing_deg: float
    posts: tuple[str, ...]
    misfit: float


def locate_files(
    paths: Sequence[Path], temperature_c: float | None
) -> tuple[list[Located], int, list[tuple[Path, Refused]]]:
    """Find the explosions that tables of arrivals tell of.

    Args:
        paths: The files.
        temperature_c: Of the air; None where nobody knows.

    Returns:
        The explosions by their moments, how many arrivals there were, and rows that were refused.

    Raises:
        InputError: A file cannot be read, or one post stands in two places.
    """
    rows, refused = list[Frame](), list[tuple[Path, Refused]]()
    for path, found in decode_files(FORMAT, paths):
        if isinstance(found, Refused):
            refused.append((path, found))
        else:
            rows.append(found)
    return locate(rows, temperature_c), len(rows), refused


def locate(rows: Sequence[Frame], temperature_c: float | None) -> list[Located]:
    """Find the explosions that arrivals tell of.

    Args:
        rows: The arrivals, in any order.
        temperature_c: Of the air; None where nobody knows.

    Returns:
        The explosions by their moments.

    Raises:
        InputError: One post stands in two places.
    """
    return [one for one, _ in locate_rows(rows, temperature_c)]


def locate_rows(
    rows: Sequence[Frame], temperature_c: float | None
) -> list[tuple[Located, tuple[Frame, ...]]]:
    """Find the explosions that arrivals tell of, each with its arrivals; see `locate`."""
    located = list[tuple[Located, tuple[Frame, ...]]]()
    for kind in _SPEEDS:
        of_kind = sorted((one for one in rows if one.kind == kind), key=lambda one: one.at_s or 0.0)
        located += _located(kind, of_kind, temperature_c)
    return sorted(located, key=lambda one: one[0].at_s)


def _located(
    kind: str, rows: Sequence[Frame], temperature_c: float | None
) -> list[tuple[Located, tuple[Frame, ...]]]:
    places = dict[str, tuple[float, float]]()
    for row in rows:
        place = row.values["lon"], row.values["lat"]
        if math.dist(places.setdefault(row.values["post"], place), place) > 1e-6:
            raise InputError(
                "arrivals.post", "a post stands in two places", where=f"{row.values['post']}, line {row.offset}",
                todo="give each place of a post its own name",
            )  # fmt: skip
    if not places:
        return []
    names = list(places)
    lon, lat = np.array(list(places.values())).T
    plane = Plane(float(lon.mean()), float(lat.mean()))
    xy_m = plane.to_plane(lon, lat)
    found = list[tuple[Located, tuple[Frame, ...]]]()
    for group in _groups(rows):
        base_s = group[0].at_s or 0.0
        arrivals = Arrivals(
            np.array([(one.at_s or 0.0) - base_s for one in group]),
            np.array([one.values["sigma_s"] for one in group]),
            np.array([names.index(one.values["post"]) for one in group], np.intp),
            xy_m, np.full(len(names), _speed(kind, temperature_c)), _speed_sigma(kind, temperature_c),
        )  # fmt: skip
        for blast in associate(arrivals, BLASTS):
            its = tuple(group[at] for at in blast.arrivals)
            posts = tuple(one.values["post"] for one in its)
            found.append((_put(kind, blast, base_s, plane, posts), its))
    return found


def _groups(rows: Sequence[Frame]) -> list[list[Frame]]:
    """Part arrivals where nothing was on its way, or where there are too many to be searched together."""
    groups: list[list[Frame]] = []
    for row in rows:
        last_s = groups[-1][-1].at_s if groups else None
        if last_s is None or (row.at_s or 0.0) - last_s > _QUIET_S or len(groups[-1]) >= _MOST:
            groups.append([])
        groups[-1].append(row)
    return groups


def _speed(kind: str, temperature_c: float | None) -> float:
    base, _ = _SPEEDS[kind]
    if kind != "acoustic":
        return base
    return base * math.sqrt(1 + (_MILD_C if temperature_c is None else temperature_c) / _FREEZING_K)


def _speed_sigma(kind: str, temperature_c: float | None) -> float:
    return _SPEEDS[kind][1] if kind != "acoustic" or temperature_c is None else _KNOWN_SIGMA_MPS


def _put(kind: str, blast: Blast, base_s: float, plane: Plane, posts: tuple[str, ...]) -> Located:
    lon, lat = plane.ground_at(float(blast.xy_m[0]), float(blast.xy_m[1]))
    long_m, short_m, bearing = blast.ellipse()
    return Located(
        kind, base_s + blast.at_s, blast.sigma_s, lon, lat, long_m, short_m, bearing, posts, blast.chi2
    )
