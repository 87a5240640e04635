"""Duties that last: continuing, corridor, cap, a term that renews itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from truceline.assess.case import Case, Finding, blank, cite, first_at
from truceline.assess.deadline import effective_day, own_zone
from truceline.assess.knowledge import Item
from truceline.assess.reasons import by_item, plain
from truceline.core.claims import GROUP_OF, Quantity
from truceline.core.obligations import BORDER_COUNTS, Cap, Reason
from truceline.core.statements import plain_number
from truceline.core.times import add_months, day_end, day_start
from truceline.core.units import to_base

CALM = frozenset({"agreement", "calm"})
"""Groups whose negation says that the agreement is not kept; no posts or no patrol say no such thing."""

Holds = Literal["within", "above", "perhaps above", "says nothing"]


def continuing(case: Case) -> Finding:
    """Assess a duty that holds all the time.

    A breach is found only where the party that owes it says so itself, in office; what others say of it is
    reported, not determined, and shows as disputed. What has no day, or lies on the border by all accounts,
    is shown and not counted.

    Args:
        case: The obligation and its evidence.

    Returns:
        The finding for the whole time from its start to the valid time.
    """
    said = [i for i in case.of("breaches") if not i.is_negative]
    said += [i for i in case.of("respects") if i.is_negative and GROUP_OF[i.claim.type] in CALM]
    counted = [i for i in said if i.start is not None and _is_covered(case, i)]
    beside = _beside(case, said, counted)
    admitted = case.admitted([i for i in counted if i.scope != "border"])
    if admitted:
        rest = [i for i in counted if i not in admitted]
        reasons = cite("breach.admitted", admitted) + cite("breach.said", rest) + beside
        return Finding("breached", first_at(admitted, case.start), reasons)
    if counted:
        return Finding("disputed", first_at(counted, case.start), cite("breach.said", counted) + beside)
    plain_case = blank(case)
    return Finding(plain_case.status, plain_case.since, plain_case.reasons + beside)


def corridor(case: Case) -> Finding:
    """Assess a corridor: as a continuing duty, and by widths that somebody states.

    Args:
        case: The obligation and its evidence.

    Returns:
        The finding; a width below the agreed one is disputed, by whomever it is stated.
    """
    found = continuing(case)
    width = case.duty.width_km
    if width is None or found.status == "breached":
        return found
    narrow = [i for i in case.of("limits") if i.is_fact and _is_narrower(i, Decimal(str(width)))]
    if not narrow:
        return found
    reasons = cite("corridor.narrower", narrow, width_km=plain_number(Decimal(str(width))))
    return Finding("disputed", first_at(narrow, case.start), reasons + found.reasons)


def cap(case: Case) -> Finding:
    """Assess a ceiling by the figures held against it.

    Args:
        case: The obligation and its evidence.

    Returns:
        ``breached`` only where those whom it binds acknowledge a figure above; ``disputed`` by any other figure
        above, for a count under an unknown rule is no finding; ``kept`` where each ceiling has a figure within
        it; else ``not_observed`` ("no count on record").
    """
    reasons: list[Reason] = []
    above: list[Item] = []
    perhaps: list[Item] = []
    unknown = 0
    for ceiling in case.duty.caps:
        told = [
            (item, held) for item in case.of("limits") if (held := _against(item, ceiling)) != "says nothing"
        ]
        above += [item for item, held in told if held == "above"]
        perhaps += [item for item, held in told if held == "perhaps above"]
        facts = {"cap": plain_number(ceiling.value), "unit": ceiling.unit}
        if not told:
            unknown += 1
            reasons.append(plain("cap.no_count", f"no count of {ceiling.unit} on record", **facts))
        for item, held in told:
            reasons.append(by_item("cap.within" if held == "within" else "cap.above", item, **facts))
    own = case.admitted(above)
    if own:
        return Finding("breached", first_at(own, case.start), tuple(reasons))
    if above or perhaps:
        return Finding("disputed", first_at([*above, *perhaps], case.start), tuple(reasons))
    return Finding("not_observed" if unknown or not case.duty.caps else "kept", case.start, tuple(reasons))


def renewing(case: Case) -> tuple[Finding, date]:
    """Assess a term that renews itself unless somebody gives notice in time.

    Args:
        case: The obligation and its evidence.

    Returns:
        The finding, and the last day for notice of the term that runs.
    """
    term = case.duty.term
    start = effective_day(case.instrument, case.know)
    if term is None:
        return Finding("not_yet_due", case.start, ()), start
    notices = [i for i in case.of("notices") if not i.is_negative]
    n = 1
    while True:
        end = add_months(start, 12 * term.years * n)
        last_notice = add_months(end, -term.notice_months)
        over = _instant(case, end)
        given = [i for i in notices if i.at < over]
        in_time = [i for i in given if i.at < _deadline(case, last_notice)]
        if in_time or case.know.at < over:
            break
        n += 1
    facts = {"end": end.isoformat(), "notice_by": last_notice.isoformat(), "term": str(n)}
    text = f"term {n} ends {end}; notice by {last_notice}"
    reasons: tuple[Reason, ...] = (plain("term.runs", text, **facts),)
    if in_time and case.know.at >= over:
        return Finding("expired", over, reasons + cite("notice.given", in_time, **facts)), last_notice
    if in_time:
        return Finding("due", in_time[0].at, reasons + cite("notice.given", in_time, **facts)), last_notice
    if given:
        return Finding("disputed", given[0].at, reasons + cite("notice.late", given, **facts)), last_notice
    since = case.start if n == 1 else _instant(case, add_months(start, 12 * term.years * (n - 1)))
    if case.know.at >= _deadline(case, last_notice):
        reasons += (plain("term.renews", f"no notice on record; a further term begins {end}", **facts),)
    return Finding("not_yet_due", since, reasons), last_notice


def _is_covered(case: Case, item: Item) -> bool:
    """Whether a happening counts: on the border only where a party's open reading says that it does."""
    if case.duty.scope != "agreement" or item.scope != "border":
        return True
    questions = case.know.interpretations(case.duty)
    return any(reading.effect == BORDER_COUNTS for question in questions for reading in question.readings)


