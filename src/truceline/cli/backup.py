"""``truceline backup``: a copy of a centre while its service runs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from truceline.cli import options


@click.command("backup")
@options.store
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE.zip|FOLDER",
    help="Where to; a file or folder that is not there yet.",
)
@options.as_json
def command(store_path: str | None, target: Path, *, as_json: bool) -> None:
    """Copy record, evidence and accounts as they are at one moment; the service may go on.

    The copy holds all that the centre holds, and is readable by its owner alone: keep it as you keep the store, and
    destroy it with what is destroyed there. It holds no keys, no vaults, no sessions and no tokens.

    \b
    Examples:
      truceline backup --store out/karabakh-2020/store.db --to monday.zip
      truceline backup --store postgresql://centre@db/centre --to /media/stick/monday
    """  # noqa: D301
    from truceline.app import backing_up, shapes  # noqa: PLC0415

    done = backing_up.back_up(options.store_of(store_path), target, datetime.now(UTC))
    for sha256 in done.damaged:
        click.echo(f"gone bad before it was copied: evidence {sha256}; heal it from another copy", err=True)
    if as_json:
        click.echo(shapes.encode(done))
        return
    more = ", and the accounts" if done.has_accounts else ""
    click.echo(
        f"{done.entries} entries, root {done.root}, {done.evidence} pieces of evidence{more} in {target}"
    )
