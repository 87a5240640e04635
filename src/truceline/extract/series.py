"""What is said of one place and day and goes on for others: "Agdam on 20 November, Kelbajar on 25 November and Lachin on …"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from truceline.core.claims import GROUP_OF, Evidence, Ref
from truceline.core.names import name_in
from truceline.extract.dates import Calendar, resolve
from truceline.extract.merge import Draft
from truceline.extract.units import Unit

_PASSES_ON = frozenset({"control", "withdrawal", "force"})
"""Groups of claims in which each place of a list has a day of its own."""
_BETWEEN = frozenset({"COMMA", "JOIN", "AND"})
_BEFORE_DAY = frozenset({"IN", "ON", "BY"})


def series(draft: Draft, last: int, units: list[Unit], calendar: Calendar, text: str) -> Iterator[Draft]:
    """Go on behind a claim that names a place and a day.

    Args:
        draft: The claim.
        last: Index behind its match.
        units: Units of the sentence.
        calendar: For dates.
        text: The item's text, for the words of the evidence.

    Yields:
        The same claim for each further pair of a place and a day.
    """
    is_listed = GROUP_OF.get(draft.type) in _PASSES_ON and len(draft.places) == 1 and draft.when is not None
    if not is_listed or draft.quantities:
        return  # a figure is that of the first place
    at = _behind_day(units, last)
    while at is not None:
        place = _place_behind(units, at)
        if place is None:
            return
        following = _behind_day(units, place + 1)
        if following is None:
            return
        found = units[place].values["place"]
        day = resolve(units[following - 1].values["date"], calendar)
        start, end = units[place].start, units[following - 1].end
        yield replace(
            draft,
            span=(start, end),
            places=(Ref(found.id, name_in(found.names, "en")),),
            when=day,
            evidence=Evidence(start, end, text[start:end]),
        )
        at = following


def _behind_day(units: list[Unit], at: int) -> int | None:
    """Return the index behind a day that stands here, perhaps behind a preposition; None where none does."""
    while at < len(units) and units[at].tags & _BEFORE_DAY and not units[at].has("DATE"):
        at += 1
    return at + 1 if at < len(units) and units[at].has("DATE") else None


def _place_behind(units: list[Unit], at: int) -> int | None:
    """Return the index of the place that a comma, an "and" or a glued "and" brings in here."""
    begun = at
    while at < len(units) and units[at].tags & _BETWEEN and not units[at].has("PLACE"):
        at += 1
    if at >= len(units) or not units[at].has("PLACE") or "place" not in units[at].values:
        return None
    return at if at > begun or "and" in units[at].flags else None
