"""``truceline extract``: claims of some files."""

from __future__ import annotations

from pathlib import Path

import click

from truceline.cli import options
from truceline.core.errors import InputError


@click.command("extract")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@options.mission
@click.option("--published", metavar="DATE", help="Day of publication; overrides what the text says.")
@options.as_json
def command(files: tuple[Path, ...], mission_name: str, published: str | None, *, as_json: bool) -> None:
    """Read files and print their claims, one a line.

    \b
    Examples:
      truceline extract bulletin.txt --mission karabakh-2020
      truceline extract *.txt --mission karabakh-2020 --published 2020-11-16 --json
    """  # noqa: D301
    from truceline.app import reading, shapes, wiring  # noqa: PLC0415

    world = wiring.open_world(mission_name)
    n_refused = 0
    for extraction, rejected in reading.read_files(world, files, published=published):
        for rejection in rejected:
            n_refused += 1
            where = f"{rejection.file}{f', {rejection.where}' if rejection.where else ''}"
            click.echo(f"truceline: {where}: {rejection.why} ({rejection.todo})", err=True)
        for claim in extraction.claims if extraction else ():
            if as_json:
                click.echo(shapes.encode(claim))
            else:
                click.echo(_line(claim))
        for note in extraction.notes if extraction else ():
            click.echo(f"truceline: {extraction.report.doc if extraction else ''}: note: {note}", err=True)
    if n_refused and n_refused >= len(files):
        raise InputError("input.nothing", "none of the files could be read", todo="see the lines above")


def _line(claim: object) -> str:
    from truceline.core.claims import Claim  # noqa: PLC0415

    assert isinstance(claim, Claim)  # noqa: S101 - narrows the type for the formatter below
    speaker = claim.attribution[0] if claim.attribution else "outlet"
    roles = " → ".join(", ".join(ref.label for ref in refs) for refs in (claim.actors, claim.targets) if refs)
    figures = ", ".join(f"{q.op if q.op != '=' else ''}{q.value} {q.unit}" for q in claim.quantities)
    day = claim.when.start if claim.when and claim.when.start else ""
    due = f"due {claim.due}" if claim.due else ""
    parts = (claim.doc, claim.type, claim.modality, claim.polarity if claim.polarity == "negated" else "",
             f"[{speaker}]", roles, figures, day, due, ", ".join(ref.label for ref in claim.places))  # fmt: skip
    return " · ".join(part for part in parts if part)
