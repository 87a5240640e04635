"""Reads tables of arrivals; the heading says which columns there are.

Columns: ``time`` (RFC 3339 with its offset, with as many digits of a second as the recorder has), ``post``, ``lon``, ``lat`` must be
there; ``kind`` (``acoustic`` or ``seismic``), ``sigma_s``, ``peak_pa`` and ``remark`` may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from truceline.core.blasts import KINDS
from truceline.core.frames import Frame, Refused
from truceline.core.moments import seconds_of
from truceline.detect.tables import Ranges, Row, TableDecoder

FORMAT = "arrivals"
_SIGMA_S = 0.02


class ArrivalsDecoder(TableDecoder):
    """Decodes tables of arrivals."""

    format, mark, needed = FORMAT, "post", ("time", "post", "lon", "lat")
    numbers: ClassVar[Ranges] = {
        "lon": (-180.0, 180.0),
        "lat": (-90.0, 90.0),
        "sigma_s": (1e-6, 60.0),
        "peak_pa": (0.0, 1e7),
    }

    def row(self, number: int, row: Row, numbers: Mapping[str, float]) -> Frame | Refused:
        """Read a row; see `tables.TableDecoder`."""
        if not row["post"]:
            return Refused(number, "arrivals.post", "no post is named", "post")
        kind = (row.get("kind") or KINDS[0]).lower()
        if kind not in KINDS:
            return Refused(number, "arrivals.kind", f"'{kind[:40]}' is none of {', '.join(KINDS)}", "kind")
        at_s = seconds_of(row["time"])
        if at_s is None:
            why = f"'{row['time'][:40]}' is no time with its offset from UTC"
            return Refused(number, "arrivals.time", why, "time")
        values: dict[str, Any] = {"post": row["post"], "sigma_s": _SIGMA_S, **numbers}
        if row.get("remark"):
            values["remark"] = row["remark"]
        return Frame(FORMAT, kind, number, at_s, values)
