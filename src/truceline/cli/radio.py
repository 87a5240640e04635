"""``truceline radio``: lines of the watch log as said and as meant."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from truceline.cli import options
from truceline.core.errors import InputError
from truceline.core.times import format_instant
from truceline.core.watchlog import (
    Band,
    Bearing,
    Count,
    Course,
    Height,
    Interval,
    Observer,
    Reading,
    Spot,
    WatchLine,
)

REFUSED = 2
_FIELDS = ("observer", "time", "position", "bearing", "distance", "height", "course", "exercise", "weapon")


@click.command("radio")
@click.argument("lines", nargs=-1, metavar="[LINE]...")
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Lines of a file; - is standard input.",
)
@options.mission
@click.option(
    "--on",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The day on which the lines came: 2020-11-14.",
)
@options.as_json
def command(
    lines: tuple[str, ...], path: Path | None, mission_name: str, on: datetime, *, as_json: bool
) -> None:
    """Read radio lines of observers: each measure as said and as meant, how exact it is, what has to be asked back.

    English, Russian, Turkish and Arabic habits are read; the order of the fields and the signs between them are free. What is not
    understood is refused or asked, never guessed: an unstated north, time zone or system of mils is a question and widens the error.
    A line that is refused is one line on standard error; the others go on, exit code 2.

    \b
    Examples:
      truceline radio "OP07 141530Z saw 3 flashes brg 240 dist 4-6km" --mission karabakh-2020 --on 2020-11-14
      truceline radio --file watch.txt --mission karabakh-2020 --on 2020-11-14 --json
    """  # noqa: D301
    from truceline.app import radio, wiring  # noqa: PLC0415
    from truceline.core.watchlog import RefusedLine  # noqa: PLC0415

    if bool(lines) == (path is not None):
        raise click.UsageError("give either lines or --file")
    refused = 0
    name = "" if path is None else f"{path}, "
    for number, found in radio.read_lines(
        lines or _lines_of(path), wiring.load_mission(mission_name), on.date()
    ):
        if isinstance(found, RefusedLine):
            refused += 1
            click.echo(
                f"truceline: {name}line {number}: {found.what} ({found.todo}) [{found.code}]", err=True
            )
            if as_json:
                click.echo(
                    json.dumps(
                        {"line": number, "status": "refused", **radio.plain(found)}, ensure_ascii=False
                    )
                )
            continue
        if as_json:
            status = "asked" if found.questions else "read"
            click.echo(
                json.dumps({"line": number, "status": status, **radio.plain(found)}, ensure_ascii=False)
            )
        else:
            click.echo("\n".join([f"{number}: {found.text}", *_told(found)]))
    if refused:
        sys.exit(REFUSED)


def _lines_of(path: Path | None) -> list[str]:
    if path is None or str(path) == "-":
        return sys.stdin.read().splitlines()
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "radio.file", f"cannot be read: {error}", where=str(path), todo="give a text file in UTF-8"
        ) from error


def _told(line: WatchLine) -> list[str]:
    rows = [_row(name, getattr(line, name)) for name in _FIELDS if getattr(line, name) is not None]
    for one in line.happenings:
        means = ", ".join(str(reading.meant) for reading in one.means) or "means not said"
        rows.append(
            f"  {'what':9} '{one.count.said}' -> {_count(one.count.meant)} {one.kind.meant}, {means}{_notes(one.count)}"
        )
    rows += [
        f"  question  {one.field}: {one.what}" + (f" '{one.said}'" if one.said else "")
        for one in line.questions
    ]
    return rows


def _row(name: str, reading: Reading[Any]) -> str:
    error = "" if reading.error is None or not reading.unit else f" ± {reading.error:g} {reading.unit}"
    system = f" [{reading.system}]" if reading.system else ""
    return f"  {name:9} '{reading.said}' -> {_meant(reading.meant)}{error}{system}{_notes(reading)}"


def _notes(reading: Reading[Any]) -> str:
    return f" ({'; '.join(reading.assumed)})" if reading.assumed else ""


def _count(count: Count) -> str:
    if count.least is None and count.most is None:
        return "an undetermined number of"
    if count.most is None:
        return f"at least {count.least}"
    return str(count.least) if count.least == count.most else f"{count.least} to {count.most}"


def _meant(meant: Any) -> str:
    if isinstance(meant, Spot):
        return f"{meant.lat:.6f}, {meant.lon:.6f}"
    if isinstance(meant, Bearing):
        return f"{meant.true_deg:.2f} degrees of true north"
    if isinstance(meant, Band):
        if meant.least_m is None and meant.most_m is None:
            return "undetermined"
        most = "open" if meant.most_m is None else f"{meant.most_m:g}"
        return f"{meant.least_m:g} to {most} m"
    if isinstance(meant, Height):
        return f"{meant.metres:g} m above {meant.above or 'what is not said'}"
    if isinstance(meant, Interval):
        start, end = (format_instant(moment) for moment in (meant.start_at, meant.end_at))
        return start if start == end else f"{start} to {end}"
    if isinstance(meant, Observer):
        return f"{meant.kind} {meant.code}"
    if isinstance(meant, Course):
        ends = [
            f"{word} {deg:g} degrees"
            for word, deg in (("from", meant.from_deg), ("to", meant.to_deg))
            if deg is not None
        ]
        return " ".join([meant.code, *ends])
    return str(meant)
