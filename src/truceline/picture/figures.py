"""Claims as figures of a counter: in its unit, in its scope, with claimant and whose losses they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from truceline.core.affiliation import Affiliations, speaks_for_self
from truceline.core.claims import Claim, Ref
from truceline.core.knowledge import span_of
from truceline.core.mission import CounterRule, Mission
from truceline.core.times import day_end, day_start
from truceline.core.units import to_base
from truceline.geo.gazetteer import Gazetteer

COUNTED = frozenset({"asserted", "admitted", "accused", "alleged"})
"""Modalities in which somebody states a figure; plans and duties are none."""

SECOND = timedelta(seconds=1)

LOSSES = frozenset({"casualties", "prisoners", "position_lost", "equipment_loss"})
"""Types whose figures are about one side: its own count and the other's claim of it are two rows."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure somebody states.

    Args:
        claim: Where it stands.
        value: In the counter's base unit.
        op: How exact.
        claimant: Slug of the party behind the speaker, else the speaker's slug or label.
        of: Party that the figure is about, or None.
        start: First instant that it counts, or None.
        as_of: The last instant at which it was so, inclusive.
        end: End of the bounded period that it counts, exclusive, or None.
    """

    claim: Claim
    value: Decimal
    op: str
    claimant: str
    of: str | None
    start: datetime | None
    as_of: datetime | None
    end: datetime | None

    @property
    def days(self) -> Decimal | None:
        """Length of a bounded period in days, or None."""
        if self.start is None or self.end is None or self.end <= self.start:
            return None
        return Decimal(int((self.end - self.start).total_seconds())) / Decimal(86_400)


class Figures:
    """Reads the figures of a mission's counters.

    Args:
        mission: The pack.
    """

    def __init__(self, mission: Mission) -> None:
        self._mission = mission
        self._gazetteer = Gazetteer(mission)
        self._affiliations = Affiliations(mission)

    def of(self, rule: CounterRule, claims: Iterable[Claim], at: datetime) -> list[Figure]:
        """Return a counter's figures by time.

        Args:
            rule: The counter.
            claims: Known claims.
            at: The valid time; later figures are left out.

        Returns:
            Figures in order of ``as_of``, then of becoming known; of two told at once the part before the whole.
        """
        found = [f for c in claims if self._feeds(rule, c) and (f := self._figure(rule, c)) is not None]
        told = [f for f in found if f.start is None or f.start <= at]
        return sorted(told, key=lambda f: (f.as_of or at, f.claim.known_at or at, f.value, f.claim.id))

    def _feeds(self, rule: CounterRule, claim: Claim) -> bool:
        if claim.type not in rule.types or claim.modality not in COUNTED or claim.polarity == "negated":
            return False
        if rule.subtypes and claim.subtype not in rule.subtypes:
            return False
        return self._in_scope(rule, claim)

    def _in_scope(self, rule: CounterRule, claim: Claim) -> bool:
        """Whether a figure is the scope's own: not of a part that has a counter of its own."""
        places = self._gazetteer.slugs(claim.places)
        if rule.scope is not None and not any(self._gazetteer.is_within(p, rule.scope) for p in places):
            return False
        finer = [
            other.scope
            for other in self._mission.settings.counters
            if other.scope is not None
            and other.id != rule.id
            and (set(other.types) & set(rule.types))
            and to_base(Decimal(1), other.unit)[1] == to_base(Decimal(1), rule.unit)[1]
            and (rule.scope is None or self._gazetteer.is_within(other.scope, rule.scope))
            and other.scope != rule.scope
        ]
        return not any(self._gazetteer.is_within(p, s) for p in places for s in finer)

    def _figure(self, rule: CounterRule, claim: Claim) -> Figure | None:
        base = to_base(Decimal(1), rule.unit)[1]
        stated = [(q, to_base(q.value, q.unit)) for q in claim.quantities]
        match = next(((q.op, value) for q, (value, unit) in stated if unit == base), None)
        if match is None:
            return None
        span = span_of(claim, self._mission.zone)
        start, end = (span.start, span.end) if span is not None else (None, None)
        if self._counts_since(rule, start, end):
            end = None
        last = end - SECOND if end is not None else None
        as_of = min((m for m in (last, claim.known_at) if m is not None), default=start)
        return Figure(
            claim=claim,
            value=match[1],
            op=match[0],
            claimant=self._claimant(claim),
            of=self._about(claim),
            start=start,
            as_of=as_of,
            end=end if start is not None else None,
        )

    def _counts_since(self, rule: CounterRule, start: datetime | None, end: datetime | None) -> bool:
        """Whether the day that a total names is the one it counts from ("226 since 10 November"), not its own."""
        if not rule.cumulative or rule.since is None or start is None or end is None:
            return False
        first = date.fromisoformat(rule.since)
        return start == day_start(first, self._mission.zone) and end <= day_end(first, self._mission.zone)

    def _claimant(self, claim: Claim) -> str:
        speaker = claim.speakers[0] if claim.speakers else None
        label = claim.attribution[0] if claim.attribution else "unspecified"
        if speaker is None:
            return label
        if speaks_for_self(claim):
            return speaker.id or label
        if label == "outlet" and claim.sources:
            source = claim.sources[0]
            return self._affiliations.party_of(Ref(source, label)) or source
        return self._affiliations.speaker(claim) or speaker.id or label

    def _about(self, claim: Claim) -> str | None:
        if claim.type not in LOSSES:
            return None
        suffered = self._affiliations.parties_of(claim.targets)
        for slug in self._gazetteer.slugs(claim.places):
            found = self._gazetteer.place(slug)
            if not suffered and found is not None and found.kind == "country" and found.party:
                return found.party
        return next((p for p in (q.id for q in self._mission.parties) if p in suffered), None)
