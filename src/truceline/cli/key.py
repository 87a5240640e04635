"""``truceline key``: keys that never leave their owner's machine, and statements that change which of them count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from truceline.cli import desk, options


@click.group("key")
def command() -> None:
    """Make the keys of a side on its own machine.

    \b
    Examples:
      truceline key new A/duty-0417 --mission karabakh-2020 --realm live --out duty-0417.key
      truceline key new A --witness --mission karabakh-2020 --realm live --out witness-a.key
      truceline key rotate OLD NEW --record copy --key duty-0417.key --out stick
      truceline key revoke OLD --reason "left the service" --record copy --key head.key --out stick
    """  # noqa: D301


@command.command("new")
@click.argument("name")
@options.mission
@click.option(
    "--realm", type=click.Choice(["live", "exercise", "demo"]), default="live", show_default=True,
    help="The world that the key belongs to.",
)  # fmt: skip
@click.option(
    "--witness", "is_witness", is_flag=True, help="A witness's key: it cosigns checkpoints, nothing else."
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="FILE", help="Where to keep it."
)
@options.passphrase
@options.as_json
def new(
    name: str,
    mission_name: str,
    realm: str,
    out: Path,
    passphrase_file: Path | None,
    *,
    is_witness: bool,
    as_json: bool,
) -> None:
    """Make a random key NAME (owner/duty number, or a witness's name) and print its public half.

    Give the printed line to the others; the file stays here. A person in a key's name is a duty number, never a name.
    """
    from truceline.app import shapes, wiring  # noqa: PLC0415
    from truceline.core.release import Realm  # noqa: PLC0415
    from truceline.ledger.keys import WITNESS, key_name  # noqa: PLC0415

    mission = wiring.load_mission(mission_name)
    full = key_name(mission.settings.id, Realm(realm), f"{WITNESS}/{name}" if is_witness else name)
    passphrase = options.passphrase_of(passphrase_file, confirm=True)
    vkey = wiring.new_key(out, full, passphrase, is_witness=is_witness)
    click.echo(shapes.encode({"vkey": vkey, "file": str(out)}) if as_json else vkey)


@command.command("add")
@click.argument("vkey")
@click.option("--role", required=True, help="What its holder may do: duty, deputy, head.")
@desk.at_desk
def add(vkey: str, role: str, out: Path, keep: Path, **at: Any) -> None:
    """Bring in a further key of your side, by one that counts; it counts from the next entry on."""
    from truceline.app import keychange  # noqa: PLC0415

    here = desk.desk_of(**at)
    desk.hand_over(here, keychange.add_key(here, vkey, role), out, keep)


@command.command("rotate")
@click.argument("old")
@click.argument("new")
@desk.at_desk
def rotate(old: str, new: str, out: Path, keep: Path, **at: Any) -> None:
    """Replace the key OLD of your side by NEW, with the same role. What OLD signed before stays."""
    from truceline.app import keychange  # noqa: PLC0415

    here = desk.desk_of(**at)
    desk.hand_over(here, keychange.rotate_key(here, old, new), out, keep)


@command.command("revoke")
@click.argument("old")
@click.option("--reason", required=True, help="Why; it stands in the record.")
@desk.at_desk
def revoke(old: str, reason: str, out: Path, keep: Path, **at: Any) -> None:
    """End the key OLD of your side. What it signed before stays; nothing that it signs after this entry counts."""
    from truceline.app import keychange  # noqa: PLC0415

    here = desk.desk_of(**at)
    desk.hand_over(here, keychange.revoke_key(here, old, reason), out, keep)
