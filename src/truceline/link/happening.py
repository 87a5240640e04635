"""A claim as the first rule looks at it: when, where, who, of which family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from truceline.core.affiliation import Affiliations
from truceline.core.claims import Claim
from truceline.core.knowledge import span_of
from truceline.core.mission import Mission
from truceline.core.times import day_start, parse_instant
from truceline.geo.gazetteer import Gazetteer
from truceline.link.kinds import ABOUT, DENIES, FAMILIES, HAPPENED, NEEDS_PLACE, TALLIES

LONGEST = timedelta(days=3)
"""A claim about a longer time is a period's total or background, not one happening."""

SLACK = {
    "instant": timedelta(hours=3),
    "minute": timedelta(hours=3),
    "hour": timedelta(hours=3),
    "day": timedelta(0),
    "approx": timedelta(days=1),
}
"""How far each end may be off, by precision; coarser precisions give no happening its day."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What the rule needs of a claim.

    Args:
        claim: The claim.
        families: Its families; empty for claims about a happening.
        start: Earliest instant with slack, or None undated.
        end: Latest instant with slack, or None undated.
        parties: Parties that act or suffer.
        places: Slugs of its places.
        is_placed: Whether a place is finer than a region.
        may_open: Whether it can be an incident of its own.
    """

    claim: Claim
    families: frozenset[str]
    start: datetime | None
    end: datetime | None
    parties: frozenset[str]
    places: tuple[str, ...]
    is_placed: bool
    may_open: bool

    @property
    def is_dated(self) -> bool:
        """Whether the words give it its day."""
        return self.start is not None

    @property
    def is_denial(self) -> bool:
        """Whether it says that something did not happen."""
        return self.claim.modality in DENIES or self.claim.polarity == "negated"


def in_force_from(mission: Mission) -> datetime | None:
    """Return when the first instrument that the mission may assess took effect: what was before is history."""
    starts = [
        parse_instant(instrument.effective_at)
        if instrument.effective_at
        else day_start(date.fromisoformat(instrument.dated_on), mission.zone)
        for instrument in mission.instruments
        if any(duty.in_mandate for duty in instrument.obligations)
    ]
    return min(starts, default=None)


class Reader:
    """Turns claims into happenings.

    Args:
        mission: The pack.
    """

    def __init__(self, mission: Mission) -> None:
        self.mission = mission
        self.gazetteer = Gazetteer(mission)
        self.affiliations = Affiliations(mission)
        self._from = in_force_from(mission)

    def read(self, claim: Claim) -> Happening | None:
        """Return what the rule needs of a claim, or None where it speaks of no happening."""
        if claim.type not in FAMILIES and claim.type not in ABOUT:
            return None
        if claim.type in FAMILIES and claim.modality not in HAPPENED | DENIES:
            return None
        start, end = self._span(claim)
        places = self.gazetteer.slugs(claim.places)
        placed = any(not self.gazetteer.is_coarse(slug) for slug in places)
        found = Happening(
            claim=claim,
            families=FAMILIES.get(claim.type, frozenset()),
            start=start,
            end=end,
            parties=self.affiliations.parties_of((*claim.actors, *claim.targets)),
            places=places,
            is_placed=placed,
            may_open=False,
        )
        return found if not self._may_open(found) else _opening(found)

    def _span(self, claim: Claim) -> tuple[datetime | None, datetime | None]:
        span = span_of(claim, self.mission.zone)
        if span is None or span.start is None or span.end is None or span.precision not in SLACK:
            return None, None
        if span.end - span.start > LONGEST:
            return None, None
        slack = SLACK[span.precision]
        return span.start - slack, span.end + slack

    def _may_open(self, item: Happening) -> bool:
        claim = item.claim
        if claim.type in ABOUT or item.is_denial or _is_tally(claim):
            return False
        if claim.type == "weapon_use":
            return True
        if item.end is None or (self._from is not None and item.end <= self._from):
            return False
        return item.is_placed or claim.type not in NEEDS_PLACE


def moment(item: Happening) -> datetime:
    """Return when a claim's matter is placed in time: when it was so, else when it became known."""
    return item.start or item.claim.known_at or datetime.max.replace(tzinfo=UTC)


def _opening(item: Happening) -> Happening:
    return Happening(
        item.claim,
        item.families,
        item.start,
        item.end,
        item.parties,
        item.places,
        item.is_placed,
        may_open=True,
    )


def _is_tally(claim: Claim) -> bool:
    return any(q.unit in TALLIES and (q.value > 1 or q.op in {">", ">="}) for q in claim.quantities)
