"""``truceline determine``: a delegation's positions, signed on its own machine; and how the rounds stand."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from truceline.cli import desk, options
from truceline.core.determinations import HAPPENING, LEVELS, MEETINGS, PRELIMINARY, QUESTIONS
from truceline.core.errors import InputError

if TYPE_CHECKING:
    from truceline.app.rounds import Rounds
    from truceline.core.determinations import Determination


@click.group("determine")
def command() -> None:
    """Determine what happened: each delegation by its own keys, on its own machine, by files on a stick.

    A copy of the record comes in (truceline record export), signed statements go out into a folder, and whoever keeps
    the record takes them in (truceline record take).

    \b
    Examples:
      truceline determine propose incident_x --record copy --key head.key --out stick
      truceline determine seal determination_x --form position.json --record copy --key duty.key --keep ours --out stick
      truceline determine open determination_x --record copy --key duty.key --keep ours --out stick
      truceline determine status --record copy
    """  # noqa: D301


def _form(path: Path) -> Mapping[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError("form.json", f"the form is no JSON: {error}", where=str(path)) from error
    if not isinstance(value, dict):
        raise InputError("form.json", "a form is an object of fields", where=str(path))
    return value


_form_file = click.option(
    "--form", "form_file", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="JSON", help="The position: happened, kind, where, when, clause, breach, standard, basis, reasons.",
)  # fmt: skip


@command.command("propose")
@click.argument("incident")
@click.option("--question", type=click.Choice(QUESTIONS), default=HAPPENING, show_default=True,
              help="What happened, or who answers for it.")  # fmt: skip
@click.option("--meeting", type=click.Choice(MEETINGS), default=MEETINGS[0], show_default=True,
              help="Sealed and apart, together with a joint text, or by the heads.")  # fmt: skip
@click.option("--level", type=click.Choice(LEVELS), default=PRELIMINARY, show_default=True)
@click.option("--urgency", default="routine", show_default=True, help="A clock of the procedure.")
@click.option("--matter", "matters", multiple=True, help="casualties, weapons or public; may be given again.")
@click.option(
    "--evidence", multiple=True, metavar="ID", help="What the round is about; a round again needs new."
)
@desk.at_desk
def propose(
    incident: str, question: str, meeting: str, level: str, urgency: str, matters: tuple[str, ...],
    evidence: tuple[str, ...], out: Path, keep: Path, **at: Any,
) -> None:  # fmt: skip
    """Propose a round about INCIDENT; its id is printed."""
    from truceline.app import positions  # noqa: PLC0415
    from truceline.ledger.entry import open_leaf  # noqa: PLC0415

    here = desk.desk_of(**at)
    signed = positions.propose(
        here, incident, question=question, meeting=meeting, level=level, urgency=urgency,
        matters=matters, evidence=evidence,
    )  # fmt: skip
    desk.hand_over(here, signed, out, keep)
    click.echo(open_leaf(signed.note)[0].id)


@command.command("seal")
@click.argument("round_id", metavar="ROUND")
@_form_file
@desk.at_desk
def seal(round_id: str, form_file: Path, keep: Path, out: Path, **at: Any) -> None:
    """Seal a position: only its digests go out. What opens it stays in --keep and goes, encrypted, to the escrow."""
    from truceline.app import positions  # noqa: PLC0415

    here = desk.desk_of(**at)
    desk.hand_over(here, positions.seal(here, round_id, _form(form_file), keep, os.urandom), out, keep)


@command.command("open")
@click.argument("round_id", metavar="ROUND")
@desk.at_desk
def open_(round_id: str, keep: Path, out: Path, **at: Any) -> None:
    """Open your delegation's seal, whoever of it made it; refused while somebody may still answer."""
    from truceline.app import positions  # noqa: PLC0415

    here = desk.desk_of(**at)
    desk.hand_over(here, positions.open_seal(here, round_id, keep), out, keep)


@command.command("escrow")
@click.argument("round_id", metavar="ROUND")
@click.option("--of", "letter", required=True, metavar="LETTER", help="Whose seal.")
@click.option("--record", "folder", required=True, type=click.Path(path_type=Path), metavar="DIR")
@click.option("--key", "key_file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
              help="The escrow's key.")  # fmt: skip
