"""The watch: what waits for somebody, in order of urgency; every string ready."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from truceline.core.claims import GROUP_OF, Claim
from truceline.core.determinations import Determination, End
from truceline.core.incidents import Incident
from truceline.core.knowledge import span_of
from truceline.core.obligations import ObligationStatus
from truceline.core.times import parse_instant
from truceline.publish.board import chip_of, due_of
from truceline.publish.board import title_of as duty_title_of
from truceline.publish.case import basis_word, mark_of, voices_of
from truceline.publish.desk import Desk
from truceline.publish.duty import OPEN
from truceline.publish.edition import Chip
from truceline.publish.evidence import quote_of, source_name
from truceline.publish.incidents import title_of, when_of
from truceline.publish.keys import KeyTab, keys_of
from truceline.publish.marks import sign
from truceline.publish.tokens import quoted

TABS = ("all", "intake", "incidents", "keys", "deadlines", "restrictions")
"""The tabs of the queue, in order."""

_SEVERITY = {"fire": 4.0, "loss": 5.0, "withdrawal": 2.0, "mines": 3.0, "access": 2.0, "control": 2.0}
"""How heavy a group of claim types weighs; what is not named weighs 1."""
ALERTS = "alerts"
"""What stands above every tab: notices that nobody has stood down."""
_DUE_SOON = timedelta(days=7)
_HOUR, _DAY, _YEAR = 3_600, 86_400, 365 * 86_400
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
        urgency: Severity times age times nearness of a deadline; only its order counts.
        keys: The delegations' keys.
        voices: Independent speakers and carriers, or how many claims wait.
        basis: How the first source knows, in a word: what stands where a private grade would.
        age: Since it became known.
        chip: A status, for obligations.
        severity: How much it matters, for alerts of sensors; empty for all else.
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
    voices: str = ""
    basis: str = ""
    age: str = ""
    chip: Chip | None = None
    severity: str = ""


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
    rows += _intake_rows(desk, now)
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


def alerts_of(desk: Desk, notices: Iterable[Mapping[str, Any]], letter: str, now: datetime) -> list[QueueRow]:
    """Put the notices that stand above everything else, the newest first.

    Args:
        desk: Words and names.
        notices: Notices as the read model holds them.
        letter: The viewer's delegation, or empty.
        now: The moment that ages are counted to.

    Returns:
        One row for each that nobody has stood down.
    """
    rows = []
    for value in notices:
        if value["state"] not in OPEN:
            continue
        known_at = parse_instant(str(value["known_at"]))
        language = desk.words.language if desk.words.language in value["words"] else "en"
        back = value.get("read_back") or {}
        key = "console.notice.read_back" if letter in back or not letter else "console.notice.not_read_back"
        rows.append(
            QueueRow(
                id=str(value["id"]),
                tab=ALERTS,
                group=ALERTS,
                mark="",
                title=quoted(str(value["words"][language])),
                time=desk.tokens.clock(known_at),
                line=desk.words.say(key),
                language=desk.words.language,
                urgency=known_at.timestamp(),
                age=age_of(desk, known_at, now),
            )
        )
    return sorted(rows, key=lambda row: -row.urgency)


def age_of(desk: Desk, known_at: datetime | None, now: datetime) -> str:
    """Say how long something has been known: minutes, hours, days or years; a dash where nothing tells."""
    if known_at is None:
        return "—"
    seconds = max(int((now - known_at).total_seconds()), 0)
    for unit, size, until in (("minute", 60, _HOUR), ("hour", _HOUR, 2 * _DAY), ("day", _DAY, _YEAR)):
        if seconds < until:
            return desk.tokens.count(f"console.age.{unit}", seconds // size)
    return desk.tokens.count("console.age.year", seconds // _YEAR)


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
        mark=mark_of(desk, incident, rounds),
        title=title_of(desk, incident),
        time=when_of(desk, incident),
        line=first.evidence.text if first else "",
        language=first.language if first else desk.words.language,
        urgency=urgency(heaviest, now - (incident.known_at or now), until),
        keys=keys_of(desk, rounds, letter),
        voices=voices_of(desk, claims, incident.n_independent),
        basis=basis_word(desk, first) if first else "",
        age=age_of(desk, incident.known_at, now),
    )


def _group(rounds: Sequence[Determination], letter: str) -> str:
    if not rounds:
        return "reported"
    if rounds[-1].end is None:
        mine = next((side for side in rounds[-1].sides if side.letter == letter), None)
        return "keys" if mine is not None and mine.sealed is None and mine.opened is None else "waiting"
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
        voices=voices_of(desk, [claim]),
        basis=basis_word(desk, claim),
        age=age_of(desk, claim.known_at, now),
    )


def _intake_rows(desk: Desk, now: datetime) -> Iterator[QueueRow]:
    """Give one row for each item that holds claims which no person has reviewed."""
    waiting: dict[str, list[Claim]] = {}
    for claim in desk.view.claims:
        if claim.review.state == "machine-read":
            waiting.setdefault(claim.report, []).append(claim)
    for report, claims in waiting.items():
        item, first = desk.report_of.get(report), claims[0]
        heaviest = max(_SEVERITY.get(GROUP_OF.get(one.type, ""), 1.0) for one in claims)
        yield QueueRow(
            id=report,
            tab="intake",
            group="intake",
            mark="",
            title=quoted(item.title) if item and item.title else source_name(desk, first),
            time=desk.tokens.known_day(first.known_at),
            line=first.evidence.text,
            language=first.language,
            urgency=urgency(heaviest, now - (first.known_at or now), None),
            voices=desk.tokens.count("console.to_review", len(claims)),
            basis=basis_word(desk, first),
            age=age_of(desk, first.known_at, now),
        )
