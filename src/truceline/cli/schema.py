"""``truceline schema``: JSON Schemas."""

from __future__ import annotations

import json

import click

from truceline.core.errors import InputError


@click.command("schema")
@click.argument("name", required=False, metavar="[NAME]")
def command(name: str | None) -> None:
    """Print the JSON Schema of what is read and printed; without a name, list them.

    \b
    Examples:
      truceline schema
      truceline schema claim
    """  # noqa: D301
    from truceline.app import schemas  # noqa: PLC0415

    known = schemas.all_schemas()
    if name is None:
        for key in known:
            click.echo(key)
        return
    if name not in known:
        raise InputError("schema.unknown", f"there is no schema '{name}'", todo="see truceline schema")
    click.echo(json.dumps(known[name], indent=1, ensure_ascii=False))