@click.option("--demo", "demo_name", metavar="NAME", help="The published escrow of a demo record.")
@click.option("--mission", "mission_name", metavar="NAME|FOLDER", help="The mission of --demo.")
@options.passphrase
@click.option("--at", type=options.Moment(), metavar="TIME")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FOLDER")
def escrow(
    round_id: str, letter: str, folder: Path, key_file: Path | None, demo_name: str | None,
    mission_name: str | None, passphrase_file: Path | None, at: datetime | None, out: Path,
) -> None:  # fmt: skip
    """Open, as the escrow, the seal of a delegation that does not open it itself."""
    from truceline.app import founding, positions, rounds, shapes, wiring  # noqa: PLC0415

    if demo_name is not None and mission_name is not None:
        seed = founding.demo_escrow_seed(wiring.load_mission(mission_name), demo_name)
    elif key_file is not None:
        seed = wiring.read_key(key_file, options.passphrase_of(passphrase_file)).seed
    else:
        raise InputError(
            "key.none", "no key of an escrow", todo="give --key FILE, or --demo NAME and --mission"
        )
    found = rounds.rounds_of_copy(folder)
    shown = positions.open_by_escrow(found, round_id, letter, seed, at or datetime.now(UTC))
    path = wiring.write_shown(out, f"{round_id}:{letter.lower()}", shapes.plain(shown))
    click.echo(f"opened: {path}")


@command.command("recall")
@click.argument("round_id", metavar="ROUND")
@click.option("--reason", required=True, help="Why; it stands in the record.")
@desk.at_desk
def recall(round_id: str, reason: str, out: Path, keep: Path, **at: Any) -> None:
    """Take your delegation's seal back, as long as the round has not opened."""
    from truceline.app import positions  # noqa: PLC0415

    here = desk.desk_of(**at)
    desk.hand_over(here, positions.recall(here, round_id, reason), out, keep)


@command.command("answer")
@click.argument("round_id", metavar="ROUND")
@click.option("--abstain", is_flag=True, help="Give no position.")
@click.option("--await-until", "until", type=options.Moment(), metavar="TIME",
              help="Instructions are awaited until then; the clock waits.")  # fmt: skip
@desk.at_desk
def answer(round_id: str, until: datetime | None, out: Path, keep: Path, *, abstain: bool, **at: Any) -> None:
    """Answer without a position: abstain, or await instructions. Neither is a consent or a dissent."""
    from truceline.app import positions  # noqa: PLC0415
    from truceline.core.times import format_instant  # noqa: PLC0415

    if abstain == (until is not None):
        raise InputError(
            "determine.answer", "one answer is needed", todo="give --abstain or --await-until TIME"
        )
    here = desk.desk_of(**at)
    said = positions.answer(here, round_id, format_instant(until) if until else None)
    desk.hand_over(here, said, out, keep)


@command.command("state")
@click.argument("round_id", metavar="ROUND")
@_form_file
@desk.at_desk
def state(round_id: str, form_file: Path, out: Path, keep: Path, **at: Any) -> None:
    """State a position openly, in a round that is held together, by heads, or by one body."""
    from truceline.app import positions  # noqa: PLC0415

    here = desk.desk_of(**at)
    desk.hand_over(here, positions.state(here, round_id, _form(form_file)), out, keep)


@command.command("meet")
@click.argument("round_id", metavar="ROUND")
@_form_file
@click.option(
    "--attended", multiple=True, required=True, metavar="NUMBER", help="Duty number, for example A:0417."
)
@click.option("--text", "texts", multiple=True, required=True, metavar="LANG=WORDS",
              help="The joint text; once a language.")  # fmt: skip
@desk.at_desk
def meet(
    round_id: str,
    form_file: Path,
    attended: tuple[str, ...],
    texts: tuple[str, ...],
    out: Path,
    keep: Path,
    **at: Any,
) -> None:
    """Write the joint text of a meeting and sign it first; the others add theirs with truceline determine cosign."""
    from truceline.app import positions  # noqa: PLC0415

    words = dict(text.partition("=")[::2] for text in texts)
    if not all(words.values()):
        raise InputError(
            "determine.text", "a text lacks its language", todo='write --text "en=We agree that …"'
        )
    here = desk.desk_of(**at)
    desk.hand_over(here, positions.meet(here, round_id, _form(form_file), attended, words), out, keep)


