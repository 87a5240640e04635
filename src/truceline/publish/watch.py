"""The watch: what waits for somebody, in order of urgency, and the evidence of one incident; every string ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from truceline.core.claims import GROUP_OF, Claim
from truceline.core.determinations import Determination, End
from truceline.core.incidents import Incident
from truceline.core.knowledge import span_of
from truceline.core.obligations import ObligationStatus
from truceline.publish.board import chip_of, due_of
from truceline.publish.board import title_of as duty_title_of
from truceline.publish.desk import Desk
from truceline.publish.edition import Chip, Counted, Quote
from truceline.publish.evidence import counted, origin_of, quote_of, source_name
from truceline.publish.incidents import exposure_of, place_of, says_of, state_of, title_of, when_of
from truceline.publish.keys import KeyPanel, KeyTab, PositionForm, form_of, keys_of, panel_of
from truceline.publish.marks import kind_of, sign

TABS = ("all", "intake", "incidents", "keys", "deadlines", "restrictions")
"""The tabs of the queue, in order."""

_SEVERITY = {"fire": 4.0, "loss": 5.0, "withdrawal": 2.0, "mines": 3.0, "access": 2.0, "control": 2.0}
"""How heavy a group of claim types weighs; what is not named weighs 1."""
_DUE_SOON = timedelta(days=7)
_WAITING = frozenset({"due", "overdue", "not_yet_due"})


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
