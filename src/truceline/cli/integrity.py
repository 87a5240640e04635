"""``truceline integrity``: positions that cannot be true."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from truceline.cli import options


@click.command("integrity")
@click.argument("name", metavar="FORMAT")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@options.as_json
def command(name: str, files: tuple[Path, ...], *, as_json: bool) -> None:
    """Look through recordings for positions that cannot be true: receivers that were deceived (spoofing) or blinded (jamming).

    Found are jumps that nothing can fly, positions that do not follow the reported velocity, several that say that they are at
    one point, and accuracy that several lose at once. What is printed says that, for how long, and of whom; it does not say who
    did it. Nothing found is not proof that nothing was done.

    \b
    Examples:
      truceline integrity adsb frames.csv
      truceline integrity adsb out/karabakh-2020/evidence/49/49517f... --json
    """  # noqa: D301
    from truceline.app import doubting  # noqa: PLC0415

    found = doubting.doubt_files(name, files)
    for one in found.anomalies:
        if as_json:
            click.echo(json.dumps(asdict(one), ensure_ascii=False))
            continue
        unit = "m off" if one.kind in {"jump", "mismatch"} else "together"
        click.echo(
            f"{_clock(one.since_s)} to {_clock(one.until_s)} · {one.kind} · {one.name} · {one.size:.0f} {unit} · "
            f"{one.lat:.4f} {one.lon:.4f}"
        )
    hours = (found.until_s - found.since_s) / 3600
    click.echo(
        f"truceline: {found.n_sightings} positions of {hours:.2f} h, {found.n_refused} messages refused, "
        f"{len(found.anomalies)} anomalies",
        err=True,
    )


def _clock(at_s: float) -> str:
    return f"{datetime.fromtimestamp(at_s, UTC):%Y-%m-%dT%H:%M:%SZ}"
