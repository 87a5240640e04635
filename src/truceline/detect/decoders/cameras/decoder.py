"""Reads tables of what cameras were doing; the heading says which columns there are.

Columns: ``time`` (RFC 3339 with its offset), ``camera`` and ``state`` (``on``, ``off``, ``blocked``) must be there; ``lon``, ``lat``,
``range_m``, ``night_range_m`` and ``reason`` may be. A state holds until the next row of the same camera.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from truceline.core.detections import Sighting
from truceline.core.frames import Frame, Framing, Refused
from truceline.core.moments import seconds_of
from truceline.detect.ports import Decoder
from truceline.detect.tables import rows_of

FORMAT = "cameras"
ON = "on"
STATES = (ON, "off", "blocked")
_NEEDED = ("time", "camera", "state")
_MOST_CELL = 200
_NUMBERS = {
    "lon": (-180.0, 180.0),
    "lat": (-90.0, 90.0),
    "range_m": (0.0, 100_000.0),
    "night_range_m": (0.0, 100_000.0),
}


class CamerasDecoder(Decoder):
    """Decodes tables with a heading; a second heading begins another table."""

    framing = Framing.WHOLE

    def sighting(self, frame: Frame) -> Sighting | None:
        """Return nothing: a camera's state is nothing that moves."""
        del frame
        return None

    def decode(self, data: bytes, _received_s: float | None = None, /) -> Iterator[Frame | Refused]:
        """Read all rows; see `ports.Decoder`. Offsets are numbers of lines, from 1."""
        for number, row in rows_of(data, FORMAT, "camera", _NEEDED):
            yield row if isinstance(row, Refused) else _row(number, row)


def _row(number: int, row: Mapping[str, str]) -> Frame | Refused:
    if any(len(cell) > _MOST_CELL for cell in row.values()) or not row["camera"]:
        return Refused(
            number, "cameras.camera", f"no camera is named, or a cell is longer than {_MOST_CELL}", "camera"
        )
    state = row["state"].lower()
    if state not in STATES:
        return Refused(number, "cameras.state", f"'{state[:40]}' is none of {', '.join(STATES)}", "state")
    at_s = seconds_of(row["time"])
    if at_s is None:
        return Refused(
            number, "cameras.time", f"'{row['time'][:40]}' is no time with its offset from UTC", "time"
        )
    values: dict[str, Any] = {"camera": row["camera"], "state": state}
    for name, (least, most) in _NUMBERS.items():
        if not row.get(name):
            continue
        try:
            value = float(row[name])
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            return Refused(
                number, "cameras.number", f"'{row[name][:40]}' is not from {least:g} to {most:g}", name
            )
        values[name] = value
    if ("lon" in values) != ("lat" in values):
        return Refused(number, "cameras.place", "one of lon and lat is missing", "lon")
    if row.get("reason"):
        values["reason"] = row["reason"]
    return Frame(FORMAT, state, number, at_s, values)
