"""``truceline cover``: who could have seen it."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from truceline.cli.progress import progress

if TYPE_CHECKING:
    from truceline.app.covering import Asked, Watch

_PATH = click.Path(path_type=Path)


@click.group("cover", invoke_without_command=True)
@click.option("--mission", metavar="MISSION", help="A packaged mission, or a folder.")
@click.option(
    "--dem",
    type=_PATH,
    metavar="FILE",
    help="The model of the ground: GeoTIFF. Without one the packaged coarse one.",
)
@click.option(
    "--at",
    metavar="TIME",
    help="As known at, and until when. Without it the latest moment of the watch book.",
)
@click.option(
    "--days",
    default=1,
    show_default=True,
    type=click.IntRange(1, 400),
    metavar="N",
    help="The mission's days up to then.",
)
@click.option(
    "--book",
    type=_PATH,
    metavar="FILE",
    help="The owner's watch book: equipment, roster, restrictions, weather, flights.",
)
@click.option(
    "--rules",
    type=_PATH,
    metavar="FILE",
    help="Own figures of what is observed how far, as data/cover.toml has them.",
)
@click.option("--vegetation", default=0.0, show_default=True, type=click.FloatRange(min=0), metavar="METRES")
@click.option(
    "--of",
    "happening",
    default="flash",
    show_default=True,
    metavar="KIND",
    help="Of which kind of happening the map is.",
)
@click.option(
    "--without",
    metavar="POST",
    help="Say what is lost if this post or sensor closes; nothing is written then.",
)
@click.option(
    "--lang", "language", default="en", show_default=True, metavar="LANG", help="Language of coverage.png."
)
@click.option(
    "--out", type=_PATH, metavar="DIR", help="Where coverage.tif, coverage.png and exposure.json are written."
)
@click.pass_context
def command(
    context: click.Context, mission: str | None, dem: Path | None, at: str | None, days: int, book: Path | None,
    rules: Path | None, vegetation: float, happening: str, without: str | None, language: str, out: Path | None,
) -> None:  # fmt: skip
    """Work out what posts and sensors could see. It looks back: what comes of it is its owner's, and internal.

    exposure.json says for each zone, hour and kind of happening which share could have been observed, and classes each day:
    well, partly, not observed. coverage.tif counts how many posts and sensors see each cell; coverage.png shows it.

    \b
    Examples:
      truceline cover --mission karabakh-2020 --dem dem.tif --out cover
      truceline cover --mission karabakh-2020 --dem dem.tif --at 2020-11-17T16:00:00Z --days 7 --out cover
      truceline cover --mission karabakh-2020 --dem dem.tif --without post:N5
      truceline cover viewshed --dem dem.tif --observer 46.75,39.76 --height 6 --out seen.tif
    """  # noqa: D301
    if context.invoked_subcommand is not None:
        return
    if mission is None or (out is None and without is None):
        raise click.UsageError("give --mission, and --out or --without")
    from truceline.app.covering import Asked, lost_without, period, write_all  # noqa: PLC0415
    from truceline.app.covering_shown import coverage_sheet  # noqa: PLC0415

    watch = _watch(Asked(mission, dem, book, rules, _moment(at), days, vegetation))
    if without is not None:
        lost = lost_without(watch, without, period(watch, days))
        click.echo(f"without {without}, hours that could no longer be observed, of {24 * days}:")
        for zone, row in lost.items():
            click.echo(f"  {zone}: " + ", ".join(f"{word} {hours:.2f}" for word, hours in row.items()))
    if out is None:
        return
    said = write_all(
        watch, days, happening, out,
        lambda which, found, notes, seen: coverage_sheet(which, found, notes, seen, happening, language),
    )  # fmt: skip
    for note in said["assumptions"][len(watch.notes) :]:
        click.echo(f"truceline: {note}", err=True)
    for row in said["zones"]:
        last = row["days"][-1] if row["days"] else None
        if last is not None:
            click.echo(
                f"{row['zone']}: "
                + ", ".join(f"{word} {last['class'][word].replace('_', ' ')}" for word in said["happenings"])
            )
    click.echo(f"{out}: exposure.json, coverage.tif, coverage.png; internal to the {said['owner']}")


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
@click.option(
    "--vegetation",
    default=0.0,
    show_default=True,
    type=click.FloatRange(min=0),
    metavar="METRES",
    help="How high woods and houses stand on the ground and hide what is behind.",
)
@click.option("--no-curvature", is_flag=True, help="Take the Earth for flat, without refraction.")
@click.option("--out", required=True, type=_PATH, metavar="FILE.tif")
def viewshed(
    dem: Path, observer: tuple[float, float] | None, observer_xy: tuple[float, float] | None, height: float,
    target_height: float, max_range: float | None, refraction: float, vegetation: float, out: Path, *,
    no_curvature: bool,
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
        vegetation,
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


@command.command("profile")
@click.option("--dem", required=True, type=_PATH, metavar="FILE", help="The model of the ground: GeoTIFF.")
@click.option(
    "--from", "start", required=True, type=Pair(), metavar="LON,LAT", help="Where the observer stands."
)
@click.option("--to", "end", required=True, type=Pair(), metavar="LON,LAT", help="What is looked at.")
@click.option(
    "--height", required=True, type=click.FloatRange(min=0), metavar="METRES", help="Above the ground."
)
@click.option(
    "--target-height", default=0.0, show_default=True, type=click.FloatRange(min=0), metavar="METRES"
)
@click.option(
    "--refraction",
    default=0.13,
    show_default=True,
    type=click.FloatRange(0, 1, max_open=True),
    metavar="SHARE",
)
@click.option(
    "--lang", "language", default="en", show_default=True, metavar="LANG", help="Language of the picture."
)
@click.option("--out", type=_PATH, metavar="FILE.png", help="Draw it there.")
def profile(
    dem: Path, start: tuple[float, float], end: tuple[float, float], height: float, target_height: float, refraction: float,
    language: str, out: Path | None,
) -> None:  # fmt: skip
    """Cut through the ground between two places: is the far one in sight, and how high would it have to be?

    \b
    Examples:
      truceline cover profile --dem dem.tif --from 46.75,39.76 --to 46.83,39.79 --height 6 --out cut.png
    """  # noqa: D301
    from truceline.app.profiling import Between, cut, profile_sheet  # noqa: PLC0415

    between = Between(start, end, height, target_height, refraction)
    found, notes = cut(dem, between)
    for note in notes:
        click.echo(f"truceline: {dem}: {note}", err=True)
    km, hidden_m = found.distance_m[-1] / 1000, found.hidden_m[-1]
    if math.isnan(hidden_m):
        click.echo(f"{km:.2f} km: nobody knows: the model has a hole there or on the way")
    elif found.sees(target_height):
        click.echo(f"{km:.2f} km: in sight")
    else:
        click.echo(
            f"{km:.2f} km: hidden; it would have to be {hidden_m:.1f} m above the ground to be in sight"
        )
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(profile_sheet(found, between, language))
        click.echo(f"{out}: the cross-section")


class Each(click.ParamType[tuple[str, float]]):
    """A zone and a number: ``zone:south=9``."""

    name = "each"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """Read them; see click."""
        zone, _, number = str(value).rpartition("=")
        try:
            return zone, float(number)
        except ValueError:
            self.fail(f"'{value}' is no zone with a number: write zone:south=9", param, ctx)


def _watch_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name a mission's watch."""
    for option in (
        click.option(
            "--vegetation", default=0.0, show_default=True, type=click.FloatRange(min=0), metavar="METRES"
        ),
        click.option("--rules", type=_PATH, metavar="FILE", help="Own figures of what is observed how far."),
        click.option("--book", type=_PATH, metavar="FILE", help="The owner's watch book."),
        click.option("--at", metavar="TIME", help="As known at, and until when."),
        click.option("--dem", type=_PATH, metavar="FILE", help="The model of the ground: GeoTIFF."),
        click.option("--mission", required=True, metavar="MISSION", help="A packaged mission, or a folder."),
    ):
        command = option(command)
    return command


