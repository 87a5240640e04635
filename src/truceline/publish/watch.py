"""The watch: what waits for somebody, in order of urgency, and the evidence of one incident; every string ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from truceline.core.claims import GROUP_OF, Claim
from truceline.core.determinations import Determination, End, Side
from truceline.core.incidents import Incident
from truceline.core.knowledge import span_of
from truceline.core.obligations import ObligationStatus
from truceline.publish.board import chip_of, due_of
from truceline.publish.board import title_of as duty_title_of
from truceline.publish.desk import Desk
from truceline.publish.edition import Chip, Counted, Quote
from truceline.publish.evidence import counted, origin_of, quote_of, source_name
from truceline.publish.incidents import exposure_of, place_of, says_of, state_of, title_of, when_of
from truceline.publish.marks import kind_of, sign
from truceline.publish.tokens import bare

TABS = ("all", "intake", "incidents", "keys", "deadlines", "restrictions")
"""The tabs of the queue, in order."""

_SEVERITY = {"fire": 4.0, "loss": 5.0, "withdrawal": 2.0, "mines": 3.0, "access": 2.0, "control": 2.0}
"""How heavy a group of claim types weighs; what is not named weighs 1."""
_DUE_SOON = timedelta(days=7)
_WAITING = frozenset({"due", "overdue", "not_yet_due"})


@dataclass(frozen=True, slots=True)
class KeyTab:
    """One delegation's key in a row: its letter, its state (``open in agrees differs hidden``), the state in words."""

    letter: str
    state: str
    word: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of the queue.

    Args:
        id: What it opens.
        tab: The tab that it belongs to besides ``all``.
        group: Key of the group's heading.
        mark: Its mark as SVG centred on the origin, or empty.
        title: What it is.
        time: When.
        line: A line of its evidence in its own words, or of explanation.
        language: The line's language.
        keys: The delegations' keys.
        counted: Reports and independent speakers.
        urgency: Severity times age times nearness of a deadline; only its order counts.
        chip: A status, for obligations.
    """

    id: str
    tab: str
    group: str
    mark: str
    title: str
    time: str
    line: str
    language: str
    urgency: float
    keys: tuple[KeyTab, ...] = ()
    counted: Counted | None = None
    chip: Chip | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One delegation's place in the key panel.

    Args:
        letter: Its letter.
        name: The delegation.
        state: ``mine-open hidden sealed waiting opened differs absent``.
        head: What it says, in a word or two.
        text: Its reasons, or why there are none.
        foot: When and by which entry.
    """

    letter: str
    name: str
    state: str
    head: str
    text: str
    foot: str


@dataclass(frozen=True, slots=True)
class KeyPanel:
    """A round about an incident: its question, headline with style and sign, slots, and what is agreed field by field.

    ``asks`` is the word of the question, ``phase`` how far the round has come, or empty once it ended.
    """

    id: str
    question: str
    style: str
    sign: str
    headline: str
    slots: tuple[Slot, ...]
    fields: tuple[tuple[str, str, tuple[str, ...]], ...]
    due: str
    asks: str = ""
    phase: str = ""


@dataclass(frozen=True, slots=True)
class PositionForm:
    """What a position may be filled in with: pairs of value and words, and what the incident itself suggests.

    Args:
        kinds: Claim types.
        clauses: Clauses of the instruments, as ``instrument#clause``.
        places: Places of the pack.
        standard: The mission's standard of proof.
        kind: The incident's most frequent type.
        place: Where it is said to have been, or empty.
        start: First instant of when it is said to have been, as ``2020-11-12T06:00``, or empty.
        end: Its end, or empty.
        basis: Ids of the incident's reports.
        parties: Bound parties, for rounds about responsibility.
    """

    kinds: tuple[tuple[str, str], ...]
    clauses: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    standard: str
    kind: str
    place: str
    start: str
    end: str
    basis: tuple[str, ...]
    parties: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Carrier:
    """A branch of the source tree: who says it, who carried it, and how many copies are folded into it."""

    speaker: str
    carried: str
    copies: str


@dataclass(frozen=True, slots=True)
class Case:
    """The evidence of one incident."""

    id: str
    title: str
    mark: str
    facts: tuple[tuple[str, str], ...]
    says: tuple[tuple[str, tuple[str, ...]], ...]
    carriers: tuple[Carrier, ...]
    quotes: tuple[Quote, ...]
    panels: tuple[KeyPanel, ...]
    form: PositionForm


