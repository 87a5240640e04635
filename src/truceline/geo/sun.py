"""Where the sun stands, and so when it is day, twilight and night, at any place and latitude.

Source: Meeus, Astronomical Algorithms (1998), chapters 12, 22 and 25: the sun's apparent place to 0.01 degree between 1950 and 2100.
Day ends where the sun's upper edge sinks below the horizon with common refraction, its middle 0.833 degree below; civil twilight
where its middle is 6 degrees below.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from truceline.core.exposure import Light

Floats = NDArray[np.float64]
SUNSET_DEG, DUSK_DEG = -0.833, -6.0
_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_STEP = timedelta(minutes=5)
_HALVINGS = 5
"""Of a step: to ten seconds."""
_CENTURY_S = 36_525 * 86_400.0
_AHEAD_S = 65.0
"""How far dynamical time is ahead of universal time in these decades: a thousandth of a degree of the sun's way."""


def sun_height_deg(since_2000_s: Floats, lon: float, lat: float) -> Floats:
    """Return how high the middle of the sun stands, refraction left out.

    Args:
        since_2000_s: Moments: seconds of universal time since noon of 1 January 2000.
        lon: Longitude, degrees.
        lat: Latitude, degrees.

    Returns:
        Degrees above the horizon, below 0 under it; within 0.02 degree between 1950 and 2100.
    """
    t = (np.asarray(since_2000_s, np.float64) + _AHEAD_S) / _CENTURY_S
    mean_lon = 280.46646 + t * (36000.76983 + t * 0.0003032)
    anomaly = np.radians(357.52911 + t * (35999.05029 - t * 0.0001537))
    centre = (
        (1.914602 - t * (0.004817 + t * 0.000014)) * np.sin(anomaly)
        + (0.019993 - t * 0.000101) * np.sin(2 * anomaly)
        + 0.000289 * np.sin(3 * anomaly)
    )
    node = np.radians(125.04 - 1934.136 * t)
    apparent = np.radians(mean_lon + centre - 0.00569 - 0.00478 * np.sin(node))
    tilt = np.radians(23.439291 - t * (0.0130042 + t * (1.64e-7 - t * 5.04e-7)) + 0.00256 * np.cos(node))
    declination = np.arcsin(np.sin(tilt) * np.sin(apparent))
    ascension = np.arctan2(np.cos(tilt) * np.sin(apparent), np.cos(apparent))
    days = np.asarray(since_2000_s, np.float64) / 86_400
    sidereal = np.radians(280.46061837 + 360.98564736629 * days + lon)
    hour_angle = sidereal - ascension
    north = np.radians(lat)
    found: Floats = np.degrees(
        np.arcsin(
            np.sin(north) * np.sin(declination) + np.cos(north) * np.cos(declination) * np.cos(hour_angle)
        )
    )
    return found


def lights(
    start: datetime, end: datetime, lon: float, lat: float
) -> tuple[tuple[datetime, datetime, Light], ...]:
    """Cut a span into day, twilight and night.

    Args:
        start: From, with its zone.
        end: Before.
        lon: Longitude, degrees.
        lat: Latitude, degrees.

    Returns:
        Pieces in order that cover the span exactly, each edge within half a minute; neighbours differ.
    """
    first, last = ((edge - _J2000).total_seconds() for edge in (start, end))
    if last <= first:
        return ()
    at_s = np.append(np.arange(first, last, _STEP.total_seconds()), last)
    above = sun_height_deg(at_s, lon, lat)
    edges = [first, last]
    for limit in (SUNSET_DEG, DUSK_DEG):
        turns = np.flatnonzero((above[:-1] > limit) != (above[1:] > limit))
        low, high, was_up = at_s[turns], at_s[turns + 1], above[turns] > limit
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            is_before = (sun_height_deg(middle, lon, lat) > limit) == was_up
            low, high = np.where(is_before, middle, low), np.where(is_before, high, middle)
        edges += [float(edge) for edge in (low + high) / 2]
    edges.sort()
    pieces = list[tuple[datetime, datetime, Light]]()
    moments = [start, *(_J2000 + timedelta(seconds=round(edge)) for edge in edges[1:-1]), end]
    middles = sun_height_deg(np.array([sum(pair) / 2 for pair in pairwise(edges)]), lon, lat)
    for (begin, until), height in zip(pairwise(moments), middles, strict=True):
        light: Light = "day" if height > SUNSET_DEG else "twilight" if height > DUSK_DEG else "night"
        if begin >= until:
            continue
        if pieces and pieces[-1][2] == light:
            pieces[-1] = pieces[-1][0], until, light
        else:
            pieces.append((begin, until, light))
    return tuple(pieces)
