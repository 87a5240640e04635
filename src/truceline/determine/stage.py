"""determine: a record's entries -> its rounds at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from truceline.core.determinations import (
    APART,
    CONFIRMED,
    Absence,
    Determination,
    End,
    Side,
)
from truceline.determine import events
from truceline.determine.events import Event
from truceline.determine.rounds import Presence, Round, refuse_proposal
from truceline.determine.rules import Rules

_STATES = {"left": Absence.LEFT, "suspended": Absence.SUSPENDED, "present": None}


def determine(rules: Rules, steps: Iterable[Event], now: datetime) -> tuple[Determination, ...]:
    """Work out how each round stands.

    Args:
        rules: The procedure that the record states.
        steps: The record's entries about rounds, in order.
        now: The moment at which it is asked.

    Returns:
        The rounds, in the order of their proposals.
    """
    return tuple(_as_it_stands(one, now) for one in fold(rules, steps).rounds.values())


class Fold:
    """A record's rounds while its entries are read.

    Args:
        rules: The procedure that the record states.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.rounds: dict[str, Round] = {}
        self._presence = {letter: Presence() for letter in rules.determiners}

    def take(self, event: Event) -> str:
        """Take one entry.

        Args:
            event: The entry; the record's order is the order of calls.

        Returns:
            Why it does not count; empty where it does.
        """
        if event.step == events.PRESENCE:
            return _presence(self._presence, event, self.rules)
        if event.subject in self.rounds:
            return self.rounds[event.subject].take(event)
        if event.step != events.PROPOSE:
            return "no such round was proposed"
        about = [
            one for one in self.rounds.values() if one.proposal.body["incident"] == event.body.get("incident")
        ]
        try:
            why = refuse_proposal(event, self.rules, about)
        except (KeyError, TypeError, ValueError) as error:
            return f"the entry is not in the form of its step: {error}"
        if not why:
            self.rounds[event.subject] = Round(event, self.rules, self._presence)
        return why


def fold(rules: Rules, steps: Iterable[Event]) -> Fold:
    """Read entries into rounds; see `determine`.

    Args:
        rules: The procedure.
        steps: The entries in order.

    Returns:
        The rounds, ready for more.
    """
    found = Fold(rules)
    for event in steps:
        found.take(event)
    return found


def _presence(presence: dict[str, Presence], event: Event, rules: Rules) -> str:
    """A delegation alone says that it leaves or comes back; what another says of it is said, and changes nothing."""
    state = str(event.body.get("state"))
    if event.owner not in presence or state not in _STATES:
        return "no delegation, or no state, of this record"
    if not any(owner == event.owner for owner, _ in event.signers):
        return "a delegation says itself whether it is there"
    heads = rules.levels[CONFIRMED]
    if not any(owner == event.owner and role in heads for owner, role in event.signers):
        return f"whether a delegation is there is said by a key of {' or '.join(heads)}"
    away = _STATES[state]
    presence[event.owner].away = away
    presence[event.owner].since = event.at if away else None
    return ""


def _as_it_stands(one: Round, now: datetime) -> Determination:
    # What is recorded stays as it was when it was recorded.
    now = one.outcome.at if one.outcome else now
    end, outcomes = one.end_at(now)
    body = one.proposal.body
    return Determination(
        id=one.proposal.subject,
        incident=str(body["incident"]),
        number=int(body["number"]),
        question=one.question,
        meeting=one.meeting,
        level=one.level,
        urgency=str(body["urgency"]),
        proposed=one.proposal.index,
        proposed_by=one.proposal.owner,
        proposed_at=one.proposal.at,
        started_at=one.start.at if one.start else None,
        due_at=max((one.due_of(letter) for letter in one.missing()), default=one.due()),
        phase=_phase(one, end, now),
        sides=tuple(_side(one, letter, now, has_ended=end is not None) for letter in sorted(one.sides)),
        end=end,
        outcomes=outcomes,
        joint_text=one.joint.body["text"] if one.joint else None,
        attended=tuple(one.joint.body["attended"]) if one.joint else (),
        evidence=tuple(body["evidence"]),
        ignored=tuple(one.ignored),
        is_recorded=one.outcome is not None,
    )


def _phase(one: Round, end: End | None, now: datetime) -> str:
    if end is not None:
        return "withdrawn" if end is End.WITHDRAWN else "ended"
    if one.meeting != APART:
        return "stating"
    return "opening" if one.can_open(now) else "sealing"


def _side(one: Round, letter: str, now: datetime, *, has_ended: bool) -> Side:
    side, presence = one.sides[letter], one.presence[letter]
    is_in = side.form is not None or one.joint is not None
    return Side(
        letter=letter,
        sealed=side.seal.index if side.seal else None,
        sealed_at=side.seal.at if side.seal else None,
        opened=side.opened.index if side.opened else None,
        by_escrow=bool(side.opened and side.opened.step == events.ESCROW),
        absence=None if is_in or side.seal else _absence(one, letter, now),
        until=side.until,
        since=presence.since,
        is_hindering=side.seal is not None and side.form is None and one.can_open(now),
        n_recalled=side.n_recalled,
        is_after_opening=side.is_after_opening,
        # both open at one moment: what one has opened stays unsaid until nothing is waited for
        form=side.form if has_ended else None,
    )


def _absence(one: Round, letter: str, now: datetime) -> Absence | None:
    side = one.sides[letter]
    since = one.presence[letter].since
    if since is not None and since < one.due_of(letter):
        return one.presence[letter].away
    if side.abstains:
        return Absence.ABSTAINS
    if side.until and now < side.until:
        return Absence.AWAITS
    return Absence.NO_RESPONSE if now >= one.due_of(letter) else None
