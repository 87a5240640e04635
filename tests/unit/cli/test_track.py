"""``truceline track``: a table in, a table out, and a line for each row that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from truceline.cli.root import truceline
from truceline.core.errors import InputError

duckdb = pytest.importorskip("duckdb", reason="tables in Parquet need the extra 'link'")
pytest.importorskip("scipy", reason="tracking needs the extra 'sensors'")

ROWS = "SELECT k, k * 60.0 AS x_m, k * -20.0 AS y_m, 30.0 AS sigma_m FROM range(40) AS t(k)"


def table(path: Path, question: str) -> Path:
    duckdb.connect().execute(f"COPY ({question}) TO '{path}' (FORMAT parquet)")
    return path


def described_in(path: Path) -> list[tuple[str, str]]:
    base = duckdb.connect()
    described = base.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    unit = base.execute(
        "SELECT converted_type FROM parquet_schema(?) WHERE name = 'time'", [str(path)]
    ).fetchone()
    return [
        (name, "TIMESTAMP_MS" if unit == ("TIMESTAMP_MILLIS",) and name == "time" else kind)
        for name, kind, *_ in described
    ]


def track(source: Path, out: Path, *more: str) -> Result:
    return CliRunner().invoke(
        truceline, ["track", str(source), "--out", str(out), *more], catch_exceptions=False
    )


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = (
        duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchnumpy()
    )
    return found


@pytest.mark.parametrize(
    ("time", "kind"),
    [
        ("TIMESTAMP '2020-11-16' + INTERVAL (k) SECOND", "TIMESTAMP"),
        ("(TIMESTAMP '2020-11-16' + INTERVAL (k) SECOND)::TIMESTAMP_NS", "TIMESTAMP_NS"),
        ("(TIMESTAMP '2020-11-16' + INTERVAL (k) SECOND)::TIMESTAMP_MS", "TIMESTAMP_MS"),
        ("(TIMESTAMP '2020-11-16' + INTERVAL (k) SECOND)::TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"),
        ("k::DOUBLE", "DOUBLE"),
        ("k::BIGINT", "BIGINT"),
    ],
)
def test_time_comes_out_in_the_type_that_it_came_in(tmp_path: Path, time: str, kind: str) -> None:
    source = table(tmp_path / "d.parquet", f"SELECT {time} AS time, * EXCLUDE k FROM ({ROWS})")  # noqa: S608 - our own rows
    assert track(source, tmp_path / "t.parquet").exit_code == 0
    described = described_in(tmp_path / "t.parquet")
    assert described == [
        ("time", kind), ("track_id", "VARCHAR"), ("x_m", "DOUBLE"), ("y_m", "DOUBLE"),
        ("vx", "DOUBLE"), ("vy", "DOUBLE"), ("sigma_m", "DOUBLE"),
    ]  # fmt: skip
    found, came = read(tmp_path / "t.parquet"), read(source)
    assert found["time"][-1] == came["time"][-1]
    assert len(set(found["track_id"])) == 1


def test_degrees_come_out_as_degrees_and_metres(tmp_path: Path) -> None:
    rows = "SELECT k::DOUBLE AS time, 46.7 + k * 0.0007 AS lon, 39.8 AS lat, 30.0 AS sigma_m FROM range(40) AS t(k)"
    result = track(table(tmp_path / "d.parquet", rows), tmp_path / "t.parquet", "--stats")
    assert result.exit_code == 0
    stats = json.loads(result.stdout.splitlines()[-1])
    assert {"detections", "scans", "wall_s", "cpu_s", "warmup_s"} <= stats.keys()
    assert (stats["detections"], stats["scans"], stats["tracks"]) == (40, 40, 1)
    found = read(tmp_path / "t.parquet")
    assert found["lon"][-1] == pytest.approx(46.7 + 39 * 0.0007, abs=1e-4)
    assert found["vx"][-1] == pytest.approx(60, abs=3)


def test_a_row_that_cannot_be_is_told_and_left_out(tmp_path: Path) -> None:
    bad = (
        f"SELECT k::DOUBLE AS time, * EXCLUDE k FROM ({ROWS}) UNION ALL VALUES"  # noqa: S608 - our own rows
        " (50, 'NaN'::DOUBLE, 0, 30), (51, 0, 0, -1), (NULL, 0, 0, 30), (52, 0, NULL, 30), (53, 1e12, 0, 30)"
    )
    result = track(table(tmp_path / "d.parquet", bad), tmp_path / "t.parquet", "--stats")
    assert result.exit_code == 0
    told = result.stderr.splitlines()
    assert len(told) == 5
    assert all("row 4" in line and "left out" in line for line in told)
    stats = json.loads(result.stdout.splitlines()[-1])
    assert (stats["detections"], stats["refused"]) == (40, 5)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("SELECT 1 AS time, 2 AS x_m, 3 AS sigma_m", "no column x_m and y_m, or lon and lat"),
        ("SELECT 1 AS x_m, 2 AS y_m", "no column time, no column sigma_m"),
        ("SELECT 1 AS time, 'here' AS x_m, 2 AS y_m, 3 AS sigma_m", "cannot be read"),
    ],
)
def test_a_table_of_another_shape_is_refused(tmp_path: Path, question: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        track(table(tmp_path / "d.parquet", question), tmp_path / "t.parquet")
    assert not (tmp_path / "t.parquet").exists()


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.parquet").write_bytes(b"PAR1 and nothing else")
    for source in (tmp_path / "d.parquet", tmp_path / "none.parquet"):
        with pytest.raises(InputError):
            track(source, tmp_path / "t.parquet")


def test_an_empty_table_gives_an_empty_table(tmp_path: Path) -> None:
    source = table(tmp_path / "d.parquet", f"SELECT k::DOUBLE AS time, * EXCLUDE k FROM ({ROWS}) WHERE false")  # noqa: S608 - our own rows
    assert track(source, tmp_path / "t.parquet").exit_code == 0
    assert len(read(tmp_path / "t.parquet")["time"]) == 0


def test_one_thing_at_a_time_is_looked_at_by_the_second(tmp_path: Path) -> None:
    rows = (
        "SELECT k + n * 0.3 AS time, (k + n * 0.3) * 80 + n * 5000 AS x_m, n * 3000.0 AS y_m, 30.0 AS sigma_m"
        " FROM range(30) AS t(k), range(3) AS u(n)"
    )
    result = track(table(tmp_path / "d.parquet", rows), tmp_path / "t.parquet", "--stats")
    stats = json.loads(result.stdout.splitlines()[-1])
    assert stats["tracks"] == 3
    assert 29 <= stats["scans"] <= 31
    assert np.abs(read(tmp_path / "t.parquet")["vx"][-3:] - 80).max() < 5


@pytest.mark.parametrize("off_m", [0, 400])
def test_what_two_sensors_see_of_three_things_is_three_tracks(tmp_path: Path, off_m: int) -> None:
    """The second sensor believes itself elsewhere; the column `sensor` says which saw what."""
    rows = (
        f"SELECT k::DOUBLE AS time, 3000.0 * n + k * (50.0 + 20 * n) + s * {off_m} AS x_m, 5000.0 * n - k * 30.0 AS y_m, "  # noqa: S608 - our own rows
        "30.0 AS sigma_m, 'radar ' || s AS sensor FROM range(60) AS t(k), range(3) AS u(n), range(2) AS v(s)"
    )
    assert track(table(tmp_path / "d.parquet", rows), tmp_path / "t.parquet").exit_code == 0
    found = read(tmp_path / "t.parquet")
    assert len(set(found["track_id"][found["time"] == 59].tolist())) == 3
    last = np.sort(found["x_m"][found["time"] == 59])
    assert last == pytest.approx([2950, 7130, 11310], abs=60)


def test_detections_may_be_shared_by_probability_and_a_lone_track_is_the_same_one(tmp_path: Path) -> None:
    rows = (
        "SELECT k::DOUBLE AS time, k * 60.0 AS x_m, k * -20.0 AS y_m, 30.0 AS sigma_m FROM range(40) AS t(k)"
    )
    source = table(tmp_path / "in.parquet", rows)
    for association in ("nearest", "shared"):
        assert track(source, tmp_path / f"{association}.parquet", "--association", association).exit_code == 0
    one, other = (read(tmp_path / f"{word}.parquet") for word in ("nearest", "shared"))
    assert set(one["track_id"]) == set(other["track_id"])
    np.testing.assert_allclose(one["x_m"][-5:], other["x_m"][-5:], atol=1.0)
