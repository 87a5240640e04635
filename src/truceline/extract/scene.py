"""The sentence round a match: its clause, and all that filling a claim needs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from truceline.extract.dates import Calendar
from truceline.extract.names import Memory, Names
from truceline.extract.units import Unit
from truceline.extract.voice import Voice

_CLAUSE_END = frozenset({"COMMA", "BREAK", "COLON", "WHEN"})
_MAX_EVIDENCE = 400


@dataclass(slots=True)
class Scene:
    """All that filling one claim needs.

    Args:
        units: The sentence.
        first: Index of the match's first unit.
        last: Index behind its last.
        slots: Slot -> unit index.
        voice: The innermost voice over the match, or None for the outlet.
        names: Builder of references.
        memory: What the text has named so far.
        calendar: What dates are resolved against.
        figure: The last figure, for "the same number".
        bounds: Where the neighbouring matches of the same rule end and begin: a clause does not cross them.
    """

    units: list[Unit]
    first: int
    last: int
    slots: dict[str, int]
    voice: Voice | None
    names: Names
    memory: Memory
    calendar: Calendar
    figure: Decimal | None = None
    bounds: tuple[int, int] = (0, 1 << 30)
    _clause: tuple[int, int] | None = None


def clause(scene: Scene) -> tuple[int, int]:
    """Return the indices ``[first, last)`` of the clause round a match: to the next comma, break or quotation."""
    if scene._clause is None:  # noqa: SLF001 - asked for by every slot; the scene itself never changes
        scene._clause = _clause_of(scene)  # noqa: SLF001
    return scene._clause  # noqa: SLF001


def _clause_of(scene: Scene) -> tuple[int, int]:
    units = scene.units
    first, last = scene.first, scene.last
    lower, upper = scene.bounds
    if units[first].has("WHEN") and last - first > 1:
        first += 1
    while first > lower and not units[first - 1].tags & _CLAUSE_END:
        first -= 1
    while last < min(upper, len(units)) and not units[last].tags & _CLAUSE_END:
        last += 1
    while units[last - 1].end - units[first].start > _MAX_EVIDENCE and (
        first < scene.first or last > scene.last
    ):
        if last > scene.last:
            last -= 1
        else:
            first += 1
    while units[last - 1].end - units[first].start > _MAX_EVIDENCE and last - first > 1:
        last -= 1
    return first, last
