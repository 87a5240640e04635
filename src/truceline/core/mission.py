"""A mission: one theatre, its instruments, mandate, area and procedure, as read from a pack. Source: MODEL, Mission pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from truceline.core.feeds import AlertRule, Feed, Fence
from truceline.core.names import Names
from truceline.core.obligations import Amendment, Instrument, Interpretation, Obligation
from truceline.core.parties import Delegation, Holder, Office, Party, Source
from truceline.core.places import Line, Place, Post
from truceline.core.release import Realm


@dataclass(frozen=True, slots=True)
class CountingRule:
    """A named, versioned rule by which events are counted (MISSION rule 1)."""

    id: str
    version: str
    names: Names


@dataclass(frozen=True, slots=True)
class NamingProfile:
    """Which party's words an edition uses: ``parties`` in order; one party gives its words, several give all."""

    id: str
    names: Names
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleaseDelay:
    """How late and coarse one party sees what touches the other: hours, metres."""

    delay_h: int = 24
    coarse_m: int = 1000


@dataclass(frozen=True, slots=True)
class CounterRule:
    """A counter that claims feed: what it counts, since which event, in which unit and scope (MISSION rule 11).

    Args:
        id: ``counter:<slug>``.
        names: Title per language.
        types: Claim types that feed it.
        subtypes: Only these subtypes; empty takes all.
        unit: Base unit.
        scope: Place or zone slug, or None for the whole theatre.
        since_event: Slug of the event it counts from.
        since: First day, ``YYYY-MM-DD``.
        cumulative: Whether a total that may not fall without a correction.
        parts: Counter slugs whose values must add up to it.
        per_claimant: Whether each claimant keeps a row of its own (casualties: always).
    """

    id: str
    names: Names
    types: tuple[str, ...]
    unit: str
    since_event: str
    subtypes: tuple[str, ...] = ()
    scope: str | None = None
    since: str | None = None
    cumulative: bool = True
    parts: tuple[str, ...] = ()
    per_claimant: bool = True


@dataclass(frozen=True, slots=True)
class MissionSettings:
    """``mission.toml``: the values that hold for the whole theatre.

    Args:
        id: The pack's name.
        names: Title per language.
        centre: Name of the centre per language, for mastheads.
        time_zone: IANA name for days.
        instrument_time_zones: Instrument slug -> IANA name, where an instrument says so.
        box: West, south, east, north in degrees.
        realm: Realm that the packaged inbox belongs to.
        languages: Languages of texts that the pack has words for.
        report_languages: Languages of editions.
        mandate: What the mission may assess, per language.
        cut_off: Local time at which the mission's day ends, ``HH:MM``.
        counting_rules: Named rules; the first is in force.
        standard_of_proof: Its name.
        naming_profiles: Profiles; the first is the default.
        release: Delay and coarseness towards the parties.
        provenance: Where the pack's facts come from, per language.
        counters: Counters that claims feed.
        topic: Slugs of places and parties that put a text on topic.
    """

    id: str
    names: Names
    centre: Names
    time_zone: str
    box: tuple[float, float, float, float]
    realm: Realm
    languages: tuple[str, ...]
    report_languages: tuple[str, ...]
    mandate: Names
    cut_off: str
    counting_rules: tuple[CountingRule, ...]
    standard_of_proof: str
    naming_profiles: tuple[NamingProfile, ...]
    provenance: Names
    release: ReleaseDelay = ReleaseDelay()
    instrument_time_zones: Mapping[str, str] = field(default_factory=dict)
    counters: tuple[CounterRule, ...] = ()
    topic: tuple[str, ...] = ()


