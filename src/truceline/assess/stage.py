"""The stage: instruments, claims and incidents in; one status per obligation out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from truceline.assess.case import Case, Finding, open_case
from truceline.assess.deadline import READINGS, due_history
from truceline.assess.knowledge import NEVER, Item, Knowledge, effective, ended, published
from truceline.assess.lasting import cap, continuing, corridor, renewing
from truceline.assess.questions import amendment_reasons, contested, further_reasons, told_otherwise
from truceline.assess.reasons import plain
from truceline.assess.timed import dated, simultaneous, without_date
from truceline.core.claims import Claim
from truceline.core.ids import ReportId
from truceline.core.incidents import Incident, Scope
from truceline.core.knowledge import known_by
from truceline.core.mission import Mission
from truceline.core.obligations import (
    AcceptedReading,
    Instrument,
    Obligation,
    ObligationStatus,
    Reading,
    Reason,
)
from truceline.core.times import format_instant

RUNNING = frozenset({"not_yet_due", "due"})
"""Before the deadline two readings differ by a day of grace, not in their result."""


def assess(
    mission: Mission,
    claims: Iterable[Claim],
    incidents: Iterable[Incident],
    *,
    valid_at: datetime | None = None,
    known_at: datetime | None,
    accepted_only: bool = False,
    copies: Collection[ReportId] = frozenset(),
) -> tuple[ObligationStatus, ...]:
    """Assess every obligation as known at a moment.

    Args:
        mission: The pack.
        claims: All claims, in any order.
        incidents: All incidents, in any order.
        valid_at: The time asked about; None takes ``known_at``, else the latest ``known_at`` of a claim.
        known_at: The moment of knowledge; None takes everything, claims without a moment included.
        accepted_only: Whether only accepted claims count.
        copies: Reports that copy or reprint another: a reason already given by the original is not repeated.

    Returns:
        One status for each obligation whose instrument was public by then, in the pack's order.
    """
    all_claims, all_incidents = tuple(claims), tuple(incidents)
    at = valid_at or known_at or _latest(all_claims, mission)
    heard_until = known_at or _latest(all_claims, mission)
    whole = Knowledge(mission, all_claims, all_incidents, at, known_at, heard_until, frozenset(copies))
    know = _narrow(whole, accepted_only=accepted_only)
    found = [
        _assess(duty, i, know) for i in mission.instruments if _is_public(i, know) for duty in i.obligations
    ]
    if accepted_only:
        return tuple(found)
    sure = _narrow(whole, accepted_only=True)
    other = {
        duty.id: _assess(duty, i, sure)
        for i in mission.instruments
        if _is_public(i, sure)
        for duty in i.obligations
    }
    return tuple(replace(status, accepted_would_be=_differing(status, other[status.id])) for status in found)


def _narrow(whole: Knowledge, *, accepted_only: bool) -> Knowledge:
    """Keep what was known by the moment asked about."""
    moment = whole.known_at
    by_then = (
        i for i in whole.incidents if moment is None or (i.known_at is not None and i.known_at <= moment)
    )
    return replace(
        whole,
        claims=known_by(whole.claims, moment, accepted_only=accepted_only),
        incidents=tuple(sorted(by_then, key=lambda i: i.id)),
    )


def _latest(claims: tuple[Claim, ...], mission: Mission) -> datetime:
    moments = [c.known_at for c in claims if c.known_at is not None]
    return max(
        moments or [published(i) for i in mission.instruments], default=datetime(1970, 1, 1, tzinfo=UTC)
    )


def _is_public(instrument: Instrument, know: Knowledge) -> bool:
    return know.known_at is None or published(instrument) <= know.known_at


def _differing(status: ObligationStatus, sure: ObligationStatus) -> AcceptedReading | None:
    if (status.status, status.due) == (sure.status, sure.due):
        return None
    return AcceptedReading(sure.status, sure.due)


def _assess(duty: Obligation, instrument: Instrument, know: Knowledge) -> ObligationStatus:
    case = open_case(duty, instrument, know)
    history = due_history(duty, instrument, know, lambda event: _sign_of(event, case))
    gate = _gate(case)
    due = history[-1].due if history else None
    extra: tuple[Reason, ...] = ()
    disputes: tuple[str, ...] = ()
    if gate is not None:
        finding = gate
    else:
        finding, due = _by_kind(case, due)
        finding = _not_foreseen(case, finding)
        finding, disputes = contested(case, finding, due)
        extra = amendment_reasons(case, history) + told_otherwise(case, history) + further_reasons(case)
    return ObligationStatus(
        id=duty.id,
        clause=duty.clause,
        instrument=instrument.id,
        kind=duty.kind,
        duty_bearer=duty.duty_bearer,
        beneficiary=duty.beneficiary,
        place=duty.place,
        due=due,
        due_reading=duty.reading,
        due_history=history,
        status=finding.status,
        scope=_scope(case, finding),
        since=finding.since if finding.since != NEVER else None,
        reasons=_once(finding.reasons + extra, know),
        exposure=case.exposure,
        disputes=disputes,
        accepted_would_be=None,
    )


def _gate(case: Case) -> Finding | None:
    """What stands before any evidence: no mandate, replaced, over, not begun."""
    duty, know = case.duty, case.know
    if not duty.in_mandate:
        return Finding(
            "outside_mandate", None, (plain("mandate.outside", "the mission may not assess this"),)
        )
    over = ended(case.instrument, know.zone)
    if duty.superseded_by is not None:
        later = _instrument_of(duty.superseded_by, know)
        if later is not None and _is_public(later, know) and effective(later, know.zone) <= know.at:
            text = f"replaced by {duty.superseded_by}"
            reason = plain("superseded.by", text, by=duty.superseded_by)
            return Finding("superseded", effective(later, know.zone), (reason,))
    if over is not None and over <= know.at and know.is_known(over.date().isoformat()):
        return Finding("expired", over, (plain("instrument.ended", "the instrument has ended"),))
    if know.at < case.start:
        return Finding("not_yet_due", None, (plain("instrument.not_in_effect", "not in effect yet"),))
    return None


def _not_foreseen(case: Case, finding: Finding) -> Finding:
    """Say of no time after what is known that a duty is kept in it: nobody has told of it yet."""
    if finding.status != "kept" or case.know.at <= case.know.heard_until:
        return finding
    last = format_instant(case.know.heard_until)
    reason = plain("exposure.after_known", f"after what is known, which ends {last}", until=last)
    return Finding("not_observed", finding.since, (reason,))


def _by_kind(case: Case, due: str | None) -> tuple[Finding, str | None]:
    duty = case.duty
    if duty.kind == "continuing":
        return continuing(case), due
    if duty.kind == "corridor":
        return corridor(case), due
    if duty.kind == "cap":
        return cap(case), due
    if duty.kind == "renewing":
        finding, notice_by = renewing(case)
        return finding, notice_by.isoformat()
    if duty.kind == "simultaneous" and duty.simultaneous_with is not None:
        return simultaneous(case, _case_of(duty.simultaneous_with, case)), due
    if due is not None:
        return _by_reading(case, date.fromisoformat(due)), due
    if duty.relative is not None:
        return _waits_for_event(case, duty.relative.event), due
    return without_date(case), due


def _by_reading(case: Case, due: date) -> Finding:
    """Assess a deadline as the mission reads it, and as it could be read where that is an open question."""
    found = dated(case, due, case.duty.reading)
    for reading in _open_readings(case):
        other = dated(case, due, reading)
        if other.status != found.status and not {other.status, found.status} <= RUNNING:
            text = f"read as {case.duty.reading}: {found.status}; read as {reading}: {other.status}"
            facts = {case.duty.reading: found.status, reading: other.status, "due": due.isoformat()}
            reason = plain("reading.open", text, **facts)
            return Finding("disputed", other.since, (reason, *found.reasons))
    return found


def _open_readings(case: Case) -> list[Reading]:
    """The other readings of a deadline that an open question names, or a question of which nothing more is known."""
    questions = case.know.interpretations(case.duty)
    named = {reading.effect for question in questions for reading in question.readings}
    listed = {question.id for question in case.know.mission.interpretations}
    bare = any(slug not in listed for slug in case.duty.readings_open)
    bare = bare or any(all(r.effect is None for r in q.readings) for q in questions)
    return [r for r in READINGS if r != case.duty.reading and (bare or r in named)]


def _waits_for_event(case: Case, event: str) -> Finding:
    text = f"counted from {event}, which is not on record"
    found = without_date(case)
    if found.status in {"fulfilled_on_time", "disputed", "breached"}:
        return found
    return Finding(
        "not_yet_due", case.start, (plain("event.not_on_record", text, event=event), *found.reasons)
    )


def _sign_of(event: str, case: Case) -> Item | None:
    """The earliest sign that the event a deadline is counted from has happened."""
    signs = [i for i in case.of("starts") if i.is_fact and i.voice != "private"]
    if event.startswith("obl:") and event != case.duty.id:
        other = next((d for d in case.know.mission.obligations if d.id == event), None)
        instrument = _instrument_of(event, case.know)
        if other is not None and instrument is not None:
            signs += open_case(other, instrument, case.know).done()
    return min((i for i in signs if i.at != NEVER), key=lambda i: (i.at, i.claim.id), default=None)


def _case_of(slug: str, case: Case) -> Case:
    duty = next((d for d in case.know.mission.obligations if d.id == slug), case.duty)
    return open_case(duty, _instrument_of(slug, case.know) or case.instrument, case.know)


def _instrument_of(duty: str, know: Knowledge) -> Instrument | None:
    return next((i for i in know.mission.instruments if any(d.id == duty for d in i.obligations)), None)


def _once(reasons: tuple[Reason, ...], know: Knowledge) -> tuple[Reason, ...]:
    """Cite each claim once, and leave out what a copy repeats of an original that is cited in the same words."""
    copied = {claim.id for claim in know.claims if claim.report in know.copies}
    original = {r.text for r in reasons if r.claim is not None and r.claim not in copied}
    kept: dict[str, Reason] = {}
    for n, reason in enumerate(reasons):
        if reason.claim is None:
            kept[f"{n}"] = reason
        elif reason.claim not in copied or reason.text not in original:
            kept.setdefault(reason.claim, reason)
    return tuple(kept.values())


def _scope(case: Case, finding: Finding) -> Scope:
    """The duty's own scope; ``disputed`` where a counted happening's scope is."""
    cited = {reason.claim for reason in finding.reasons if reason.code.startswith("breach.")}
    items = [*case.of("breaches"), *case.of("respects")]
    if any(i.scope != "agreement" and i.claim.id in cited for i in items):
        return "disputed"
    return case.duty.scope
