"""``truceline roll``: which person a duty number stands for; outside the record, per delegation, destroyable alone."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("roll")
def command() -> None:
    """Keep which person a duty number stands for, encrypted on your own machine. The record knows numbers alone.

    \b
    Examples:
      truceline roll add 0417 --name-file name.txt
      truceline roll show 0417
      truceline roll destroy 0417
    """  # noqa: D301


_keep = click.option("--keep", default="keep", show_default=True, type=click.Path(path_type=Path), metavar="FOLDER",
                     help="Your delegation's own folder.")  # fmt: skip


@command.command("add")
@click.argument("number")
@click.option("--name-file", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
              metavar="FILE", help="Who it is; from a file, so that it does not stay in the shell's history.")  # fmt: skip
@_keep
def add(number: str, name_file: Path, keep: Path) -> None:
    """Note who duty NUMBER is."""
    from truceline.app import protecting  # noqa: PLC0415
    from truceline.app.wiring import Vault  # noqa: PLC0415

    text = name_file.read_text(encoding="utf-8").strip()
    Vault(keep / protecting.ROLL).put(f"duty:{number}", "person", text, "")
    click.echo(f"noted: {number}")


@command.command("show")
@click.argument("number", required=False)
@_keep
def show(number: str | None, keep: Path) -> None:
    """Print who duty NUMBER is; without one, the numbers alone."""
    from truceline.app import protecting  # noqa: PLC0415
    from truceline.app.wiring import Vault  # noqa: PLC0415

    vault = Vault(keep / protecting.ROLL)
    if number is not None:
        click.echo(vault.get(f"duty:{number}", "person"))
        return
    for one in vault.held():
        click.echo(f"{one.subject.removeprefix('duty:')}{'' if one.is_readable else ' (destroyed)'}")


@command.command("destroy")
@click.argument("number")
@_keep
def destroy(number: str, keep: Path) -> None:
    """Destroy who duty NUMBER was; what the number signed stays proven."""
    from truceline.app import protecting  # noqa: PLC0415
    from truceline.app.wiring import Vault  # noqa: PLC0415

    gone = Vault(keep / protecting.ROLL).destroy(f"duty:{number}")
    click.echo(f"destroyed: {number}" if gone else f"nothing is noted about {number}")
