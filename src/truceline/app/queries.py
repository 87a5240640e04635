"""Questions to a store: what is known, read from the read models."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from truceline.app import shapes
from truceline.app.wiring import Store
from truceline.assess import assess
from truceline.core.claims import Claim
from truceline.core.ids import ReportId
from truceline.core.mission import Mission
from truceline.core.obligations import ObligationStatus
from truceline.link import link


def claims_of(store: Store) -> Iterator[Claim]:
    """Give all claims of a store, in the order of their reading."""
    for text in store.models.texts("claims"):
        yield shapes.decode(text.encode(), Claim)


def copies_of(store: Store) -> frozenset[ReportId]:
    """Return the reports that copy or reprint another."""
    return frozenset(ReportId(row["id"]) for row in store.models.list("reports") if row.get("copy_of"))


def obligations_of(
    store: Store,
    mission: Mission,
    *,
    valid_at: datetime | None,
    known_at: datetime | None,
    accepted_only: bool = False,
) -> tuple[ObligationStatus, ...]:
    """Assess every obligation from what a store holds.

    Args:
        store: An open store.
        mission: The pack.
        valid_at: The time asked about.
        known_at: The moment of knowledge.
        accepted_only: Whether only accepted claims count.

    Returns:
        One status per obligation that was public by then.
    """
    claims = tuple(claims_of(store))
    copies = copies_of(store)
    incidents = link(claims, mission, copies=copies, known_at=known_at, accepted_only=accepted_only)
    return assess(
        mission,
        claims,
        incidents,
        valid_at=valid_at,
        known_at=known_at,
        accepted_only=accepted_only,
        copies=copies,
    )
