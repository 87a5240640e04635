"""Obligations and what assessing them gives. Source: MISSION rules 5-9; CONTRACT section 4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from truceline.core.incidents import Scope
from truceline.core.names import Names

ObligationKind = Literal[
    "continuing", "dated", "relative", "simultaneous", "cap", "corridor", "renewing", "undated", "institution"
]
Status = Literal[
    "not_yet_due",
    "due",
    "kept",
    "fulfilled_on_time",
    "fulfilled_late",
    "overdue",
    "breached",
    "disputed",
    "not_observed",
    "outside_mandate",
    "superseded",
    "expired",
]
Reading = Literal["inclusive", "exclusive"]
Effect = Literal[
    "fulfils", "progresses", "breaches", "respects", "limits", "starts", "notices", "disputes", "informs"
]


@dataclass(frozen=True, slots=True)
class Bearing:
    """Which claims bear on an obligation, and how: data that a lawyer may change.

    Args:
        effect: ``fulfils`` done · ``progresses`` begun or going on · ``breaches`` said to be broken · ``respects`` said
            to be kept · ``limits`` a figure held against a cap · ``starts`` the event it is relative to ·
            ``notices`` notice of ending · ``disputes`` reading or cover contested · ``informs`` shown beside it.
        types: Claim types.
        subtypes: Only these subtypes; empty takes all.
        places: Only claims that name one of these places, or one within them; empty takes all.
        actors: Only claims with one of these parties among the actors; empty takes all.
        modalities: Only these modalities; empty takes all.
        units: Only claims with a quantity in one of these units; empty takes all.
    """

    effect: Effect
    types: tuple[str, ...]
    subtypes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relative:
    """A deadline counted from another event.

    Args:
        event: Obligation slug, or ``effective`` for the instrument's start, or ``event:<slug>``.
        years: Whole years after it.
        months: Whole months after it.
        days: Whole days after it.
    """

    event: str
    years: int = 0
    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Cap:
    """A ceiling: no more than ``value`` of ``unit``."""

    unit: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Term:
    """A term that renews itself unless somebody gives notice: years, and months of notice before its end."""

    years: int
    notice_months: int


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty from a clause.

    Args:
        id: ``obl:<year>-<clause>-<slug>``.
        clause: Number of the clause as the instrument writes it.
        kind: Which rule assesses it.
        names: Short title per language.
        duty_bearer: Slugs of the parties that owe it.
        beneficiary: Slugs of those to whom it is owed.
        place: Slug of the place, or None.
        due: ``YYYY-MM-DD`` of the original text, or None.
        reading: How the mission reads the deadline.
        readings_open: Slugs of interpretations that contest the reading.
        relative: For kind ``relative``.
        simultaneous_with: For kind ``simultaneous``: slug of the obligation that it must keep step with.
        caps: For kind ``cap``.
        term: For kind ``renewing``.
        width_km: For kind ``corridor``.
        must_not_touch: Slugs of places that a corridor must leave alone.
        scope: Whether the agreement or the border regime covers it.
        in_mandate: Whether the mission may assess it.
        observable: Whether posts and sensors can see it; an act on paper cannot be "not observed".
        zones: Zones whose exposure counts for it.
        evidence: Which claims bear on it.
        superseded_by: Slug of the obligation that replaced it, or None.
    """

    id: str
    clause: str
    kind: ObligationKind
    names: Names
    duty_bearer: tuple[str, ...]
    beneficiary: tuple[str, ...] = ()
    place: str | None = None
    due: str | None = None
    reading: Reading = "inclusive"
    readings_open: tuple[str, ...] = ()
    relative: Relative | None = None
    simultaneous_with: str | None = None
    caps: tuple[Cap, ...] = ()
    term: Term | None = None
    width_km: float | None = None
    must_not_touch: tuple[str, ...] = ()
    scope: Scope = "agreement"
    in_mandate: bool = True
    observable: bool = True
    zones: tuple[str, ...] = ()
    evidence: tuple[Bearing, ...] = ()
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """A version of a clause that differs.

    Args:
        language: Language of the version.
        what: What differs, in our own words.
        where: Where it stands.
        official: Whether an official publication carries it.
    """

    language: str
    what: Names
    where: str
    official: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its number, its sense in our own words per language, its variants."""

    n: str
    gist: Names
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """An agreement, statement or memorandum in force over time.

    Args:
        id: ``instrument:<slug>``.
        names: Title per language.
        dated_on: The date it bears, ``YYYY-MM-DD``.
        published_at: When it became known, RFC 3339; None unknown.
        effective_at: When it took effect, RFC 3339; None from ``dated_on`` on.
        ended_at: When it ended; None still in force.
        signatories: Slugs of parties or persons.
        clauses: Its clauses.
        obligations: What it binds whom to.
        sources: Where it was read.
        note: Reservations.
    """

    id: str
    names: Names
    dated_on: str
    signatories: tuple[str, ...]
    clauses: tuple[Clause, ...]
    obligations: tuple[Obligation, ...]
    sources: tuple[str, ...]
    published_at: str | None = None
    effective_at: str | None = None
    ended_at: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change to one obligation: a text that waits for its evidence (MODEL, Times).

    Args:
        id: ``amend:<slug>``.
        obligation: Slug of the obligation.
        due: New due date, ``YYYY-MM-DD``.
        announced_on: Day it was announced.
        announced_by: Slug of the person or office.
        form: ``signed text``, ``briefing``, ``exchange of letters``.
        route: How it came about, in our own words.
        reasons: Reasons given.
        accepted_by: Party slug -> ``yes``, ``no``, ``relayed``, ``unknown``.
        evidence: Which claims state it; the claim's ``due`` must equal ``due``.
        sources: Where it was read.
    """

    id: str
    obligation: str
    due: str
    announced_on: str
    announced_by: str
    form: str
    route: Names
    reasons: Names
    accepted_by: dict[str, str]
    evidence: tuple[Bearing, ...]
    sources: tuple[str, ...] = ()


