"""``truceline vault``: what a side knows of people, on its own machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from truceline.cli import desk, options
from truceline.core.errors import InputError


@click.group("vault")
def command() -> None:
    """Keep what is known of people on your own machine; the record holds digests under a random number.

    \b
    Examples:
      truceline vault put --field name=@name.txt --field phone=@phone.txt --record copy --key duty.key --out stick
      truceline vault list
      truceline vault consent person:k3… --purpose reunion --to icrc --document form.pdf --record copy --key duty.key --out stick
      truceline vault show person:k3… name --purpose reunion --to icrc --record copy --key duty.key --out stick
    """  # noqa: D301


_keep = click.option("--keep", default="keep", show_default=True, type=click.Path(path_type=Path), metavar="FOLDER",
                     help="Your own folder with the vault. It never travels.")  # fmt: skip


def _fields(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if not name or not value:
            raise InputError(
                "vault.field", f"'{name}' has no value", todo="write --field name=@FILE or name=VALUE"
            )
        found[name] = Path(value[1:]).read_text(encoding="utf-8").strip() if value.startswith("@") else value
    return found


@command.command("put")
@click.option("--field", "pairs", multiple=True, required=True, metavar="NAME=@FILE|NAME=VALUE",
              help="A value; from a file it does not stay in the shell's history.")  # fmt: skip
@click.option(
    "--person", "number", metavar="NUMBER", help="A person who has a number already; else a new one."
)
@desk.at_desk
def put(pairs: tuple[str, ...], number: str | None, out: Path, keep: Path, **at: Any) -> None:
    """Keep values of a person; the person's number is printed, and their digests go out."""
    from truceline.app import protecting  # noqa: PLC0415
    from truceline.app.wiring import Vault  # noqa: PLC0415

    here, person = desk.desk_of(**at), number or protecting.new_person()
    statement = protecting.protect(here, Vault(keep / protecting.VAULT), person, _fields(pairs))
    desk.hand_over(here, statement, out, keep)
    click.echo(person)


@command.command("list")
@_keep
@options.as_json
def list_held(keep: Path, *, as_json: bool) -> None:
    """List persons and fields by number, never a value."""
    from truceline.app import protecting, shapes  # noqa: PLC0415
    from truceline.app.wiring import Vault  # noqa: PLC0415

    held = Vault(keep / protecting.VAULT).held()
    if as_json:
        click.echo(shapes.pretty(held), nl=False)
        return
    for one in held:
        click.echo(f"{one.subject} {one.field}: {'kept' if one.is_readable else 'destroyed'}")


@command.command("consent")
@click.argument("person")
@click.option("--purpose", required=True, help="A word of data/protection.toml.")
@click.option("--to", "recipient", required=True, help="Whom it may be shown to.")
@click.option("--document", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
              metavar="FILE", help="The paper or recording of the consent; its hash goes out, it stays here.")  # fmt: skip
@desk.at_desk
def consent(
    person: str, purpose: str, recipient: str, document: Path, out: Path, keep: Path, **at: Any
) -> None:
    """Record that PERSON agreed to be shown for a purpose to a recipient."""
    from truceline.app import protecting  # noqa: PLC0415
    from truceline.ledger.entry import sha256_hex  # noqa: PLC0415

    here = desk.desk_of(**at)
    statement = protecting.consent(here, person, purpose, recipient, sha256_hex(document.read_bytes()))
    desk.hand_over(here, statement, out, keep)


@command.command("show")
@click.argument("person")
@click.argument("field")
@click.option("--purpose", required=True, help="As in the consent.")
@click.option("--to", "recipient", required=True, help="As in the consent.")
@desk.at_desk
def show(person: str, field: str, purpose: str, recipient: str, out: Path, keep: Path, **at: Any) -> None:
    """Show one FIELD of PERSON: refused without the person's recorded consent. The disclosure is printed, never recorded."""
    from truceline.app import protecting  # noqa: PLC0415
    from truceline.app.wiring import Vault  # noqa: PLC0415

    here = desk.desk_of(**at)
    statement, text = protecting.reveal(
        here, Vault(keep / protecting.VAULT), person, field, purpose, recipient
    )
    desk.hand_over(here, statement, out, keep)
    click.echo(text)
