"""Reads tables of notified movements; the heading says which columns there are.

Columns: ``id``, ``kind``, ``from``, ``until`` (RFC 3339 with its offset) and ``route`` (``lon lat; lon lat``) must be there; ``by``,
``names`` (several with blanks between), ``within_km``, ``floor_m``, ``ceiling_m``, ``purpose`` and ``state`` (``notified`` or
``cancelled``) may be.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from truceline.core.detections import Sighting
from truceline.core.frames import Frame, Framing, Refused
from truceline.core.moments import seconds_of
from truceline.core.movements import KINDS, Movement
from truceline.detect.ports import Decoder
from truceline.detect.tables import rows_of

FORMAT = "movements"
_NEEDED = ("id", "kind", "from", "until", "route")
_BESIDE = ("by", "names", "within_km", "floor_m", "ceiling_m", "purpose", "state")
_STATES = ("notified", "cancelled")
_WITHIN_KM = 5.0
_LONGEST_S = 31 * 86_400.0
_MOST_CELL = 4_000
_NUMBERS = {"within_km": (0.01, 500.0), "floor_m": (-500.0, 40_000.0), "ceiling_m": (-500.0, 40_000.0)}


class MovementsDecoder(Decoder):
    """Decodes tables with a heading; a second heading begins another table."""

    framing = Framing.WHOLE

    def sighting(self, frame: Frame) -> Sighting | None:
        """Return nothing: a notice says where something will be, not where it is."""
        del frame
        return None

    def decode(self, data: bytes, _received_s: float | None = None, /) -> Iterator[Frame | Refused]:
        """Read all rows; see `ports.Decoder`. Offsets are numbers of lines, from 1."""
        for number, row in rows_of(data, FORMAT, "route", _NEEDED):
            yield row if isinstance(row, Refused) else _row(number, row)


def movement_of(frame: Frame) -> Movement:
    """Return the movement that a frame of this decoder notifies."""
    values = frame.values
    return Movement(
        values["id"], values["kind"], values["by"], tuple(values["names"]), values["from_s"], values["until_s"],
        tuple((lon, lat) for lon, lat in values["route"]), values["within_m"], values.get("floor_m"),
        values.get("ceiling_m"), values["purpose"], values["state"] == "cancelled",
    )  # fmt: skip


def _row(number: int, row: Mapping[str, str]) -> Frame | Refused:
    if any(len(cell) > _MOST_CELL for cell in row.values()):
        return Refused(number, "movements.row", f"a cell is longer than {_MOST_CELL} characters")
    if not row["id"] or len(row["id"]) > 80:
        return Refused(number, "movements.id", "the notice has no number, or one of over 80 characters", "id")
    if row["kind"].lower() not in KINDS:
        return Refused(
            number, "movements.kind", f"'{row['kind'][:40]}' is none of {', '.join(KINDS)}", "kind"
        )
    state = (row.get("state") or _STATES[0]).lower()
    if state not in _STATES:
        return Refused(
            number, "movements.state", f"'{state[:40]}' is neither {' nor '.join(_STATES)}", "state"
        )
    times = {name: seconds_of(row[name]) for name in ("from", "until")}
    for name, at_s in times.items():
        if at_s is None:
            return Refused(
                number, "movements.time", f"'{row[name][:40]}' is no time with its offset from UTC", name
            )
    from_s, until_s = times["from"] or 0.0, times["until"] or 0.0
    if not 0 < until_s - from_s <= _LONGEST_S:
        return Refused(
            number, "movements.time", "it ends before it begins, or lasts longer than a month", "until"
        )
    route = _route(row["route"])
    if not route:
        return Refused(
            number, "movements.route", f"'{row['route'][:40]}' is no way: write lon lat; lon lat", "route"
        )
    values: dict[str, Any] = {
        "id": row["id"], "kind": row["kind"].lower(), "state": state, "by": row.get("by", ""),
        "names": row.get("names", "").upper().split(), "from_s": from_s, "until_s": until_s, "route": route,
        "within_m": _WITHIN_KM * 1000, "purpose": row.get("purpose", ""),
    }  # fmt: skip
    for name, (least, most) in _NUMBERS.items():
        if not row.get(name):
            continue
        try:
            value = float(row[name])
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            return Refused(
                number, "movements.number", f"'{row[name][:40]}' is not from {least:g} to {most:g}", name
            )
        values["within_m" if name == "within_km" else name] = value * (1000 if name == "within_km" else 1)
    return Frame(FORMAT, values["kind"], number, None, values)


def _route(text: str) -> list[list[float]]:
    """Read corners; nothing where one of them is no place on Earth."""
    found = list[list[float]]()
    for corner in text.split(";"):
        parts = corner.split()
        try:
            lon, lat = (float(part) for part in parts)
        except ValueError:
            return []
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            return []
        found.append([lon, lat])
    return found
