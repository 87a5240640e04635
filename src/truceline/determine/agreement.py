"""Agreement, field by field, and the end that follows from it.

Two answers are the same where they are equal; two places where they are one slug or their circles of precision touch;
two times where the spans overlap. Of agreed places the most exact is kept, of agreed times what all spans share.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import combinations
from typing import Any

from truceline.core.determinations import (
    COMPARED,
    NO,
    OUTSIDE,
    RESPONSIBILITY,
    UNABLE,
    End,
    FieldOutcome,
    Form,
    Span,
    Spot,
)
from truceline.core.times import parse_instant
from truceline.geo.points import distance_m

_E7 = 10_000_000


def compare(forms: Mapping[str, Form], quorum: int, chair: str, question: str) -> tuple[FieldOutcome, ...]:
    """Compare what delegations say.

    Args:
        forms: Letter -> its form; at least one.
        quorum: How many must say the same, at least 1.
        chair: Letter whose answer stands where they do not; empty for none.
        question: What the round asks.

    Returns:
        One outcome a field, in the order of `COMPARED`.
    """
    names = ("responsible", "standard") if question == RESPONSIBILITY else COMPARED
    return tuple(_field(name, forms, quorum, chair) for name in names)


def _field(name: str, forms: Mapping[str, Form], quorum: int, chair: str) -> FieldOutcome:
    says = {letter: forms[letter].fields()[name] for letter in sorted(forms)}
    answers = {letter: getattr(form, name) for letter, form in forms.items()}
    groups = [
        group
        for size in range(len(answers), quorum - 1, -1)
        for group in combinations(sorted(answers), size)
        if all(_same(answers[one], answers[other]) for one, other in combinations(group, 2))
    ]
    # Where two groups of one size agree each on its own, neither has it.
    largest = [group for group in groups if len(group) == len(groups[0])]
    if len(largest) == 1:
        return FieldOutcome(name, _plain(_shared([answers[letter] for letter in largest[0]])), True, says)
    if chair in answers:
        return FieldOutcome(name, _plain(answers[chair]), True, says, is_by_chair=True)
    return FieldOutcome(name, None, False, says)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Spot) and isinstance(other, Spot):
        return _touch(one, other)
    if isinstance(one, Span) and isinstance(other, Span):
        first, second = _instants(one), _instants(other)
        return first[0] <= second[1] and second[0] <= first[1]
    is_same: bool = one == other
    return is_same


def _touch(one: Spot, other: Spot) -> bool:
    if one.place is not None and one.place == other.place:
        return True
    points = _point(one), _point(other)
    if points[0] is None or points[1] is None:
        return False
    return distance_m(points[0], points[1]) <= one.precision_m + other.precision_m


def _point(spot: Spot) -> tuple[float, float] | None:
    if spot.lon_e7 is None or spot.lat_e7 is None:
        return None
    return spot.lon_e7 / _E7, spot.lat_e7 / _E7


def _instants(span: Span) -> tuple[datetime, datetime]:
    return parse_instant(span.start), parse_instant(span.end)


def _shared(answers: list[Any]) -> Any:
    """Return what agreeing answers say together; their order does not matter."""
    if all(isinstance(answer, Spot) for answer in answers):
        return min(answers, key=lambda spot: (_point(spot) is None, spot.precision_m, str(spot)))
    if all(isinstance(answer, Span) for answer in answers):
        start = max(answers, key=lambda span: (_instants(span)[0], span.start)).start
        end = min(answers, key=lambda span: (_instants(span)[1], span.end)).end
        return Span(start, end)
    return answers[0]


def _plain(value: Any) -> Any:
    if isinstance(value, Spot | Span):
        return {name: getattr(value, name) for name in type(value).__slots__}
    return value


def end_of(outcomes: tuple[FieldOutcome, ...], question: str) -> End:
    """Return how a round ends in which enough delegations gave a position.

    Args:
        outcomes: Field by field.
        question: What the round asked.

    Returns:
        The end.
    """
    found = {outcome.name: outcome for outcome in outcomes}
    if question == RESPONSIBILITY:
        responsible = found["responsible"]
        if not responsible.is_agreed:
            return End.DIFFERING
        return End.NOT_ATTRIBUTED if responsible.value == UNABLE else End.AGREED
    happened, breach = found["happened"], found["breach"]
    if not happened.is_agreed:
        return End.DIFFERING
    if happened.value == UNABLE:
        return End.UNABLE
    if breach.is_agreed and breach.value == OUTSIDE:
        return End.OUTSIDE
    if happened.value == NO or all(outcome.is_agreed for outcome in outcomes):
        return End.AGREED
    return End.IN_PART
