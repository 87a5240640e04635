"""What an assessment stands on: the claims and incidents known at a moment, and who speaks in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from truceline.core.affiliation import Affiliations, speaks_for_self
from truceline.core.claims import Claim
from truceline.core.ids import ClaimId, ReportId
from truceline.core.incidents import Incident, Scope
from truceline.core.knowledge import span_of
from truceline.core.mission import Mission
from truceline.core.movement import is_refusal
from truceline.core.obligations import Bearing, Instrument, Interpretation, Obligation
from truceline.core.times import day_start, last_second, parse_known_at
from truceline.geo.gazetteer import Gazetteer

Voice = Literal["bearer", "beneficiary", "third", "private"]
"""Whose word it is, seen from an obligation: ``private`` speaks for nobody but itself."""

NOT_YET_DONE = frozenset({"planned", "obligated", "urged", "opinion"})
"""Modalities that say what will, must, should or might be: evidence only where the pack asks for them."""

NEVER = datetime.max.replace(tzinfo=UTC)
"""Where a claim stands that tells of no time and has no moment: after all others, and never a date to count from."""

SAID_AS_FACT = frozenset({"asserted", "admitted"})
SAID_AS_BLAME = frozenset({"accused", "alleged"})


@dataclass(frozen=True, slots=True)
class Item:
    """A claim that bears on an obligation.

    Args:
        claim: The claim.
        voice: Whose word it is.
        is_negative: Whether it says that the thing is not so.
        is_fact: Whether it is affirmed, and put as a fact or in a mode that the pack names as enough.
        start: Earliest instant that it speaks of, or None undated.
        end: Instant by which it was so, or None undated and without ``known_at``.
        incident: The incident it belongs to, or None.
        scope: Whether the agreement covers what it speaks of.
    """

    claim: Claim
    voice: Voice
    is_negative: bool
    is_fact: bool
    start: datetime | None
    end: datetime | None
    incident: Incident | None
    scope: Scope

    @property
    def at(self) -> datetime:
        """When it stands in the order of things: when it was so, else when it became known, else ``NEVER``."""
        return self.start or self.claim.known_at or NEVER


@dataclass(frozen=True)
class Knowledge:
    """All that is known at a moment.

    Args:
        mission: The pack.
        claims: Standing claims known by then, in order.
        incidents: Incidents known by then.
        at: The valid time asked about.
        known_at: The moment of knowledge; None for all.
        heard_until: The last moment of which anything can be known: ``known_at``, else the latest of a claim.
        copies: Reports that copy or reprint another.
    """

    mission: Mission
    claims: tuple[Claim, ...]
    incidents: tuple[Incident, ...]
    at: datetime
    known_at: datetime | None
    heard_until: datetime
    copies: frozenset[ReportId] = frozenset()

    @cached_property
    def affiliations(self) -> Affiliations:
        """Whose voice is whose."""
        return Affiliations(self.mission)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The pack's places."""
        return Gazetteer(self.mission)

    @cached_property
    def incident_of(self) -> Mapping[ClaimId, Incident]:
        """Claim -> its incident."""
        return {claim: incident for incident in self.incidents for claim in incident.claims}

    def interpretations(self, duty: Obligation) -> tuple[Interpretation, ...]:
        """Return the questions about an obligation that were open by then."""
        return tuple(
            question
            for question in self.mission.interpretations
            if (duty.id in question.obligations or question.id in duty.readings_open)
            and self.is_known(question.opened_on)
        )

    def is_known(self, day: str | None) -> bool:
        """Say whether a day of the pack (None: always) had come by the moment of knowledge."""
        return day is None or self.known_at is None or last_second(date.fromisoformat(day)) <= self.known_at

    @property
    def zone(self) -> ZoneInfo:
        """The mission's time zone: due dates are its days."""
        return self.mission.zone


def published(instrument: Instrument) -> datetime:
    """Return when an instrument could be known: its publication, else the last second of the day it bears."""
    if instrument.published_at is not None:
        return parse_known_at(instrument.published_at)
    return last_second(date.fromisoformat(instrument.dated_on))


def effective(instrument: Instrument, zone: ZoneInfo) -> datetime:
    """Return when an instrument took effect, else the start of the day it bears."""
    if instrument.effective_at is not None:
        return _instant_or_day(instrument.effective_at, zone)
    return day_start(date.fromisoformat(instrument.dated_on), zone)


