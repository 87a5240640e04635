"""Duties that are done once: dated, relative, simultaneous, undated, create an institution."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from truceline.assess.case import Case, Finding, cite, first_at, unseen
from truceline.assess.deadline import last_day, limit
from truceline.assess.knowledge import Item
from truceline.assess.reasons import plain
from truceline.core.obligations import Reading, Reason, Status


def dated(case: Case, due: date, reading: Reading) -> Finding:
    """Assess a duty with a due date under one reading.

    Args:
        case: The obligation and its evidence.
        due: The due date in force.
        reading: How the deadline is read.

    Returns:
        The finding (decision table in ``docs/explanation/assessing.md``).
    """
    end = limit(due, reading, case.know)
    done = case.done()
    contra = _standing_against(case.not_done(), done)
    if done and contra:
        return Finding(
            "disputed",
            first_at(contra, end),
            cite("fulfilment.reported", done) + cite("fulfilment.contradicted", contra),
        )
    if done:
        return _fulfilled(done, end, due, reading)
    if case.know.at >= end:
        return _after(case, contra, end, due, reading)
    return _before(case, contra, due, reading)


def without_date(case: Case) -> Finding:
    """Assess a duty without a date: undated ones, and institutions to be set up.

    Args:
        case: The obligation and its evidence.

    Returns:
        The finding: done, under way, disputed, or nothing on record.
    """
    done = case.done()
    contra = _standing_against(case.not_done(), done)
    admitted = case.admitted(contra)
    if admitted and not done:
        return Finding("breached", first_at(admitted, case.start), cite("breach.admitted", admitted))
    if contra:
        reasons = cite("fulfilment.contradicted" if done else "not_done.said", contra)
        return Finding("disputed", first_at(contra, case.start), reasons + cite("fulfilment.reported", done))
    if done:
        return Finding("fulfilled_on_time", done[0].at, cite("fulfilled.no_date_set", done))
    under_way = case.under_way()
    own = case.done_own_word()
    if under_way or own:
        reasons = cite("under_way", under_way) + cite("fulfilment.own_word_only", own)
        return Finding("due", first_at([*under_way, *own], case.start), reasons)
    if case.duty.observable:
        return unseen(case)
    return Finding(
        "due", case.start, (plain("due.nothing_on_record", "no date is set; nothing on record yet"),)
    )


def simultaneous(case: Case, other: Case) -> Finding:
    """Assess a duty that must keep step with another.

    Args:
        case: The obligation and its evidence.
        other: The obligation that it must keep step with.

    Returns:
        The finding: in step, out of step (disputed), under way, or not to be judged.
    """
    blame = [i for i in case.of("breaches") if not i.is_negative]
    admitted = case.admitted(blame)
    if admitted:
        return Finding("breached", first_at(admitted, case.start), cite("breach.admitted", admitted))
    if blame:
        return Finding("disputed", first_at(blame, case.start), cite("breach.said", blame))
    mine, theirs = _steps(case), _steps(other)
    if not mine or not theirs:
        return _half_seen(case, other, mine, theirs)
    if not (case.done() and other.done()):
        reasons = cite("step.own", mine) + cite("step.other", theirs)
        return Finding("due", first_at([*mine, *theirs], case.start), reasons)
    reasons = cite("step.own", case.done()) + cite("step.other", other.done())
    since = max(case.done()[0].at, other.done()[0].at)
    if _in_step(mine, theirs):
        return Finding("fulfilled_on_time", since, reasons)
    text = "the one was done before the other began"
    return Finding("disputed", since, (plain("step.out", text, other=other.duty.id), *reasons))


def _fulfilled(done: Sequence[Item], end: datetime, due: date, reading: Reading) -> Finding:
    in_time = [i for i in done if i.end is not None and i.end <= end]
    late = [i for i in done if i.start is not None and i.start >= end]
    facts = {"due": due.isoformat(), "reading": reading}
    received_late = [i for i in late if i.voice == "beneficiary"]
    if in_time and received_late and not any(i.voice == "beneficiary" for i in in_time):
        reasons = cite("fulfilled.in_time", in_time, **facts) + cite("fulfilled.late", received_late, **facts)
        return Finding("disputed", in_time[0].at, reasons)
    if in_time:
        return Finding("fulfilled_on_time", in_time[0].at, cite("fulfilled.in_time", in_time, **facts))
    if late:
        return Finding("fulfilled_late", late[0].at, cite("fulfilled.late", late, **facts))
    return Finding("disputed", done[0].at, cite("fulfilled.time_open", done, **facts))


def _after(case: Case, contra: list[Item], end: datetime, due: date, reading: Reading) -> Finding:
    """After the deadline, and nobody who could establish it says that it was done."""
    passed = plain(
        "deadline.passed", f"due {due} ({reading}) has passed", due=due.isoformat(), reading=reading
    )
    own = case.done_own_word()
    if own and contra:
        return _because(
            "disputed", end, passed, cite("fulfilment.own_word", own) + cite("not_done.said", contra)
        )
    if any(_counts_against(i) for i in contra) or case.admitted(contra):
        return _because("overdue", end, passed, cite("not_done.said", contra))
    if contra:
        return _because("disputed", end, passed, cite("not_done.said", contra))
    if own:
        return _because("not_observed", end, passed, cite("fulfilment.own_word_only", own))
    under_way = case.under_way()
    if any(i.at >= end for i in under_way):
        return _because("overdue", end, passed, cite("under_way", under_way))
    unread = plain("nothing_on_record", "nothing read says that it was done")
    return _because(
        "not_observed", end, passed, (unread, *cite("under_way", under_way), *unseen(case).reasons)
    )


def _before(case: Case, contra: list[Item], due: date, reading: Reading) -> Finding:
    """Before the deadline, and not done."""
    under_way, own = case.under_way(), case.done_own_word()
    said = (
        cite("under_way", under_way) + cite("fulfilment.own_word_only", own) + cite("not_done.said", contra)
    )
    opens = last_day(due, reading, case.know)
    facts = {"due": due.isoformat(), "reading": reading}
    if under_way or own or case.know.at >= opens:
        since = first_at([*under_way, *own], opens)
        return _because("due", since, plain("deadline.runs", f"due {due} ({reading})", **facts), said)
    return _because(
        "not_yet_due", case.start, plain("deadline.ahead", f"due {due} ({reading})", **facts), said
    )


def _because(status: Status, since: datetime, first: Reason, rest: tuple[Reason, ...]) -> Finding:
    return Finding(status, since, (first, *rest))


def _standing_against(contra: Sequence[Item], done: Sequence[Item]) -> list[Item]:
    """What is said against it and is not simply older news than the report that it was done."""
    private = [i for i in contra if i.voice != "private"]
    if not done:
        return private
    first = min(done, key=lambda i: (i.at, i.claim.id))
    heard = first.claim.known_at
    return [
        i
        for i in private
        if i.at >= first.at and (heard is None or i.claim.known_at is None or i.claim.known_at >= heard)
    ]


def _counts_against(item: Item) -> bool:
    """A third voice, or the party that owes it, puts as a fact that it was not done."""
    return item.voice in {"third", "bearer"} and item.claim.modality in {"asserted", "admitted"}


def _steps(case: Case) -> list[Item]:
    return sorted([*case.under_way(), *case.done()], key=lambda i: (i.at, i.claim.id))


def _in_step(mine: Sequence[Item], theirs: Sequence[Item]) -> bool:
    """Whether the two spans from first step to completion meet."""
    first = (mine[0].at, max(i.end or i.at for i in mine))
    second = (theirs[0].at, max(i.end or i.at for i in theirs))
    return first[0] <= second[1] and second[0] <= first[1]


def _half_seen(case: Case, other: Case, mine: list[Item], theirs: list[Item]) -> Finding:
    seen = cite("step.own", mine) + cite("step.other", theirs)
    if not mine and not theirs:
        if case.duty.observable:
            return unseen(case)
        return Finding("due", case.start, (plain("due.nothing_on_record", "nothing on record yet"),))
    missing = case.duty.id if not mine else other.duty.id
    text = "the step beside it is not observed"
    return Finding("not_observed", case.start, (plain("step.missing", text, other=missing), *seen))
