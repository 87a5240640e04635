"""``truceline redact``: destroy a value, prove that it is gone, say who held its digest."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from truceline.cli import desk, options
from truceline.core.errors import IntegrityError

if TYPE_CHECKING:
    from truceline.app.wiring import Trace


@click.group("redact")
def command() -> None:
    """Destroy a person's values or the bytes of a report. The record stays whole, and every proof holds.

    \b
    Examples:
      truceline redact person person:k3… --reason safety --record copy --key duty.key --out stick --search out --search mail
      truceline redact evidence 9f86d0… --reason taken_in_error --mission karabakh-2020
      truceline redact holders person:k3…
      truceline redact search "the value" out
    """  # noqa: D301


_search = click.option(
    "--search", "folders", multiple=True, type=click.Path(path_type=Path, exists=True), metavar="FOLDER",
    help="Look for the destroyed values here afterwards; may be given again.",
)  # fmt: skip
_reason = click.option("--reason", required=True, help="A word of data/protection.toml, for example safety.")


@command.command("person")
@click.argument("person")
@click.option("--field", help="One field alone; else all.")
@_reason
@_search
@desk.at_desk
def person(
    person: str, field: str | None, reason: str, folders: tuple[Path, ...], out: Path, keep: Path, **at: Any
) -> None:
    """Destroy what your side's vault keeps of PERSON, at once, and state that this was done."""
    from truceline.app import protecting  # noqa: PLC0415
    from truceline.app.wiring import Vault  # noqa: PLC0415
    from truceline.ledger.commitment import read_disclosure  # noqa: PLC0415

    here, vault = desk.desk_of(**at), Vault(keep / protecting.VAULT)
    values = [
        str(read_disclosure(vault.get(person, one.field)).value)
        for one in vault.held(person)
        if one.is_readable and field in {None, one.field}
    ]
    statement, gone = protecting.redact(here, vault, person, field, reason)
    for one in gone:
        click.echo(f"destroyed: {one.field} of {one.subject}")
    desk.hand_over(here, statement, out, keep)
    _tell(protecting.search(values, [*folders, keep, out]))


def _tell(traces: tuple[Trace, ...]) -> None:
    for trace in traces:
        click.echo(f"still there: {trace.path} ({trace.shape})", err=True)
    if traces:
        raise IntegrityError(
            "redact.left",
            f"the value is still in {len(traces)} places",
            todo="remove them, then search again",
        )
    click.echo("searched every file, in every shape: nothing is left")


@command.command("evidence")
@click.argument("sha256")
@_reason
@options.mission
@options.store
@click.option("--at", type=options.Moment(), metavar="TIME", help="The time that the entry bears; else now.")
def evidence(
    sha256: str, reason: str, mission_name: str, store_path: str | None, at: datetime | None
) -> None:
    """Destroy the bytes SHA256 of a report or of a machine's output; its entry stays."""
    from truceline.app import evidence as bytes_of  # noqa: PLC0415
    from truceline.app import wiring  # noqa: PLC0415

    mission = wiring.load_mission(mission_name)
    store = wiring.open_store(options.store_of(store_path, mission_name), must_exist=True)
    index = bytes_of.redact_evidence(store, mission, sha256, reason, at or datetime.now(UTC))
    click.echo(f"destroyed; entry {index} says so")


@command.command("holders")
@click.argument("id_", metavar="ID")
@options.store
@options.as_json
def holders(id_: str, store_path: str | None, *, as_json: bool) -> None:
    """Name every copy of the record that ever held what is stated about ID."""
    from truceline.app import evidence as bytes_of  # noqa: PLC0415
    from truceline.app import shapes, wiring  # noqa: PLC0415

    found = bytes_of.holders(wiring.open_store(options.store_of(store_path), must_exist=True), id_)
    if as_json:
        click.echo(shapes.pretty(found), nl=False)
        return
    for one in found:
        click.echo(f"{one.recipient}: {one.size} entries, root {one.root}")
    if not found:
        click.echo("no copy that was given out held it")


@command.command("search")
@click.argument("value")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def search(value: str, folders: tuple[Path, ...]) -> None:
    """Look for VALUE in every file of FOLDERS: databases, logs, PDFs, packed files, in every shape. Exit code 3 if found."""
    from truceline.app import protecting  # noqa: PLC0415

    _tell(protecting.search([value], folders))