def queue_of(
    desk: Desk, rounds: Mapping[str, Sequence[Determination]], letter: str, now: datetime
) -> tuple[QueueRow, ...]:
    """Put what waits for somebody in order of urgency.

    Args:
        desk: What the viewer may know, with words.
        rounds: Incident's id -> its rounds; empty where the viewer may not read them.
        letter: The viewer's delegation, or empty.
        now: The moment that ages are counted to.

    Returns:
        The rows, the most urgent first.
    """
    rows = [_incident_row(desk, one, rounds.get(one.id, ()), letter, now) for one in desk.last.incidents]
    rows += [row for one in desk.last.statuses if (row := _deadline_row(desk, one, now))]
    rows += [_claim_row(desk, one, now) for one in desk.view.claims if _is_restriction(one, desk, now)]
    return tuple(sorted(rows, key=lambda row: (-row.urgency, row.id)))


def urgency(severity: float, age: timedelta, until: timedelta | None) -> float:
    """Weigh severity, age and nearness of a deadline; only the order of what comes out has a meaning.

    Args:
        severity: 1 and more.
        age: Since it became known: what is new weighs more, by half each week.
        until: Until its deadline; what has passed weighs most. None where there is none.

    Returns:
        The weight, above 0.
    """
    weeks = max(age.total_seconds(), 0) / 604_800
    near = 1.0 if until is None else 1.0 + 3.0 / (1.0 + max(until.total_seconds(), 0) / 86_400)
    return float(severity * 2.0**-weeks * near)


def case_of(desk: Desk, incident: Incident, rounds: Sequence[Determination], letter: str) -> Case:
    """Gather the evidence of an incident, each side's words side by side and never merged.

    Args:
        desk: What the viewer may know, with words.
        incident: The incident.
        rounds: Its rounds; empty where the viewer may not read them.
        letter: The viewer's delegation, or empty.

    Returns:
        The case.
    """
    say = desk.words.say
    claims = [desk.claim_of[one] for one in incident.claims if one in desk.claim_of]
    facts = (
        (say("console.fact.when"), when_of(desk, incident)),
        (say("console.fact.where"), place_of(desk, incident) or "—"),
        (say("console.fact.known"), desk.tokens.known(incident.known_at)),
        (say("console.fact.seen"), exposure_of(desk, incident)),
        (say("console.fact.state"), state_of(desk, incident)),
        (say("console.fact.scope"), say(f"scope.{incident.scope}")),
    )
    return Case(
        id=incident.id,
        title=title_of(desk, incident),
        mark=_mark(desk, incident),
        facts=facts,
        says=says_of(desk, incident),
        carriers=tuple(_carriers(desk, claims)),
        quotes=tuple(quote_of(desk, claim) for claim in claims),
        panels=tuple(panel_of(desk, one, letter) for one in rounds),
        form=form_of(desk, incident, claims),
    )


def form_of(desk: Desk, incident: Incident, claims: Sequence[Claim]) -> PositionForm:
    """Say what a position about an incident may be filled in with, and what the incident itself suggests.

    Args:
        desk: Words and names.
        incident: The incident.
        claims: Its claims.

    Returns:
        The form's choices.
    """
    mission, words = desk.view.mission, desk.words
    bare_words = {word: bare(words.say_or(f"type.{word}", word.replace("_", " "))) for word in GROUP_OF}
    at = incident.valid_at
    start, end = (
        f"{one:%Y-%m-%dT%H:%M}" if one else "" for one in ((at.start, at.end) if at else (None, None))
    )
    bound = [one for one in mission.bound_parties if "party" in mission.party_of[one].roles]
    return PositionForm(
        kinds=tuple(sorted(bare_words.items(), key=lambda one: one[1])),
        clauses=tuple(
            (
                f"{one.id}#{clause.n}",
                bare(words.say("console.clause", instrument=desk.called.text(one.names), n=clause.n)),
            )
            for one in mission.instruments
            for clause in one.clauses
        ),
        places=tuple((one.id, bare(desk.called.place_names(one.names))) for one in mission.places),
        standard=mission.settings.standard_of_proof,
        kind=incident.types[0].type if incident.types else "",
        place=(incident.place.id or "") if incident.place else "",
        start=start,
        end=end,
        basis=tuple(dict.fromkeys(claim.report for claim in claims)),
        parties=tuple((one, bare(desk.called.slug(one))) for one in bound),
    )


