"""``truceline exercise``: a mission played through, in a realm that no live record takes anything from."""

from __future__ import annotations

from pathlib import Path

import click

from truceline.cli import serve
from truceline.core.errors import MissingExtraError


@click.command("exercise")
@click.argument(
    "folder", type=click.Path(path_type=Path), default=Path("truceline-exercise"), metavar="[FOLDER]"
)
@click.option(
    "--mission", "mission_name", default="karabakh-2020", show_default=True, metavar="NAME|FOLDER",
    help="The mission that is played; its pack is copied.",
)  # fmt: skip
@click.option("--bind", default="localhost:8461", show_default=True, metavar="HOST:PORT")
@click.option("--no-serve", is_flag=True, help="Make and run it, do not serve.")
@click.option("--no-browser", is_flag=True, help="Serve, but open no browser.")
def command(folder: Path, mission_name: str, bind: str, *, no_serve: bool, no_browser: bool) -> None:
    """Play a mission with officers of both delegations, keys that prove nothing, and a tour for newcomers.

    Makes FOLDER with a copy of the mission's pack in the realm 'exercise', runs its inbox and opens the console; run it
    again to go on. Every page and sheet is marked, and the record has an origin of its own. More comes in as files
    handed in at the console, or put into FOLDER/NAME/inbox before it is run again.

    \b
    Examples:
      truceline exercise
      truceline exercise monday --mission missions/ours --bind localhost:8470
    """  # noqa: D301
    from truceline.app import flow, wiring  # noqa: PLC0415
    from truceline.cli.progress import progress  # noqa: PLC0415

    pack, out = wiring.copy_for_exercise(mission_name, folder), folder / "out"
    inbox = pack / "inbox"
    inbox.mkdir(exist_ok=True)
    with progress() as say:
        run = flow.run(
            wiring.open_world(str(pack)), [inbox], out, known_at=None, accepted_only=False, say=say
        ).run
    click.echo(f"exercise in {folder}: {len(run.reports)} reports, {len(run.claims)} claims")
    if no_serve:
        return
    if not serve.has_service():
        raise MissingExtraError(
            "extra.serve", "the console needs the extra 'serve'", todo='pip install "truceline[serve]"'
        )
    serve.run_alone(str(pack), out, bind, has_officers=True, opens=not no_browser)
