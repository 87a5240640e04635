"""Records of ASTERIX as plain values: every item under its number, every part under its name, quantities with their unit."""

from __future__ import annotations

from typing import Any

from asterix import base

_UNITS = {
    "NM": "nm", "°": "deg", "FL": "fl", "s": "s", "kt": "kt", "ft": "ft", "m": "m", "m/s": "mps", "NM/s": "nmps", "°/s": "degps",
    "%": "percent", "dBm": "dbm", "m/s²": "mps2", "ft/min": "ftpm", "hPa": "hpa", "mb": "mb", "°C": "degc", "Mach": "mach",
}  # fmt: skip


def items_of(record: Any, category: int) -> dict[str, Any]:
    """Return all items of a record.

    Args:
        record: A record of libasterix.
        category: Its category.

    Returns:
        ``I048/040`` and so on -> its value.
    """
    found = dict[str, Any]()
    for name, item in record.items_regular.items():
        _put(found, f"I{category:03d}/{name}", item.arg)
    return found


def _put(values: dict[str, Any], name: str, rule: Any) -> None:
    """Put what a rule holds under a name, with its unit behind it where it has one."""
    unit, value = _valued(getattr(rule, "arg", rule))
    values[f"{name}_{unit}" if unit else name] = value


def _valued(variation: Any) -> tuple[str, Any]:
    if isinstance(variation, base.Element):
        return _content(variation)
    if isinstance(variation, base.Group):
        return "", _parts(variation.arg)
    if isinstance(variation, base.Extended):
        return "", _parts([part for group in variation.arg for part in group])
    if isinstance(variation, base.Repetitive):
        return "", [_valued(one)[1] for one in variation.arg]
    if isinstance(variation, base.Compound):
        held = dict[str, Any]()
        for name, item in variation.arg.items():
            _put(held, name, item.arg)
        return "", held
    if isinstance(variation, base.Explicit):
        return "", variation.get_bytes().hex()
    # what it means depends on another item: its bits as a number
    return "", variation.bs.to_uinteger()


def _parts(parts: list[Any]) -> dict[str, Any]:
    held = dict[str, Any]()
    for part in parts:
        if isinstance(part, base.Item):
            _put(held, part.arg.cv_name, part.arg.arg)
    return held


def _content(element: Any) -> tuple[str, Any]:
    # where its meaning depends on another item there is none, and its bits stand as a number
    content = getattr(element, "content", None)
    if isinstance(content, base.ContentQuantity):
        unit = content.cv_unit
        value = content.as_quantity(unit)
        return _UNITS.get(unit, "".join(c for c in unit.lower() if c.isalnum())), round(float(value), 9)
    if isinstance(content, base.ContentString):
        return "", content.as_string().strip()
    if isinstance(content, base.ContentInteger):
        return "", content.as_integer()
    return "", element.as_uint()
