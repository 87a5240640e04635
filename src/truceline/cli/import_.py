"""``truceline import``: a table of reports into an inbox."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from truceline.cli import options
from truceline.core.errors import InputError


@click.command("import")
@click.argument("sheet", type=click.Path(path_type=Path), metavar="FILE")
@options.mission
@click.option(
    "--inbox", type=click.Path(path_type=Path), required=True, metavar="DIR", help="The inbox to put it into."
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Lay a field on a column; may be given again.",
)
@options.as_json
@click.option("--yes", is_flag=True, help="Take the columns as shown, ask nothing.")
def command(
    sheet: Path, mission_name: str, inbox: Path, columns: tuple[str, ...], *, yes: bool, as_json: bool
) -> None:
    """Put a table of reports into an inbox, and give back the rows that were not taken.

    Shows which column is taken as which field and remembers what you agreed to. Rows that cannot be taken come back
    as the same sheet with a column that says why.

    \b
    Examples:
      truceline import reports.xlsx --mission karabakh-2020 --inbox my-inbox
      truceline import reports.csv --mission blank --inbox my-inbox --column text=Body --yes
    """  # noqa: D301
    from truceline.app import importing, shapes, wiring  # noqa: PLC0415
    from truceline.cli.tables import print_table  # noqa: PLC0415

    memory = inbox / ".truceline" / "columns.json"
    mapping = importing.mapping_of(sheet, memory, columns)
    rows = [
        (field, column or "—", "guessed" if field in mapping.guessed else "")
        for field, column in mapping.columns.items()
    ]
    if not as_json:
        title = f"{sheet.name}: columns{' (as before)' if mapping.is_remembered else ''}"
        print_table(("Field", "Column", ""), rows, title=title)
    if not yes:
        if not sys.stdin.isatty():
            raise InputError(
                "import.unasked", "nobody agreed to the columns", todo="add --yes, or mend with --column"
            )
        click.confirm("Take them so?", abort=True)
    world = wiring.open_world(mission_name)
    outcome = importing.take(sheet, mapping, world, inbox, memory)
    if as_json:
        click.echo(shapes.encode({"columns": mapping.columns, **shapes.plain(outcome)}))
        return
    click.echo(f"{outcome.n_taken} rows taken into {outcome.target}")
    if outcome.n_rejected:
        click.echo(
            f"{outcome.n_rejected} rows were not taken; they are in {outcome.rejected_sheet} with the reason"
        )
