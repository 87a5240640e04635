"""``truceline dump``: a store as lines."""

from __future__ import annotations

import click

from truceline.cli import options


@click.command("dump")
@options.store
def command(store_path: str | None) -> None:
    """Print a store as lines of canonical JSON; two stores of the same content print the same.

    \b
    Example:
      truceline dump --store out/karabakh-2020/store.db | sha256sum
    """  # noqa: D301
    from truceline.app import dumping, wiring  # noqa: PLC0415

    store = wiring.open_store(options.store_of(store_path), must_exist=True)
    for line in dumping.dump(store.models, store.ledger):
        click.echo(line)
