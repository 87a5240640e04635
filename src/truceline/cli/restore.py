"""``truceline restore``: a backup into a store."""

from __future__ import annotations

from pathlib import Path

import click

from truceline.cli import options


@click.command("restore")
@click.argument("source", type=click.Path(path_type=Path), metavar="FILE|FOLDER")
@options.store
@options.as_json
def command(source: Path, store_path: str | None, *, as_json: bool) -> None:
    """Put a backup into a new store, or over one whose record it continues; end the service first.

    The record's root is worked out anew and every file held to its hash before anything is written. A copy that is broken,
    or older than the store's record, is refused and changes nothing. Either kind of store takes a backup of the other.
    Where the record went on after the copy was made, the store is read-only until truceline record heal brings it up.
    Accounts are put back only where there are none; everybody signs in anew.

    \b
    Examples:
      truceline restore monday.zip --store out/karabakh-2020/store.db
      truceline restore monday.zip --store postgresql://centre@db/centre --evidence evidence
    """  # noqa: D301
    from truceline.app import backing_up, shapes  # noqa: PLC0415

    address = options.store_of(store_path)
    done = backing_up.restore(source, address)
    for thing in done.missing:
        click.echo(f"not in the backup: {thing.what} (SHA-256 {thing.sha256})", err=True)
    if as_json:
        click.echo(shapes.encode(done))
        return
    more = ", and the accounts" if done.has_accounts else ""
    click.echo(
        f"verified and restored: {done.entries} entries, root {done.root}, {done.evidence} pieces of evidence{more}"
    )
    if done.held:
        click.echo(f"read-only: {done.held}; heal it: truceline record heal --store STORE --from MIRROR")
    else:
        click.echo(
            "ask the witnesses whether they know more: truceline record status --store STORE --witness NAME=URL"
        )