def _beside(case: Case, said: Sequence[Item], counted: Sequence[Item]) -> tuple[Reason, ...]:
    """What is shown and not counted: outside the agreement, without a day, denials, words of respect."""
    left = [i for i in said if i not in counted]
    border = [i for i in left if not _is_covered(case, i)]
    undated = [i for i in left if i not in border]
    denials = [i for i in case.of("breaches") if i.is_negative]
    respect = [i for i in case.of("respects") if not i.is_negative]
    return (
        cite("border.not_counted", border)
        + cite("undated.not_counted", undated)
        + cite("breach.denied", denials)
        + cite("respect.said", respect)
    )


def _is_narrower(item: Item, width_km: Decimal) -> bool:
    agreed, base = to_base(width_km, "km")
    for quantity in item.claim.quantities:
        value, unit = to_base(quantity.value, quantity.unit)
        if unit == base and quantity.op in {"=", "<"} and value < agreed:
            return True
    return False


def _against(item: Item, ceiling: Cap) -> Holds:
    """What a figure says about a ceiling: lower bounds below it say nothing, and about-figures only perhaps."""
    if not item.is_fact and not _blames_by_figure(item):
        return "says nothing"
    limit, base = to_base(ceiling.value, ceiling.unit)
    for quantity in item.claim.quantities:
        value, unit = to_base(quantity.value, quantity.unit)
        if unit == base:
            return _compare(quantity, value, limit)
    return "says nothing"


def _compare(quantity: Quantity, value: Decimal, limit: Decimal) -> Holds:
    if quantity.op == "<":
        return "within" if value <= limit else "says nothing"
    if quantity.op == "~":
        return "perhaps above" if value > limit else "within"
    if quantity.op == "=":
        return "above" if value > limit else "within"
    exceeds = value > limit or (quantity.op == ">" and value == limit)
    return "above" if exceeds else "says nothing"


def _blames_by_figure(item: Item) -> bool:
    return not item.is_negative and item.claim.modality in {"accused", "alleged"}


def _instant(case: Case, day: date) -> datetime:
    return day_start(day, own_zone(case.instrument, case.know))


def _deadline(case: Case, day: date) -> datetime:
    return day_end(day, own_zone(case.instrument, case.know))
