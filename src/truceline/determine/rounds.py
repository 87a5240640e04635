"""One round, step by step. What may not be counts for nothing and is named; what came before stays as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from truceline.core.determinations import (
    APART,
    CONFIRMED,
    FIELDS,
    HEADS,
    LEVELS,
    MEETINGS,
    PRELIMINARY,
    QUESTIONS,
    RESPONSIBILITY,
    Absence,
    End,
    FieldOutcome,
    Form,
    Ignored,
    read_form,
)
from truceline.core.errors import TrucelineError
from truceline.core.mission import CONFIRMABLE
from truceline.core.release import CENTRE
from truceline.core.times import parse_instant
from truceline.determine import events
from truceline.determine.agreement import compare, end_of
from truceline.determine.events import Event, opened_form
from truceline.determine.rules import MATTER_OF, Rules

_SHA256_CHARS = 43
ENDED = "the round has ended: what is new takes a new round"


@dataclass(slots=True)
class Standing:
    """How one delegation stands while the round goes on."""

    seal: Event | None = None
    form: Form | None = None
    opened: Event | None = None
    abstains: bool = False
    until: datetime | None = None
    n_recalled: int = 0
    digests: set[str] = field(default_factory=set)
    is_after_opening: bool = False


@dataclass(slots=True)
class Presence:
    """Since when a delegation is away, and how; nothing where it is there."""

    away: Absence | None = None
    since: datetime | None = None


@dataclass(slots=True)
class Round:
    """A round while its entries are read.

    Args:
        proposal: The entry that opened it.
        rules: The record's procedure.
        presence: Letter -> whether the delegation is there, as told up to now.
    """

    proposal: Event
    rules: Rules
    presence: Mapping[str, Presence]
    sides: dict[str, Standing] = field(default_factory=dict)
    start: Event | None = None
    withdrawn: Event | None = None
    joint: Event | None = None
    joint_form: Form | None = None
    outcome: Event | None = None
    ignored: list[Ignored] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sides = {letter: Standing() for letter in self.rules.determiners}

    @property
    def question(self) -> str:
        """What is asked."""
        return str(self.proposal.body["question"])

    @property
    def meeting(self) -> str:
        """How it is held."""
        return str(self.proposal.body["meeting"])

    @property
    def level(self) -> str:
        """At which level."""
        return str(self.proposal.body["level"])

    def due(self) -> datetime:
        """Return when the clock runs out for those who gave no moment of their own.

        It runs from the moment at which the proposal stood in the record, not from the one that its signer wrote on it:
        nobody is late for what was not there yet.
        """
        return (self.start or self.proposal).at + self.rules.clocks[str(self.proposal.body["urgency"])]

    def due_of(self, letter: str) -> datetime:
        """Return when the clock runs out for one delegation: it waits while instructions are awaited."""
        until = self.sides[letter].until
        return max(self.due(), until) if until else self.due()

    def missing(self) -> list[str]:
        """List who is there and has neither sealed, stated nor abstained."""
        return [
            letter
            for letter, side in self.sides.items()
            if side.seal is None
            and side.form is None
            and not side.abstains
            and self.presence[letter].away is None
        ]

    def waits_for(self, at: datetime) -> list[str]:
        """List for whom the round still waits at a moment; nobody once all have answered or their clocks ran out."""
        return [letter for letter in self.missing() if self.start is None or at < self.due_of(letter)]

    def can_open(self, at: datetime) -> bool:
        """Say whether seals may be opened: somebody has sealed and nobody is waited for."""
        return any(side.seal for side in self.sides.values()) and not self.waits_for(at)

    def has_opened(self, at: datetime) -> bool:
        """Say whether a round that is held apart is past the point where sides still seal, recall or answer."""
        is_open = self.can_open(at) or any(side.form for side in self.sides.values())
        return self.meeting == APART and is_open

    def take(self, event: Event) -> str:
        """Take a step.

        Args:
            event: The step; the record's order is the order of calls.

        Returns:
            Why it does not count; empty where it does.
        """
        try:
            why = ENDED if self.outcome else self._step(event)
        except TrucelineError as error:
            why = error.what
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            why = f"the entry is not in the form of its step: {error}"
        if why:
            self.ignored.append(Ignored(event.index, why))
        return why

    def _step(self, event: Event) -> str:
        steps: dict[str, Callable[[Event], str]] = {
            events.START: self._start,
            events.SEAL: self._seal,
            events.RECALL: self._recall,
            events.OPEN: self._open,
            events.STATE: self._state,
            events.ANSWER: self._answer,
            events.ESCROW: self._escrow,
            events.JOINT: self._joint,
            events.WITHDRAW: self._withdraw,
            events.OUTCOME: self._outcome,
        }
        return steps[event.step](event) if event.step in steps else "the round is proposed already"

    def _start(self, event: Event) -> str:
        if event.owner != CENTRE:
            return "the clock is started by whoever keeps the record"
        if self.start or self.withdrawn:
            return "the clock runs already, or the round was withdrawn"
        self.start = event
        return ""

    def _of_side(self, event: Event) -> str:
        """Say why a step is not a delegation's to take."""
        if event.owner not in self.sides:
            return f"{event.owner} determines nothing here"
        if self.withdrawn:
            return "the round was withdrawn"
        roles = {role for owner, role in event.signers if owner == event.owner}
        if not roles & set(self.rules.levels[self.level]):
            return f"at the level {self.level} a key of {' or '.join(self.rules.levels[self.level])} signs"
        if self.rules.four_eyes and sum(owner == event.owner for owner, _ in event.signers) < 2:
            return "two keys of the delegation sign"
        return ""

    def _seal(self, event: Event) -> str:
        if why := self._of_side(event):
            return why
        side = self.sides[event.owner]
        if self.meeting != APART:
            return "nothing is sealed in a round that is held together"
        if side.seal is not None:
            return "it has sealed already: a seal is recalled before the next"
        if self.has_opened(event.at):
            return "the round has opened"
        digests = event.body["digests"]
        if digests != sorted(set(digests)) or len(digests) != len(FIELDS):
            return f"a seal holds {len(FIELDS)} digests in order"
        if any(len(digest) != _SHA256_CHARS for digest in digests):
            return "a digest is no SHA-256"
        if self.rules.escrow and not (isinstance(event.body.get("escrow"), str) and event.body["escrow"]):
            return "a seal brings what its escrow can open"
        # Whoever seals another's digests could open them with the other's words, once those are open.
        others = (one.digests for letter, one in self.sides.items() if letter != event.owner)
        if any(not known.isdisjoint(digests) for known in others):
            return "it repeats a digest that another delegation sealed"
        side.digests.update(digests)
        side.seal, side.abstains, side.until = event, False, None
        return ""

    def _recall(self, event: Event) -> str:
        if why := self._of_side(event):
            return why
        side = self.sides[event.owner]
        if side.seal is None:
            return "there is no seal to recall"
        if self.has_opened(event.at):
            return "the round has opened: a position is recalled before that"
        side.seal, side.n_recalled = None, side.n_recalled + 1
        return ""

    def _open(self, event: Event) -> str:
        return self._of_side(event) or self._opened(event, event.owner)

    def _escrow(self, event: Event) -> str:
        of = str(event.body["of"])
        if of not in self.sides:
            return f"{of} determines nothing here"
        return self._opened(event, of)

    def _opened(self, event: Event, letter: str) -> str:
        side = self.sides[letter]
        if side.seal is None:
            return f"{letter} has sealed nothing"
        if side.form is not None:
            return f"{letter}'s position is open already"
        if waits := self.waits_for(event.at):
            return f"the round is not open: {', '.join(waits)} may still answer"
        form = opened_form(side.seal.body["digests"], event.body, self.question)
        if why := self._state_form(side, form, event):
            return why
        self._mark_later_seals(event)
        return ""

    def _mark_later_seals(self, event: Event) -> None:
        """Mark seals that its signer had not seen when it opened: whoever held the opening back could have known it."""
        if event.step != events.OPEN or event.seen_size is None:
            return
        for letter, side in self.sides.items():
            if letter != event.owner and side.seal and side.seal.index >= event.seen_size:
                side.is_after_opening = True

    def _state(self, event: Event) -> str:
        if why := self._of_side(event):
            return why
        if self.meeting == APART and len(self.sides) > 1:
            return "a round that is held apart is sealed"
        side = self.sides[event.owner]
        if side.form is not None:
            return "it has stated its position already"
        return self._state_form(side, read_form(event.body["fields"], self.question), event)

    def _state_form(self, side: Standing, form: Form, event: Event) -> str:
        if why := self._reserved(form):
            return why
        side.form, side.opened = form, event
        return ""

    def _reserved(self, form: Form) -> str:
        """Say whether a form is about what this round's level may not determine."""
        matter = MATTER_OF.get(form.kind or "")
        if self.level == PRELIMINARY and matter in self.rules.confirmed_for:
            return f"{matter} are determined at the level {CONFIRMED}"
        return ""

    def _answer(self, event: Event) -> str:
        if event.owner not in self.sides or not any(owner == event.owner for owner, _ in event.signers):
            return f"{event.owner} determines nothing here"
        side, answer = self.sides[event.owner], event.body["answer"]
        if side.seal is not None or side.form is not None:
            return "it has given a position: a seal is recalled first"
        if self.has_opened(event.at):
            return "the round has opened"
        if answer == Absence.ABSTAINS:
            if why := self._of_side(event):
                return why
            side.abstains = True
        elif answer == Absence.AWAITS:
            side.until, side.abstains = parse_instant(event.body["until"]), False
        else:
            return f"'{answer}' is no answer"
        return ""

    def _joint(self, event: Event) -> str:
        if self.meeting == APART:
            return "a round that is held apart has no joint text"
        if self.withdrawn or self.joint:
            return "the round has ended"
        allowed = set(self.rules.levels[self.level])
        signed = {owner for owner, role in event.signers if role in allowed}
        lacking = [letter for letter in self.sides if letter not in signed]
        if lacking:
            return f"a joint text is signed by all: {', '.join(lacking)} did not at the level {self.level}"
        text, attended = event.body["text"], event.body["attended"]
        if not attended or not all(isinstance(one, str) for one in attended) or not isinstance(text, dict):
            return "a joint text says who attended, by duty number, and its words in a language"
        n_keys = 2 if self.rules.four_eyes else 1
        if any(sum(owner == letter for owner, _ in event.signers) < n_keys for letter in self.sides):
            return "two keys of each delegation sign"
        form = read_form(event.body["fields"], self.question)
        if why := self._reserved(form):
            return why
        self.joint_form, self.joint = form, event
        return ""

    def _withdraw(self, event: Event) -> str:
        if event.owner != self.proposal.owner:
            return "a round is withdrawn by whoever proposed it"
        if self.withdrawn:
            return "the round was withdrawn"
        if self.joint or self.has_opened(event.at) or any(side.form for side in self.sides.values()):
            return "the round has opened"
        self.withdrawn = event
        return ""

    def _outcome(self, event: Event) -> str:
        if event.owner != CENTRE:
            return "an outcome is computed: it is nobody's"
        end, _ = self.end_at(event.at)
        if event.body["end"] != end:
            return f"it states '{event.body['end']}', the entries give '{end}'"
        self.outcome = event
        self.presence = {letter: replace(there) for letter, there in self.presence.items()}
        return ""

    def end_at(self, now: datetime) -> tuple[End | None, tuple[FieldOutcome, ...]]:
        """Say how the round ended by a moment, field by field; None while it goes on.

        Args:
            now: The moment.

        Returns:
            The end, and the fields where positions were compared.
        """
        if self.withdrawn:
            return End.WITHDRAWN, ()
        if self.joint_form:
            return self._compared(dict.fromkeys(sorted(self.sides), self.joint_form))
        forms = {letter: side.form for letter, side in self.sides.items() if side.form is not None}
        hindering = [letter for letter, side in self.sides.items() if side.seal and side.form is None]
        if self.waits_for(now) or any(self.start is None or now < self.due_of(one) for one in hindering):
            return None, ()
        if not forms:
            # Nobody who was asked could say; where somebody only kept silent, nothing has ended.
            answered = [side.abstains or self.presence[letter].away for letter, side in self.sides.items()]
            return (End.UNABLE if all(answered) else None), ()
        if len(forms) < self.rules.quorum:
            return End.ONE_SIDE, compare(forms, self.rules.quorum, "", self.question)
        return self._compared(forms)

    def _compared(self, forms: Mapping[str, Form]) -> tuple[End, tuple[FieldOutcome, ...]]:
        outcomes = compare(forms, self.rules.quorum, self.rules.chair, self.question)
        return end_of(outcomes, self.question), outcomes


