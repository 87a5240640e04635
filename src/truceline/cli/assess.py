"""``truceline assess``: every obligation as known at a moment."""

from __future__ import annotations

from datetime import datetime

import click

from truceline.cli import options


@click.command("assess")
@options.mission
@options.store
@options.valid_at
@options.known_at
@options.accepted_only
@options.as_json
def command(
    mission_name: str, store_path: str | None, valid_at: datetime | None, known_at: datetime | None, *,
    accepted_only: bool, as_json: bool,
) -> None:  # fmt: skip
    """Print every obligation as known at a moment.

    \b
    Examples:
      truceline assess --mission karabakh-2020
      truceline assess --mission karabakh-2020 --known-at 2020-11-16 --json
    """  # noqa: D301
    from truceline.app import queries, shapes, wiring  # noqa: PLC0415

    mission = wiring.load_mission(mission_name)
    store = wiring.open_store(options.store_of(store_path, mission_name), must_exist=True)
    statuses = queries.obligations_of(
        store, mission, valid_at=valid_at, known_at=known_at, accepted_only=accepted_only
    )
    if as_json:
        click.echo(shapes.pretty(statuses), nl=False)
        return
    from truceline.cli.tables import print_obligations  # noqa: PLC0415

    catalogue = wiring.words_of(["en"])["en"]
    print_obligations(statuses, mission, lambda status: catalogue.say(f"status.{status}"))
