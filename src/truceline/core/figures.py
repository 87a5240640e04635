"""Numbers as tables write them."""

from __future__ import annotations


def number_within(text: str, least: float, most: float) -> float | None:
    """Read a number.

    Args:
        text: What stands in a cell.
        least: The least that it may be.
        most: The most.

    Returns:
        The number; None where the text is none, or one outside these bounds.
    """
    try:
        value = float(text)
    except ValueError:
        return None
    return value if least <= value <= most else None
