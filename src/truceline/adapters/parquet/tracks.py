"""Read tables of detections and write tables of tracks. Source: CONTRACT section 6."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from truceline.adapters.parquet.opening import opened, quoted
from truceline.core.detections import DetectionTable
from truceline.core.errors import InputError

_TOLD = 100
_MOST_SENSORS = 62
_PLACES = (("x_m", "y_m"), ("lon", "lat"))
_RANGES = {"lon": 180.0, "lat": 90.0}


def load_tables() -> None:
    """Load what reads and writes tables, so that what it costs is not counted with the work.

    Raises:
        MissingExtraError: DuckDB is not installed.
    """
    with opened("track.load", "DuckDB cannot be started"):
        pass


def read_detections(path: Path) -> DetectionTable:
    """Read a table of detections.

    Args:
        path: A Parquet file with ``time`` (an instant, or seconds), ``x_m`` and ``y_m`` or ``lon`` and ``lat``, and ``sigma_m``;
            ``sensor`` where there are several.

    Returns:
        The rows in the order of time; those with a value that cannot be are left out, each with its reason.

    Raises:
        InputError: The file is missing, is no Parquet, or lacks a column.
        MissingExtraError: DuckDB is not installed.
    """
    if not path.is_file():
        raise InputError(
            "track.missing", "there is no such file", where=str(path), todo="name a Parquet file"
        )
    with opened("track.damaged", "cannot be read as a table of detections", path) as base:
        described = base.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        types = {str(row[0]): str(row[1]) for row in described}
        place = next((pair for pair in _PLACES if set(pair) <= types.keys()), None)
        lacking = [name for name in ("time", "sigma_m") if name not in types]
        if place is None or lacking:
            lacking += [] if place else ["x_m and y_m, or lon and lat"]
            raise InputError(
                "track.columns",
                f"the table has no column {', no column '.join(lacking)}",
                where=str(path),
                todo="see truceline track --help",
            )
        numbers = ", ".join(f"CAST({name} AS DOUBLE) AS {name}" for name in (*place, "sigma_m"))
        sensor = "CAST(sensor AS VARCHAR) AS sensor, " if "sensor" in types else ""
        question = (
            f"SELECT time, {numbers}, {sensor}file_row_number AS row"  # noqa: S608 - names of columns from our own list
            " FROM read_parquet(?, file_row_number = true) ORDER BY time, row"
        )
        found = base.execute(question, [str(path)]).fetchnumpy()
        time_type = _unit_of(base, path) or types["time"]
    return _checked(found, time_type, place)


def _unit_of(base: Any, path: Path) -> str:
    """Name the type of times in milliseconds, which are read as microseconds; empty for all others."""
    unit = base.execute(
        "SELECT converted_type, logical_type FROM parquet_schema(?) WHERE name = 'time'", [str(path)]
    ).fetchone()
    is_local = unit is not None and unit[0] == "TIMESTAMP_MILLIS" and "isAdjustedToUTC=0" in str(unit[1])
    return "TIMESTAMP_MS" if is_local else ""


def _checked(found: dict[str, Any], time_type: str, place: tuple[str, str]) -> DetectionTable:
    columns = {
        name: np.asarray(np.ma.filled(found[name].astype(np.float64), np.nan), np.float64)
        for name in (*place, "sigma_m")
    }
    times = found["time"]
    is_timeless = np.ma.getmaskarray(times) | _is_no_time(np.ma.getdata(times))
    why = np.full(len(times), "", object)
    why[~(columns["sigma_m"] > 0) | ~np.isfinite(columns["sigma_m"])] = "sigma_m is no length above 0"
    for name in place:
        bad = ~np.isfinite(columns[name]) | (np.abs(columns[name]) > _RANGES.get(name, 1e8))
        why[bad] = f"{name} is no place"
    why[is_timeless] = "time is missing"
    sensor = None
    if "sensor" in found:
        names, sensor = np.unique(
            np.ma.filled(found["sensor"].astype(object), "").astype(str), return_inverse=True
        )
        if len(names) > _MOST_SENSORS:
            raise InputError(
                "track.sensors", f"the table names {len(names)} sensors, {_MOST_SENSORS} at most are fused"
            )
    keep = why == ""
    refused = np.flatnonzero(~keep)
    return DetectionTable(
        np.ma.getdata(times)[keep],
        time_type,
        np.column_stack([columns[name][keep] for name in place]),
        place[0] == "lon",
        columns["sigma_m"][keep],
        tuple(f"row {found['row'][at]}: {why[at]}" for at in refused[:_TOLD]),
        len(refused),
        None if sensor is None or len(names) < 2 else sensor[keep].astype(np.int64),
    )


def _is_no_time(times: Any) -> Any:
    return np.isnat(times) if times.dtype.kind == "M" else ~np.isfinite(times.astype(np.float64))


def write_tracks(path: Path, columns: dict[str, Any], time_type: str, ids: Sequence[str]) -> None:
    """Write a table of tracks; it is there whole or not at all.

    Args:
        path: Where to.
        columns: Name -> array; ``time`` as it came in, ``track`` as numbers into ``ids``, the others metres and degrees.
        time_type: The type that ``time`` has in the file.
        ids: The tracks' ids.

    Raises:
        InputError: The place cannot be written to.
        MissingExtraError: DuckDB is not installed.
    """
    names = {"track": np.arange(len(ids)), "track_id": np.array(ids, object)}
    rest = [name for name in columns if name not in {"time", "track"}]
    beside = path.with_name(path.name + ".part")
    try:
        with opened("track.write", "the table cannot be written", path) as base:
            base.register("rows", {"n": np.arange(len(columns["track"])), **columns})
            base.register("names", names)
            base.execute(
                f"COPY (SELECT CAST(time AS {time_type}) AS time, track_id, {', '.join(rest)}"  # noqa: S608 - our own names
                f" FROM rows JOIN names USING (track) ORDER BY n) TO {quoted(beside)} (FORMAT parquet)"
            )
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
