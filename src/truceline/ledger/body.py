"""How values stand in a payload, where there are no floats. Source: MODEL, The record.

A float under a coordinate's name becomes a whole number of 1e-7 degree under ``<name>_e7``, a probability one of 1e-6
under ``<name>_e6``, a float whose name ends in a unit a quantity ``{"value","unit"}``. `decode_body` turns these back.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from truceline.core.errors import InputError
from truceline.core.times import format_instant

_COORDINATES = frozenset({"lon", "lat", "lon_deg", "lat_deg", "coordinates"})
_UNITS = ("m", "km", "s", "deg", "mps")
_E7 = 10**7
_E6 = 10**6


def _is_probability(name: str) -> bool:
    return name == "p" or name.startswith("p_")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _scale(value: Any, factor: int, limit: float, name: str) -> Any:
    if isinstance(value, list | tuple):
        return [_scale(item, factor, limit, name) for item in value]
    if not _is_number(value) or not -limit <= value <= limit:
        raise InputError(
            "input.body", f"{value!r} is no {name}", where=name, todo=f"it lies within {limit:g}"
        )
    return round(value * factor)


def _field(name: str, value: Any) -> tuple[str, Any]:
    if name in _COORDINATES and (_is_number(value) or isinstance(value, list | tuple)):
        return f"{name}_e7", _scale(value, _E7, 180.0, name)
    if _is_probability(name) and _is_number(value):
        return f"{name}_e6", _scale(value, _E6, 1.0, name)
    unit = name.rpartition("_")[2]
    if isinstance(value, float) and unit in _UNITS:
        return name, {"value": format(Decimal(repr(value)), "f"), "unit": unit}
    return name, encode_body(value)


def encode_body(value: Any) -> Any:
    """Return a value as it stands in a payload.

    Args:
        value: Core dataclasses, mappings with string keys, lists, strings, numbers, decimals, instants, None.

    Returns:
        Dicts, lists, strings, whole numbers, booleans and None.

    Raises:
        InputError: A float whose name says no unit, a coordinate or probability out of range, or another type.
    """
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return format_instant(value)
    if is_dataclass(value) and not isinstance(value, type):
        return dict(_field(field.name, getattr(value, field.name)) for field in fields(value))
    if hasattr(value, "items"):
        return dict(_field(str(name), item) for name, item in value.items())
    if isinstance(value, list | tuple):
        return [encode_body(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    raise InputError(
        "input.body",
        f"{value!r} can not stand in a payload",
        todo="give a decimal, or a field named after its unit (…_m, lon, p_…)",
    )


def _unscale(value: Any, factor: int) -> Any:
    return [_unscale(item, factor) for item in value] if isinstance(value, list) else value / factor


def _read_field(name: str, value: Any) -> tuple[str, Any]:
    plain = name[:-3]
    if name.endswith("_e7") and plain in _COORDINATES:
        return plain, _unscale(value, _E7)
    if name.endswith("_e6") and _is_probability(plain):
        return plain, _unscale(value, _E6)
    is_sized = isinstance(value, dict) and set(value) == {"value", "unit"}
    if is_sized and value["unit"] in _UNITS and name.endswith("_" + value["unit"]):
        return name, float(value["value"])
    return name, decode_body(value)


def decode_body(value: Any) -> Any:
    """Turn a payload's body back into numbers; decimals and instants stay strings.

    Args:
        value: As `encode_body` gives it.

    Returns:
        The same shape with coordinates, probabilities and measured floats as numbers.
    """
    if isinstance(value, dict):
        return dict(_read_field(name, item) for name, item in value.items())
    if isinstance(value, list):
        return [decode_body(item) for item in value]
    return value