def panel_of(desk: Desk, found: Determination, letter: str) -> KeyPanel:
    """Show a round as one delegation may see it: nothing of the other's position before it opened.

    Args:
        desk: Words and names.
        found: The round.
        letter: The viewer's delegation, or empty.

    Returns:
        The panel, the viewer's own slot first.
    """
    say = desk.words.say
    sides = sorted(found.sides, key=lambda side: (side.letter != letter, side.letter))
    style, mark = _HEADLINES.get(found.end, ("open", "ask")) if found.end else ("open", "dots")
    word = found.end.value if found.end else found.phase
    fields = tuple(
        (
            say(f"console.field.{one.name}"),
            _said(desk, one.value)
            if one.is_agreed or one.is_by_chair
            else ("≠" if len(one.says) > 1 else "—"),
            tuple(_said(desk, one.says.get(side.letter)) for side in sides),
        )
        for one in found.outcomes
    )
    return KeyPanel(
        id=found.id,
        question=say(f"console.question.{found.question}"),
        style=style,
        sign=mark,
        headline=say(f"console.end.{word}"),
        slots=tuple(_slot(desk, found, side, letter) for side in sides),
        fields=fields,
        due="" if found.end else say("console.keys.due", when=desk.tokens.instant(found.due_at)),
        asks=found.question,
        phase="" if found.end else found.phase,
    )


_HEADLINES = {
    End.AGREED: ("met", "check"),
    End.IN_PART: ("met", "late-check"),
    End.DIFFERING: ("disputed", "differ"),
    End.ONE_SIDE: ("late", "clock"),
    End.UNABLE: ("unjudged", "ask"),
    End.NOT_ATTRIBUTED: ("unjudged", "ask"),
    End.OUTSIDE: ("unjudged", "outside"),
    End.WITHDRAWN: ("unjudged", "end"),
}


def _slot(desk: Desk, found: Determination, side: Side, letter: str) -> Slot:
    say = desk.words.say
    name = _delegation(desk, side.letter)
    happened = next((one.says.get(side.letter) for one in found.outcomes if one.name == "happened"), None)
    if side.absence is not None:
        since = desk.tokens.instant(side.since) if side.since else ""
        return Slot(side.letter, name, "absent", say(f"console.absence.{side.absence.value}"), "", since)
    if side.opened is not None and happened is not None:
        is_alone = found.end in {End.DIFFERING, End.IN_PART}
        foot = say("console.keys.entry", n=desk.tokens.ident(str(side.opened)))
        return Slot(
            side.letter,
            name,
            "differs" if is_alone else "opened",
            say(f"console.answer.{happened}"),
            "",
            foot,
        )
    if side.opened is not None and side.letter == letter:
        foot = say("console.keys.entry", n=desk.tokens.ident(str(side.opened)))
        return Slot(
            side.letter,
            name,
            "waiting",
            say("console.keys.opened"),
            say("console.keys.opens_by_itself"),
            foot,
        )
    if side.sealed is not None and (side.letter == letter or not letter):
        foot = say("console.keys.entry", n=desk.tokens.ident(str(side.sealed)))
        return Slot(
            side.letter, name, "sealed", say("console.keys.sealed"), say("console.keys.opens_by_itself"), foot
        )
    if side.letter == letter:
        return Slot(side.letter, name, "mine-open", say("console.keys.needed"), "", "")
    return Slot(
        side.letter, name, "hidden", say("console.keys.not_shown"), say("console.keys.independent"), ""
    )


def _delegation(desk: Desk, letter: str) -> str:
    found = next((one for one in desk.view.mission.delegations if one.letter == letter), None)
    return desk.called.text(found.names) if found else letter


def _said(desk: Desk, value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, Mapping):
        return desk.words.say("join.comma").join(
            _said(desk, one) for one in value.values() if one not in {None, 0}
        )
    text = str(value)
    known = desk.words.say_or(f"console.answer.{text}", "") or desk.words.say_or(f"type.{text}", "")
    return known or (desk.called.slug(text) if ":" in text else desk.tokens.ident(text))


