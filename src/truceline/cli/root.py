"""The root of the command line: verbs are loaded only when they are called, so that ``--help`` answers at once."""

from __future__ import annotations

import importlib
import os
import sys

import click

from truceline import __version__
from truceline.core.errors import TrucelineError

VERBS = {
    "run": "take an inbox through every stage and write what came of it",
    "start": "make a mission of your own and open it",
    "demo": "play the packaged mission with its officers, and with simulated sensors if you like",
    "exercise": "play a mission in a realm of its own, with a tour for newcomers",
    "extract": "read files and print their claims",
    "decode": "print what the bytes of a sensor say",
    "imagery": "say which ground the frames of a sortie show",
    "hotspots": "hold satellite hot spots against what is usual in their season",
    "integrity": "look through recordings for positions that cannot be true",
    "blasts": "find where explosions were by when they arrived at posts",
    "track": "follow what a table of detections shows, and write the tracks",
    "cover": "work out what posts and sensors could see",
    "radio": "read radio lines of observers, as said and as meant",
    "assess": "print every obligation as known at a moment",
    "import": "take in a table of reports and give back the rows that were not taken",
    "record": "export, verify and read the record",
    "determine": "give positions and see how the rounds stand",
    "vault": "keep what is known of people on your own machine",
    "redact": "destroy a value, prove that it is gone, say who held its digest",
    "roll": "note which person a duty number stands for",
    "evacuate": "destroy what may harm people on this machine, keep what proves",
    "key": "make the keys of a side on its own machine",
    "witness": "cosign a record's checkpoints on a machine of your own",
    "rebuild": "make the read models anew from record and evidence",
    "dump": "print a store as lines that two people can compare",
    "backup": "copy record, evidence and accounts while the service runs",
    "restore": "put a backup into a store, once it verifies",
    "mission": "list and check mission packs",
    "account": "say who may sign in at a centre, by number",
    "work": "draw conclusions in a process of its own, beside services on the same store",
    "serve": "serve the pages of a run on this machine",
    "schema": "print the JSON Schema of what is read and printed",
    "doctor": "say what is installed, what is missing, what it would enable",
    "flow": "print the order of the work",
}


class _Verbs(click.Group):
    """A group whose verbs lie in a module each."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the library's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        name = "import_" if cmd_name == "import" else cmd_name
        module = importlib.import_module(f"truceline.cli.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="truceline")
def truceline() -> None:
    """The software of a ceasefire monitoring centre.

    \b
    Try:
      truceline run --mission karabakh-2020 --out out/karabakh-2020
      truceline assess --mission karabakh-2020 --known-at 2020-11-16
      truceline record verify out/karabakh-2020/record
    """  # noqa: D301 - click's mark for lines that keep their breaks


def main() -> None:
    """Run the command line; every error of ours is one clear line and an exit code."""
    try:
        truceline(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except TrucelineError as error:
        click.echo(f"truceline: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        if os.environ.get("TRUCELINE_DEBUG"):
            raise
        click.echo(
            f"truceline: a defect of ours: {type(error).__name__}: {error} (TRUCELINE_DEBUG=1 shows where)",
            err=True,
        )
        sys.exit(1)
