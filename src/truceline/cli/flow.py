"""``truceline flow``: the order of the work."""

from __future__ import annotations

import click


@click.command("flow")
def command() -> None:
    """Print the order of the work: each stage, what it takes, gives and may never do."""
    import importlib  # noqa: PLC0415

    from truceline.app.stages import STAGES  # noqa: PLC0415

    for name in STAGES:
        click.echo(click.style(name, bold=True))
        text = importlib.import_module(f"truceline.{name}").__doc__ or ""
        for line in text.strip().splitlines()[1:]:
            if line.strip():
                click.echo(f"  {line.strip()}")