def keys_of(desk: Desk, rounds: Sequence[Determination], letter: str) -> tuple[KeyTab, ...]:
    """Show the state of each delegation's key in the last round about an incident."""
    if not rounds:
        return ()
    last = rounds[-1]
    out = []
    for side in sorted(last.sides, key=lambda one: (one.letter != letter, one.letter)):
        if side.opened is not None:
            state = "differs" if last.end in {End.DIFFERING, End.IN_PART} else "agrees"
        elif side.sealed is not None and side.letter == letter:
            state = "in"
        else:
            state = "open" if side.letter == letter else "hidden"
        out.append(KeyTab(side.letter, state, desk.words.say(f"console.key.{state}")))
    return tuple(out)


def _incident_row(
    desk: Desk, incident: Incident, rounds: Sequence[Determination], letter: str, now: datetime
) -> QueueRow:
    claims = [desk.claim_of[one] for one in incident.claims if one in desk.claim_of]
    first = claims[0] if claims else None
    group = _group(rounds, letter)
    heaviest = max((_SEVERITY.get(GROUP_OF.get(one.type, ""), 1.0) for one in incident.types), default=1.0)
    until = None if not rounds or rounds[-1].end else rounds[-1].due_at - now
    return QueueRow(
        id=incident.id,
        tab="keys" if group == "keys" else "incidents",
        group=group,
        mark=_mark(desk, incident),
        title=title_of(desk, incident),
        time=when_of(desk, incident),
        line=first.evidence.text if first else "",
        language=first.language if first else desk.words.language,
        urgency=urgency(heaviest, now - (incident.known_at or now), until),
        keys=keys_of(desk, rounds, letter),
        counted=counted(desk, claims),
    )


def _group(rounds: Sequence[Determination], letter: str) -> str:
    if not rounds:
        return "reported"
    if rounds[-1].end is None:
        mine = next((side for side in rounds[-1].sides if side.letter == letter), None)
        return "keys" if mine is None or mine.sealed is None else "waiting"
    return "differ" if rounds[-1].end is End.DIFFERING else "ended"


def _deadline_row(desk: Desk, status: ObligationStatus, now: datetime) -> QueueRow | None:
    if status.due is None or status.status not in _WAITING:
        return None
    until = desk.day_at(status.due) - now
    if until > _DUE_SOON:
        return None
    due = due_of(desk, status)
    return QueueRow(
        id=status.id,
        tab="deadlines",
        group="deadlines",
        mark="",
        title=duty_title_of(desk, status.id),
        time=due.now if due else "",
        line=due.reading if due else "",
        language=desk.words.language,
        urgency=urgency(2.0, timedelta(0), until),
        chip=chip_of(desk, status.status),
    )


def _is_restriction(claim: Claim, desk: Desk, now: datetime) -> bool:
    if claim.type not in {"freedom_of_movement", "jamming"} or claim.polarity == "negated":
        return False
    span = span_of(claim, desk.view.mission.zone)
    return span is None or span.start is None or now - span.start < timedelta(days=400)


def _claim_row(desk: Desk, claim: Claim, now: datetime) -> QueueRow:
    quote = quote_of(desk, claim)
    return QueueRow(
        id=claim.id,
        tab="restrictions",
        group="restrictions",
        mark=sign("restriction", desk.words.say("map.letter_restriction"), "reported"),
        title=quote.what,
        time=quote.when,
        line=quote.words,
        language=quote.language,
        urgency=urgency(2.0, now - (claim.known_at or now), None),
        counted=counted(desk, [claim]),
    )


def _mark(desk: Desk, incident: Incident) -> str:
    kind = kind_of(tuple(one.type for one in incident.types))
    return sign(kind, desk.words.say(f"map.letter_{kind}"), incident.state)


def _carriers(desk: Desk, claims: Iterable[Claim]) -> Iterable[Carrier]:
    """Fold copies: one branch for each speaker and the text that carried him first."""
    found: dict[tuple[str, str], set[str]] = {}
    for claim in claims:
        speaker = quote_of(desk, claim).speaker
        origin = origin_of(desk, claim.report)
        first = next((one for one in claims if one.report == origin), claim)
        found.setdefault((speaker, source_name(desk, first)), set()).add(claim.report)
    for (speaker, carried), reports in found.items():
        n = len(reports) - 1
        yield Carrier(speaker, carried, desk.tokens.count("console.copies", n) if n else "")
