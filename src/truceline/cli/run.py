"""``truceline run``: the main job."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from truceline.cli import options
from truceline.core.times import format_instant


@click.command("run")
@options.mission
@click.option(
    "--inbox",
    "inboxes",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="An inbox; may be given again. Replaces the packaged one.",
)
@click.option("--out", "out", type=click.Path(path_type=Path), metavar="DIR", help="Else out/<mission>.")
@options.store
@options.known_at
@options.accepted_only
@options.as_json
def command(
    mission_name: str, inboxes: tuple[Path, ...], out: Path | None, store_path: str | None, known_at: datetime | None, *,
    accepted_only: bool, as_json: bool,
) -> None:  # fmt: skip
    """Take an inbox through every stage and write what came of it.

    \b
    Writes claims.jsonl, incidents.jsonl, obligations.json, counters.json, picture.geojson, board.html, map.html,
    report.<lang>.pdf, record/, rejected.jsonl and, unless --store names another, store.db. The same inputs give the same bytes.

    \b
    Examples:
      truceline run --mission karabakh-2020 --out out/karabakh-2020
      truceline run --mission karabakh-2020 --inbox my-inbox --out out/mine --known-at 2020-11-16
    """  # noqa: D301
    from truceline.app import flow, remarks, wiring  # noqa: PLC0415 - heavy, and --help shall answer at once
    from truceline.cli.progress import progress  # noqa: PLC0415

    world = wiring.open_world(mission_name)
    folder = out or Path("out") / world.mission.settings.id
    taken = inboxes or tuple(
        path for path in [wiring.mission_folder(mission_name) / "inbox"] if path.is_dir()
    )
    store = options.store_of(store_path).beside(folder) if store_path else None
    with progress() as say:
        outcome = flow.run(
            world, taken, folder, store=store, known_at=known_at, accepted_only=accepted_only, say=say
        )
    run = outcome.run
    for remark in remarks.remarks(run, world.mission):
        click.echo(f"truceline: {remark}", err=True)
    if as_json:
        facts = {
            "mission": world.mission.settings.id, "out": str(folder), "known_at": format_instant(run.moment),
            "reports": len(run.reports), "claims": len(run.claims), "incidents": len(run.incidents),
            "obligations": len(run.statuses), "rejected": len(run.rejected),
            "record": {"origin": outcome.head.origin, "size": outcome.head.size, "root": outcome.head.root},
        }  # fmt: skip
        from truceline.app import shapes  # noqa: PLC0415

        click.echo(shapes.encode(facts))
        return
    click.echo(
        f"{len(run.reports)} reports, {len(run.claims)} claims, {len(run.incidents)} incidents, "
        f"{len(run.statuses)} obligations, as known at {format_instant(run.moment)}"
    )
    if len(run.rejected):
        click.echo(
            f"{len(run.rejected)} items were not taken or need a person: see {folder / 'rejected.jsonl'}"
        )
    click.echo(f"record: {outcome.head.size} entries, root {outcome.head.root[:16]}…, in {folder / 'record'}")
    click.echo(f"open {folder / 'board.html'}, or: truceline serve --folder {folder}")
