"""``truceline mission``: packs."""

from __future__ import annotations

import click

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
def list_missions() -> None:
    """Name the packaged missions."""
    from truceline.app import wiring  # noqa: PLC0415

    for name in wiring.packaged_missions():
        click.echo(name)


@command.command("check")
@click.argument("name", metavar="NAME|FOLDER")
def check(name: str) -> None:
    """Find every mistake of a pack in one pass: file, place, what, what to do."""
    from truceline.app import wiring  # noqa: PLC0415

    problems = wiring.check_mission(name)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        raise ConfigError(
            "mission.check", f"{len(problems)} mistakes", where=name, todo="mend the lines above"
        )
    click.echo(f"{name}: no mistake found")