def ended(instrument: Instrument, zone: ZoneInfo) -> datetime | None:
    """Return when an instrument ended, or None while in force."""
    return None if instrument.ended_at is None else _instant_or_day(instrument.ended_at, zone)


def _instant_or_day(text: str, zone: ZoneInfo) -> datetime:
    return parse_known_at(text) if "T" in text else day_start(date.fromisoformat(text), zone)


def bears(bearing: Bearing, claim: Claim, know: Knowledge, *, any_modality: bool = False) -> bool:
    """Say whether a claim is of the kind that a bearing names.

    Args:
        bearing: The pack's words.
        claim: The claim.
        know: The moment's knowledge.
        any_modality: Whether plans and duties count too where the bearing names no modality.

    Returns:
        True where type, subtype, modality, unit, actor and place all fit.
    """
    if claim.type not in bearing.types:
        return False
    if bearing.subtypes and claim.subtype not in bearing.subtypes:
        return False
    if bearing.modalities:
        if claim.modality not in bearing.modalities:
            return False
    elif (
        claim.modality in NOT_YET_DONE and not any_modality and bearing.effect not in {"informs", "disputes"}
    ):
        return False
    if bearing.units and not any(q.unit in bearing.units for q in claim.quantities):
        return False
    if bearing.actors and not _has_actor(bearing, claim, know):
        return False
    return not bearing.places or names_place(claim, bearing.places, know.gazetteer)


def names_place(claim: Claim, places: Iterable[str], gazetteer: Gazetteer) -> bool:
    """Say whether a claim names one of several places, or one within them."""
    wanted = tuple(places)
    return any(gazetteer.is_within(slug, place) for slug in gazetteer.slugs(claim.places) for place in wanted)


def item_of(claim: Claim, bearing: Bearing, duty: Obligation, know: Knowledge) -> Item:
    """Return a claim as an obligation sees it, by the bearing that took it."""
    is_negative = _is_negative(claim, bearing)
    span = span_of(claim, know.zone)
    start = span.start if span is not None else None
    end = span.end if span is not None else None
    incident = know.incident_of.get(claim.id)
    return Item(
        claim=claim,
        voice=_voice(claim, duty, know.affiliations),
        is_negative=is_negative,
        is_fact=not is_negative and (claim.modality in SAID_AS_FACT or claim.modality in bearing.modalities),
        start=start,
        end=end or claim.known_at,
        incident=incident,
        scope=incident.scope if incident is not None else _scope(claim, know.gazetteer),
    )


def _is_negative(claim: Claim, bearing: Bearing) -> bool:
    """Whether a claim says the opposite of what its bearing means; a denial that the bearing asks for does not."""
    if claim.type == "freedom_of_movement" and bearing.effect == "breaches" and claim.modality != "denied":
        return not is_refusal(claim)
    if claim.modality == "denied":
        return "denied" not in bearing.modalities
    return claim.polarity == "negated"


def _has_actor(bearing: Bearing, claim: Claim, know: Knowledge) -> bool:
    named = {ref.id for ref in claim.actors}
    return bool((named | know.affiliations.parties_of(claim.actors)) & set(bearing.actors))


def _voice(claim: Claim, duty: Obligation, affiliations: Affiliations) -> Voice:
    if speaks_for_self(claim):
        return "private"
    party = affiliations.speaker(claim)
    if party not in affiliations.bound:
        return "third"
    if party in duty.beneficiary or _is_mutual(duty, affiliations):
        return "beneficiary"  # a mutual duty is owed to each by the other
    return "bearer" if party in duty.duty_bearer else "third"


def _is_mutual(duty: Obligation, affiliations: Affiliations) -> bool:
    """Whether several bound parties owe a duty and the pack names nobody else to whom it is owed."""
    return not duty.beneficiary and len(set(affiliations.bound) & set(duty.duty_bearer)) > 1


def _scope(claim: Claim, gazetteer: Gazetteer) -> Scope:
    slugs = gazetteer.slugs(claim.places)
    said = {place.scope for slug in slugs if (place := gazetteer.place(slug)) is not None}
    if "border" not in said:
        return "agreement"
    return "disputed" if "agreement" in said or claim.type == "ceasefire_violation" else "border"