@command.command("cosign")
@click.argument("note", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@desk.at_desk
def cosign(note: Path, out: Path, keep: Path, **at: Any) -> None:
    """Add your delegation's signature to a joint text that another one signed first."""
    from truceline.app import positions, wiring  # noqa: PLC0415

    here = desk.desk_of(**at)
    desk.hand_over(here, positions.add_signature(here, wiring.read_statement(note)), out, keep)


@command.command("withdraw")
@click.argument("round_id", metavar="ROUND")
@click.option("--reason", required=True, help="Why; it stands in the record.")
@desk.at_desk
def withdraw(round_id: str, reason: str, out: Path, keep: Path, **at: Any) -> None:
    """Withdraw a round that your delegation proposed, as long as it has not opened."""
    from truceline.app import positions  # noqa: PLC0415

    here = desk.desk_of(**at)
    desk.hand_over(here, positions.withdraw(here, round_id, reason), out, keep)


@command.command("presence")
@click.argument("word", metavar="left|suspended|present", type=click.Choice(["left", "suspended", "present"]))
@click.option("--reason", required=True, help="Why; it stands in the record.")
@desk.at_desk
def presence(word: str, reason: str, out: Path, keep: Path, **at: Any) -> None:
    """Say that your delegation leaves the centre, is suspended, or is present again. Rounds go on without it."""
    from truceline.app import positions  # noqa: PLC0415

    here = desk.desk_of(**at)
    desk.hand_over(here, positions.presence(here, word, reason), out, keep)


@command.command("omitted")
@click.option("--record", "folder", required=True, type=click.Path(path_type=Path), metavar="DIR",
              help="A copy of the record, as it was given to you.")  # fmt: skip
@click.option("--keep", default="keep", show_default=True, type=click.Path(path_type=Path), metavar="FOLDER",
              help="Your own folder with the list of what you handed over.")  # fmt: skip
@options.as_json
def omitted(folder: Path, keep: Path, *, as_json: bool) -> None:
    """Say what you handed over, what the record acknowledges, and what it lacks all the same.

    Both can be shown to anybody: export your list (truceline record export DIR --store KEEP/outbox-….db) and prove the
    entry that acknowledges it (truceline record prove ENTRY).
    """
    from truceline.app import outbox, rounds, shapes  # noqa: PLC0415

    found = outbox.omitted(rounds.rounds_of_copy(folder), keep)
    if as_json:
        click.echo(shapes.pretty(found), nl=False)
        return
    for one in found:
        click.echo(
            f"left out: {one.type} {one.id} round {one.round}, number {one.listed} of {one.list}, "
            f"which entry {one.acknowledged_by} acknowledges"
        )
    if not found:
        click.echo("everything that the record acknowledges is in it")


@command.command("status")
@click.argument("asked", metavar="[ROUND|INCIDENT]", required=False)
@click.option(
    "--record", "folder", type=click.Path(path_type=Path), metavar="DIR", help="A copy of the record."
)
@options.store
@click.option("--at", type=options.Moment(), metavar="TIME", help="As it stands then; else now.")
@options.as_json
def status(
    asked: str | None, folder: Path | None, store_path: str | None, at: datetime | None, *, as_json: bool
) -> None:
    """Print how each round stands: who sealed, who is waited for, who hinders opening, how it ended."""
    from truceline.app import determining, rounds, shapes, wiring  # noqa: PLC0415

    found: Rounds
    if folder is not None:
        found = rounds.rounds_of_copy(folder)
    else:
        found = rounds.rounds_of_store(wiring.open_store(options.store_of(store_path), must_exist=True))
    rows = determining.chosen(found.at(at or datetime.now(UTC)), asked)
    if as_json:
        click.echo(shapes.pretty(rows), nl=False)
        return
    if asked is not None and not rows:
        raise InputError(
            "determine.round", f"the record knows no round '{asked}'", todo="leave it out to see all"
        )
    _print(rows, with_fields=asked is not None)


def _print(rows: tuple[Determination, ...], *, with_fields: bool) -> None:
    from truceline.cli.tables import print_table  # noqa: PLC0415

    if not rows:
        click.echo("no round has been proposed")
        return
    for one in rows:
        stands = (
            one.end.value.replace("_", " ") if one.end else f"{one.phase}, due {one.due_at:%Y-%m-%d %H:%MZ}"
        )
        click.echo(f"{one.id}: {stands}")
        click.echo(f"  round {one.number} about {one.incident}: {one.question}, {one.meeting}, {one.level}")
        for side in one.sides:
            click.echo(f"  {side.letter}: {_side(side)}")
    for one in rows if with_fields else ():
        told = [(field.name, _settled(field),
                 *(_said(field.says.get(side.letter)) for side in one.sides)) for field in one.outcomes]  # fmt: skip
        if told:
            print_table(("field", "agreed", *(side.letter for side in one.sides)), told, title=one.id)
        for entry in one.ignored:
            click.echo(f"entry {entry.index} does not count: {entry.why}")


def _settled(field: Any) -> str:
    """What is agreed; where one side alone spoke there is nothing to differ from."""
    if field.is_agreed or field.is_by_chair:
        return _said(field.value)
    return "≠" if len(field.says) > 1 else "—"


def _side(side: Any) -> str:
    if side.absence:
        since = f" since {side.since:%Y-%m-%d %H:%MZ}" if side.since else ""
        until = f" until {side.until:%Y-%m-%d %H:%MZ}" if side.until else ""
        return f"{side.absence.value.replace('_', ' ')}{since}{until}"
    if side.opened is not None:
        return ("opened by the escrow" if side.by_escrow else "opened") + _late(side)
    if side.is_hindering:
        return "sealed, hinders opening" + _late(side)
    return "sealed" + _late(side) if side.sealed is not None else "is waited for"


def _late(side: Any) -> str:
    return ", by a seal that came after another's opening was signed" if side.is_after_opening else ""


def _said(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {said}" for name, said in value.items() if said is not None)
    return str(value)
