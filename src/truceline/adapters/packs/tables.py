"""Which field of the core holds what in a pack: slugs and what they may name, days, instants, units.

A new field of the core is one row here.
"""

from __future__ import annotations

from truceline.core.feeds import AlertRule, Feed, Fence
from truceline.core.mission import CounterRule, MissionSettings, NamingProfile, Procedure
from truceline.core.names import Name
from truceline.core.obligations import (
    Amendment,
    Bearing,
    Instrument,
    Interpretation,
    Obligation,
    PartyReading,
)
from truceline.core.parties import Delegation, Holder, Office, Party, Source
from truceline.core.places import Line, Place, Post
from truceline.core.units import UNITS as CORE_UNITS

PREFIXES: dict[type, tuple[str, ...]] = {
    Party: ("party",),
    Delegation: ("delegation",),
    Office: ("office",),
    Holder: ("person",),
    Place: ("place", "zone"),
    Line: ("line", "corridor", "zone"),
    Post: ("post",),
    Source: ("src",),
    Instrument: ("instrument",),
    Obligation: ("obl",),
    Amendment: ("amend",),
    Interpretation: ("interp",),
    CounterRule: ("counter",),
    Feed: ("feed",),
    Fence: ("fence",),
    AlertRule: ("alert",),
}
"""Type -> what its slugs begin with."""

_ACTORS = (Party, Office, Holder)
REFERENCES: dict[tuple[type, str], tuple[type, ...]] = {
    (Name, "party"): (Party,),
    (Delegation, "party"): (Party,),
    (Office, "party"): (Party,),
    (Holder, "office"): (Office,),
    (Place, "within"): (Place,),
    (Place, "party"): (Party,),
    (Post, "zone"): (Place, Line),
    (Source, "interest"): (Party,),
    (Instrument, "signatories"): _ACTORS,
    (Obligation, "duty_bearer"): (*_ACTORS, Delegation),
    (Obligation, "beneficiary"): (*_ACTORS, Delegation),
    (Obligation, "place"): (Place, Line),
    (Obligation, "must_not_touch"): (Place,),
    (Obligation, "zones"): (Place, Line),
    (Obligation, "readings_open"): (Interpretation,),
    (Obligation, "simultaneous_with"): (Obligation,),
    (Obligation, "superseded_by"): (Obligation,),
    (Bearing, "places"): (Place, Line),
    (Bearing, "actors"): _ACTORS,
    (Amendment, "obligation"): (Obligation,),
    (Amendment, "announced_by"): _ACTORS,
    (Amendment, "accepted_by"): (Party,),
    (Interpretation, "instrument"): (Instrument,),
    (Interpretation, "obligations"): (Obligation,),
    (PartyReading, "party"): (Party,),
    (NamingProfile, "parties"): (Party,),
    (CounterRule, "scope"): (Place, Line),
    (Fence, "area"): (Line,),
    (Fence, "obligation"): (Obligation,),
    (CounterRule, "parts"): (CounterRule,),
    (Procedure, "determiners"): (Delegation,),
    (MissionSettings, "topic"): (Place, Line, Party),
    (MissionSettings, "instrument_time_zones"): (Instrument,),
}
"""(type, field) -> the types of the things that its slugs may name."""

DAYS: frozenset[tuple[type, str]] = frozenset(
    {
        (Obligation, "due"),
        (Amendment, "due"),
        (Amendment, "announced_on"),
        (Interpretation, "opened_on"),
        (Instrument, "dated_on"),
        (Line, "valid_from"),
        (Line, "valid_to"),
        (Post, "since"),
        (Post, "until"),
        (Holder, "since"),
        (Holder, "until"),
        (CounterRule, "since"),
        (Fence, "since"),
        (Fence, "until"),
    }
)
INSTANTS = frozenset({(Instrument, "published_at"), (Instrument, "effective_at"), (Instrument, "ended_at")})
NEEDS = {
    "dated": "due",
    "relative": "relative",
    "simultaneous": "simultaneous_with",
    "cap": "caps",
    "corridor": "width_km",
    "renewing": "term",
}
"""Kind of obligation -> the field that it cannot do without."""

PERIODS = {
    Holder: ("since", "until"),
    Post: ("since", "until"),
    Line: ("valid_from", "valid_to"),
    Fence: ("since", "until"),
}
UNITS = frozenset(CORE_UNITS) | frozenset(
    (
        "killed", "injured", "killed_civilian", "injured_civilian", "missing", "observation_post", "flight",
        "prisoner", "combat_position", "district", "person", "vehicle", "armoured_carrier", "violation",
        "explosion", "share_of_territory", "body",
    )
)  # fmt: skip
"""Units that the package has words for (CLAIMS); a theatre may bring others."""


PROCEDURES = ("single", "two-key", "k-of-n", "chair")

ACCEPTED = ("yes", "no", "relayed", "unknown")
"""Words for how a party answered an amendment."""
