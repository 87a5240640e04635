"""Reads tables of notified movements; the heading says which columns there are.

Columns: ``id``, ``kind``, ``from``, ``until`` (RFC 3339 with its offset) and ``route`` (``lon lat; lon lat``) must be there; ``by``,
``names`` (several with blanks between), ``within_km``, ``floor_m``, ``ceiling_m``, ``purpose`` and ``state`` (``notified`` or
``cancelled``) may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from truceline.core.frames import Frame, Refused
from truceline.core.moments import seconds_of
from truceline.core.movements import KINDS, Movement
from truceline.detect.tables import Ranges, Row, TableDecoder

FORMAT = "movements"
_STATES = ("notified", "cancelled")
_WITHIN_KM = 5.0
_LONGEST_S = 31 * 86_400.0


class MovementsDecoder(TableDecoder):
    """Decodes tables of notices."""

    format, mark, needed = FORMAT, "route", ("id", "kind", "from", "until", "route")
    numbers: ClassVar[Ranges] = {
        "within_km": (0.01, 500.0),
        "floor_m": (-500.0, 40_000.0),
        "ceiling_m": (-500.0, 40_000.0),
    }
    most_cell = 4_000

    def row(self, number: int, row: Row, numbers: Mapping[str, float]) -> Frame | Refused:
        """Read a row; see `tables.TableDecoder`."""
        problem = _problem(row)
        if problem is not None:
            return Refused(number, *problem)
        from_s, until_s = seconds_of(row["from"]) or 0.0, seconds_of(row["until"]) or 0.0
        if not 0 < until_s - from_s <= _LONGEST_S:
            why = "it ends before it begins, or lasts longer than a month"
            return Refused(number, "movements.time", why, "until")
        route = _route(row["route"])
        if not route:
            why = f"'{row['route'][:40]}' is no way: write lon lat; lon lat"
            return Refused(number, "movements.route", why, "route")
        values: dict[str, Any] = {
            "id": row["id"], "kind": row["kind"].lower(), "state": _state(row), "by": row.get("by", ""),
            "names": row.get("names", "").upper().split(), "from_s": from_s, "until_s": until_s, "route": route,
            "within_m": 1000 * numbers.get("within_km", _WITHIN_KM), "purpose": row.get("purpose", ""),
            **{name: numbers[name] for name in ("floor_m", "ceiling_m") if name in numbers},
        }  # fmt: skip
        return Frame(FORMAT, values["kind"], number, None, values)


def movement_of(frame: Frame) -> Movement:
    """Return the movement that a frame of this decoder notifies."""
    values = frame.values
    return Movement(
        values["id"], values["kind"], values["by"], tuple(values["names"]), values["from_s"], values["until_s"],
        tuple((lon, lat) for lon, lat in values["route"]), values["within_m"], values.get("floor_m"),
        values.get("ceiling_m"), values["purpose"], values["state"] == "cancelled",
    )  # fmt: skip


def _state(row: Row) -> str:
    return (row.get("state") or _STATES[0]).lower()


def _problem(row: Row) -> tuple[str, str, str] | None:
    """Say what is wrong with the words of a row: code, why, column."""
    if not row["id"] or len(row["id"]) > 80:
        return "movements.id", "the notice has no number, or one of over 80 characters", "id"
    if row["kind"].lower() not in KINDS:
        return "movements.kind", f"'{row['kind'][:40]}' is none of {', '.join(KINDS)}", "kind"
    if _state(row) not in _STATES:
        return "movements.state", f"'{_state(row)[:40]}' is neither {' nor '.join(_STATES)}", "state"
    for name in ("from", "until"):
        if seconds_of(row[name]) is None:
            return "movements.time", f"'{row[name][:40]}' is no time with its offset from UTC", name
    return None


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
