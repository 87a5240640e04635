"""``truceline record``: export, verify, read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from truceline.cli import options
from truceline.core.errors import InputError, IntegrityError

if TYPE_CHECKING:
    from truceline.app.wiring import Healed


_file = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("record")
def command() -> None:
    """Export, verify and read the record.

    \b
    Examples:
      truceline record verify out/karabakh-2020/record
      truceline record export bundle --for public --store out/karabakh-2020/store.db
      truceline record status --store out/karabakh-2020/store.db
      truceline record prove 17 --out entry.tlog-proof
      truceline record prove-fork theirs/checkpoint ours/checkpoint --policy policy --out fork.json
    """  # noqa: D301


@command.command("export")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--for", "recipient", default="joint", show_default=True, metavar="A|B|joint|party:<slug>|public"
)
@options.store
@options.as_json
def export(folder: Path, recipient: str, store_path: str | None, *, as_json: bool) -> None:
    """Write the record as a C2SP tlog-tiles folder with its policy and payloads."""
    from truceline.app import bundles, shapes, wiring  # noqa: PLC0415

    store = wiring.open_store(options.store_of(store_path), must_exist=True)
    n_files = bundles.export(folder, store, recipient=recipient)
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
@click.option("--policy", type=_file, metavar="POLICY", help="The policy that you trust; else DIR's own.")
@options.as_json
def verify(folder: Path, against: tuple[Path, ...], policy: Path | None, *, as_json: bool) -> None:
    """Check an exported record: no network, no database.

    Exit code 3 where it does not verify; every problem is named with its entry.
    """
    from truceline.app import bundles, shapes  # noqa: PLC0415

    trusted = None if policy is None else policy.read_bytes()
    report = bundles.check(folder, against=[path.read_bytes() for path in against], policy=trusted)
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
def list_entries(store_path: str | None, *, as_json: bool) -> None:
    """Print the record's entries in order."""
    from truceline.app import shapes, wiring  # noqa: PLC0415

    store = wiring.open_store(options.store_of(store_path), must_exist=True)
    for item in wiring.read_log(store.ledger, store.payloads):
        known = (item.payload or {}).get("known_at") or "—"
        if as_json:
            click.echo(shapes.encode(item))
        else:
            click.echo(f"{item.index:6} {item.type:15} {item.id} round {item.round} known {known}")


@command.command("status")
@options.store
@options.witnesses
@options.as_json
def show_status(store_path: str | None, witnesses: dict[str, str], *, as_json: bool) -> None:
    """Print size and root, and how each witness stands to them. A missing cosignature stops nothing; it shows here."""
    from truceline.app import shapes, wiring, witnessing  # noqa: PLC0415

    store = wiring.open_store(options.store_of(store_path), must_exist=True)
    found = witnessing.status(store, datetime.now(UTC), witnesses)
    if as_json:
        click.echo(shapes.encode(found))
        return
    click.echo(f"{found.origin}: {found.size} entries, root {found.root_hex}")
    for row in found.witnesses:
        when = "never" if row.cosigned_at is None else f"{row.cosigned_at:%Y-%m-%d %H:%M:%SZ}"
        behind = "up to date" if not row.n_behind else f"{row.n_behind} entries behind"
        click.echo(
            f"  {row.name:10} {behind:20} cosigned {when}{f'  ({row.problem})' if row.problem else ''}"
        )
    if found.held:
        click.echo(f"read-only: {found.held}; heal it: truceline record heal --store STORE --from MIRROR")
    click.echo("the policy is content" if found.is_quorum_met else "the policy wants more cosignatures")


@command.command("prove")
@click.argument("entry")
@options.store
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to; else standard output."
)
def prove(entry: str, store_path: str | None, out: Path | None) -> None:
    """Write the proof that ENTRY (its index, or an id) stands in the record: one C2SP tlog-proof file."""
    from truceline.app import wiring, witnessing  # noqa: PLC0415

    store = wiring.open_store(options.store_of(store_path), must_exist=True)
    _write(witnessing.prove(store, entry), out)


