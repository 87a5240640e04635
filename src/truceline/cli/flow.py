"""``truceline flow``: the order of the work."""

from __future__ import annotations

import click

from truceline.cli import options


@click.command("flow")
@options.as_json
def command(*, as_json: bool) -> None:
    """Print the order of the work: each stage, what it takes, gives and may never do."""
    from truceline.app import shapes, stages  # noqa: PLC0415

    told = stages.tell()
    if as_json:
        click.echo(shapes.encode(told))
        return
    for name, words in told.items():
        click.echo(click.style(name, bold=True))
        for line in words:
            click.echo(f"  {line}")
