"""The picture: all of it at (valid time, known time). Source: MODEL, Shapes; ARCHITECTURE, picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from truceline.core.counters import Counter

EventKind = Literal["happened", "entered", "due", "amended"]


@dataclass(frozen=True, slots=True)
class Event:
    """A mark on the timeline.

    Args:
        kind: ``happened`` an incident · ``entered`` an item received · ``due`` a deadline in force · ``amended`` a
            due date replaced.
        ref: Id of the incident, report or obligation.
        start: When it was so, or None unknown.
        end: Until when, exclusive, or None open.
        known_at: When it became known, or None.
        label: Short English label.
    """

    kind: EventKind
    ref: str
    start: datetime | None
    end: datetime | None
    known_at: datetime | None
    label: str


@dataclass(frozen=True, slots=True)
class StateStep:
    """One state of a topic: the word, when it was so, when known, who says it, by which claim."""

    state: str
    at: datetime | None
    known_at: datetime | None
    speaker: str
    claim: str


@dataclass(frozen=True, slots=True)
class Series:
    """A topic that evolves: "going on, then completed" is two steps and no conflict (MISSION rule 10).

    Args:
        topic: Claim type and the party it is about, ``force_deployment/party:<slug>``.
        steps: Its states in order of time.
        is_conflict: Whether speakers contradict each other: a step back, or yes and no at one time.
    """

    topic: str
    steps: tuple[StateStep, ...]
    is_conflict: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it at one valid time, as known at one moment.

    Args:
        valid_at: The valid time.
        known_at: The moment of knowledge; None for all.
        basis: ``received``, or ``reconstructed from publication dates`` where that is so.
        counters: Figures, in the pack's order.
        features: GeoJSON FeatureCollection; the properties are MODEL's.
        timeline: Marks in order of time.
        series: Topics that evolve, by topic.
    """

    valid_at: datetime
    known_at: datetime | None
    basis: str
    counters: tuple[Counter, ...]
    features: Mapping[str, Any]
    timeline: tuple[Event, ...]
    series: tuple[Series, ...]
