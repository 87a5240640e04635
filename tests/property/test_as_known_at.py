"""What becomes known later never changes an earlier picture, and the order of inputs changes nothing."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truceline.assess import assess
from truceline.link import link
from truceline.picture import picture


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


strategies = _load("claims_of_any_kind")
MISSION = strategies.MISSION
quietly = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outputs(claims: list[Any], known_at: datetime | None) -> tuple[Any, Any, Any]:
    incidents = link(claims, MISSION, known_at=known_at)
    statuses = assess(MISSION, claims, incidents, known_at=known_at)
    return incidents, statuses, picture(MISSION, claims, incidents, statuses, known_at=known_at)


def turned(items: Sequence[Any], turn: int) -> list[Any]:
    """Put things into another order by a number: a failure then prints the number and not a hundred claims."""
    shuffled = list(items)
    Random(turn).shuffle(shuffled)  # noqa: S311
    return shuffled


@quietly
@given(claims=strategies.some_claims(), known_at=strategies.moments())
def test_what_becomes_known_later_changes_no_earlier_picture(claims: list[Any], known_at: datetime) -> None:
    then = [c for c in claims if c.known_at is not None and c.known_at <= known_at]
    assert outputs(claims, known_at) == outputs(then, known_at)


@quietly
@given(claims=strategies.some_claims(), known_at=strategies.moments())
def test_a_review_given_later_changes_no_earlier_picture(claims: list[Any], known_at: datetime) -> None:
    def untouched(claim: Any) -> Any:
        late = claim.review.known_at is not None and claim.review.known_at > known_at
        return (
            replace(claim, review=replace(claim.review, state="machine-read", by=None, known_at=None))
            if late
            else claim
        )

    assert outputs(claims, known_at) == outputs([untouched(c) for c in claims], known_at)


@quietly
@given(claims=strategies.some_claims(), known_at=st.none() | strategies.moments(), turn=st.integers(0, 2**16))
def test_the_order_of_claims_and_incidents_changes_nothing(
    claims: list[Any], known_at: Any, turn: int
) -> None:
    shuffled = turned(claims, turn)
    assert outputs(claims, known_at) == outputs(shuffled, known_at)
    incidents = link(claims, MISSION, known_at=known_at)
    assert assess(MISSION, claims, turned(incidents, turn), known_at=known_at) == assess(
        MISSION, claims, incidents, known_at=known_at
    )


@quietly
@given(claims=strategies.some_claims(), moments=st.lists(strategies.moments(), min_size=2, max_size=2))
def test_a_due_history_only_grows(claims: list[Any], moments: list[datetime]) -> None:
    standing = [replace(c, review=replace(c.review, state="machine-read")) for c in claims]
    early, late = (
        {s.id: s.due_history for s in outputs(standing, known_at)[1] if s.kind != "relative"}
        for known_at in sorted(moments)
    )
    for duty, history in early.items():
        assert late[duty][: len(history)] == history


@quietly
@given(claims=strategies.some_claims(), known_at=strategies.moments())
def test_no_claim_stands_in_two_incidents_and_none_is_breached_by_accusation_alone(
    claims: list[Any], known_at: datetime
) -> None:
    incidents, statuses, _ = outputs(claims, known_at)
    inside = [claim for incident in incidents for claim in incident.claims]
    assert len(inside) == len(set(inside))
    for status in statuses:
        if status.status == "breached":
            assert any(reason.code in {"breach.admitted", "cap.above"} for reason in status.reasons)


@quietly
@given(claims=strategies.some_claims(), known_at=strategies.moments())
def test_the_accepted_reading_is_what_accepted_claims_alone_give(
    claims: list[Any], known_at: datetime
) -> None:
    incidents = link(claims, MISSION, known_at=known_at)
    statuses = assess(MISSION, claims, incidents, known_at=known_at)
    sure = assess(MISSION, claims, incidents, known_at=known_at, accepted_only=True)
    for status, alone in zip(statuses, sure, strict=True):
        other = status.accepted_would_be
        expected = (alone.status, alone.due)
        assert ((status.status, status.due) if other is None else (other.status, other.due)) == expected
        assert other is None or expected != (status.status, status.due)
