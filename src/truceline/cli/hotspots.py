"""``truceline hotspots``: satellite hot spots against the season of their cells."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from truceline.cli import options

REFUSED = 2
_PATH = click.Path(path_type=Path)


@click.command("hotspots")
@click.argument("files", nargs=-1, required=True, type=_PATH, metavar="FILE...")
@click.option(
    "--history",
    multiple=True,
    type=_PATH,
    metavar="FILE",
    help="Hot spots of other years; may be given again.",
)
@click.option(
    "--overpasses", multiple=True, type=_PATH, metavar="FILE",
    help="Passes with the columns satellite, at, west, south, east, north, cloud (0 to 1).",
)  # fmt: skip
@click.option(
    "--cell", "size_deg", default=0.05, show_default=True, metavar="DEGREES", help="Width of a cell."
)
@click.option(
    "--weeks",
    default=2.0,
    show_default=True,
    metavar="WEEKS",
    help="How long before and after a day its season is.",
)
@click.option(
    "--least",
    "least_p",
    default=0.001,
    show_default=True,
    metavar="CHANCE",
    help="What is less likely is unusual.",
)
@click.option("--all", "is_all", is_flag=True, help="Print usual cells too.")
@options.as_json
def command(
    files: tuple[Path, ...], history: tuple[Path, ...], overpasses: tuple[Path, ...], size_deg: float, weeks: float,
    least_p: float, *, is_all: bool, as_json: bool,
) -> None:  # fmt: skip
    """Hold satellite hot spots (FIRMS: MODIS, VIIRS) against what is usual in each cell at this time of the year.

    A field that burns every August is usual in August. Each cell and day is judged by how many clear passes found it hot in the
    same weeks of other years. With a table of passes and cloud, cells that no pass saw through clear sky are counted as not
    observed; without one, nothing is said of cells without a spot. Rows that cannot be are refused with the reason, exit code 2.

    \b
    Examples:
      truceline hotspots today.csv --history viirs_2018.csv --history viirs_2019.csv
      truceline hotspots today.csv --history past.csv --overpasses passes.csv --json
    """  # noqa: D301
    from truceline.app import burning  # noqa: PLC0415

    found = burning.judge_files(files, history, overpasses, size_deg=size_deg, weeks=weeks, least_p=least_p)
    tally: dict[str, int] = {}
    for one in found.days:
        tally[one.state] = tally.get(one.state, 0) + 1
        if as_json:
            click.echo(json.dumps({**asdict(one), "day": one.day.isoformat()}))
        elif one.state == "unusual" or (is_all and one.n_hot):
            click.echo(
                f"{one.day} · {one.south:.2f} to {one.south + one.size_deg:.2f} N, {one.west:.2f} to {one.west + one.size_deg:.2f} E · "
                f"hot in {one.n_hot} of {one.n_looks or 'unknown'} passes · {one.expected:.2g} expected · chance {one.p:.2g} · {one.state}"
            )
    for path, problem in found.refused:
        click.echo(f"truceline: {path}, line {problem.offset}: {problem.why} [{problem.code}]", err=True)
    if not found.n_history:
        click.echo("truceline: no other year was given: nothing is known of what is usual", err=True)
    elif not found.n_past:
        click.echo(
            "truceline: no passes of other years were given: two a day of each satellite are assumed, every other one clear",
            err=True,
        )
    states = ", ".join(f"{n} {state}" for state, n in sorted(tally.items()))
    click.echo(
        f"truceline: {found.n_spots} spots, {found.n_history} of other years; cells by days: {states or 'none'}",
        err=True,
    )
    if found.refused:
        sys.exit(REFUSED)
