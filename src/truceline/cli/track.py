"""``truceline track``: tracks from a table of detections."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from truceline.cli.progress import progress


@click.command("track")
@click.argument("source", type=click.Path(path_type=Path), metavar="DETECTIONS.parquet")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="TRACKS.parquet")
@click.option(
    "--window",
    "window_s",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="Detections within so long make one scan; 0: those of one moment. By default the table decides.",
)
@click.option(
    "--association", default="nearest", show_default=True, type=click.Choice(["nearest", "shared"]),
    help="Give each detection to one track, or share it among those near it by probability.",
)  # fmt: skip
@click.option("--stats", "is_told", is_flag=True, help="End with a line of JSON: what it cost.")
def command(source: Path, out: Path, window_s: float | None, association: str, *, is_told: bool) -> None:
    """Follow what a table of detections shows, and write the tracks.

    The table has the columns time (an instant, or seconds), x_m and y_m in a plane or lon and lat in degrees, and sigma_m, the
    standard deviation of each coordinate in metres; and, where there are several, sensor: they are set against each other by what
    both follow, and make one picture. What comes out has one row a confirmed track and scan, as it was on the
    screen at that scan: time, track_id, x_m, y_m (and lon, lat where they came in), vx, vy, sigma_m. Nothing is mended
    afterwards. Rows with a value that cannot be are left out, each with its reason.

    \b
    Examples:
      truceline track detections.parquet --out tracks.parquet
      truceline track radar.parquet --out tracks.parquet --window 2 --stats
    """  # noqa: D301
    from truceline.app import tracking  # noqa: PLC0415

    with progress() as say:
        stats, refused = tracking.track_file(
            source, out, window_s=window_s, say=say, is_shared=association == "shared"
        )
    for line in refused:
        click.echo(f"truceline: {source.name}, {line}: left out", err=True)
    if stats.refused > len(refused):
        click.echo(f"truceline: {source.name}: {stats.refused - len(refused)} more rows left out", err=True)
    if is_told:
        click.echo(json.dumps({name: round(one, 4) for name, one in asdict(stats).items()}))
    else:
        click.echo(f"{out}: {stats.tracks} tracks in {stats.scans} scans of {stats.detections} detections")