@command.command("plan")
@_watch_options
@click.option(
    "--of",
    "happening",
    default="flash",
    show_default=True,
    metavar="KIND",
    help="What posts have to observe.",
)
@click.option("--light", default="day", show_default=True, type=click.Choice(["day", "twilight", "night"]))
@click.option(
    "--posts",
    "each",
    multiple=True,
    type=Each(),
    metavar="ZONE=N",
    help="How many posts in a zone; else as many as stand.",
)
@click.option("--total", type=click.IntRange(min=1), metavar="N", help="How many posts, wherever they stand.")
@click.option(
    "--least",
    multiple=True,
    type=Each(),
    metavar="ZONE=SHARE",
    help="Share of a zone that has to be observed, 0 to 1.",
)
@click.option("--keep", multiple=True, metavar="POST", help="A post that stays.")
@click.option("--land", type=_PATH, metavar="FILE.geojson", help="Land on which posts may stand.")
@click.option(
    "--from-line",
    default=0.0,
    show_default=True,
    type=click.FloatRange(min=0),
    metavar="METRES",
    help="How near to the line of contact.",
)
@click.option(
    "--sites",
    default=300,
    show_default=True,
    type=click.IntRange(1, 2000),
    metavar="N",
    help="About how many places are tried.",
)
@click.option("--out", type=_PATH, metavar="FILE.json")
def plan_(
    mission: str, dem: Path | None, at: str | None, book: Path | None, rules: Path | None, vegetation: float, happening: str,
    light: str, each: tuple[tuple[str, float], ...], total: int | None, least: tuple[tuple[str, float], ...],
    keep: tuple[str, ...], land: Path | None, from_line: float, sites: int, out: Path | None,
) -> None:  # fmt: skip
    """Choose where posts would observe most: the ones that stand, the best with as many in each zone, the best anywhere.

    Each best choice is proven, or its gap is said. Plans are internal to the owner of the posts.

    \b
    Examples:
      truceline cover plan --mission karabakh-2020 --dem dem.tif
      truceline cover plan --mission karabakh-2020 --dem dem.tif --posts zone:north=10 --from-line 2000 --out plan.json
    """  # noqa: D301
    from truceline.app.covering import Asked  # noqa: PLC0415
    from truceline.app.planning import Wanted, light_of, plan, plan_file, write_plan  # noqa: PLC0415

    watch = _watch(Asked(mission, dem, book, rules, _moment(at), 1, vegetation))
    wanted = Wanted(
        happening, light_of(light), {zone: int(number) for zone, number in each}, total, dict(least), keep, land,
        from_line, sites,
    )  # fmt: skip
    with progress() as say:
        found = plan(watch, wanted, lambda slug: say("cover", slug))
    whole = sum(found.km2)
    for name, choice in (
        ("as they stand", found.stand),
        ("best with each zone's number", found.zoned),
        ("best anywhere", found.free),
    ):
        if choice.why_not:
            click.echo(f"{name}: cannot be done: {choice.why_not}")
            continue
        shares = ", ".join(
            f"{zone} {share:.0%}" for zone, share in zip(found.zones, choice.shares, strict=True)
        )
        proof = "proven" if choice.gap == 0 else f"at most {choice.gap:.1%} below the best"
        click.echo(
            f"{name}: {len(choice.sites)} posts observe {choice.covered:.0f} of {whole:.0f} km2 ({shares}); {proof}"
        )
    if out is not None:
        write_plan(out, plan_file(found, watch, wanted))
        click.echo(f"{out}: internal to the owner of the posts")


