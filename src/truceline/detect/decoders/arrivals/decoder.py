"""Reads tables of arrivals; the heading says which columns there are.

Columns: ``time`` (RFC 3339 with its offset, with as many digits of a second as the recorder has), ``post``, ``lon``, ``lat`` must be
there; ``kind`` (``acoustic`` or ``seismic``), ``sigma_s``, ``peak_pa`` and ``remark`` may be.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from truceline.core.blasts import KINDS
from truceline.core.detections import Sighting
from truceline.core.frames import Frame, Framing, Refused
from truceline.core.moments import seconds_of
from truceline.detect.ports import Decoder
from truceline.detect.tables import rows_of

FORMAT = "arrivals"
_NEEDED = ("time", "post", "lon", "lat")
_SIGMA_S = 0.02
_MOST_CELL = 200
_NUMBERS = {"lon": (-180.0, 180.0), "lat": (-90.0, 90.0), "sigma_s": (1e-6, 60.0), "peak_pa": (0.0, 1e7)}


class ArrivalsDecoder(Decoder):
    """Decodes tables with a heading; a second heading begins another table."""

    framing = Framing.WHOLE

    def sighting(self, frame: Frame) -> Sighting | None:
        """Return nothing: what one post heard is somewhere else."""
        del frame
        return None

    def decode(self, data: bytes, _received_s: float | None = None, /) -> Iterator[Frame | Refused]:
        """Read all rows; see `ports.Decoder`. Offsets are numbers of lines, from 1."""
        for number, row in rows_of(data, FORMAT, "post", _NEEDED):
            yield row if isinstance(row, Refused) else _row(number, row)


def _row(number: int, row: Mapping[str, str]) -> Frame | Refused:
    if any(len(cell) > _MOST_CELL for cell in row.values()) or not row["post"]:
        return Refused(
            number, "arrivals.post", f"no post is named, or a cell is longer than {_MOST_CELL}", "post"
        )
    kind = (row.get("kind") or KINDS[0]).lower()
    if kind not in KINDS:
        return Refused(number, "arrivals.kind", f"'{kind[:40]}' is none of {', '.join(KINDS)}", "kind")
    at_s = seconds_of(row["time"])
    if at_s is None:
        return Refused(
            number, "arrivals.time", f"'{row['time'][:40]}' is no time with its offset from UTC", "time"
        )
    values: dict[str, Any] = {"post": row["post"], "sigma_s": _SIGMA_S}
    for name, (least, most) in _NUMBERS.items():
        if not row.get(name) and name not in _NEEDED:
            continue
        try:
            value = float(row[name])
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            return Refused(
                number, "arrivals.number", f"'{row[name][:40]}' is not from {least:g} to {most:g}", name
            )
        values[name] = value
    if row.get("remark"):
        values["remark"] = row["remark"]
    return Frame(FORMAT, kind, number, at_s, values)
