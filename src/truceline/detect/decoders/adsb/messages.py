"""What the 56 bits of an extended squitter say, by their type code. Source: RTCA DO-260B, 2.2.3.2; ICAO Doc 9871, appendix A."""

from __future__ import annotations

import math
from typing import Any

KNOT_MPS = 1852 / 3600
FOOT_M = 0.3048
LETTERS = "#ABCDEFGHIJKLMNOPQRSTUVWXYZ##### ###############0123456789######"
"""Letters by their six bits; ``#`` stands for none."""
EMERGENCIES = ("none", "general", "medical", "minimum fuel", "no radio", "interference", "downed", "reserved")


CONTAINMENT_M = {
    **dict(zip(range(9, 18), (7.5, 25.0, 185.2, 370.4, 1111.2, 1852.0, 3704.0, 14816.0, 37040.0), strict=True)),
    18: math.inf, 20: 7.5, 21: 25.0, 22: math.inf, 5: 7.5, 6: 25.0, 7: 185.2, 8: math.inf,
}  # fmt: skip
"""Type code of a position -> radius within which it lies for all but certain, the larger where a supplement would tell them
apart; infinite is unknown. Source: DO-260B, table 2-69."""


def kind_of(code: int) -> str:
    """Return what a type code stands for."""
    if 1 <= code <= 4:
        return "identification"
    if 5 <= code <= 8:
        return "surface_position"
    if 9 <= code <= 18 or 20 <= code <= 22:
        return "airborne_position"
    return {19: "velocity", 28: "status", 29: "target_state", 31: "operation_status"}.get(code, "other")


def read(code: int, bits: int) -> dict[str, Any]:
    """Read a message's own values; a position's encoded latitude and longitude are left to `cpr`.

    Args:
        code: The type code.
        bits: All 56 bits as a number.

    Returns:
        The values; what is not available is absent.
    """
    kind = kind_of(code)
    if kind == "identification":
        letters = "".join(LETTERS[bits >> shift & 0x3F] for shift in range(42, -1, -6))
        return {
            "callsign": letters.replace("#", "").strip(),
            "category": f"{'DCBA'[code - 1]}{bits >> 48 & 7}",
        }
    if kind == "airborne_position":
        name = "height_m" if code >= 20 else "altitude_m"
        feet = altitude_ft(bits >> 36 & 0xFFF)
        return {} if feet is None else {name: round(feet * FOOT_M, 2), "altitude_ft": feet}
    if kind == "surface_position":
        return _on_ground(bits)
    if kind == "velocity":
        return _velocity(bits)
    if kind == "status" and bits >> 48 & 7 == 1:
        return {"emergency": EMERGENCIES[bits >> 45 & 7], "squawk": _squawk(bits >> 32 & 0x1FFF)}
    if kind == "operation_status":
        return {"version": bits >> 13 & 7}
    return {}


def altitude_ft(code: int) -> int | None:
    """Return the altitude of a 12-bit code, by steps of 25 feet or in Gillham's code of hundreds.

    Args:
        code: The bits, without the M bit.

    Returns:
        Feet; None where the code says that there is none, or is none.
    """
    if code == 0:
        return None
    if code >> 4 & 1:
        return ((code >> 5) << 4 | code & 15) * 25 - 1000
    c1, a1, c2, a2, c4, a4, b1, _, b2, d2, b4, d4 = (code >> shift & 1 for shift in range(11, -1, -1))
    fives = _from_gray([d2, d4, a1, a2, a4, b1, b2, b4])
    ones = _from_gray([c1, c2, c4])
    if ones in {0, 5, 6}:
        return None
    ones = 5 if ones == 7 else ones
    if fives % 2:
        ones = 6 - ones
    return 500 * fives + 100 * ones - 1300


def _from_gray(bits: list[int]) -> int:
    value = last = 0
    for bit in bits:
        last ^= bit
        value = value << 1 | last
    return value


def _squawk(code: int) -> str:
    c1, a1, c2, a2, c4, a4, _, b1, d1, b2, d2, b4, d4 = (code >> shift & 1 for shift in range(12, -1, -1))
    digits = ((a4, a2, a1), (b4, b2, b1), (c4, c2, c1), (d4, d2, d1))
    return "".join(str(four << 2 | two << 1 | one) for four, two, one in digits)


def _on_ground(bits: int) -> dict[str, Any]:
    values: dict[str, Any] = {"on_ground": True}
    speed = _ground_speed(bits >> 44 & 0x7F)
    if speed is not None:
        values["speed_mps"] = round(speed * KNOT_MPS, 3)
    if bits >> 43 & 1:
        values["track_deg"] = round((bits >> 36 & 0x7F) * 360 / 128, 3)
    return values


def _ground_speed(code: int) -> float | None:
    """Knots: 1 stands, 124 is 175 and more, and between them the steps grow."""
    if code in {0, 125, 126, 127}:
        return None
    if code == 1:
        return 0.0
    if code == 124:
        return 175.0
    edges = (
        (2, 0.125, 0.125),
        (9, 1.0, 0.25),
        (13, 2.0, 0.5),
        (39, 15.0, 1.0),
        (94, 70.0, 2.0),
        (109, 100.0, 5.0),
    )
    first, base, step = next(edge for edge in reversed(edges) if code >= edge[0])
    return base + (code - first) * step


def _velocity(bits: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    subtype = bits >> 48 & 7
    scale = 4 if subtype in {2, 4} else 1
    if subtype in {1, 2}:
        east, north = bits >> 32 & 0x3FF, bits >> 21 & 0x3FF
        if east and north:
            v_east = (east - 1) * scale * (-1 if bits >> 42 & 1 else 1)
            v_north = (north - 1) * scale * (-1 if bits >> 31 & 1 else 1)
            values["v_east_mps"], values["v_north_mps"] = (round(v * KNOT_MPS, 3) for v in (v_east, v_north))
            values["speed_kt"] = round(math.hypot(v_east, v_north), 3)
            values["track_deg"] = round(math.degrees(math.atan2(v_east, v_north)) % 360, 3)
    elif subtype in {3, 4}:
        if bits >> 42 & 1:
            values["heading_deg"] = round((bits >> 32 & 0x3FF) * 360 / 1024, 3)
        if speed := bits >> 21 & 0x3FF:
            name = "true_airspeed_kt" if bits >> 31 & 1 else "indicated_airspeed_kt"
            values[name] = (speed - 1) * scale
    if subtype in {1, 2, 3, 4} and (rate := bits >> 10 & 0x1FF):
        values["climb_ftpm"] = (rate - 1) * 64 * (-1 if bits >> 19 & 1 else 1)
        values["climb_mps"] = round(values["climb_ftpm"] * FOOT_M / 60, 3)
    return values
