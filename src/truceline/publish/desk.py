"""What every part of an edition works with: the input past the gate, the words, the tokens, the names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from truceline.core.claims import Claim
from truceline.core.knowledge import span_of
from truceline.core.obligations import Amendment, Clause, Instrument, Interpretation, Obligation
from truceline.core.reports import Report
from truceline.core.times import parse_instant
from truceline.publish.called import Called
from truceline.publish.catalogue import Catalogue
from truceline.publish.given import PublishInput, Step
from truceline.publish.tokens import Tokens


@dataclass(frozen=True)
class Desk:
    """The tools and papers on the table.

    Args:
        view: What is known, past the gate.
        words: The language's catalogue.
        tokens: The formatter of machine tokens.
        called: The names.
    """

    view: PublishInput
    words: Catalogue
    tokens: Tokens
    called: Called

    @property
    def steps(self) -> tuple[Step, ...]:
        """All moments of knowledge, in order."""
        return self.view.steps

    @property
    def last(self) -> Step:
        """The edition's own moment."""
        return self.view.steps[-1]

    @cached_property
    def claim_of(self) -> Mapping[str, Claim]:
        """Id -> claim."""
        return {claim.id: claim for claim in self.view.claims}

    @cached_property
    def report_of(self) -> Mapping[str, Report]:
        """Id -> report."""
        return {report.id: report for report in self.view.reports}

    @cached_property
    def duty_of(self) -> Mapping[str, Obligation]:
        """Slug -> obligation of the pack."""
        return {duty.id: duty for duty in self.view.mission.obligations}

    @cached_property
    def instrument_of(self) -> Mapping[str, Instrument]:
        """Slug -> instrument."""
        return {instrument.id: instrument for instrument in self.view.mission.instruments}

    @cached_property
    def amendments_to(self) -> Mapping[str, tuple[Amendment, ...]]:
        """Obligation slug -> its amendments."""
        out: dict[str, tuple[Amendment, ...]] = {}
        for amendment in self.view.mission.amendments:
            out[amendment.obligation] = (*out.get(amendment.obligation, ()), amendment)
        return out

    def clause(self, instrument: str, number: str) -> Clause | None:
        """Find a clause of an instrument."""
        found = self.instrument_of.get(instrument)
        return next((c for c in found.clauses if c.n == number), None) if found else None

    def questions(self, duty: str) -> tuple[Interpretation, ...]:
        """List the open questions of reading that an obligation hangs on."""
        return tuple(q for q in self.view.mission.interpretations if duty in q.obligations)

    def starts_at(self, instrument: str) -> datetime | None:
        """Find when an instrument took effect."""
        found = self.instrument_of.get(instrument)
        if found is None:
            return None
        return parse_instant(found.effective_at) if found.effective_at else self.day_at(found.dated_on)

    def day_at(self, day: str) -> datetime:
        """Return the first instant of a day of the mission."""
        return datetime.fromisoformat(day).replace(tzinfo=self.view.mission.zone)

    def happened_at(self, claim: Claim) -> datetime | None:
        """Find when a claim says that something was so: the start of its interval."""
        interval = span_of(claim, self.view.mission.zone)
        return interval.start if interval else None

    def is_known(self, claim: Claim, step: Step) -> bool:
        """Say whether a claim is known at a step; one without a moment counts from the last step on."""
        if claim.known_at is None:
            return step is self.last
        return claim.known_at <= step.known_at

    def days_between(self, start: datetime, end: datetime) -> int:
        """Count whole days between two instants, the started one included."""
        return -((start - end) // timedelta(days=1))