def _write(data: bytes, out: Path | None) -> None:
    if out is None:
        click.echo(data.decode("utf-8"), nl=False)
    else:
        out.write_bytes(data)
        click.echo(f"{len(data)} bytes in {out}")


_policy = click.option(
    "--policy",
    required=True,
    type=_file,
    metavar="POLICY",
    help="The policy that you trust, from your own first copy.",
)


@command.command("check-proof")
@click.argument("proof", type=_file)
@_policy
@click.option("--payload", type=_file, metavar="FILE", help="The payload that the entry shall name.")
@options.as_json
def check_proof(proof: Path, policy: Path, payload: Path | None, *, as_json: bool) -> None:
    """Check the proof of an entry: no network, no database, no record."""
    from truceline.app import shapes, witnessing  # noqa: PLC0415

    given = None if payload is None else payload.read_bytes()
    found = witnessing.check_one(proof.read_bytes(), policy.read_bytes(), given, datetime.now(UTC))
    if as_json:
        click.echo(shapes.encode(found))
    else:
        leaf, head = found.leaf, found.head
        click.echo(f"entry {found.index} of {head.origin}: {leaf.type} {leaf.id} round {leaf.round}")
        click.echo(
            f"under the checkpoint of {head.size} entries, cosigned by {', '.join(found.cosigned_at_s) or 'nobody'}"
        )


@command.command("check-report")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--paper", type=_file, metavar="PDF", help="The report's file.")
@click.option(
    "--code",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="A file with what the report's QR code says; - reads it from standard input.",
)
@click.option("--policy", type=_file, metavar="POLICY", help="The policy that you trust; else DIR's own.")
@options.as_json
def check_report(
    folder: Path, paper: Path | None, code: TextIO | None, policy: Path | None, *, as_json: bool
) -> None:
    """Answer "is this the report that was given out?" by the record in DIR alone: no network, no database.

    \b
    Examples:
      truceline record check-report out/karabakh-2020/record --paper report.en.pdf
      truceline record check-report out/karabakh-2020/record --code scanned.txt
    """  # noqa: D301
    from truceline.app import shapes, witnessing  # noqa: PLC0415

    found = witnessing.check_report(
        folder,
        policy=None if policy is None else policy.read_bytes(),
        paper=None if paper is None else paper.read_bytes(),
        code=None if code is None else code.read(),
    )
    if as_json:
        click.echo(shapes.encode(found))
        return
    click.echo(f"yes: {found.name}, made from {found.rests_on} entries, named by entry {found.index}")
    if paper is None:
        click.echo(
            f"a code can be copied: hold the words against the file of {found.size} bytes, SHA-256 {found.sha256}"
        )


@command.command("prove-fork")
@click.argument("first", type=_file)
@click.argument("second", type=_file)
@_policy
@click.option(
    "--author", "vkeys", multiple=True, metavar="VKEY", help="An author's key, for two entries of one author."
)
@click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The larger checkpoint's record, where the sizes differ.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to; else standard output."
)
def prove_fork(
    first: Path, second: Path, policy: Path, vkeys: tuple[str, ...], bundle: Path | None, out: Path | None
) -> None:
    """Make one portable file out of two checkpoints (or two entries of one author) that contradict each other."""
    from truceline.app import witnessing  # noqa: PLC0415
    from truceline.ledger.keys import parse_vkey  # noqa: PLC0415

    trusted = witnessing.keys_of(policy.read_bytes(), [parse_vkey(vkey) for vkey in vkeys])
    _write(witnessing.fork_of(first.read_bytes(), second.read_bytes(), trusted, bundle), out)


