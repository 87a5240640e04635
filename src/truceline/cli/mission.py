"""``truceline mission``: packs."""

from __future__ import annotations

import click

from truceline.cli import options
from truceline.core.errors import ConfigError


@click.group("mission")
def command() -> None:
    """List and check mission packs.

    \b
    Examples:
      truceline mission list
      truceline mission check my-mission/
    """  # noqa: D301


@command.command("list")
@options.as_json
def list_missions(*, as_json: bool) -> None:
    """Name the packaged missions."""
    from truceline.app import shapes, wiring  # noqa: PLC0415

    if as_json:
        click.echo(shapes.encode(wiring.packaged_missions()))
        return
    for name in wiring.packaged_missions():
        click.echo(name)


@command.command("check")
@click.argument("name", metavar="NAME|FOLDER")
@options.as_json
def check(name: str, *, as_json: bool) -> None:
    """Find every mistake of a pack in one pass: file, place, what, what to do."""
    from truceline.app import shapes, wiring  # noqa: PLC0415

    problems = wiring.check_mission(name)
    if as_json:
        click.echo(shapes.encode(problems))
    else:
        for problem in problems:
            click.echo(str(problem), err=True)
    if problems:
        raise ConfigError(
            "mission.check", f"{len(problems)} mistakes", where=name, todo="mend the lines above"
        )
    if not as_json:
        click.echo(f"{name}: no mistake found")
