"""Rounds played without keys or disk: each call is an entry of the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from truceline.core.determinations import Determination, read_form
from truceline.determine import determine, events
from truceline.determine.events import Event, round_id
from truceline.determine.rules import Rules, read_rules
from truceline.ledger.commitment import Disclosure, commit, digests_of

START = datetime(2020, 11, 16, 8, tzinfo=UTC)
STATED: dict[str, Any] = {
    "kind": "two-key",
    "determiners": ["A", "B"],
    "quorum": 2,
    "chair": "",
    "levels": {"preliminary": ["duty", "deputy", "head"], "confirmed": ["deputy", "head"]},
    "confirmed_for": ["responsibility", "casualties", "weapons", "public"],
    "four_eyes": False,
    "clocks_h": {"urgent": 2, "serious": 24, "routine": 72},
    "escrow": "",
    "release": "joint",
}
SHELLING: dict[str, Any] = {
    "happened": "yes",
    "kind": "ceasefire_violation",
    "where": {"place": "place:hadrut", "lon_e7": 470_000_000, "lat_e7": 395_000_000, "precision_m": 2000},
    "when": {"start": "2020-11-15T06:00:00Z", "end": "2020-11-15T08:00:00Z"},
    "clause": "statement-2020#1",
    "breach": "yes",
    "standard": "reasonable",
    "basis": ["report_one"],
    "reasons": "Two posts heard it.",
}


def rules(**changes: Any) -> Rules:
    """The procedure, with changes."""
    return read_rules({**STATED, **changes})


class Play:
    """A record's entries about rounds, in order."""

    def __init__(self, procedure: Rules | None = None, incident: str = "incident_x") -> None:
        self.rules = procedure or rules()
        self.incident = incident
        self.entries: list[Event] = []
        self.kept: dict[tuple[str, str], tuple[Disclosure, ...]] = {}
        self.at = START
        self.number = 0

    def n_rounds(self) -> int:
        """How many rounds the entries make."""
        return len(determine(self.rules, self.entries, self.at))

    @property
    def round(self) -> str:
        """Id of the round that is played."""
        return round_id(self.incident, self.number)

    def wait(self, **time: float) -> Play:
        """Let time go by."""
        self.at += timedelta(**time)
        return self

    def put(self, step: str, owner: str, body: Mapping[str, Any], *roles: str) -> Play:
        """Add an entry, signed by keys of the owner with these roles."""
        signers = tuple((owner, role) for role in roles or ("duty",)) if owner != "centre" else ()
        event = Event(len(self.entries), step, self.round, owner, self.at, {"step": step, **body}, signers)
        self.entries.append(event)
        return self

    def propose(self, owner: str = "A", **changes: Any) -> Play:
        """Propose the next round."""
        body = {
            "incident": self.incident,
            "number": self.number,
            "question": "happening",
            "meeting": "apart",
            "level": "preliminary",
            "urgency": "routine",
            "matters": [],
            "evidence": ["report_one"],
            **changes,
        }
        return self.put(events.PROPOSE, owner, body, "head").put(events.START, "centre", {})

    def seal(self, owner: str, *roles: str, **changes: Any) -> Play:
        """Seal a form."""
        question = next(one.body["question"] for one in self.entries if one.step == events.PROPOSE)
        form = read_form({**SHELLING, **changes}, question)
        kept = commit(form.fields(), lambda n: sha256(f"{owner}{len(self.entries)}".encode()).digest()[:n])
        self.kept[self.round, owner] = kept
        return self.put(events.SEAL, owner, {"digests": digests_of(kept)}, *roles)

    def open(self, owner: str, *roles: str) -> Play:
        """Open what was sealed."""
        shown = [one.encode() for one in self.kept[self.round, owner]]
        return self.put(events.OPEN, owner, {"disclosures": shown}, *roles)

    def escrow(self, owner: str) -> Play:
        """Open another's seal by the escrow."""
        shown = [one.encode() for one in self.kept[self.round, owner]]
        return self.put(events.ESCROW, "centre", {"of": owner, "disclosures": shown})

    def stands(self, **later: float) -> Determination:
        """How the last round stands, some time later."""
        return determine(self.rules, self.entries, self.at + timedelta(**later))[-1]

    def refused(self) -> str:
        """Why the last entry does not count; empty where it does."""
        found = [one for one in self.stands().ignored if one.index == self.entries[-1].index]
        return found[0].why if found else ""
