"""Quotations: where an open one ends, and whether one is open behind a sentence."""

from __future__ import annotations

from truceline.extract.units import Unit


def quote_end(units: list[Unit]) -> int:
    """Return the index of the mark that ends an open quotation, else the end of the sentence."""
    for at, unit in enumerate(units):
        if unit.has("QUOTE") and not _is_name_quote(units, at):
            return at
    return len(units)


def _is_name_quote(units: list[Unit], at: int) -> bool:
    """A pair of marks round a few words is a name in quotation marks, not speech."""
    return any(at + gap < len(units) and units[at + gap].has("QUOTE") for gap in (2, 3, 4))


def quote_state(units: list[Unit], *, quoted: bool) -> bool:
    """Say whether a quotation is open behind a sentence, ``quoted`` whether one was before it."""
    count = sum(unit.has("QUOTE") for unit in units)
    return quoted if count % 2 == 0 else not quoted
