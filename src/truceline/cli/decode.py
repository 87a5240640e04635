"""``truceline decode``: what a sensor's bytes say."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from truceline.cli import options
from truceline.core.frames import Frame, Refused

REFUSED = 2


@click.command("decode")
@click.argument("name", metavar="FORMAT")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--proto-json", "is_json", is_flag=True, help="The files hold protobuf JSON, not the wire (sapient)."
)
@options.as_json
def command(name: str, files: tuple[Path, ...], *, is_json: bool, as_json: bool) -> None:
    """Decode files of sensors' messages, or segments of the record, and print what each message says, one a line.

    A message that breaks a rule of its standard is refused with the reason on stderr, and the exit code is 2; the others are
    printed all the same. A message that can be read although it is refused (a checksum that does not fit) is printed too, marked with
    the reason. Captures of network traffic (pcap) are unwrapped. Nothing is stored, sent or obeyed.

    \b
    Examples:
      truceline decode adsb frames.csv --json
      truceline decode asterix radar.pcap --json
      truceline decode klv flight.ts
      truceline decode sapient feed.bin
      truceline decode sapient out/karabakh-2020/evidence/49/49517f... --json
      truceline decode sapient registration.json --proto-json --json
    """  # noqa: D301
    from truceline.app import decoding  # noqa: PLC0415

    n_refused = 0
    for path, found in decoding.decode_files(f"{name}-json" if is_json else name, files):
        if isinstance(found, Refused):
            n_refused += 1
            place = f"{found.where}: " if found.where else ""
            click.echo(f"truceline: {path}, {found.offset}: {place}{found.why} [{found.code}]", err=True)
            if found.read is not None:
                click.echo(_json(found.read, found.code) if as_json else _line(found.read))
        else:
            click.echo(_json(found) if as_json else _line(found))
    if n_refused:
        sys.exit(REFUSED)


def _json(frame: Frame, refused: str = "") -> str:
    head: dict[str, object] = {
        "format": frame.format, "kind": frame.kind, "offset": frame.offset, "at_s": frame.at_s
    }  # fmt: skip
    if refused:
        head["refused"] = refused
    return json.dumps({**head, "values": frame.values}, ensure_ascii=False)


def _line(frame: Frame) -> str:
    values = ", ".join(
        f"{name} {value}" for name, value in frame.values.items() if not isinstance(value, (dict, list))
    )
    return f"{frame.offset} · {frame.kind} · {values}"
