"""What evolves: deployment going on, then completed, is a series and no conflict (MISSION rule 10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from truceline.core.affiliation import Affiliations
from truceline.core.claims import Claim
from truceline.core.knowledge import span_of
from truceline.core.mission import Mission
from truceline.core.pictures import Series, StateStep
from truceline.core.statements import speaker_label

TOPICS = (
    "force_deployment",
    "force_withdrawal",
    "weapons_withdrawal",
    "disengagement",
    "monitoring_centre",
    "territorial_control",
)
"""Types that go through states."""

_STAGE = {
    "planned": 0,
    "announced": 0,
    "agreed": 0,
    "begun": 1,
    "started": 1,
    "going on": 1,
    "reported": 1,
    "completed": 2,
    "opened": 2,
    "in operation": 2,
}
"""State -> how far along; a later report may only go on, a step back is a conflict."""

_LAST = datetime.max.replace(tzinfo=UTC)


def series(mission: Mission, claims: Sequence[Claim]) -> tuple[Series, ...]:
    """Return the topics that evolve, each with its states in order of time.

    Args:
        mission: The pack.
        claims: Known claims, in order.

    Returns:
        One series for each claim type and party it is about, by first statement.
    """
    whose = Affiliations(mission)
    topics: dict[str, list[tuple[StateStep, bool]]] = {}
    for claim in claims:
        if claim.type not in TOPICS or claim.modality in {"urged", "obligated", "opinion"}:
            continue
        about = next((p.id for p in mission.parties if p.id in whose.parties_of(claim.actors)), "unspecified")
        place = next((ref.id for ref in claim.places if ref.id), None)
        topic = f"{claim.type}/{about}"
        if claim.type == "territorial_control" and place is not None:
            topic = f"{topic}/{place}"
        topics.setdefault(topic, []).append((_step(claim, mission), _is_no(claim)))
    return tuple(_ordered(topic, steps) for topic, steps in topics.items())


def _step(claim: Claim, mission: Mission) -> StateStep:
    span = span_of(claim, mission.zone)
    at = span.start if span is not None and span.start is not None else None
    return StateStep(_state(claim), at, claim.known_at, speaker_label(claim), claim.id)


def _state(claim: Claim) -> str:
    if _is_no(claim):
        return "denied"
    if claim.subtype in _STAGE:
        return claim.subtype
    return "planned" if claim.modality == "planned" else "reported"


def _is_no(claim: Claim) -> bool:
    return claim.polarity == "negated" or claim.modality == "denied"


def _ordered(topic: str, steps: list[tuple[StateStep, bool]]) -> Series:
    ordered = sorted(steps, key=lambda pair: (_moment(pair[0]), pair[0].claim))
    return Series(topic, tuple(step for step, _ in ordered), _conflicts(ordered))


def _conflicts(ordered: list[tuple[StateStep, bool]]) -> bool:
    """A step back from completed, or one speaker's yes and another's no about one time that both name."""
    reached = 0
    for step, is_no in ordered:
        stage = _STAGE.get(step.state)
        if is_no and any(not no and _at_one_time(step, other) for other, no in ordered):
            return True
        if stage is None or step.state == "reported":
            continue
        if reached == _STAGE["completed"] and stage < reached and step.at is not None:
            return True
        reached = max(reached, stage)
    return False


def _at_one_time(step: StateStep, other: StateStep) -> bool:
    return step.at is not None and step.at == other.at and step.speaker != other.speaker


def _moment(step: StateStep) -> datetime:
    return step.at or step.known_at or _LAST
