"""Follow what a table of detections shows, and write the tracks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from truceline.app import wiring
from truceline.app.outputs import Progress
from truceline.core.detections import DetectionTable, Floats, Scan
from truceline.core.errors import MissingExtraError

WINDOW_S = 1.0
"""Length of a scan where sensors report one thing at a time."""
_SAID_EVERY = 200

_Row = tuple[NDArray[np.int64], Floats, Floats, Floats]
"""Of one scan: each track's number, place, velocity and error."""


@dataclass(frozen=True, slots=True)
class Stats:
    """What following cost.

    Args:
        detections: Rows that were used.
        refused: Rows that were left out.
        scans: Scans that they made.
        tracks: Tracks that were confirmed.
        wall_s: Seconds from the first byte read to the last written.
        cpu_s: Seconds of this process' processor time in between.
        warmup_s: Processor seconds of loading libraries, before.
    """

    detections: int
    refused: int
    scans: int
    tracks: int
    wall_s: float
    cpu_s: float
    warmup_s: float


def track_file(
    source: Path, out: Path, *, window_s: float | None, say: Progress, is_shared: bool = False
) -> tuple[Stats, tuple[str, ...]]:
    """Follow the detections of a table.

    Args:
        source: A Parquet file; see `adapters.parquet.tracks.read_detections`.
        out: Where the table of tracks goes: one row a confirmed track and scan, as it was on the screen at that scan.
        window_s: Length of a scan, seconds; 0 makes one of each moment; None looks at the table.
        say: Told how far it is.
        is_shared: Whether detections are shared among tracks by probability; see `detect.tracking.settings`.

    Returns:
        What it cost, and why rows were left out.

    Raises:
        InputError: The table cannot be read or written.
        MissingExtraError: SciPy or DuckDB is not installed.
    """
    began = time.process_time()
    try:
        from truceline.detect.stage import detect, fuse  # noqa: PLC0415 - SciPy is loaded where something is followed
        from truceline.detect.tracking.settings import DEFAULTS  # noqa: PLC0415 - as above
    except ImportError as error:
        raise MissingExtraError(
            "extra.sensors", "tracking needs the extra 'sensors'", todo='pip install "truceline[sensors]"'
        ) from error
    wiring.load_tables()
    warmup_s = time.process_time() - began
    wall, cpu = time.perf_counter(), time.process_time()
    table = wiring.read_detections(source)
    plane = _plane(table)
    seconds = table.seconds()
    xy_m = plane.to_plane(*table.places.T) if plane else table.places
    rows, ids, last = list[_Row](), dict[str, int](), list[int]()
    bounds = _bounds(seconds, window_s)
    settings = replace(DEFAULTS, is_shared=is_shared)
    pictures = (
        detect(_scans(seconds, xy_m, table, bounds), settings)
        if table.sensor is None
        else fuse(_windows(seconds, xy_m, table, bounds), settings)
    )
    for (_, end), picture in zip(bounds, pictures, strict=True):
        numbers = np.array([ids.setdefault(one, len(ids)) for one in picture.ids], np.int64)
        rows.append((numbers, picture.xy_m, picture.v_mps, picture.sigma_m))
        last.append(end - 1)
        if len(last) % _SAID_EVERY == 0:
            say("track", f"{100 * end // len(seconds)} %")
    wiring.write_tracks(out, _columns(rows, table.times[last], plane), table.time_type, list(ids))
    stats = Stats(
        len(seconds), table.n_refused, len(bounds), len(ids),
        time.perf_counter() - wall, time.process_time() - cpu, warmup_s,
    )  # fmt: skip
    return stats, table.refused


def _plane(table: DetectionTable) -> Any:
    if not table.is_geographic or not len(table.places):
        return None
    from truceline.geo.plane import Plane  # noqa: PLC0415 - only for degrees

    return Plane(*np.median(table.places, axis=0))


def _bounds(seconds: Floats, window_s: float | None) -> list[tuple[int, int]]:
    """Return where each scan begins and ends among the rows."""
    if not len(seconds):
        return []
    starts = np.flatnonzero(np.diff(seconds, prepend=-np.inf))
    if window_s is None:
        window_s = 0.0 if len(seconds) >= 2 * len(starts) else WINDOW_S
    if window_s:
        starts = np.flatnonzero(np.diff(np.floor(seconds / window_s), prepend=-np.inf))
    return list(zip(starts.tolist(), [*starts[1:].tolist(), len(seconds)], strict=True))


def _scans(
    seconds: Floats, xy_m: Floats, table: DetectionTable, bounds: list[tuple[int, int]]
) -> Iterator[Scan]:
    for start, end in bounds:
        part = slice(start, end)
        yield Scan(float(seconds[end - 1]), seconds[part], xy_m[part], table.sigma_m[part])


def _windows(
    seconds: Floats, xy_m: Floats, table: DetectionTable, bounds: list[tuple[int, int]]
) -> Iterator[tuple[float, dict[int, Scan]]]:
    """Give each window's moment, and the scan of each sensor that saw something in it."""
    sensor = np.zeros(len(seconds), np.int64) if table.sensor is None else table.sensor
    for start, end in bounds:
        scans = dict[int, Scan]()
        for one in np.unique(sensor[start:end]).tolist():
            of = start + np.flatnonzero(sensor[start:end] == one)
            scans[one] = Scan(float(seconds[end - 1]), seconds[of], xy_m[of], table.sigma_m[of])
        yield float(seconds[end - 1]), scans


def _columns(rows: list[_Row], times: Any, plane: Any) -> dict[str, Any]:
    numbers, xy_m, v_mps, sigma_m = (
        np.concatenate([row[at] for row in rows]) if rows else np.empty((0, 2) if at in {1, 2} else 0)
        for at in range(4)
    )
    columns: dict[str, Any] = {
        "time": np.repeat(times, [len(row[0]) for row in rows]),
        "track": numbers.astype(np.int64),
        "x_m": xy_m[:, 0],
        "y_m": xy_m[:, 1],
    }
    if plane:
        columns["lon"], columns["lat"] = plane.to_ground(xy_m)
    return {**columns, "vx": v_mps[:, 0], "vy": v_mps[:, 1], "sigma_m": sigma_m}
