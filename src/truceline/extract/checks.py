"""Sums that a text implies: parts stated beside a whole must add up to it, or it is said."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from truceline.core.claims import Claim

_CHECKED = frozenset({"observation_posts", "deployment_flights"})


def check_sums(claims: tuple[Claim, ...]) -> tuple[str, ...]:
    """Compare the largest figure of a kind with the sum of the others.

    Args:
        claims: Claims of one text.

    Returns:
        One sentence for each kind with at least three figures: whether they add up. No claim is changed.
    """
    figures: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for claim in claims:
        if claim.type in _CHECKED:
            for quantity in claim.quantities:
                figures[claim.type, quantity.unit].append(quantity.value)
    notes = []
    for (kind, unit), values in sorted(figures.items()):
        if len(values) < 3:
            continue
        whole = max(values)
        parts = sorted(values)[:-1]
        terms = " + ".join(str(value) for value in parts)
        verdict = "adds up" if sum(parts) == whole else "does not add up"
        notes.append(f"{kind} ({unit}): {terms} = {whole} {verdict}")
    return tuple(notes)
