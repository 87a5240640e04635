"""One obligation with all that bears on it, sorted by effect; what the rules of the nine kinds look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from truceline.assess.exposure import exposure_of
from truceline.assess.knowledge import SAID_AS_BLAME, Item, Knowledge, bears, effective, item_of
from truceline.assess.reasons import by_item, plain
from truceline.core.obligations import (
    ACCESS_REFUSED,
    NOT_WATCHED,
    POSTS_PRESENT,
    Effect,
    Instrument,
    Obligation,
    ObligationExposure,
    Reason,
    Status,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule finds: a status, since when, why."""

    status: Status
    since: datetime | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """An obligation and its evidence.

    Args:
        duty: The obligation.
        instrument: Where it stands.
        know: The moment's knowledge.
        start: When it took effect.
        items: What bears on it, by effect, in order of time.
        exposure: What could be seen.
    """

    duty: Obligation
    instrument: Instrument
    know: Knowledge
    start: datetime
    items: dict[Effect, tuple[Item, ...]]
    exposure: ObligationExposure

    def of(self, effect: Effect) -> tuple[Item, ...]:
        """Return the items of an effect."""
        return self.items.get(effect, ())

    def done(self) -> list[Item]:
        """Return what says that it is done, by a voice that can establish it: anyone but the one who owes it."""
        return [i for i in self.of("fulfils") if i.is_fact and i.voice in {"beneficiary", "third"}]

    def done_own_word(self) -> list[Item]:
        """Return what the party that owes it says to have done."""
        return [i for i in self.of("fulfils") if i.is_fact and i.voice == "bearer"]

    def not_done(self) -> list[Item]:
        """Return what says that it is not done: denials of its being done, and blame for not doing it."""
        blame = [i for i in self.of("breaches") if not i.is_negative]
        return [i for i in self.of("fulfils") if i.is_negative] + blame

    def under_way(self) -> list[Item]:
        """Return what says that it has begun or goes on."""
        return [i for i in self.of("progresses") if i.is_fact]

    def admitted(self, items: Iterable[Item]) -> list[Item]:
        """Return the items in which a party that owes it speaks, in office, against its own interest."""
        whose = self.know.affiliations
        return [
            i
            for i in items
            if not i.is_negative
            and i.claim.modality == "admitted"
            and (party := whose.official_speaker(i.claim)) in self.duty.duty_bearer
            and party in whose.parties_of(i.claim.actors)
        ]


def open_case(duty: Obligation, instrument: Instrument, know: Knowledge) -> Case:
    """Gather what bears on an obligation.

    Claims about times before it took effect or after the valid time bear on nothing.

    Args:
        duty: The obligation.
        instrument: Where it stands.
        know: The moment's knowledge.

    Returns:
        The case.
    """
    start = effective(instrument, know.zone)
    items: dict[Effect, list[Item]] = {}
    taken: set[tuple[Effect, str]] = set()
    for bearing in duty.evidence:
        for claim in know.claims:
            if (bearing.effect, claim.id) in taken or not bears(bearing, claim, know):
                continue
            item = item_of(claim, bearing, duty, know)
            if _in_time(item, start, know.at):
                taken.add((bearing.effect, claim.id))
                items.setdefault(bearing.effect, []).append(item)
    ordered = {effect: tuple(sorted(found, key=_order)) for effect, found in items.items()}
    return Case(duty, instrument, know, start, ordered, exposure_of(duty, know))


def cite(code: str, items: Iterable[Item], **facts: str) -> tuple[Reason, ...]:
    """Return one reason for each item."""
    return tuple(by_item(code, item, **facts) for item in items)


def blank(case: Case) -> Finding:
    """Return what follows where nothing bears on a watched duty: kept where posts were, else not observed."""
    zones = ", ".join(case.exposure.zones)
    if case.exposure.state == POSTS_PRESENT:
        text = f"no breach on record; posts present in {zones}, coverage not computed"
        return Finding(
            "kept", case.start, (plain("kept.posts_present", text, zone=_zone(case), zones=zones),)
        )
    return unseen(case)


def unseen(case: Case) -> Finding:
    """Return ``not_observed`` with why: access refused, or nobody says that anyone could look."""
    zones = ", ".join(case.exposure.zones)
    if case.exposure.state == ACCESS_REFUSED:
        text = f"access refused in {zones}"
        return Finding(
            "not_observed", case.start, (plain("exposure.refused", text, zone=_zone(case), zones=zones),)
        )
    if case.exposure.state == NOT_WATCHED:
        text = "nothing on record; no post or sensor watches this duty"
        return Finding("not_observed", case.start, (plain("exposure.not_watched", text),))
    if case.exposure.state == POSTS_PRESENT:
        text = f"nothing on record; posts present in {zones}, coverage not computed"
        return Finding(
            "not_observed", case.start, (plain("exposure.present", text, zone=_zone(case), zones=zones),)
        )
    text = f"nothing on record; exposure unknown{f' in {zones}' if zones else ''}"
    return Finding(
        "not_observed", case.start, (plain("exposure.unknown", text, zone=_zone(case), zones=zones),)
    )


def is_blame(item: Item) -> bool:
    """Say whether an item accuses or alleges."""
    return not item.is_negative and item.claim.modality in SAID_AS_BLAME


def first_at(items: Iterable[Item], default: datetime) -> datetime:
    """Return the earliest moment of several items."""
    return min((item.at for item in items), default=default)


Rule = Callable[[Case], Finding]


def _zone(case: Case) -> str | None:
    return case.exposure.zones[0] if case.exposure.zones else None


def _in_time(item: Item, start: datetime, at: datetime) -> bool:
    if item.start is not None and item.start > at:
        return False
    return item.end is None or item.start is None or item.end > start


def _order(item: Item) -> tuple[datetime, str]:
    return (item.at, item.claim.id)
