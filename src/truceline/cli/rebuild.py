"""``truceline rebuild``: the read models anew from record and evidence."""

from __future__ import annotations

import click

from truceline.cli import options
from truceline.core.errors import IntegrityError
from truceline.core.rows import MODELS


@click.command("rebuild")
@options.store
@options.as_json
def command(store_path: str | None, *, as_json: bool) -> None:
    """Make the read models anew from record and evidence, and name what is missing.

    \b
    Example:
      truceline rebuild --store out/karabakh-2020/store.db
    """  # noqa: D301
    from truceline.app import projecting, shapes, wiring  # noqa: PLC0415

    store = wiring.open_store(options.store_of(store_path), must_exist=True)
    missing = projecting.project(store, thorough=True)
    for thing in missing:
        click.echo(f"missing: {thing.what} (SHA-256 {thing.sha256})", err=True)
    if as_json:
        rows = {name: store.models.count(name) for name in MODELS}
        click.echo(shapes.encode({"entries": store.ledger.size(), "rows": rows, "missing": missing}))
    counts = ", ".join(f"{store.models.count(name)} {name}" for name in MODELS)
    if not as_json:
        click.echo(f"rebuilt from {store.ledger.size()} entries: {counts}")
    if missing:
        raise IntegrityError(
            "rebuild.missing",
            f"{len(missing)} things are missing or changed",
            where=str(store_path or ""),
            todo="restore payloads/ and evidence/ from a mirror",
        )
