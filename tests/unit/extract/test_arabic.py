"""Arabic sentences of our own and the claims in them: kinds, figures, who says it and how."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from truceline.core.claims import Claim
from truceline.extract import Extraction, Reader

TABLES = sorted((Path(__file__).parent / "arabic").glob("*.yaml"))
CASES: list[tuple[str, dict[str, Any]]] = [
    (f"{table.stem}-{at}", case)
    for table in TABLES
    for at, case in enumerate(yaml.safe_load(table.read_text(encoding="utf-8")))
]
HEAD = "الوضع في قره باغ.\n"


def labels(refs: tuple[Any, ...]) -> str:
    return "; ".join(ref.label for ref in refs)


def day(claim: Claim) -> str | None:
    return claim.when.start[:10] if claim.when is not None and claim.when.start else None


def fits(claim: Claim, want: dict[str, Any]) -> bool:
    return (
        claim.type == want["type"]
        and claim.modality == want.get("modality", "asserted")
        and claim.polarity == want.get("polarity", "affirmed")
        and [float(quantity.value) for quantity in claim.quantities]
        == [float(n) for n in want.get("figures", [])]
        and claim.due == want.get("due")
        and want.get("actor", "") in labels(claim.actors)
        and want.get("target", "") in labels(claim.targets)
        and want.get("place", "") in labels(claim.places)
        and want.get("speaker", "") in "; ".join(claim.attribution[:2])
        and want.get("capacity", claim.capacity[0]) == claim.capacity[0]
        and want.get("day", day(claim)) == day(claim)
    )


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_a_sentence_gives_its_claims_and_no_others(
    read: Callable[..., Extraction], case: dict[str, Any]
) -> None:
    found = list(read(HEAD + case["text"], case.get("published", "2020-12-11")).claims)
    shown = [
        (c.type, c.modality, c.polarity, [str(q.value) for q in c.quantities], c.due, labels(c.actors),
         labels(c.targets), labels(c.places), c.attribution[0], c.rule)
        for c in found
    ]  # fmt: skip
    for want in case["claims"]:
        hit = next((claim for claim in found if fits(claim, want)), None)
        assert hit is not None, f"{want} is not in {shown}"
        found.remove(hit)
    assert not found, f"more than wanted: {shown}"


def test_every_claim_carries_the_rule_that_found_it(read: Callable[..., Extraction], reader: Reader) -> None:
    rules = {rule.id for rule in reader.language.rules}
    claims = [claim for _, case in CASES for claim in read(HEAD + case["text"]).claims]
    assert claims
    assert {claim.rule for claim in claims} <= rules
    assert all(claim.rule.startswith("ar.") for claim in claims)


def test_every_kind_of_claim_has_a_rule(reader: Reader) -> None:
    from truceline.core.claims import GROUP_OF  # noqa: PLC0415

    kinds = {rule.type for rule in reader.language.rules}
    assert set(GROUP_OF) - kinds <= {"background", "hostilities"}


def test_no_rule_names_a_place_a_party_or_a_person(reader: Reader) -> None:
    text = Path(__file__).parents[3].joinpath("src/truceline/data/languages/ar/rules.yaml").read_text("utf-8")
    mission = reader.mission
    things = (*mission.parties, *mission.places, *mission.holders)
    names = [form.text for thing in things for form in thing.names.get("ar", ()) if len(form.text) > 3]
    states = [party for party in mission.parties if party.kind == "state"]
    names += [
        form.text
        for thing in (*states, *mission.holders)
        for form in thing.names.get("en", ())
        if len(form.text) > 3
    ]
    assert [name for name in names if name in text] == []
