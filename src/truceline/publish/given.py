"""What publish is given: a mission, what was known when, and the words of each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from truceline.core.claims import Claim
from truceline.core.counters import Counter
from truceline.core.incidents import Incident
from truceline.core.mission import Mission
from truceline.core.obligations import ObligationStatus
from truceline.core.release import PUBLIC, Realm
from truceline.core.reports import Report
from truceline.publish.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Step:
    """What was known at one moment.

    Args:
        known_at: The moment.
        statuses: Every obligation as assessed then.
        counters: Counters then.
        incidents: Incidents then.
        features: The picture then, a GeoJSON FeatureCollection; its properties are those of MODEL, Shapes.
    """

    known_at: datetime
    statuses: tuple[ObligationStatus, ...]
    counters: tuple[Counter, ...]
    incidents: tuple[Incident, ...]
    features: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecordHead:
    """The record at the moment of the edition: its origin, number of entries, hex root hash."""

    origin: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class PublishInput:
    """All that an edition is made from.

    Args:
        mission: The pack.
        steps: What was known when, in order of time; the last one is the edition's own moment. Worked out from
            what the recipient may have, and from nothing else: a status shows what it rests on.
        claims: All claims known by the last step.
        reports: All reports known by the last step.
        known_at: The edition's moment.
        catalogues: Language -> its words.
        realm: The world of the edition.
        record: The record, or None where it was not read.
        languages: Languages of editions; empty takes the mission's.
        recipient: ``public``, ``joint``, a delegation's letter or ``party:<slug>``.
        profile: Id of the naming profile; None takes the mission's first.
        notes: Sentences for the notes of the paper, already in the reader's words: language -> sentences.
    """

    mission: Mission
    steps: tuple[Step, ...]
    claims: tuple[Claim, ...]
    reports: tuple[Report, ...]
    known_at: datetime
    catalogues: Mapping[str, Catalogue]
    realm: Realm = Realm.DEMO
    record: RecordHead | None = None
    languages: tuple[str, ...] = ()
    recipient: str = PUBLIC
    profile: str | None = None
    notes: Mapping[str, tuple[str, ...]] | None = None
