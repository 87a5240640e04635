"""Options that several verbs share."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

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
store = click.option(
    "--store",
    "store_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The store; else $TRUCELINE_STORE, else out/<mission>/store.db.",
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


def store_of(path: Path | None, mission_name: str | None = None) -> Path:
    """Return the store asked for: the option, the environment, or the mission's output folder.

    Args:
        path: What ``--store`` gave.
        mission_name: The mission, for the default.

    Returns:
        The path of the database file.

    Raises:
        InputError: Nothing names a store.
    """
    if path is not None:
        return path
    named = os.environ.get("TRUCELINE_STORE")
    if named:
        return Path(named)
    if mission_name is not None:
        return Path("out") / Path(mission_name).name / "store.db"
    found = sorted(Path("out").glob("*/store.db"))
    if len(found) == 1:
        return found[0]
    raise InputError("store.unnamed", "no store was named", todo="give --store FILE or set TRUCELINE_STORE")
