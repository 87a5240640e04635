"""A sortie or a satellite's pass on its way in: its pictures, when each was taken, what ground it shows, and what was not taken."""

from __future__ import annotations

import csv
import io
import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from truceline.app import wiring
from truceline.collect.ports import Item
from truceline.core.errors import InputError, TrucelineError
from truceline.core.figures import number_within
from truceline.core.frames import Frame, Refused
from truceline.core.imagery import Footprint, TakenFrame
from truceline.core.reports import Rejection
from truceline.core.times import parse_instant
from truceline.geo.footprints import Ground

TABLE = "frames.csv"
"""The table that may lie beside the pictures: ``file``, ``taken_at``, and perhaps the corners and their error."""
COLUMNS = ("file", "taken_at", *(f"{axis}_{n}" for n in range(1, 5) for axis in ("lon", "lat")), "error_m")
METADATA = ("klv", "ts", "mpg", "mpeg", "m2t", "bin")
"""Suffixes of files of an aircraft's metadata, alone or within its film."""
PICTURES = ("jpg", "jpeg", "png")
ERROR_M = 50.0
"""How far off a place in a picture is taken to be where nobody says: pointing of a small gimbal, and relief seen aslant."""
_NEAR_S = 1.0
"""Metadata that lie further from a picture in time are another view's."""
_MOST_ERROR_M = 20_000.0


@dataclass(frozen=True, slots=True)
class Sortie:
    """What came in.

    Args:
        frames: Its pictures, in the order of time.
        refused: What was not taken, each with its reason.
        n_views: How many views the metadata tell of.
    """

    frames: tuple[TakenFrame, ...]
    refused: tuple[Rejection, ...]
    n_views: int


@dataclass(frozen=True, slots=True)
class _Row:
    """What the table says of a picture."""

    taken_at: datetime | None
    footprint: Footprint | None


def read_sortie(files: Iterable[tuple[str, bytes]]) -> Sortie:
    """Read the files of a sortie: pictures, their table, the aircraft's metadata, archives of all of them.

    A picture was taken when the table says, else when its own header says. It shows the ground that the table says, else what
    the metadata (MISB ST 0601) say within a second of it, else nobody knows what it shows.

    Args:
        files: Name and bytes of each.

    Returns:
        What is in them. A picture of which nobody says when it was taken is not taken.

    Raises:
        MissingExtraError: Pictures or metadata need the extra 'sensors'.
    """
    pictures: list[Item] = []
    refused: list[Rejection] = []
    table: dict[str, _Row] = {}
    views: list[tuple[float, Footprint]] = []
    items = [item for name, data in files for item in wiring.parts_in(name, data)]
    for item in items:
        suffix = item.file.rpartition(".")[2].lower()
        if item.problem is not None:
            refused.append(item.problem)
        elif item.state == "container":
            continue
        elif _base(item.file) == TABLE:
            table |= _read_table(item, refused)
        elif suffix in METADATA:
            views += _read_views(item, refused)
        elif suffix in PICTURES:
            pictures.append(item)
        else:
            refused.append(Rejection(item.file, "sortie.kind", "is no picture, table or metadata of a sortie",
                                     f"put in {', '.join(PICTURES)}, {TABLE} or {METADATA[0]}"))  # fmt: skip
    views.sort(key=lambda one: one[0])
    frames, names = list[TakenFrame](), dict[bytes, str]()
    for item in pictures:
        if (same := names.setdefault(item.data, item.file)) != item.file:
            refused.append(
                Rejection(item.file, "sortie.copy", f"has the same bytes as {same}", "leave one of both")
            )
            continue
        try:
            frames.append(_frame(item, table.get(_base(item.file)), views))
        except InputError as error:
            refused.append(Rejection(item.file, error.code, error.what, error.todo))
    there = {_base(item.file) for item in pictures}
    refused += [
        Rejection(
            name, "sortie.absent", f"stands in {TABLE} and is not there", "put it in, or take its line out"
        )
        for name in table
        if name not in there
    ]
    return Sortie(tuple(sorted(frames, key=lambda one: (one.taken_at, one.name))), tuple(refused), len(views))


