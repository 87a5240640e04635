"""``truceline serve``: the pages of a run, on this machine."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("serve")
@click.option(
    "--folder", type=click.Path(path_type=Path), required=True, metavar="DIR", help="What a run wrote."
)
@click.option("--bind", default="localhost:8460", show_default=True, metavar="HOST:PORT")
def command(folder: Path, bind: str) -> None:
    """Serve the pages of a run on this machine until Ctrl-C; store, payloads and evidence are not served.

    \b
    Example:
      truceline serve --folder out/karabakh-2020
    """  # noqa: D301
    from truceline.app import front, wiring  # noqa: PLC0415

    try:
        wiring.serve_folder(
            folder, bind, front.front_page(folder), lambda address: click.echo(f"serving {address}")
        )
    except KeyboardInterrupt:
        click.echo("stopped")
