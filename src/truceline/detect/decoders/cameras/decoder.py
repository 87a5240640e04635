"""Reads tables of what cameras were doing; the heading says which columns there are.

Columns: ``time`` (RFC 3339 with its offset), ``camera`` and ``state`` (``on``, ``off``, ``blocked``) must be there; ``lon``, ``lat``,
``range_m``, ``night_range_m`` and ``reason`` may be. A state holds until the next row of the same camera.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from truceline.core.frames import Frame, Refused
from truceline.core.moments import seconds_of
from truceline.detect.tables import Ranges, Row, TableDecoder

FORMAT = "cameras"
ON = "on"
STATES = (ON, "off", "blocked")


class CamerasDecoder(TableDecoder):
    """Decodes tables of states."""

    format, mark, needed = FORMAT, "camera", ("time", "camera", "state")
    numbers: ClassVar[Ranges] = {
        "lon": (-180.0, 180.0), "lat": (-90.0, 90.0), "range_m": (0.0, 100_000.0), "night_range_m": (0.0, 100_000.0),
    }  # fmt: skip

    def row(self, number: int, row: Row, numbers: Mapping[str, float]) -> Frame | Refused:
        """Read a row; see `tables.TableDecoder`."""
        if not row["camera"]:
            return Refused(number, "cameras.camera", "no camera is named", "camera")
        state = row["state"].lower()
        if state not in STATES:
            return Refused(number, "cameras.state", f"'{state[:40]}' is none of {', '.join(STATES)}", "state")
        at_s = seconds_of(row["time"])
        if at_s is None:
            why = f"'{row['time'][:40]}' is no time with its offset from UTC"
            return Refused(number, "cameras.time", why, "time")
        if ("lon" in numbers) != ("lat" in numbers):
            return Refused(number, "cameras.place", "one of lon and lat is missing", "lon")
        values: dict[str, Any] = {"camera": row["camera"], "state": state, **numbers}
        if row.get("reason"):
            values["reason"] = row["reason"]
        return Frame(FORMAT, state, number, at_s, values)
