"""What whoever keeps the record does: take in what the sides signed, and write the outcome that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from truceline.app import protecting
from truceline.app.rounds import Rounds, rounds_of_store
from truceline.app.wiring import (
    Store,
    beside_others,
    cosign_demo,
    open_log,
    read_shown,
    read_statements,
)
from truceline.core.determinations import PRELIMINARY, Determination
from truceline.core.errors import TrucelineError
from truceline.core.mission import Mission
from truceline.core.release import CENTRE, JOINT, PUBLIC
from truceline.core.times import format_instant, parse_instant
from truceline.determine import determine, events
from truceline.determine.events import event_of, side_id
from truceline.determine.stage import fold
from truceline.ledger.authors import AuthorKey
from truceline.ledger.entry import Leaf, Statement, open_leaf, parse_payload
from truceline.ledger.log import Log
from truceline.ledger.signing import SignedStatement
from truceline.ledger.stated import Stated
from truceline.ledger.store import MOVED

CLOCK_SLACK = timedelta(minutes=5)
"""How far ahead the clock of a side's machine may be."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file: its name, the entry that it is now, or why it was refused."""

    file: str
    index: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Taking:
    """What became of a folder: file by file, and the outcomes that were written."""

    taken: tuple[Taken, ...]
    outcomes: tuple[str, ...]


def take(store: Store, mission: Mission, folder: Path, now: datetime) -> Taking:
    """Take in a folder of signed statements, each by itself, then write the outcomes that are due.

    What is refused is told with its reason and leaves the record as it was.

    Args:
        store: The open store.
        mission: The pack.
        folder: As a side's machine filled it.
        now: The time.

    Returns:
        What became of each file.

    Raises:
        InputError: There is no such folder.
    """
    return take_signed(store, mission, read_statements(folder), now, shown=read_shown(folder))


def take_signed(
    store: Store,
    mission: Mission,
    statements: Iterable[tuple[str, SignedStatement]],
    now: datetime,
    *,
    shown: Iterable[tuple[str, Any]] = (),
) -> Taking:
    """Take in signed statements, each by itself, then write the outcomes that are due.

    Args:
        store: The open store.
        mission: The pack.
        statements: Name -> what was signed.
        now: The time.
        shown: Name -> what an escrow shows.

    Returns:
        What became of each.
    """
    given, told = list(statements), list(shown)

    def write() -> Taking:
        log = open_log(store, mission)
        table = _Table(rounds_of_store(store))
        taken = [_take(log, table, name, signed, now) for name, signed in given]
        taken += [_take_shown(log, table, mission, name, value, now) for name, value in told]
        return Taking(tuple(taken), _settle(log, table, mission, now))

    taking = beside_others(write)
    cosign_demo(store, mission, now)
    return taking


def settle(store: Store, mission: Mission, now: datetime) -> tuple[str, ...]:
    """Write the outcome of every round that has ended by now: ids of the rounds."""
    outcomes = beside_others(
        lambda: _settle(open_log(store, mission), _Table(rounds_of_store(store)), mission, now)
    )
    if outcomes:
        cosign_demo(store, mission, now)
    return outcomes


class _Table:
    """The rounds of a record while entries are added to it."""

    def __init__(self, rounds: Rounds) -> None:
        self.rules = rounds.rules
        self.steps = list(rounds.steps)
        self.signed = {entry.index: entry.by for entry in rounds.entries}
        self._fold = fold(rounds.rules, rounds.steps)
        self._entries = list(rounds.entries)

    def refusal(self, entry: Stated) -> str:
        """Say why an entry would not count; where it would, it is taken."""
        event = event_of(entry)
        if event is None:
            why = "" if entry.leaf.type in {"key", "seen"} else protecting.refusal(self._entries, entry)
            if not why:
                self._entries.append(entry)
            return why
        why = self._fold.take(event)
        if not why:
            self.steps.append(event)
        return why


