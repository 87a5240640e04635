"""Counters: figures with scope, unit, start event and claimant. Source: MISSION rules 1, 2, 11, 12; MODEL, Shapes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from truceline.core.ids import ClaimId


@dataclass(frozen=True, slots=True)
class Counter:
    """One figure as known at a moment.

    Args:
        id: ``counter:<slug>``.
        scope: Place or zone slug, or None for the whole theatre.
        unit: What is counted.
        value: The figure; None where nobody has stated one.
        since_event: Slug of the event it counts from.
        as_of: The last instant at which the figure was so, inclusive.
        previous: The figure of the previous reporting period, or None.
        rule: Name and version of the counting rule and the claimant, ``as-stated/1: as stated by <claimant>``.
        claimant: Who states it.
        claims: The claims it rests on.
        exposure: What could be seen: a state of an exposure (``core.obligations``).
        op: ``=``, ``~``, ``>``, ``<``, ``>=``.
        notes: Breaks, falls without a correction, sums that do not add up: keys of the catalogues.
        of: The party that the figure is about (whose dead, whose positions), or None.
        per_day: The figure's rate, where it counts events of a bounded period.
        previous_per_day: The rate of the period before, so that unequal periods can be compared.
    """

    id: str
    scope: str | None
    unit: str
    value: Decimal | None
    since_event: str
    as_of: datetime | None
    previous: Decimal | None
    rule: str
    claimant: str
    claims: tuple[ClaimId, ...]
    exposure: str | None = None
    op: str = "="
    notes: tuple[str, ...] = ()
    of: str | None = None
    per_day: Decimal | None = None
    previous_per_day: Decimal | None = None
