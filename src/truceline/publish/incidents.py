"""Incidents in words: what, when, where, how exactly, and what each side says, side by side and never merged."""

from __future__ import annotations

from truceline.core.claims import Claim
from truceline.core.incidents import Incident, Side
from truceline.publish.desk import Desk
from truceline.publish.evidence import capacity_of, speaker_of, verb_of, what_of
from truceline.publish.tokens import quoted

_THIRD = {"other", "others", "third"}


def title_of(desk: Desk, incident: Incident) -> str:
    """Name an incident by its most frequent claim type and its place."""
    word = incident.types[0].type if incident.types else "background"
    kind = desk.words.say_or(f"type.{word}", quoted(word.replace("_", " ")))
    title = kind[:1].upper() + kind[1:]
    if incident.place is None:
        return title
    return desk.words.say("join.comma").join((title, desk.called.ref(incident.place)))


def when_of(desk: Desk, incident: Incident) -> str:
    """Say when it happened, no finer than it is known."""
    interval = incident.valid_at
    if interval is None or interval.start is None:
        return desk.words.say("incident.day_unknown")
    if interval.precision in {"instant", "minute", "hour"}:
        return desk.tokens.instant(interval.start)
    zone = desk.view.mission.zone
    first = interval.start.astimezone(zone).date()
    if interval.end is None:
        return desk.tokens.day(first)
    last = interval.end.astimezone(zone)
    whole = last.hour == last.minute == last.second == 0
    return desk.tokens.days(first, max(first, last.date().fromordinal(last.date().toordinal() - whole)))


def place_of(desk: Desk, incident: Incident) -> str:
    """Say where it happened, with the radius in which it lies; empty where nothing says."""
    parts = []
    if incident.place is not None:
        parts.append(desk.called.ref(incident.place))
    if incident.location is not None:
        spot = incident.location
        parts.append(desk.tokens.coordinate(spot.lon, spot.lat, spot.precision_m))
    return desk.words.say("join.comma").join(parts)


def cover_of(desk: Desk, incident: Incident) -> str:
    """Say whether the agreement covers it."""
    return desk.words.say(f"scope.{incident.scope}")


def state_of(desk: Desk, incident: Incident) -> str:
    """Say the state of its determination."""
    if incident.state == "reported":
        return desk.words.say("incident.state_reported")
    return desk.words.say_or(f"incident.state_{incident.state}", quoted(incident.state))


def exposure_of(desk: Desk, incident: Incident) -> str:
    """Say what could be seen there and then."""
    if incident.exposure is None:
        return desk.words.say("incident.exposure_unknown")
    return desk.words.say_or(f"exposure.{incident.exposure}", quoted(incident.exposure))


def sentence_of(desk: Desk, claim: Claim) -> str:
    """Say one claim as a sentence, speaker first."""
    speaker = speaker_of(desk, claim)
    capacity = capacity_of(desk, claim)
    if capacity:
        speaker = desk.words.say("join.brackets", a=speaker, b=capacity)
    verb = verb_of(desk.words, claim)
    said = desk.words.say("report.brief_says", speaker=speaker, verb=verb, what=what_of(desk, claim))
    return said.removesuffix(".").removesuffix("\u0589")  # the full stop of Armenian


def says_of(desk: Desk, incident: Incident) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Gather what each side says: every party to the conflict has its place, empty where nothing is on record."""
    by_party = {side.party: side for side in incident.sides}
    parties = desk.view.mission.party_of
    order = [p for p in desk.view.mission.bound_parties if "party" in parties[p].roles]
    order += [party for party in by_party if party not in order]
    out = []
    for party in order:
        name = desk.words.say("incident.third") if party in _THIRD else desk.called.slug(party)
        side = by_party.get(party)
        out.append((name, _said(desk, side) if side else ()))
    return tuple(out)


def _said(desk: Desk, side: Side) -> tuple[str, ...]:
    found = [sentence_of(desk, desk.claim_of[c]) for c in side.claims if c in desk.claim_of]
    return tuple(dict.fromkeys(found)) or tuple(quoted(text) for text in side.says)
