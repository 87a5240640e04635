"""Extended squitters of a simulated flight, written bit by bit from what they are to say."""

from __future__ import annotations

import math
from collections.abc import Iterator

from truceline.detect.decoders.adsb import cpr
from truceline.detect.decoders.adsb.decoder import parity
from truceline.detect.decoders.adsb.messages import LETTERS


def squitter(message: int, address: int) -> bytes:
    """Return a whole frame of downlink format 17.

    Args:
        message: Its 56 bits.
        address: The aircraft's 24 bits.

    Returns:
        14 bytes, the parity among them.
    """
    data = b"\x8d" + address.to_bytes(3, "big") + message.to_bytes(7, "big")
    return data + parity(data + bytes(3)).to_bytes(3, "big")


def position(lon: float, lat: float, altitude_ft: int, *, is_odd: bool) -> int:
    """Return the bits of an airborne position.

    Args:
        lon: Degrees.
        lat: Degrees.
        altitude_ft: By steps of 25, from -1000.
        is_odd: Which of the two grids of zones it is written in.

    Returns:
        56 bits.
    """
    step = 360 / (60 - is_odd)
    y = math.floor(2**17 * lat / step + 0.5)
    across = 360 / max(cpr.zones_at(step * y / 2**17) - is_odd, 1)
    x = math.floor(2**17 * lon / across + 0.5)
    steps = (altitude_ft + 1000) // 25
    code = steps >> 4 << 5 | 1 << 4 | steps & 15
    return 11 << 51 | code << 36 | is_odd << 34 | y % 2**17 << 17 | x % 2**17


def velocity(east_kt: int, north_kt: int, climb_ftpm: int) -> int:
    """Return the bits of a velocity over the ground.

    Args:
        east_kt: Knots, within 1,021 of 0.
        north_kt: Likewise.
        climb_ftpm: Feet a minute, by steps of 64.

    Returns:
        56 bits.
    """
    bits = 19 << 51 | 1 << 48
    bits |= (east_kt < 0) << 42 | (abs(east_kt) + 1) << 32
    bits |= (north_kt < 0) << 31 | (abs(north_kt) + 1) << 21
    return bits | (climb_ftpm < 0) << 19 | (abs(climb_ftpm) // 64 + 1) << 10


def identification(callsign: str) -> int:
    """Return the bits of a callsign of at most eight letters and digits."""
    bits = 4 << 51
    for at, letter in enumerate(callsign.upper().ljust(8)):
        bits |= LETTERS.index(letter) << 42 - 6 * at
    return bits


def flight(count: int, address: int = 0x4B1A2C) -> Iterator[tuple[float, bytes]]:
    """Give the squitters of a flight that turns once round Shushi at 200 knots.

    Args:
        count: Frames.
        address: The aircraft's.

    Yields:
        Seconds since 1970, and a frame.
    """
    for number in range(count):
        at_s, course = number * 0.5, math.radians(number * 0.25)
        lon, lat = (
            46.75 + 0.3 * math.cos(course) / math.cos(math.radians(39.8)),
            39.8 + 0.3 * math.sin(course),
        )
        kind = number % 5
        if kind == 4:
            message = identification("PEACE118")
        elif kind == 3:
            message = velocity(
                round(-200 * math.sin(course)), round(200 * math.cos(course)), 64 * (number % 7 - 3)
            )
        else:
            message = position(lon, lat, 9000 + 25 * (number % 40), is_odd=bool(number % 2))
        yield 1_605_500_000.0 + at_s, squitter(message, address)
