"""What every verb shares that signs on a side's own machine: a copy of the record, keys, a time, a folder to carry over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from truceline.cli import options
from truceline.core.errors import InputError

if TYPE_CHECKING:
    from truceline.app.positions import Desk
    from truceline.ledger.signing import SignedStatement


def at_desk(function: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the options of a side's desk."""
    given = (
        click.option("--record", "folder", required=True, type=click.Path(path_type=Path), metavar="DIR",
                     help="A copy of the record, as it was given to you; it is verified first."),
        click.option("--policy", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="POLICY",
                     help="The policy that you trust; else the copy's own."),
        click.option("--key", "key_files", multiple=True, metavar="FILE",
                     type=click.Path(path_type=Path, exists=True, dir_okay=False),
                     help="The key that signs; give it twice where two pairs of eyes are wanted."),
        click.option("--demo-key", "demo_keys", multiple=True, metavar="OWNER/ROLE",
                     help="A published key of a demo or exercise record, for example A/duty."),
        options.passphrase,
        click.option("--at", type=options.Moment(), metavar="TIME", help="The time that the statement bears; else now."),
        click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FOLDER",
                     help="Where the signed statement goes, to be carried over."),
        click.option("--keep", default="keep", show_default=True, type=click.Path(path_type=Path), metavar="FOLDER",
                     help="Your own folder: what opens your seals, and the list of what you handed over. It never travels."),
    )  # fmt: skip
    for option in reversed(given):
        function = option(function)
    return function


def desk_of(
    folder: Path,
    policy: Path | None,
    key_files: tuple[Path, ...],
    demo_keys: tuple[str, ...],
    passphrase_file: Path | None,
    at: datetime | None,
) -> Desk:
    """Return a side's desk as the options name it; see `at_desk`."""
    from truceline.app import positions, rounds, wiring  # noqa: PLC0415
    from truceline.ledger.keys import derive_demo_key, realm_of  # noqa: PLC0415

    found = rounds.rounds_of_copy(folder, None if policy is None else policy.read_bytes())
    origin = found.head.origin
    mission, realm = origin.removeprefix("truceline/").rsplit("/", 1)[0], realm_of(origin)
    signers = [
        *(derive_demo_key(realm, mission, name) for name in demo_keys),
        *(wiring.read_key(path, options.passphrase_of(passphrase_file)).signer() for path in key_files),
    ]
    if not signers:
        raise InputError(
            "key.none", "nobody signs", todo="give --key FILE, or --demo-key A/duty in a demo record"
        )
    return positions.Desk(found, tuple(signers), at or datetime.now(UTC))


def hand_over(desk: Desk, statement: SignedStatement, out: Path, keep: Path) -> None:
    """List a signed statement in the side's outbox, write both to the folder that is carried over, and say so."""
    from truceline.app import outbox, wiring  # noqa: PLC0415

    head = outbox.handed_over(desk, statement, keep)
    # The head first: the statement may end the very key that signs both.
    _, path = wiring.write_statements(out, [head, statement])
    click.echo(f"signed: {path}")
