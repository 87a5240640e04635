"""``truceline evacuate``: destroy what may harm people, keep what proves."""

from __future__ import annotations

from pathlib import Path

import click

from truceline.cli import options


@click.command("evacuate")
@click.option("--keep", default="keep", show_default=True, type=click.Path(path_type=Path), metavar="FOLDER",
              help="Your own folder: vault, roll, drafts, keys.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.as_json
def command(keep: Path, *, yes: bool, as_json: bool) -> None:
    """Destroy vault, roll, drafts and keys on this machine, at once and without a network; the record stays and verifies.

    What this cannot reach: backups, other machines, and what a disk keeps of deleted files (wear levelling, snapshots).
    The keys that locked the values are destroyed first; without them what is left cannot be read.

    \b
    Examples:
      truceline evacuate --keep keep
      truceline evacuate --keep keep --yes
    """  # noqa: D301
    from truceline.app import protecting, shapes  # noqa: PLC0415

    if not yes:
        click.confirm(f"Destroy every vault, roll, draft and key in {keep} for ever?", abort=True)
    done = protecting.evacuate(keep)
    if as_json:
        click.echo(shapes.encode(done))
        return
    for name in done.destroyed:
        click.echo(f"destroyed: {name}")
    for name in done.kept:
        click.echo(f"kept: {name}")
    click.echo("not reached: backups, other machines, and what the disk keeps of deleted files")