CONFIRMABLE = ("responsibility", "casualties", "weapons", "public")
"""What a procedure may reserve for heads and deputies."""
LEVELS = {"preliminary": ("duty", "deputy", "head"), "confirmed": ("deputy", "head")}
"""Who may state a position at which level, where a procedure does not say."""
CLOCKS_H = {"urgent": 2, "serious": 24, "routine": 72}
"""How long a round waits, in hours, where a procedure does not say."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """``procedure.toml``: who determines, and how. FOUNDATION prints it; RECORD runs it.

    Args:
        kind: ``single``, ``two-key``, ``k-of-n`` or ``chair``.
        determiners: Delegation slugs.
        quorum: How many must agree.
        note: What it rests on, per language.
        cosigners: Witnesses that must all cosign the record's checkpoints, by their names in its policy.
        chair: Slug of the delegation whose answer stands where no agreement is reached; of kind ``chair`` alone.
        levels: Level -> roles whose keys may state a position at it.
        confirmed_for: What needs the level ``confirmed``: words of `CONFIRMABLE`.
        four_eyes: Whether a delegation's position needs two of its keys.
        clocks_h: Urgency -> hours that a round waits for those who have not answered.
        escrow: Who holds the key that opens a seal whose owner does not: a cosigner's name, or empty for nobody.
        release: How far determinations travel until their owners decide otherwise.
    """

    kind: str
    determiners: tuple[str, ...]
    quorum: int
    note: Names
    cosigners: tuple[str, ...] = ()
    chair: str = ""
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(LEVELS))
    confirmed_for: tuple[str, ...] = CONFIRMABLE
    four_eyes: bool = False
    clocks_h: Mapping[str, int] = field(default_factory=lambda: dict(CLOCKS_H))
    escrow: str = ""
    release: str = "joint"


@dataclass(frozen=True)
class Mission:
    """A whole pack, checked.

    Args:
        settings: ``mission.toml``.
        procedure: ``procedure.toml``.
        instruments: In order of ``dated_on``.
        amendments: Texts waiting for their evidence.
        interpretations: Open questions.
        parties: States and bodies.
        delegations: Who staffs the centre.
        offices: Offices and forces.
        holders: Public persons.
        places: The gazetteer.
        lines: Dated lines.
        posts: Observation posts.
        sources: Papers, agencies, sites.
        lexicon: Language -> the pack's own words: concept -> forms.
        version: Hex SHA-256 over all files of the pack but its inbox.
        feeds: Sensors that send messages.
        fences: Areas that tracks are held against.
        alerts: What else is worth an alert.
    """

    settings: MissionSettings
    procedure: Procedure
    instruments: tuple[Instrument, ...]
    amendments: tuple[Amendment, ...]
    interpretations: tuple[Interpretation, ...]
    parties: tuple[Party, ...]
    delegations: tuple[Delegation, ...]
    offices: tuple[Office, ...]
    holders: tuple[Holder, ...]
    places: tuple[Place, ...]
    lines: tuple[Line, ...]
    posts: tuple[Post, ...]
    sources: tuple[Source, ...]
    lexicon: Mapping[str, Mapping[str, tuple[str, ...]]]
    version: str
    feeds: tuple[Feed, ...] = ()
    fences: tuple[Fence, ...] = ()
    alerts: tuple[AlertRule, ...] = ()

    @cached_property
    def told_by(self) -> dict[str, Fence | AlertRule | Feed]:
        """What alerts name: fences, rules and feeds, by their slugs."""
        named: tuple[Fence | AlertRule | Feed, ...] = (*self.fences, *self.alerts, *self.feeds)
        return {one.id: one for one in named}

    def fence(self, slug: str) -> Fence:
        """Return the fence of a slug."""
        return next(one for one in self.fences if one.id == slug)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The mission's time zone."""
        return ZoneInfo(self.settings.time_zone)

    @cached_property
    def obligations(self) -> tuple[Obligation, ...]:
        """All obligations of all instruments, in order."""
        return tuple(duty for instrument in self.instruments for duty in instrument.obligations)

    @cached_property
    def place_of(self) -> Mapping[str, Place]:
        """Slug -> place."""
        return {place.id: place for place in self.places}

    @cached_property
    def party_of(self) -> Mapping[str, Party]:
        """Slug -> party."""
        return {party.id: party for party in self.parties}

    @cached_property
    def sides(self) -> tuple[str, ...]:
        """Slugs of the parties to the conflict (role ``party``), in the pack's order."""
        return tuple(party.id for party in self.parties if "party" in party.roles)

    @cached_property
    def bound_parties(self) -> tuple[str, ...]:
        """Slugs of the parties that the agreement binds, in the pack's order."""
        return tuple(party.id for party in self.parties if party.bound)