def refuse_proposal(event: Event, rules: Rules, before: Sequence[Round]) -> str:
    """Say why a round cannot be proposed.

    Args:
        event: The proposal.
        rules: The record's procedure.
        before: The rounds that there were about this incident, in order.

    Returns:
        The reason; empty where it can.
    """
    body = event.body
    if event.owner != CENTRE and event.owner not in rules.determiners:
        return f"{event.owner} determines nothing here"
    if event.subject != events.round_id(str(body["incident"]), int(body["number"])):
        return "its id does not follow from incident and number"
    if body["number"] != len(before):
        return f"the next round about this incident is number {len(before)}"
    for name, words in (("question", QUESTIONS), ("meeting", MEETINGS), ("level", LEVELS)):
        if body[name] not in words:
            return f"'{body[name]}' is no {name}"
    if body["meeting"] == HEADS and body["level"] != CONFIRMED:
        return f"heads meet at the level {CONFIRMED}"
    if body["urgency"] not in rules.clocks:
        return f"the procedure has no clock for '{body['urgency']}'"
    matters = {*body["matters"], *((RESPONSIBILITY,) if body["question"] == RESPONSIBILITY else ())}
    if matters - set(CONFIRMABLE):
        return f"the procedure knows no matter '{min(matters - set(CONFIRMABLE))}'"
    if body["level"] == PRELIMINARY and (reserved := sorted(matters & set(rules.confirmed_for))):
        return f"{', '.join(reserved)}: determined at the level {CONFIRMED}"
    # A round that was withdrawn came to nothing: it takes nobody's right to ask.
    same = [
        one
        for one in before
        if (one.question, one.meeting) == (body["question"], body["meeting"]) and not one.withdrawn
    ]
    known = {item for one in same for item in one.proposal.body["evidence"]}
    if same and not set(body["evidence"]) - known:
        return "the same round again needs new evidence"
    return ""
