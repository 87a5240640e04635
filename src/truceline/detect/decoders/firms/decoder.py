"""Reads tables of hot spots; the heading says which columns there are."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from truceline.core.detections import Sighting
from truceline.core.frames import Frame, Framing, Refused
from truceline.detect.ports import Decoder
from truceline.detect.tables import rows_of

FORMAT = "firms"
_NUMBERS = {
    "latitude": "lat", "longitude": "lon", "bright_ti4": "brightness_k", "brightness": "brightness_k",
    "bright_ti5": "brightness_far_k", "bright_t31": "brightness_far_k", "scan": "scan_km", "track": "track_km",
    "frp": "power_mw",
}  # fmt: skip
_WORDS = {"satellite": "satellite", "instrument": "instrument", "version": "version", "type": "spot_type"}
_NEEDED = ("latitude", "longitude", "acq_date", "acq_time")
_LEVELS = {"l": "low", "n": "nominal", "h": "high", "low": "low", "nominal": "nominal", "high": "high"}
_RANGES = {"lat": 90.0, "lon": 180.0}
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?\Z|(\d{1,4})\Z")
_MOST_FIELD = 1000


class FirmsDecoder(Decoder):
    """Decodes tables with a heading; a second heading begins another table."""

    framing = Framing.WHOLE

    def sighting(self, frame: Frame) -> Sighting | None:
        """Return where a spot is; it lies anywhere in its pixel; see `ports.Decoder`."""
        values = frame.values
        side_km = max(values.get("scan_km", 0.0), values.get("track_km", 0.0))
        return Sighting(frame.at_s, values["lon"], values["lat"], side_km * 1000 / math.sqrt(12) or None)

    def decode(self, data: bytes, _received_s: float | None = None, /) -> Iterator[Frame | Refused]:
        """Read all rows; see `ports.Decoder`. Offsets are numbers of lines, from 1."""
        for number, row in rows_of(data, FORMAT, "latitude", _NEEDED):
            yield row if isinstance(row, Refused) else _row(number, row)


def _row(number: int, row: dict[str, str]) -> Frame | Refused:
    if any(len(cell) > _MOST_FIELD for cell in row.values()):
        return Refused(number, "firms.row", f"a cell is longer than {_MOST_FIELD} characters")
    values: dict[str, Any] = {}
    for name, under in _NUMBERS.items():
        if row.get(name, "") == "" and name not in _NEEDED:
            continue
        try:
            value = float(row[name])
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or abs(value) > _RANGES.get(under, 1e6):
            return Refused(number, "firms.number", f"'{row[name][:40]}' cannot be", name)
        values[under] = value
    at_s = _moment(row["acq_date"], row["acq_time"])
    if at_s is None:
        return Refused(
            number, "firms.time", f"'{row['acq_date'][:20]} {row['acq_time'][:20]}' is no moment", "acq_time"
        )
    values |= {under: row[name] for name, under in _WORDS.items() if row.get(name)}
    if row.get("daynight"):
        values["is_day"] = row["daynight"].upper() == "D"
    if confidence := row.get("confidence", "").lower():
        if confidence in _LEVELS:
            values["confidence"] = _LEVELS[confidence]
        elif confidence.isdecimal() and int(confidence) <= 100:
            values["confidence_percent"] = int(confidence)
        else:
            return Refused(number, "firms.confidence", f"'{confidence[:40]}' is no confidence", "confidence")
    return Frame(FORMAT, "viirs" if "bright_ti4" in row else "modis", number, at_s, values)


def _moment(day: str, clock: str) -> float | None:
    """Seconds since 1970; a clock is written 13:05, 13:05:00, 1305, or with its leading zeros lost."""
    found = _CLOCK.match(clock)
    if not found:
        return None
    hour, minute, second, digits = found.groups()
    if digits is not None:
        hour, minute = digits.zfill(4)[:2], digits.zfill(4)[2:]
    try:
        at = datetime.strptime(day, "%Y-%m-%d").replace(
            hour=int(hour), minute=int(minute), second=int(second or 0), tzinfo=UTC
        )
    except ValueError:
        return None
    return at.timestamp()
