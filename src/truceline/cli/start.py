"""``truceline start``: a mission of one's own, without administrator or compiler."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from truceline.cli import serve
from truceline.core.release import Realm


@click.command("start")
@click.argument(
    "folder", type=click.Path(path_type=Path), default=Path("truceline-mission"), metavar="[FOLDER]"
)
@click.option("--mission", "mission_name", default="blank", show_default=True, metavar="NAME|FOLDER")
@click.option("--bind", default="localhost:8460", show_default=True, metavar="HOST:PORT")
@click.option("--no-serve", is_flag=True, help="Make and run it, do not serve.")
@click.option("--no-browser", is_flag=True, help="Serve, but open no browser.")
def command(folder: Path, mission_name: str, bind: str, *, no_serve: bool, no_browser: bool) -> None:
    """Make a mission of your own, run its inbox and open its console.

    Makes FOLDER with an inbox/ to put files into; run it again to take in what is new.
    Without the extra 'serve' its pages are opened.

    \b
    Examples:
      truceline start
      truceline start my-mission --mission karabakh-2020
    """  # noqa: D301
    from truceline.app import flow, remarks, wiring  # noqa: PLC0415
    from truceline.cli.progress import progress  # noqa: PLC0415

    inbox, out = folder / "inbox", folder / "out"
    inbox.mkdir(parents=True, exist_ok=True)
    world = wiring.open_world(mission_name)
    with progress() as say:
        outcome = flow.run(world, [inbox], out, known_at=None, accepted_only=False, say=say)
    run = outcome.run
    for remark in remarks.remarks(run, world.mission):
        click.echo(f"truceline: {remark}", err=True)
    click.echo(f"{len(run.reports)} reports, {len(run.claims)} claims")
    if not run.reports:
        click.echo(f"put files into {inbox} and start again")
    elif not world.mission.places:
        click.echo(
            f"the mission '{world.mission.settings.id}' knows no places and parties yet, so nothing is recognised: "
            "write a pack (docs/reference/mission-pack.md) and name it with --mission"
        )
    if no_serve:
        return
    if serve.has_service():
        serve.run_alone(
            mission_name,
            out,
            bind,
            has_officers=world.mission.settings.realm is not Realm.LIVE,
            opens=not no_browser,
        )
    else:
        click.echo(
            'truceline: for the console, pip install "truceline[serve]"; these are its pages', err=True
        )
        _pages(out, bind, opens=not no_browser)


def _pages(out: Path, bind: str, *, opens: bool) -> None:
    from truceline.app import front, wiring  # noqa: PLC0415

    def ready(address: str) -> None:
        click.echo(f"serving {address} (Ctrl-C ends)")
        if opens:
            webbrowser.open(f"{address}board.html")

    try:
        wiring.serve_folder(out, bind, front.front_page(out), ready)
    except KeyboardInterrupt:
        click.echo("stopped")
