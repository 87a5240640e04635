"""``truceline demo``: the packaged mission with officers of both delegations, with simulated sensors where they are asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from truceline.cli import serve
from truceline.core.errors import ConflictError, MissingExtraError
from truceline.core.release import Realm


@click.command("demo")
@click.option("--mission", "mission_name", default="karabakh-2020", show_default=True, metavar="NAME|FOLDER")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Default: out/MISSION.")
@click.option("--bind", default="localhost:8460", show_default=True, metavar="HOST:PORT")
@click.option("--live", "is_live", is_flag=True, help="Send simulated traffic into the mission's feeds.")
@click.option("--seed", default=20201110, show_default=True, help="What the simulated traffic begins with.")
@click.option("--no-browser", is_flag=True, help="Serve, but open no browser.")
def command(
    mission_name: str, out: Path | None, bind: str, seed: int, *, is_live: bool, no_browser: bool
) -> None:
    """Run a mission of the realm 'demo' and open its console; a live mission is refused.

    With --live the mission's made-up feeds are listened at on this machine, and simulated sensors send to them in their
    standards' own wire formats: aircraft by ADS-B, a ground radar by SAPIENT, patrols by
    Cursor-on-Target, and two sorties of an unmanned aircraft wait on the page of imagery. Tracks move on the
    map, crossings of fences become alerts, and every hour of a feed is sealed into the record. Nothing of it was seen anywhere.

    \b
    Examples:
      truceline demo
      truceline demo --live
    """  # noqa: D301
    from truceline.app import flow, wiring  # noqa: PLC0415
    from truceline.app.demo_sorties import hand_in  # noqa: PLC0415
    from truceline.cli.progress import progress  # noqa: PLC0415

    world = wiring.open_world(mission_name)
    mission = world.mission
    if mission.settings.realm is not Realm.DEMO:
        raise ConflictError(
            "demo.realm", f"the mission is of the realm '{mission.settings.realm}', not 'demo'", where=mission_name,
            todo="simulated traffic never meets a live record",
        )  # fmt: skip
    if not serve.has_service():
        raise MissingExtraError(
            "extra.serve", "the console needs the extra 'serve'", todo='pip install "truceline[serve]"'
        )
    folder = out or Path("out") / mission.settings.id
    inbox = wiring.mission_folder(mission_name) / "inbox"
    with progress() as say:
        flow.run(world, [inbox], folder, known_at=None, accepted_only=False, say=say)
    player = None
    if is_live:
        try:
            from truceline.testing.simulating import DECEIVED, Player, Scene  # noqa: PLC0415 - the extra 'sensors'
            from truceline.testing.sorties import demo_sorties  # noqa: PLC0415 - as above
        except ImportError as error:
            raise MissingExtraError(
                "extra.sensors",
                "simulated sensors need the extra 'sensors'",
                todo='pip install "truceline[sensors]"',
            ) from error
        west, south, east, north = mission.settings.box
        flown = demo_sorties((west + east) / 2, (south + north) / 2)
        hand_in(world, folder / "store.db", flown, datetime.now(UTC))
        addresses = {one.id.removeprefix("feed:"): wiring.parse_address(one.address) for one in mission.feeds}
        ports = {name: one.port for name, one in addresses.items() if one.port}
        player = Player(Scene(seed=seed, deceived=DECEIVED), ports)
        player.start()
    try:
        serve.run_alone(mission_name, folder, bind, has_officers=True, opens=not no_browser, is_live=is_live)
    finally:
        if player is not None:
            player.close()
