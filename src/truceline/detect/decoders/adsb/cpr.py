"""Compact position reporting: 17 bits of latitude and longitude that two messages, or a known place, make whole.

Source: RTCA DO-260B, appendix A, A.1.7.
"""

from __future__ import annotations

import math

_ZONES = 15
_FULL = 1 << 17
MOST_LAT = 90.0


def zones_at(lat: float) -> int:
    """Return the number of longitude zones at a latitude.

    Args:
        lat: Degrees.

    Returns:
        From 59 at the equator to 1 at the poles.
    """
    lat = abs(lat)
    if lat < 1e-9:
        return 59
    if lat >= 87.0:
        return 2 if math.isclose(lat, 87.0) else 1
    part = 1 - (1 - math.cos(math.pi / (2 * _ZONES))) / math.cos(math.radians(lat)) ** 2
    return math.floor(2 * math.pi / math.acos(part))


def from_pair(
    even: tuple[int, int], odd: tuple[int, int], *, is_odd_newer: bool, on_ground: bool = False
) -> tuple[float, float] | None:
    """Return the place that an even and an odd message of one flight give together.

    Args:
        even: Encoded latitude and longitude of the even message.
        odd: Those of the odd message.
        is_odd_newer: Whether the odd one is the newer one, whose place is returned.
        on_ground: Surface positions leave four answers open; they are not decoded from a pair.

    Returns:
        Longitude and latitude in degrees; None where the two are of different zones, or of no place on Earth.
    """
    if on_ground:
        return None
    lat_even, lat_odd = even[0] / _FULL, odd[0] / _FULL
    zone = math.floor(59 * lat_even - 60 * lat_odd + 0.5)
    lats = [_signed(360 / 60 * (zone % 60 + lat_even)), _signed(360 / 59 * (zone % 59 + lat_odd))]
    if any(abs(lat) > MOST_LAT for lat in lats) or zones_at(lats[0]) != zones_at(lats[1]):
        return None
    newer = int(is_odd_newer)
    zones = zones_at(lats[newer])
    lon_even, lon_odd = even[1] / _FULL, odd[1] / _FULL
    column = math.floor(lon_even * (zones - 1) - lon_odd * zones + 0.5)
    columns = max(zones - newer, 1)
    lon = 360 / columns * (column % columns + (lon_odd if newer else lon_even))
    return (lon - 360 if lon >= 180 else lon), lats[newer]


def near(
    encoded: tuple[int, int], *, is_odd: bool, place: tuple[float, float], on_ground: bool = False
) -> tuple[float, float] | None:
    """Return the place that one message gives near a known one.

    Args:
        encoded: Encoded latitude and longitude.
        is_odd: Whether the message is an odd one.
        place: Longitude and latitude within half a zone: 180 nautical miles in the air, 45 on the ground.
        on_ground: Whether it is a surface position.

    Returns:
        Longitude and latitude in degrees; None where that is no place on Earth.
    """
    whole = 90.0 if on_ground else 360.0
    lat_part, lon_part = encoded[0] / _FULL, encoded[1] / _FULL
    step = whole / (59 if is_odd else 60)
    lat = step * (_whole(place[1], step, lat_part) + lat_part)
    if abs(lat) > MOST_LAT:
        return None
    step = whole / max(zones_at(lat) - is_odd, 1)
    lon = step * (_whole(place[0], step, lon_part) + lon_part)
    return (lon + 180) % 360 - 180, lat


def _whole(known: float, step: float, part: float) -> int:
    return math.floor(0.5 + known / step - part)


def _signed(lat: float) -> float:
    return lat - 360 if lat >= 270 else lat
