"""Units of quantities, so that figures under two units are compared and never added by mistake."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its word, the base word it turns into, and the factor."""

    id: str
    base: str
    factor: Decimal


_ROWS = (
    ("hectare", "hectare", "1"),
    ("km2", "hectare", "100"),
    ("m", "m", "1"),
    ("km", "m", "1000"),
    ("day", "day", "1"),
    ("month", "month", "1"),
    ("year", "month", "12"),
)
UNITS: dict[str, Unit] = {row[0]: Unit(row[0], row[1], Decimal(row[2])) for row in _ROWS}


def to_base(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """Turn a figure into its base unit; a unit that counts things is its own base.

    Args:
        value: The figure.
        unit: Its unit, for example ``km2``.

    Returns:
        The figure in the base unit and that unit's word, for example 1500 and ``hectare`` for 15 km2.
    """
    row = UNITS.get(unit)
    return (value, unit) if row is None else (value * row.factor, row.base)
