"""Moments as sensors' tables write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)\Z")
_MOST_S = 2**33


def seconds_of(text: str) -> float | None:
    """Return a moment in seconds since 1970 (UTC).

    Args:
        text: RFC 3339 with its offset; seconds and their fraction may be left out.

    Returns:
        Seconds; None where it is no such moment.
    """
    found = _TIME.match(text)
    if not found:
        return None
    day, clock, second, fraction, offset = found.groups()
    try:
        whole = datetime.fromisoformat(f"{day}T{clock}:{second or '00'}{offset}").astimezone(UTC).timestamp()
    except (ValueError, OverflowError):
        return None
    at_s = whole + float(fraction or 0)
    return at_s if 0 <= at_s < _MOST_S else None