@command.command("check-fork")
@click.argument("proof", type=_file)
@_policy
@click.option("--author", "vkeys", multiple=True, metavar="VKEY", help="An author's key that you trust.")
@options.as_json
def check_fork(proof: Path, policy: Path, vkeys: tuple[str, ...], *, as_json: bool) -> None:
    """Check the proof of a fork with the keys that you trust, and say who contradicted themselves."""
    from truceline.app import shapes, witnessing  # noqa: PLC0415
    from truceline.ledger.keys import parse_vkey  # noqa: PLC0415

    trusted = witnessing.keys_of(policy.read_bytes(), [parse_vkey(vkey) for vkey in vkeys])
    found = witnessing.check_forked(proof.read_bytes(), trusted)
    click.echo(shapes.encode(found) if as_json else found.what)


@command.command("heal")
@click.argument("folder", type=click.Path(path_type=Path), metavar="[DIR]", required=False)
@options.store
@click.option(
    "--from",
    "mirror",
    required=True,
    type=click.Path(path_type=Path),
    metavar="MIRROR",
    help="Another exported copy of the record.",
)
@click.option(
    "--policy", type=_file, metavar="POLICY", help="The policy that you trust; else the mirror's own."
)
@options.as_json
def heal(
    folder: Path | None, store_path: str | None, mirror: Path, policy: Path | None, *, as_json: bool
) -> None:
    """Put a damaged copy of the record (DIR), or a store, right from a mirror; nothing is taken that does not verify.

    A store that is behind goes on from the mirror; a new one takes the place of a damaged one.

    \b
    Examples:
      truceline record heal our-copy --from their-copy --policy policy
      truceline record heal --store out/karabakh-2020/store.db --from their-copy
    """  # noqa: D301
    from truceline.app import shapes, wiring, witnessing  # noqa: PLC0415
    from truceline.ledger.policy import parse_policy  # noqa: PLC0415

    given = None if policy is None else policy.read_bytes()
    if store_path is not None and folder is None:
        restored = witnessing.heal_store(wiring.open_store(options.store_of(store_path)), mirror, given)
        click.echo(
            shapes.encode(restored)
            if as_json
            else f"{restored.n_entries} entries and {restored.n_payloads} payloads taken over: "
            f"{restored.size} entries, root {restored.root_hex}"
        )
    elif folder is not None and store_path is None:
        done = wiring.heal_bundle(folder, mirror, trusted=None if given is None else parse_policy(given))
        _tell_healed(done, as_json=as_json)
    else:
        raise InputError("heal.what", "what shall be healed?", todo="name either a folder or --store FILE")


def _tell_healed(done: Healed, *, as_json: bool) -> None:
    from truceline.app import shapes  # noqa: PLC0415

    if as_json:
        click.echo(shapes.encode(done))
        return
    for path in done.replaced:
        click.echo(f"put right: {path}")
    for path in done.removed:
        click.echo(f"taken away: {path}")
    click.echo(
        f"verified: {done.size} entries, {len(done.replaced)} files put right, {len(done.removed)} taken away"
    )


@command.command("take")
@click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER")
@options.mission
@options.store
@click.option("--at", type=options.Moment(), metavar="TIME", help="The time that outcomes bear; else now.")
@options.as_json
def take(
    folder: Path, mission_name: str, store_path: str | None, at: datetime | None, *, as_json: bool
) -> None:
    """Take in signed statements from a stick, each by itself, and write the outcomes that follow.

    What is refused is told with its reason and leaves the record as it was; exit code 2 then.
    """
    from truceline.app import determining, shapes, wiring  # noqa: PLC0415

    mission = wiring.load_mission(mission_name)
    store = wiring.open_store(options.store_of(store_path, mission_name), must_exist=True)
    done = determining.take(store, mission, folder, at or datetime.now(UTC))
    if as_json:
        click.echo(shapes.encode(done))
    else:
        for one in done.taken:
            told = f"entry {one.index}" if one.index is not None else f"refused: {one.why}"
            click.echo(f"{one.file}: {told}", err=one.index is None)
        for ended in done.outcomes:
            click.echo(f"ended: {ended}; see truceline determine status {ended}")
    refused = sum(one.index is None for one in done.taken)
    if refused:
        raise InputError(
            "handover.refused", f"{refused} of {len(done.taken)} were refused", where=str(folder)
        )
