"""English rules, each held by a sentence of our own: what must come out, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from truceline.adapters.languages import load_language
from truceline.adapters.packs import load_mission
from truceline.core.claims import TYPE_GROUPS, Claim
from truceline.core.ids import ReportId, identify
from truceline.core.reports import Report
from truceline.extract import Reader, extract


@dataclass(frozen=True)
class Expected:
    """A claim that must come out; a word left empty is not looked at."""

    type: str
    modality: str = "asserted"
    polarity: str = "affirmed"
    figures: tuple[float, ...] = ()
    due: str | None = None
    actor: str = ""
    target: str = ""
    speaker: str = ""

    def fits(self, claim: Claim) -> bool:
        """Say whether a claim is this one."""
        told = (claim.type, claim.modality, claim.polarity, claim.due)
        return (
            told == (self.type, self.modality, self.polarity, self.due)
            and set(self.figures) <= {float(quantity.value) for quantity in claim.quantities}
            and _names(self.actor, tuple(ref.label for ref in claim.actors))
            and _names(self.target, tuple(ref.label for ref in claim.targets))
            and _names(self.speaker, claim.attribution[:2])
        )


@dataclass(frozen=True)
class Case:
    """A sentence of our own, the day it appeared, and what must come out."""

    rule: str
    published: str
    text: str
    claims: tuple[Expected, ...]


def _names(word: str, labels: tuple[str, ...]) -> bool:
    return not word or any(word in label for label in labels)


@cache
def _reader() -> Reader:
    return Reader(load_mission("karabakh-2020"), load_language("en"))


def read(text: str, published: str | None = "2020-11-20") -> tuple[Claim, ...]:
    """Return the claims of an English text."""
    report = Report(
        id=ReportId(identify("report", {"text": text})), doc="own.txt", kind="article", sha256="", size=len(text),
        media_type="text/plain", language="en", text=text,
    )  # fmt: skip
    return extract(report, {"en": _reader()}, published=published).claims


def _cases() -> tuple[Case, ...]:
    content: Any = yaml.safe_load((Path(__file__).parent / "english.yaml").read_text(encoding="utf-8"))
    return msgspec.convert(content, tuple[Case, ...])


CASES = _cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_sentence_gives_its_claims_and_no_others(case: Case) -> None:
    left = list(read(case.text, case.published))
    for expected in case.claims:
        found = next((claim for claim in left if expected.fits(claim)), None)
        assert found is not None, f"{expected} not in {[(claim.rule, claim.modality) for claim in left]}"
        left.remove(found)
    assert [claim.rule for claim in left] == []


def test_evidence_is_the_slice_that_the_offsets_name() -> None:
    for case in CASES:
        for claim in read(case.text, case.published):
            assert claim.evidence.text == case.text[claim.evidence.start : claim.evidence.end]


def test_every_claim_type_but_background_has_an_english_rule() -> None:
    known = {kind for kinds in TYPE_GROUPS.values() for kind in kinds}
    assert known - {rule.type for rule in _reader().language.rules} == {"background"}


def test_rules_name_no_place_person_or_party_of_the_theatre() -> None:
    mission = _reader().mission
    states = (party for party in mission.parties if party.kind in {"state", "authority"})
    named = (*mission.places, *mission.holders, *states)
    names = {form.text for thing in named for form in thing.names.get("en", ())}
    labels = {
        source for rule in _reader().language.rules for source in (*rule.actors, *rule.targets, *rule.places)
    }
    assert labels
    assert not {label for label in labels if label.startswith("=") and any(name in label for name in names)}