@command.command("post")
@_watch_options
@click.argument("post", metavar="POST")
@click.option(
    "--of",
    "happening",
    default="flash",
    show_default=True,
    metavar="KIND",
    help="Of which kind of happening its map is.",
)
@click.option(
    "--days",
    default=7,
    show_default=True,
    type=click.IntRange(1, 31),
    metavar="N",
    help="Of how many days its roster is shown.",
)
@click.option("--lang", "language", default="en", show_default=True, metavar="LANG")
@click.option("--out", required=True, type=_PATH, metavar="FILE", help="A PDF, or a PNG by its ending.")
def post_(
    mission: str, dem: Path | None, at: str | None, book: Path | None, rules: Path | None, vegetation: float, post: str,
    happening: str, days: int, language: str, out: Path,
) -> None:  # fmt: skip
    """Print the sheet of a post: where it stands, what it looks with, what it sees and what it alone sees, when it was manned.

    \b
    Examples:
      truceline cover post post:N1 --mission karabakh-2020 --dem dem.tif --out n1.pdf
      truceline cover post post:N1 --mission karabakh-2020 --dem dem.tif --lang ar --out n1.png
    """  # noqa: D301
    from truceline.app.covering import Asked  # noqa: PLC0415
    from truceline.app.post_sheet import post_sheet  # noqa: PLC0415

    watch = _watch(Asked(mission, dem, book, rules, _moment(at), days, vegetation))
    sheet = post_sheet(watch, post, happening, days, language, "png" if out.suffix == ".png" else "pdf")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(sheet)
    click.echo(f"{out}: internal to the owner of the post")


@command.command("flights")
@_watch_options
@click.option("--zone", required=True, metavar="ZONE", help="Where the aircraft flies.")
@click.option(
    "--of", "happening", default="vehicle", show_default=True, metavar="KIND", help="What it can tell."
)
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 400), metavar="N")
@click.option(
    "--flight", "flight_h", default=2, show_default=True, type=click.IntRange(1, 24), metavar="HOURS"
)
@click.option(
    "--a-day", "flights_a_day", default=2, show_default=True, type=click.IntRange(1, 24), metavar="N"
)
@click.option("--rest", "rest_h", default=2, show_default=True, type=click.IntRange(0, 48), metavar="HOURS")
def flights(
    mission: str, dem: Path | None, at: str | None, book: Path | None, rules: Path | None, vegetation: float, zone: str,
    happening: str, days: int, flight_h: int, flights_a_day: int, rest_h: int,
) -> None:  # fmt: skip
    """Say in which hours of the last days one aircraft would have added most to what posts and sensors observed.

    \b
    Examples:
      truceline cover flights --mission karabakh-2020 --dem dem.tif --zone zone:north --days 7 --flight 2 --a-day 1
    """  # noqa: D301
    from truceline.app.covering import Asked  # noqa: PLC0415
    from truceline.app.planning import best_flights, tell_flights  # noqa: PLC0415

    watch = _watch(Asked(mission, dem, book, rules, _moment(at), days, vegetation))
    for line in tell_flights(best_flights(watch, days, zone, happening, flight_h, flights_a_day, rest_h)):
        click.echo(line)


def _watch(asked: Asked) -> Watch:
    """Open a watch, show that it goes on, and tell what was assumed."""
    from truceline.app.covering import open_watch  # noqa: PLC0415

    with progress() as say:
        watch = open_watch(asked, lambda slug: say("cover", slug))
    for note in watch.notes:
        click.echo(f"truceline: {note}", err=True)
    return watch


def _moment(at: str | None) -> datetime | None:
    from truceline.core.times import parse_known_at  # noqa: PLC0415

    return None if at is None else parse_known_at(at)