def files_under(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Give the files of folders, and files themselves, in the order of their names.

    Args:
        paths: Folders and files.

    Yields:
        Name and bytes.

    Raises:
        InputError: One is not there or cannot be read.
    """
    for path in paths:
        try:
            found = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
            for one in found:
                yield str(one.relative_to(path)) if path.is_dir() else one.name, one.read_bytes()
        except OSError as error:
            raise InputError("sortie.file", error.strerror or "cannot be read", where=str(path)) from error


def _base(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


def _frame(item: Item, row: _Row | None, views: Sequence[tuple[float, Footprint]]) -> TakenFrame:
    width, height, media_type = wiring.picture_size(item.data)
    claimed = None if item.valid_at is None else item.valid_at.start
    taken_at, basis = (row.taken_at, "table") if row and row.taken_at else (claimed, "file")
    if taken_at is None:
        raise InputError(
            "sortie.when",
            "nobody says when it was taken",
            todo=f"give {TABLE} with its name and taken_at (2020-11-16T09:30:00Z)",
        )
    shown = row.footprint if row and row.footprint else _nearest(views, taken_at.timestamp())
    if shown is not None:
        try:
            Ground(shown.corners, width, height)
        except ValueError as error:
            raise InputError(
                "sortie.corners", f"{error}", todo="give them round the picture from its upper left corner"
            ) from error
    return TakenFrame(_base(item.file), item.data, media_type, width, height, taken_at, basis, shown)


def _nearest(views: Sequence[tuple[float, Footprint]], at_s: float) -> Footprint | None:
    at = bisect_left(views, at_s, key=lambda one: one[0])
    near = views[max(0, at - 1) : at + 1]
    time_s, shown = min(near, key=lambda one: abs(one[0] - at_s), default=(math.inf, None))
    return shown if abs(time_s - at_s) <= _NEAR_S else None


def _read_views(item: Item, refused: list[Rejection]) -> Iterator[tuple[float, Footprint]]:
    from truceline.app.decoding import decoder_of  # noqa: PLC0415 - with decoders comes the extra 'sensors'

    decoder = decoder_of("klv")
    from truceline.detect.decoders.klv import footprint  # noqa: PLC0415 - as above

    told = 0
    for found in decoder.decode(item.data):
        if isinstance(found, Refused):
            told += 1
            if told == 1:
                refused.append(
                    Rejection(
                        item.file, found.code, found.why, "the rest of it is read", f"byte {found.offset}"
                    )
                )
        elif isinstance(found, Frame) and found.at_s is not None and (corners := footprint(found)):
            said = found.values.get("target_error_estimate_ce90_m")
            # a circle that holds nine of ten has 2.146 times the standard deviation of each axis
            error = ERROR_M if said is None else max(1.0, float(said) / 2.146)
            yield found.at_s, Footprint(corners, error, "metadata")


def _read_table(item: Item, refused: list[Rejection]) -> dict[str, _Row]:
    try:
        text = item.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        refused.append(Rejection(item.file, "sortie.table", "is not written in UTF-8", "save it as UTF-8"))
        return {}
    found: dict[str, _Row] = {}
    try:
        lines = list(csv.DictReader(io.StringIO(text)))
    except csv.Error as error:
        refused.append(
            Rejection(item.file, "sortie.table", f"is no table: {error}", "save it as CSV with commas")
        )
        return {}
    for n, line in enumerate(lines, start=2):
        try:
            name, row = _read_line(
                {str(key).strip(): str(value or "").strip() for key, value in line.items()}
            )
        except TrucelineError as error:
            refused.append(Rejection(item.file, error.code, error.what, error.todo, f"line {n}"))
            continue
        if name in found:
            refused.append(
                Rejection(
                    item.file, "sortie.twice", f"names '{name[:60]}' twice", "leave one line", f"line {n}"
                )
            )
            continue
        found[name] = row
    return found


def _read_line(line: Mapping[str, str]) -> tuple[str, _Row]:
    name = line.get("file", "")
    if not name:
        raise InputError("sortie.line", "names no file", todo=f"the columns are {', '.join(COLUMNS)}")
    taken_at = parse_instant(line["taken_at"]) if line.get("taken_at") else None
    sides = [(line.get(f"lon_{n}", ""), line.get(f"lat_{n}", "")) for n in range(1, 5)]
    if not any(lon or lat for lon, lat in sides):
        return _base(name), _Row(taken_at, None)
    corners = tuple((_number(lon, 180.0), _number(lat, 90.0)) for lon, lat in sides)
    error = _number(line["error_m"], _MOST_ERROR_M) if line.get("error_m") else ERROR_M
    if error <= 0:
        raise InputError("sortie.error", f"'{line['error_m'][:20]}' is no error", todo="give metres above 0")
    return _base(name), _Row(taken_at, Footprint(corners, error, "table"))


def _number(text: str, most: float) -> float:
    value = number_within(text, -most, most)
    if value is None:
        raise InputError(
            "sortie.number",
            f"'{text[:20]}' is no number within {most:g}",
            todo="give all four corners in degrees",
        )
    return value
