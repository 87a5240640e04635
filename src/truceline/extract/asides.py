"""Asides between subject and predicate, passed over so that patterns meet the two side by side.

"Three civilians, including a child, were wounded" says of three civilians that they were wounded. An aside that names
a day, a place or somebody the pack knows stays: it may date or place the claim.
"""

from __future__ import annotations

from itertools import pairwise

from truceline.extract.units import Unit

_LONGEST = 7
_LONGEST_CLAUSE = 16
_PREDICATE = frozenset({"BE", "HAVE", "FUTURE", "MUST", "NOT", "KILLED", "INJURED"})
_KEPT = frozenset(
    {"SAY", "DATE", "PLACE", "ACTOR", "TURN", "THAT", "REL", "QUOTE", "BREAK", "COLON", "HAVE", "STIPULATE"}
)
_PART = frozenset({"INCLUDING"})
_NO_PREDICATE = frozenset(
    {
        "W",
        "ACTOR",
        "PLACE",
        "DATE",
        "NUM",
        "JOIN",
        "COMMA",
        "REL",
        "A",
        "ADJ",
        "IN",
        "OF",
        "THAT",
        "OP",
        "CIVILIAN",
        "PEOPLE",
    }
)


def drop_asides(units: list[Unit]) -> list[Unit]:
    """Leave out what stands between two commas right before a predicate; a relative clause goes to the sentence's end.

    Args:
        units: Units of a sentence, mentions joined.

    Returns:
        The units without their asides; the same list where there is none.
    """
    commas = [at for at, unit in enumerate(units) if unit.has("COMMA")]
    for first, last in pairwise(commas):
        if first and _is_aside(units, first, last):
            return drop_asides(units[:first] + units[last + 1 :])
        if first and _is_clause(units, first, last):
            return drop_asides(units[:first] + units[last + 1 :]) + units[first:last]
    return units


def _is_clause(units: list[Unit], first: int, last: int) -> bool:
    """Say whether a relative clause parts a subject and its predicate: "the ministry, whose posts are near, recorded"."""
    if not 1 < last - first <= _LONGEST_CLAUSE or last + 1 >= len(units):
        return False
    is_told = not units[last + 1].tags & _NO_PREDICATE
    return (
        is_told
        and units[first - 1].has("ACTOR")
        and units[first + 1].has("REL")
        and not any(unit.tags & {"QUOTE", "BREAK", "COLON"} for unit in units[first:last])
    )


def _is_aside(units: list[Unit], first: int, last: int) -> bool:
    inside = units[first + 1 : last]
    if not 0 < len(inside) <= _LONGEST or last + 1 >= len(units) or not units[last + 1].tags & _PREDICATE:
        return False
    if any(unit.tags & _KEPT for unit in inside):
        return False
    part = inside[0].tags & _PART or (len(inside) > 1 and inside[1].tags & _PART)
    return bool(part) or not any(unit.tags & {"NUM", "BE", "NOT"} for unit in inside)
