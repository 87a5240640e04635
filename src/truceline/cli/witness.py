"""``truceline witness``: cosign a record's checkpoints as long as each continues the last."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from truceline.cli import options
from truceline.core.errors import InputError


@click.group("witness")
def command() -> None:
    """Cosign a record's checkpoints on a machine of your own (C2SP tlog-witness).

    \b
    Examples:
      truceline witness serve --demo A --mission karabakh-2020 --store witness-a.db
      truceline witness serve --key witness-a.key --log VKEY --store witness-a.db --bind localhost:8470
    """  # noqa: D301


@command.command("serve")
@click.option("--key", "key_file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
              help="The witness's key; see truceline key new --witness.")  # fmt: skip
@options.passphrase
@click.option(
    "--log", "vkeys", multiple=True, metavar="VKEY", help="A log to cosign for; may be given again."
)
@click.option(
    "--demo", metavar="NAME", help="Be a published witness of a demo mission instead (A, B, observer)."
)
@click.option("--mission", "mission_name", metavar="NAME|FOLDER", help="The mission of --demo.")
@click.option("--store", "store_path", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="What the witness remembers; never share it with another key.")  # fmt: skip
@click.option(
    "--bind", default="localhost:8470", show_default=True, metavar="HOST:PORT", help="A loopback address."
)
@click.option("--keep", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="FOLDER",
              help="Your side's own folder: the heads of its list of what was handed over are shown to the record's "
                   "keeper, who acknowledges them hourly.")  # fmt: skip
def serve(
    key_file: Path | None,
    passphrase_file: Path | None,
    vkeys: tuple[str, ...],
    demo: str | None,
    mission_name: str | None,
    store_path: Path,
    bind: str,
    keep: Path | None,
) -> None:
    """Answer add-checkpoint until ended. What is answered was written to the disk before."""
    from truceline.app import founding, outbox, wiring  # noqa: PLC0415
    from truceline.ledger.keys import parse_vkey  # noqa: PLC0415

    if demo is not None and mission_name is not None:
        mission = wiring.load_mission(mission_name)
        cosigner = founding.demo_cosigners(mission).get(demo)
        logs = list(founding.demo_policy(mission).logs)
        if cosigner is None:
            raise InputError("witness.name", f"the mission has no witness '{demo}'", where=mission_name)
    elif key_file is not None and vkeys:
        cosigner = wiring.read_key(key_file, options.passphrase_of(passphrase_file)).cosigner()
        logs = [parse_vkey(vkey) for vkey in vkeys]
    else:
        raise InputError(
            "witness.key", "no key, or no log to cosign for",
            todo="give --key FILE and --log VKEY, or --demo NAME and --mission",
        )  # fmt: skip
    make = wiring.witness_at(store_path, cosigner, logs)
    make()
    click.echo(cosigner.verifier.vkey)
    heads = None if keep is None else partial(outbox.heads_of, keep)
    wiring.serve_witness(make, bind, lambda url: click.echo(f"cosigning at {url}"), heads)
