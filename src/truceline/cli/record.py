"""``truceline record``: export, verify, read."""

from __future__ import annotations

from pathlib import Path

import click

from truceline.cli import options
from truceline.core.errors import IntegrityError


@click.group("record")
def command() -> None:
    """Export, verify and read the record.

    \b
    Examples:
      truceline record verify out/karabakh-2020/record
      truceline record export bundle --for public --store out/karabakh-2020/store.db
    """  # noqa: D301


@command.command("export")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--for", "recipient", default="joint", show_default=True, metavar="A|B|joint|party:<slug>|public"
)
@options.store
@options.as_json
def export(folder: Path, recipient: str, store_path: Path | None, *, as_json: bool) -> None:
    """Write the record as a C2SP tlog-tiles folder with its policy and payloads."""
    from truceline.app import shapes, wiring  # noqa: PLC0415

    store = wiring.open_store(options.store_of(store_path), must_exist=True)
    n_files = wiring.write_bundle(folder, store.ledger, store.payloads, recipient=recipient)
    if as_json:
        click.echo(shapes.encode({"folder": str(folder), "files": n_files, "for": recipient}))
    else:
        click.echo(f"{n_files} files in {folder}, for {recipient}")


@command.command("verify")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--against",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="OLD_CHECKPOINT",
    help="An older checkpoint that the record must continue; may be given again.",
)
@options.as_json
def verify(folder: Path, against: tuple[Path, ...], *, as_json: bool) -> None:
    """Check an exported record: no network, no database.

    Exit code 3 where it does not verify; every problem is named with its entry.
    """
    from truceline.app import shapes, wiring  # noqa: PLC0415

    report = wiring.verify_bundle(folder, against=[path.read_bytes() for path in against])
    if as_json:
        click.echo(shapes.encode({"ok": report.ok, **shapes.plain(report)}))
    else:
        for problem in report.problems:
            place = "record" if problem.index is None else f"entry {problem.index}"
            click.echo(f"{place}: {problem.what}", err=True)
        if report.ok:
            click.echo(f"verified: {report.origin}, {report.size} entries, root {report.root_hex}")
            click.echo(f"{report.n_payloads} payloads are right, {report.n_withheld} are not in this copy")
    if not report.ok:
        raise IntegrityError(
            "record.bad", f"the record does not verify: {len(report.problems)} problems", where=str(folder),
            todo="compare it with a mirror",
        )  # fmt: skip


@command.command("list")
@options.store
@options.as_json
def list_entries(store_path: Path | None, *, as_json: bool) -> None:
    """Print the record's entries in order."""
    from truceline.app import shapes, wiring  # noqa: PLC0415

    store = wiring.open_store(options.store_of(store_path), must_exist=True)
    for item in wiring.read_log(store.ledger, store.payloads):
        known = (item.payload or {}).get("known_at") or "—"
        if as_json:
            click.echo(shapes.encode(item))
        else:
            click.echo(f"{item.index:6} {item.type:15} {item.id} round {item.round} known {known}")
