"""Which claim types speak of a happening, and which of these can be the same one (decision 0006)."""

from __future__ import annotations

FAMILIES: dict[str, frozenset[str]] = {
    "ceasefire_violation": frozenset({"combat"}),
    "attack": frozenset({"combat"}),
    "clash": frozenset({"combat"}),
    "explosion": frozenset({"combat", "mine"}),
    "weapon_use": frozenset({"combat"}),
    "infiltration_repelled": frozenset({"combat"}),
    "attack_on_peacekeepers": frozenset({"combat", "staff"}),
    "hostilities_started": frozenset({"combat"}),
    "hostilities": frozenset({"combat"}),
    "hostilities_ended": frozenset({"combat"}),
    "local_truce": frozenset({"combat"}),
    "casualties": frozenset({"combat", "mine", "staff"}),
    "equipment_loss": frozenset({"combat", "mine", "staff"}),
    "prisoners": frozenset({"combat"}),
    "position_lost": frozenset({"combat"}),
    "mine_incident": frozenset({"mine"}),
    "staff_incident": frozenset({"staff"}),
    "detained_exchange": frozenset({"exchange"}),
    "remains_exchange": frozenset({"exchange"}),
    "freedom_of_movement": frozenset({"access"}),
    "jamming": frozenset({"access"}),
}
"""Claim type of a happening -> the families it can belong to; two claims join only within a family."""

LOSSES: frozenset[str] = frozenset({"casualties", "equipment_loss", "prisoners", "position_lost"})
"""Types that tell what a fight cost, often with the day on which it was told."""

ABOUT: frozenset[str] = frozenset({"accusation", "denial", "investigation", "response"})
"""Types that say something about a happening: they join one and never open one."""

NEEDS_PLACE: frozenset[str] = frozenset({"casualties", "equipment_loss", "hostilities_ended", "local_truce"})
"""Types that are totals or background unless they name a place finer than a region."""

TALLIES: frozenset[str] = frozenset({"violation", "explosion"})
"""Units that count happenings: a claim of two or more is a count, which a counter keeps, not a happening."""

HAPPENED: frozenset[str] = frozenset({"asserted", "accused", "alleged", "admitted"})
"""Modalities in which somebody says that it happened."""

DENIES: frozenset[str] = frozenset({"denied"})
"""Modalities in which somebody says that it did not."""
