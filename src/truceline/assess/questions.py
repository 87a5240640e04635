"""Open questions, refused amendments, dates told otherwise: shown beside a finding (MISSION rules 5, 6, 10)."""

from __future__ import annotations

from truceline.assess.case import Case, Finding
from truceline.assess.deadline import amendments_of, statement_of
from truceline.assess.knowledge import names_place
from truceline.assess.reasons import by_claim, plain
from truceline.core.obligations import BORDER_COUNTS, Amendment, DueStep, Reason

COMPUTED = frozenset(
    {"inclusive", "exclusive", BORDER_COUNTS, "border incidents stand outside the agreement"}
)
"""Effects of readings that the rules work out; of any other they know only that it differs."""


def contested(case: Case, finding: Finding, due: str | None) -> tuple[Finding, tuple[str, ...]]:
    """Name the open questions, and dispute what hangs on one.

    An amendment that a bound party refuses leaves the date itself disputed; so does a question whose readings
    lead apart where by one of them the duty is done.

    Args:
        case: The obligation and its evidence.
        finding: What its rule finds.
        due: The due date in force.

    Returns:
        The finding, and what is disputed: slugs of interpretations and amendments, ids of claims.
    """
    disputes = [question.id for question in case.know.interpretations(case.duty)]
    disputes += [slug for slug in case.duty.readings_open if slug not in disputes and _unlisted(slug, case)]
    disputes += [item.claim.id for item in case.of("disputes") if not item.is_negative]
    differing = _unworked_questions(case)
    if differing and finding.status in {"fulfilled_on_time", "fulfilled_late"}:
        text = f"{finding.status} by one reading; open by another: {differing[0]}"
        reason = plain("interpretation.may_change", text, interpretation=differing[0], status=finding.status)
        finding = Finding("disputed", finding.since, (reason, *finding.reasons))
    refused = [a.id for a in _stated(case) if a.due == due and "no" in a.accepted_by.values()]
    if refused:
        reason = plain("amendment.refused", "a party does not accept the amendment", amendment=refused[0])
        finding = Finding("disputed", finding.since, (reason, *finding.reasons))
    return finding, (*disputes, *refused)


def _unworked_questions(case: Case) -> list[str]:
    """Open questions in which the parties' readings lead apart in a way that no rule works out."""
    return [
        question.id
        for question in case.know.interpretations(case.duty)
        if len({reading.effect for reading in question.readings} - COMPUTED - {None}) > 1
    ]


def _unlisted(slug: str, case: Case) -> bool:
    return all(question.id != slug for question in case.know.mission.interpretations)


def _stated(case: Case) -> list[Amendment]:
    known = amendments_of(case.duty.id, case.know.mission)
    return [a for a in known if statement_of(a, case.know) is not None]


def amendment_reasons(case: Case, history: tuple[DueStep, ...]) -> tuple[Reason, ...]:
    """Return the claim that first stated each amendment in the history, with who accepted it."""
    found = []
    for amendment in _stated(case):
        stated = statement_of(amendment, case.know)
        if stated is not None and any(step.amendment == amendment.id for step in history):
            accepted = "; ".join(f"{party}: {word}" for party, word in amendment.accepted_by.items())
            facts = {"amendment": amendment.id, "due": amendment.due, "accepted": accepted}
            found.append(by_claim("amendment.stated", stated, form=amendment.form, **facts))
    return tuple(found)


def told_otherwise(case: Case, history: tuple[DueStep, ...]) -> tuple[Reason, ...]:
    """Due dates that somebody tells and the instrument does not: shown, not taken over."""
    place = case.duty.place
    if place is None or not history:
        return ()
    known = {step.due for step in history}
    waiting = {a.due for a in amendments_of(case.duty.id, case.know.mission)}
    other = [
        c
        for c in case.know.claims
        if c.type in {"handover_deadline", "deadline_extended"}
        and c.due is not None
        and c.due not in known | waiting
        and names_place(c, (place,), case.know.gazetteer)
    ]
    return tuple(by_claim("due.told_otherwise", c, told=c.due or "", due=history[-1].due) for c in other)


def further_reasons(case: Case) -> tuple[Reason, ...]:
    """Return the open questions, and the claims that contest a reading or only inform."""
    told = tuple(by_claim("reading.contested", item.claim) for item in case.of("disputes"))
    told += tuple(by_claim("informs", item.claim) for item in case.of("informs"))
    return (
        tuple(
            plain("interpretation.open", f"open question {q.id}", interpretation=q.id)
            for q in case.know.interpretations(case.duty)
        )
        + told
    )