def _take(log: Log, table: _Table, name: str, signed: SignedStatement, now: datetime) -> Taken:
    before = log.size
    try:
        leaf, note = open_leaf(signed.note)
        payload = parse_payload(signed.payload)
        # Whose signatures hold is for the log to say again; here they tell whether the step would count.
        by = log.authors().take(before, leaf.type, note, payload, log.keys)
        standing = log.standing(leaf)
        if standing is not None and standing[0] == leaf.payload_sha256:
            return Taken(name, standing[1])
        if standing is not None and (twice := set(by) & set(table.signed.get(standing[1], ()))):
            return Taken(name, None, _two_words(twice, standing[1]))
        if why := _from_the_future(payload, now):
            return Taken(name, None, why)
        if standing is None and (why := table.refusal(Stated(before, leaf, payload, by))):
            return Taken(name, None, why)
        index = log.append_signed([signed])[0]
        table.signed[index] = by
        return Taken(name, index)
    except TrucelineError as error:
        return _refused(name, error)


def _refused(name: str, error: TrucelineError) -> Taken:
    if error.code == MOVED:
        raise error
    return Taken(name, None, error.what)


def _two_words(by: Iterable[AuthorKey], index: int) -> str:
    names = ", ".join(sorted(author.key.name for author in by))
    return (
        f"{names} signed entry {index} and this otherwise: keep both, "
        "truceline record prove-fork makes a proof of them"
    )


def _from_the_future(payload: Mapping[str, Any], now: datetime) -> str:
    """Clocks of two machines differ a little; a later time would let a round open before the others' clocks ran out."""
    known_at = payload["known_at"]
    if known_at is None or parse_instant(str(known_at)) <= now + CLOCK_SLACK:
        return ""
    return f"it bears a time that has not come: {known_at}"


def _take_shown(log: Log, table: _Table, mission: Mission, name: str, value: Any, now: datetime) -> Taken:
    try:
        subject, letter, disclosures = value["round"], value["of"], list(value["disclosures"])
    except (TypeError, KeyError):
        return Taken(name, None, "it is nothing that an escrow shows")
    body = {"step": events.ESCROW, "of": letter, "disclosures": disclosures}
    statement = Statement(
        type="disclosure",
        id=f"{side_id(str(subject), str(letter))}:escrow",
        mission=mission.settings.id,
        realm=mission.settings.realm,
        body=body,
        release=JOINT,
        known_at=now,
    )
    return _append(log, table, name, statement, now)


def _append(log: Log, table: _Table, name: str, statement: Statement, now: datetime) -> Taken:
    """Write a statement of the centre where it counts."""
    payload = {"known_at": format_instant(now), "owner": CENTRE, "body": statement.body}
    leaf = Leaf(log.origin, statement.type, statement.id, 0, "", 0, 0, b"")
    try:
        if why := table.refusal(Stated(log.size, leaf, payload, ())):
            return Taken(name, None, why)
        return Taken(name, log.append([statement])[0])
    except TrucelineError as error:
        return _refused(name, error)


def _settle(log: Log, table: _Table, mission: Mission, now: datetime) -> tuple[str, ...]:
    written = []
    for found in determine(table.rules, table.steps, now):
        if found.end is None and found.started_at is None:
            started = _statement(mission, found, {"step": events.START}, now)
            _append(log, table, found.id, started, now)
        if found.end is None or found.is_recorded:
            continue
        body = {
            "step": events.OUTCOME,
            "end": found.end.value,
            "fields": [_field(one) for one in found.outcomes],
        }
        statement = _statement(mission, found, body, now)
        if _append(log, table, found.id, statement, now).index is not None:
            written.append(found.id)
    return tuple(written)


def _field(outcome: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(outcome).items() if value is not None}


def _statement(mission: Mission, found: Determination, body: dict[str, Any], now: datetime) -> Statement:
    procedure = mission.procedure
    is_reserved = found.level == PRELIMINARY and "public" in procedure.confirmed_for
    return Statement(
        type="determination",
        id=found.id,
        mission=mission.settings.id,
        realm=mission.settings.realm,
        body=body,
        release=JOINT if is_reserved and procedure.release == PUBLIC else procedure.release,
        known_at=now,
    )


def chosen(found: Sequence[Determination], subject: str | None) -> tuple[Determination, ...]:
    """Choose the rounds that were asked for: all, one by its id, or all about an incident."""
    if subject is None:
        return tuple(found)
    return tuple(one for one in found if subject in {one.id, one.incident})
