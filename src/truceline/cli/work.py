"""``truceline work``: the stages' work in a process of its own, beside services on the same store."""

from __future__ import annotations

import signal
import threading
from datetime import UTC, datetime

import click

from truceline.cli import options
from truceline.core.errors import InputError


@click.command("work")
@click.option(
    "--mission", "mission_name", required=True, metavar="NAME|FOLDER", help="A packaged mission or a pack's folder."
)  # fmt: skip
@options.store
@options.witnesses
def command(mission_name: str, store_path: str | None, witnesses: dict[str, str]) -> None:
    """Draw conclusions and go round the witnesses for services on one store, until Ctrl-C.

    Start the services with --no-work: they answer and write, and this process links, assesses and draws the picture
    behind them. One is enough; where there are two, both come to the same.

    \b
    Examples:
      truceline work --mission missions/ours --store postgresql://localhost/centre
      truceline serve --mission missions/ours --store postgresql://localhost/centre --no-work
    """  # noqa: D301
    from truceline.app import wiring  # noqa: PLC0415
    from truceline.app.working import set_up  # noqa: PLC0415

    place = options.store_of(store_path, mission_name)
    store = wiring.open_store(place)
    size = store.ledger.size()
    store.close()
    if not size:
        raise InputError(
            "work.empty", "nothing has been recorded yet", where=str(place), todo="run the mission first"
        )
    ending = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ending.set())
    work = set_up(
        lambda: wiring.open_store(place),
        wiring.open_world(mission_name),
        lambda: datetime.now(UTC),
        witnesses,
    )
    work.start(lambda _: None)
    click.echo(f"working for {place}")
    ending.wait()
    work.close()
    click.echo("stopped")
