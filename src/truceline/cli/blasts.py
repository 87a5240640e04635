"""``truceline blasts``: explosions out of arrivals."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from truceline.cli import options

REFUSED = 2


@click.command("blasts")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--temperature",
    "temperature_c",
    type=click.FloatRange(-60, 60),
    metavar="CELSIUS",
    help="Of the air; the speed of sound follows from it.",
)
@options.as_json
def command(files: tuple[Path, ...], temperature_c: float | None, *, as_json: bool) -> None:
    """Find where explosions were by when their sound or shaking arrived at four posts or more; one that all heard counts once.

    Files are tables with the columns time, post, lon, lat, and where they are known kind (acoustic, seismic), sigma_s, peak_pa and
    remark. Each explosion is printed with the ellipse that holds it with a probability of 0.95. What is found is the place of the
    explosion; where anything was fired from is not computed. Rows that cannot be are refused with the reason, and the exit code is 2.

    \b
    Examples:
      truceline blasts arrivals.csv
      truceline blasts op*.csv --temperature 4 --json
    """  # noqa: D301
    from truceline.app import locating  # noqa: PLC0415

    located, n_rows, refused = locating.locate_files(files, temperature_c)
    for one in located:
        if as_json:
            click.echo(json.dumps(asdict(one), ensure_ascii=False))
            continue
        at = datetime.fromtimestamp(one.at_s, UTC)
        click.echo(
            f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z · {one.lat:.5f} {one.lon:.5f} · ±{one.long_m:.0f} m by {one.short_m:.0f} m, "
            f"long axis {one.bearing_deg:.0f}° · {', '.join(one.posts)}"
        )
    for path, problem in refused:
        click.echo(
            f"truceline: {path}, {problem.offset}: {problem.where}: {problem.why} [{problem.code}]", err=True
        )
    click.echo(f"truceline: {n_rows} arrivals, {len(located)} explosions", err=True)
    if refused:
        sys.exit(REFUSED)
