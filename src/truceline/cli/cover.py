"""``truceline cover``: who could have seen it."""

from __future__ import annotations

import math
from pathlib import Path

import click

_PATH = click.Path(path_type=Path)


@click.group("cover")
def command() -> None:
    """Work out what posts and sensors could see. It looks back: what comes of it is its owner's, and internal."""


class Pair(click.ParamType[tuple[float, float]]):
    """Two numbers with a comma between them."""

    name = "pair"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float]:
        """Read them; see click."""
        try:
            first, second = (float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"'{value}' is no pair of numbers: write 46.75,39.76", param, ctx)
        if not (math.isfinite(first) and math.isfinite(second)):
            self.fail(f"'{value}' is no place", param, ctx)
        return first, second


@command.command("viewshed")
@click.option("--dem", required=True, type=_PATH, metavar="FILE", help="The model of the ground: GeoTIFF.")
@click.option("--observer", type=Pair(), metavar="LON,LAT", help="Where the observer stands, degrees.")
@click.option("--observer-xy", type=Pair(), metavar="X,Y", help="The same in the model's own coordinates.")
@click.option(
    "--height", required=True, type=click.FloatRange(min=0), metavar="METRES", help="Above the ground."
)
@click.option(
    "--target-height", default=0.0, show_default=True, type=click.FloatRange(min=0), metavar="METRES"
)
@click.option(
    "--max-range", type=click.FloatRange(min=0, min_open=True), metavar="METRES", help="How far is looked."
)
@click.option(
    "--refraction",
    default=0.13,
    show_default=True,
    type=click.FloatRange(0, 1, max_open=True),
    metavar="SHARE",
)
@click.option("--no-curvature", is_flag=True, help="Take the Earth for flat, without refraction.")
@click.option("--out", required=True, type=_PATH, metavar="FILE.tif")
def viewshed(
    dem: Path, observer: tuple[float, float] | None, observer_xy: tuple[float, float] | None, height: float,
    target_height: float, max_range: float | None, refraction: float, out: Path, *, no_curvature: bool,
) -> None:  # fmt: skip
    """Say which cells of a model of the ground an observer sees: 1 visible, 0 hidden, 255 unknown.

    A cell is hidden where the ground between rises above the line to it. Unknown are holes of the model and what lies behind them.
    Heights in feet are made metres; a model without a coordinate system is refused.

    \b
    Examples:
      truceline cover viewshed --dem dem.tif --observer 46.75,39.76 --height 6 --out seen.tif
      truceline cover viewshed --dem dem.tif --observer-xy 520000,4400000 --height 2 --target-height 2 --max-range 8000 --out seen.tif
    """  # noqa: D301
    from truceline.app.sighting import Observer, look  # noqa: PLC0415

    if (observer is None) == (observer_xy is None):
        raise click.UsageError("give either --observer or --observer-xy")
    who = Observer(
        observer,
        observer_xy,
        height,
        target_height,
        math.inf if max_range is None else max_range,
        refraction,
        no_curvature,
    )
    seen = look(dem, who, out)
    for note in seen.notes:
        click.echo(f"truceline: {dem}: {note}", err=True)
    known = seen.visible + seen.hidden
    click.echo(
        f"{out}: {seen.visible} of {known} cells visible ({100 * seen.visible / max(known, 1):.1f} %), {seen.unknown} unknown; "
        f"cells of {seen.cell_m[0]:.1f} x {seen.cell_m[1]:.1f} m, the observer stands at {seen.ground_m:.0f} m"
    )
