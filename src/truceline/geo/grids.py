"""Grids: MGRS, UTM and Gauss-Krueger of 1942 turned into WGS 84, and the angle between a grid's north and true north.

pyproj of the extra 'cover' projects. Letters of MGRS: NGA.STND.0037 (2014), appendices. SK-42: GOST 32453-2017, table of
transformations to WGS 84; zones are six degrees wide, zone n has its meridian at 6n - 3 degrees east.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from truceline.core.errors import MissingExtraError
from truceline.core.watchlog import Spot

BANDS = "CDEFGHJKLMNPQRSTUVWX"
"""Letters of bands of eight degrees of latitude, from 80 degrees south; X has twelve."""
_COLUMNS = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_SQUARE_M = 100_000.0
_CYCLE_M = 2_000_000.0
_HELMERT = "+x=23.57 +y=-140.95 +z=-79.8 +rx=0 +ry=-0.35 +rz=-0.79 +s=-0.22 +convention=coordinate_frame"
SK42_ERROR_M = 10.0
"""By how much the shift of the datum may be wrong away from its home, metres."""
MILS = {"6400": 6400.0, "6000": 6000.0}
"""Names of the systems of mils, and how many of each make a circle."""


def degrees_of_mils(value: float, system: str) -> float:
    """Return degrees for mils.

    Args:
        value: Mils.
        system: A key of `MILS`.

    Returns:
        Degrees.
    """
    return value * 360.0 / MILS[system]


def utm_zone(spot: Spot) -> int:
    """Return the zone of UTM that holds a place, with the exceptions of Norway and Svalbard."""
    zone = int((spot.lon + 180.0) // 6) % 60 + 1
    if 56 <= spot.lat < 64 and 3 <= spot.lon < 12:
        return 32
    if 72 <= spot.lat <= 84 and 0 <= spot.lon < 42:
        return 31 if spot.lon < 9 else 33 if spot.lon < 21 else 35 if spot.lon < 33 else 37
    return zone


def band_of(lat: float) -> str:
    """Return the letter of the band that holds a latitude between 80 degrees south and 84 north."""
    return BANDS[min(int((lat + 80) // 8), len(BANDS) - 1)]


def from_utm(zone: int, east_m: float, north_m: float, *, is_south: bool = False) -> Spot:
    """Return the place of UTM coordinates.

    Args:
        zone: 1 to 60.
        east_m: Easting, metres.
        north_m: Northing, metres; south of the equator with its false ten million.
        is_south: Whether it lies south of the equator.

    Returns:
        The place.

    Raises:
        ValueError: The numbers lie in no zone of UTM.
        MissingExtraError: The extra 'cover' is not installed.
    """
    if not 1 <= zone <= 60:
        raise ValueError(f"there is no zone {zone}: zones are 1 to 60")
    if not 100_000 <= east_m < 900_000:
        raise ValueError(f"an easting of UTM lies between 100000 and 900000, not {east_m:.0f}")
    if not 0 <= north_m <= 10_000_000:
        raise ValueError(f"a northing of UTM lies between 0 and 10000000, not {north_m:.0f}")
    lon, lat = _utm(zone)(east_m, north_m - (10_000_000 if is_south else 0), inverse=True)
    return _spot(lon, lat)


def to_utm(spot: Spot, zone: int | None = None) -> tuple[int, float, float]:
    """Return zone, easting and northing of a place in metres; the northing is negative south of the equator."""
    zone = zone or utm_zone(spot)
    east_m, north_m = _utm(zone)(spot.lon, spot.lat)
    return zone, float(east_m), float(north_m)


def from_mgrs(zone: int, band: str, square: str, digits: str) -> tuple[Spot, float]:
    """Return the middle of a square of MGRS.

    Args:
        zone: 1 to 60.
        band: Letter of the band of latitude.
        square: Two letters of the square of 100 km.
        digits: An even number of digits, at most ten; half of them are the easting.

    Returns:
        Its middle, and its width in metres.

    Raises:
        ValueError: There is no such square.
        MissingExtraError: The extra 'cover' is not installed.
    """
    half = len(digits) // 2
    if len(digits) % 2 or not 1 <= half <= 5:
        raise ValueError(f"a grid reference has 2, 4, 6, 8 or 10 digits, not {len(digits)}")
    if not 1 <= zone <= 60 or band not in BANDS:
        raise ValueError(f"there is no grid zone {zone}{band}")
    column, row = _COLUMNS[zone % 3].find(square[0]), _ROWS.find(square[1])
    if column < 0 or row < 0:
        raise ValueError(f"there is no square {square} in zone {zone}")
    row = (row - (0 if zone % 2 else 5)) % len(_ROWS)
    width_m = 10.0 ** (5 - half)
    east_m = (column + 1) * _SQUARE_M + int(digits[:half]) * width_m + width_m / 2
    part_m = row * _SQUARE_M + int(digits[half:]) * width_m + width_m / 2
    south = BANDS.index(band) * 8 - 80
    north = south + (12 if band == "X" else 8)
    for cycle in range(-5, 6):
        north_m = part_m + cycle * _CYCLE_M
        lon, lat = _utm(zone)(east_m, north_m, inverse=True)
        # The middle of a square may lie beyond the edge that its zone cuts it at; a degree is shorter near a pole.
        slack = width_m / 111_000 + 1e-6
        aside = abs((lon - (6 * zone - 183) + 180.0) % 360.0 - 180.0)
        is_in_zone = aside <= 3.0 + slack / math.cos(math.radians(lat)) + _wide(zone, band)
        if is_in_zone and south - slack <= lat <= north + slack:
            return _spot(lon, lat), width_m
    raise ValueError(f"the square {square} does not lie in the grid zone {zone}{band}")


def to_mgrs(spot: Spot, half: int = 5) -> str:
    """Return the grid reference of a place, cut and not rounded, as grid references are.

    Args:
        spot: The place, between 80 degrees south and 84 north.
        half: Digits of easting and of northing each, 1 to 5.

    Returns:
        For example ``38SMJ2045605123``.
    """
    zone, east_m, north_m = to_utm(spot)
    column = _COLUMNS[zone % 3][int(east_m // _SQUARE_M) - 1]
    row = _ROWS[(int(north_m // _SQUARE_M) + (0 if zone % 2 else 5)) % len(_ROWS)]
    parts = (f"{math.floor(value) % 100_000 // 10 ** (5 - half):0{half}d}" for value in (east_m, north_m))
    return f"{zone}{band_of(spot.lat)}{column}{row}{''.join(parts)}"


def from_sk42(north_m: float, east_m: float) -> Spot:
    """Return the place of full Gauss-Krueger coordinates of the system of 1942.

    Args:
        north_m: X: metres from the equator.
        east_m: Y: metres, the zone in front of six digits, for example 8520456 in zone 8.

    Returns:
        The place on WGS 84.

    Raises:
        ValueError: The numbers lie in no zone.
        MissingExtraError: The extra 'cover' is not installed.
    """
    zone, within_m = divmod(east_m, 1_000_000)
    if not 1 <= zone <= 60 or not 100_000 <= within_m < 900_000:
        raise ValueError(f"Y {east_m:.0f} lies in no zone of six degrees")
    if not 0 <= north_m <= 9_400_000:
        raise ValueError(f"X {north_m:.0f} does not lie between the equator and the pole")
    lon, lat = _sk42_zone(int(zone)).transform(east_m, north_m)
    return _spot(lon, lat)


def to_sk42(spot: Spot, zone: int | None = None) -> tuple[float, float]:
    """Return X and Y of a place in the system of 1942, the zone in front of Y.

    Args:
        spot: The place on WGS 84.
        zone: The zone; None takes the one that holds it.

    Returns:
        X and Y, metres.
    """
    zone = zone or int(spot.lon // 6) % 60 + 1
    east_m, north_m = _sk42_zone(zone).transform(spot.lon, spot.lat, direction="INVERSE")
    return float(north_m), float(east_m)


def from_sk42_degrees(spot: Spot) -> Spot:
    """Return on WGS 84 a place whose degrees were read off a map of the system of 1942."""
    lon, lat = _sk42_degrees().transform(spot.lon, spot.lat)
    return _spot(lon, lat)


def convergence_deg(spot: Spot) -> float:
    """Return by how many degrees the grid's north lies clockwise of true north, in the place's own zone of six degrees."""
    meridian = 6 * utm_zone(spot) - 183
    return math.degrees(
        math.atan(math.tan(math.radians(spot.lon - meridian)) * math.sin(math.radians(spot.lat)))
    )


def _wide(zone: int, band: str) -> float:
    """How much further than three degrees a zone may reach about Norway and Svalbard."""
    return 6.0 if (band == "V" and zone in {31, 32}) or (band == "X" and zone in {31, 33, 35, 37}) else 0.0


def _spot(lon: float, lat: float) -> Spot:
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise ValueError("there is no such place")
    return Spot((lon + 180.0) % 360.0 - 180.0, lat)


@cache
def _utm(zone: int) -> Any:
    return _pyproj().Proj(f"+proj=utm +zone={zone} +ellps=WGS84")


_TO_WGS84 = f"+step +proj=cart +ellps=krass +step +proj=helmert {_HELMERT} +step +inv +proj=cart +ellps=WGS84"
_OUT = "+step +proj=unitconvert +xy_in=rad +xy_out=deg"


@cache
def _sk42_zone(zone: int) -> Any:
    plane = f"+step +inv +proj=tmerc +lat_0=0 +lon_0={6 * zone - 3} +k=1 +x_0={zone * 1_000_000 + 500_000} +y_0=0 +ellps=krass"
    return _pyproj().Transformer.from_pipeline(f"+proj=pipeline {plane} {_TO_WGS84} {_OUT}")


@cache
def _sk42_degrees() -> Any:
    into = "+step +proj=unitconvert +xy_in=deg +xy_out=rad"
    return _pyproj().Transformer.from_pipeline(f"+proj=pipeline {into} {_TO_WGS84} {_OUT}")


def _pyproj() -> Any:
    try:
        import pyproj  # noqa: PLC0415 - the extra 'cover'
    except ImportError as error:
        raise MissingExtraError(
            "extra.cover", "grids need the extra 'cover'", todo='pip install "truceline[cover]"'
        ) from error
    return pyproj
