"""Hot spots out of files, held against the season of their cells."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from truceline.app.decoding import decode_files
from truceline.core.errors import InputError
from truceline.core.figures import number_within
from truceline.core.frames import Frame, Refused
from truceline.core.times import parse_instant
from truceline.detect.hotspots import CellDay, Look, Seasons, Spot
from truceline.detect.tables import rows_of

COLUMNS = ("satellite", "at", "west", "south", "east", "north", "cloud")
_FORMAT = "firms"
_RANGES = {"west": 180.0, "east": 180.0, "south": 90.0, "north": 90.0}


@dataclass(frozen=True, slots=True)
class Burning:
    """What was found.

    Args:
        days: Cells by days.
        n_spots: Spots of the days that were judged.
        n_history: Spots of other years.
        n_looks: Passes of the days that were judged.
        n_past: Passes of other years.
        refused: File, and why a row of it was refused.
    """

    days: tuple[CellDay, ...]
    n_spots: int
    n_history: int
    n_looks: int
    n_past: int
    refused: tuple[tuple[Path, Refused], ...]


def judge_files(
    spots: Sequence[Path],
    history: Sequence[Path],
    overpasses: Sequence[Path],
    *,
    size_deg: float,
    weeks: float,
    least_p: float,
) -> Burning:
    """Judge hot spots by the years before them.

    Args:
        spots: Tables of FIRMS that are judged.
        history: Tables of FIRMS of other years.
        overpasses: Tables of passes: `COLUMNS`, of the days judged and perhaps of other years.
        size_deg: Width of a cell, degrees.
        weeks: Weeks to either side of a day that are its season.
        least_p: What is less likely is unusual.

    Returns:
        What was found.

    Raises:
        InputError: A file cannot be read, or a width or season is none.
    """
    refused: list[tuple[Path, Refused]] = []
    now, before = _spots(spots, refused), _spots(history, refused)
    looks = [look for path in overpasses for look in _looks(path, refused)]
    if not now and not looks:
        raise InputError("hotspots.none", "there is nothing to judge", where=str(next(iter(spots), "")))
    # passes of the years that the history tells of say what was seen then; all others are of the days that are judged
    until_s = max((one.at_s for one in before), default=-math.inf)
    past = [one for one in looks if one.at_s <= until_s]
    try:
        seasons = Seasons(before, past, size_deg=size_deg, weeks=weeks)
    except ValueError as error:
        raise InputError("hotspots.cell", f"{error}", where="--cell, --weeks") from error
    present = [one for one in looks if one.at_s > until_s]
    days = tuple(seasons.judge(now, present, least_p))
    return Burning(days, len(now), len(before), len(present), len(past), tuple(refused))


def _spots(paths: Sequence[Path], refused: list[tuple[Path, Refused]]) -> list[Spot]:
    found = list[Spot]()
    for path, one in decode_files(_FORMAT, paths):
        if isinstance(one, Frame) and one.at_s is not None:
            values = one.values
            satellite = str(values.get("satellite") or values.get("instrument") or "")
            found.append(Spot(float(values["lon"]), float(values["lat"]), one.at_s, satellite))
        elif isinstance(one, Refused):
            refused.append((path, one))
    return found


def _looks(path: Path, refused: list[tuple[Path, Refused]]) -> list[Look]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError("hotspots.file", error.strerror or "it cannot be read", where=str(path)) from error
    found = list[Look]()
    for number, row in rows_of(data, "overpasses", "satellite", COLUMNS):
        if isinstance(row, Refused):
            refused.append((path, row))
            continue
        try:
            found.append(_look(row))
        except InputError as error:
            refused.append((path, Refused(number, error.code, error.what)))
    return found


def _look(row: Mapping[str, str]) -> Look:
    west, south, east, north = (
        _number(row[name], _RANGES[name]) for name in ("west", "south", "east", "north")
    )
    if west >= east or south >= north:
        raise InputError(
            "overpasses.area", "the area has no extent", todo="give west below east and south below north"
        )
    return Look(
        parse_instant(row["at"]).timestamp(),
        row["satellite"],
        west,
        south,
        east,
        north,
        _number(row["cloud"], 1.0, 0.0),
    )


def _number(text: str, most: float, least: float | None = None) -> float:
    value = number_within(text, -most if least is None else least, most)
    if value is None:
        raise InputError("overpasses.number", f"'{text[:20]}' is no number within {most:g}")
    return value
