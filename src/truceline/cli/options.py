"""Options that several verbs share."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from truceline.core.addresses import StoreAddress, parse_store
from truceline.core.errors import InputError
from truceline.core.times import parse_known_at

_Command = Callable[..., Any]


class Moment(click.ParamType[datetime]):
    """An instant, or a day that counts as its last second in UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the value."""
        try:
            return parse_known_at(str(value))
        except InputError as error:
            self.fail(str(error), param, ctx)


mission = click.option(
    "--mission",
    "mission_name",
    required=True,
    metavar="NAME|FOLDER",
    help="A packaged mission or a pack's folder.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
known_at = click.option(
    "--known-at", type=Moment(), metavar="TIME", help="As known then: 2020-11-16 or 2020-11-16T12:00:00Z."
)
valid_at = click.option(
    "--valid-at", type=Moment(), metavar="TIME", help="The time asked about; else --known-at."
)
accepted_only = click.option("--accepted-only", is_flag=True, help="Rest on claims that a person accepted.")
_EVIDENCE = "truceline.evidence"


def _keep_evidence(context: click.Context, _: click.Parameter, folder: Path | None) -> None:
    context.meta[_EVIDENCE] = folder


_store = click.option(
    "--store",
    "store_path",
    metavar="FILE|URL",
    help="The store: FILE, sqlite:///FILE or postgresql://…; else $TRUCELINE_STORE, else out/<mission>/store.db.",
)
_evidence = click.option(
    "--evidence",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    expose_value=False,
    callback=_keep_evidence,
    help="Where the evidence lies; else beside FILE, else out/<mission>/evidence.",
)


def store(command: _Command) -> _Command:
    """Let a verb be given a store, and where its evidence lies; it is handed the store's name as ``store_path``."""
    return _store(_evidence(command))


def _links(_context: click.Context, _: click.Parameter, pairs: tuple[str, ...]) -> dict[str, str]:
    found = dict(pair.partition("=")[::2] for pair in pairs)
    if not all(found.values()):
        raise InputError(
            "witness.url", "an address is missing", todo="write --witness NAME=http://localhost:8470"
        )
    return found


witnesses = click.option(
    "--witness",
    "witnesses",
    multiple=True,
    callback=_links,
    metavar="NAME=URL",
    help="A witness of the policy that is asked to cosign; may be given again.",
)
passphrase = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Read the passphrase from a file rather than ask for it.",
)


def passphrase_of(path: Path | None, *, confirm: bool = False) -> bytes:
    """Return the passphrase of a key: the first line of a file, or what a person types.

    Args:
        path: What ``--passphrase-file`` gave.
        confirm: Whether to ask twice.

    Returns:
        The passphrase.
    """
    if path is not None:
        return path.read_bytes().split(b"\n", 1)[0].rstrip(b"\r")
    typed: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True)
    return typed.encode("utf-8")


def store_of(name: str | Path | None, mission_name: str | None = None) -> StoreAddress:
    """Return the store asked for: the option, the environment, or the mission's output folder.

    Args:
        name: What ``--store`` gave.
        mission_name: The mission, for the default.

    Returns:
        Its address, with the evidence where ``--evidence`` or the mission says.

    Raises:
        InputError: Nothing names a store.
    """
    context = click.get_current_context(silent=True)
    evidence = None if context is None else context.meta.get(_EVIDENCE)
    folder = None if mission_name is None else Path("out") / Path(mission_name).name
    named = name or os.environ.get("TRUCELINE_STORE")
    if named:
        address = parse_store(str(named), evidence)
        return address if folder is None else address.beside(folder)
    if folder is not None:
        return parse_store(str(folder / "store.db"), evidence)
    found = sorted(Path("out").glob("*/store.db"))
    if len(found) == 1:
        return parse_store(str(found[0]), evidence)
    raise InputError(
        "store.unnamed", "no store was named", todo="give --store FILE|URL or set TRUCELINE_STORE"
    )