BORDER_COUNTS = "border incidents count as breaches"
"""The ``effect`` of a reading by which the agreement covers the state border too."""


@dataclass(frozen=True, slots=True)
class PartyReading:
    """How one party reads a clause; ``effect`` names what follows for the assessment, or None.

    The rules can work out ``inclusive``, ``exclusive`` and ``BORDER_COUNTS``; other words only say that the
    readings differ.
    """

    party: str
    reading: Names
    effect: str | None = None


@dataclass(frozen=True, slots=True)
class Interpretation:
    """An open question about a clause (MISSION rule 5).

    Args:
        id: ``interp:<slug>``.
        instrument: Slug.
        clause: Number.
        question: The question per language.
        obligations: Slugs of the obligations that hang on it.
        readings: What each party reads.
        decided_by: Who may decide it.
        opened_on: First day it was known to be open, or None from the start.
        sources: Where it was read.
    """

    id: str
    instrument: str
    clause: str
    question: Names
    obligations: tuple[str, ...]
    readings: tuple[PartyReading, ...]
    decided_by: str
    opened_on: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DueStep:
    """One due date an obligation had: the date, since when it was known, and by which amendment (None: original)."""

    due: str
    known_at: datetime | None
    amendment: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a status stands: a sentence in English and what it rests on.

    Args:
        text: The sentence, speaker first.
        claim: Claim id, or None.
        incident: Incident id, or None.
        exposure: Zone slug whose exposure it speaks of, or None.
        review: The claim's review state, or None.
        code: Key of the sentence in the catalogues.
        facts: Values for the catalogue's sentence.
    """

    text: str
    claim: str | None = None
    incident: str | None = None
    exposure: str | None = None
    review: str | None = None
    code: str = ""
    facts: tuple[tuple[str, str], ...] = ()


POSTS_PRESENT = "posts present, coverage not computed"
ACCESS_REFUSED = "access refused"
EXPOSURE_UNKNOWN = "unknown"
NOT_WATCHED = "not a watched duty"
"""The states of an exposure: fixed words that read models keep and catalogues translate."""


@dataclass(frozen=True, slots=True)
class ObligationExposure:
    """What could be seen for an obligation.

    Args:
        state: ``EXPOSURE_UNKNOWN``, ``POSTS_PRESENT``, ``ACCESS_REFUSED`` or ``NOT_WATCHED``.
        zones: Zones it speaks of.
        n_posts: Posts said to be there, or None.
        n_restrictions: Restrictions of movement on record, or None.
    """

    state: str
    zones: tuple[str, ...] = ()
    n_posts: int | None = None
    n_restrictions: int | None = None


@dataclass(frozen=True, slots=True)
class AcceptedReading:
    """Status and due date by accepted claims alone."""

    status: Status
    due: str | None


@dataclass(frozen=True, slots=True)
class ObligationStatus:
    """An obligation assessed as known at a moment. The fields are CONTRACT section 4's."""

    id: str
    clause: str
    instrument: str
    kind: ObligationKind
    duty_bearer: tuple[str, ...]
    beneficiary: tuple[str, ...]
    place: str | None
    due: str | None
    due_reading: Reading
    due_history: tuple[DueStep, ...]
    status: Status
    scope: Scope
    since: datetime | None
    reasons: tuple[Reason, ...]
    exposure: ObligationExposure
    disputes: tuple[str, ...]
    accepted_would_be: AcceptedReading | None
