"""``truceline doctor``: what is installed, what is missing, what it would enable."""

from __future__ import annotations

import click

from truceline.cli import options


@click.command("doctor")
@options.as_json
def command(*, as_json: bool) -> None:
    """Say what is installed, what is missing, and what it would enable."""
    from truceline.app import doctor, shapes  # noqa: PLC0415

    findings = doctor.examine()
    if as_json:
        click.echo(shapes.encode(findings))
        return
    from truceline.cli.tables import print_table  # noqa: PLC0415

    rows = [
        ("✓" if finding.is_there else "–", finding.part, finding.detail, finding.enables)
        for finding in findings
    ]
    print_table(("", "Part", "Found", "What it is for"), rows)
