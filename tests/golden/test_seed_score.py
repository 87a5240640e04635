"""The five public articles against their gold: what the foundation must reach, and what it may never do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from reading import read, score


@pytest.fixture(scope="module")
def gold(shared: Path) -> list[dict[str, Any]]:
    return list(json.loads((shared / "gold" / "claims_seeds.json").read_text(encoding="utf-8"))["documents"])


@pytest.fixture(scope="module")
def texts(shared: Path, gold: list[dict[str, Any]]) -> dict[str, str]:
    return {d["file"]: (shared / "seeds" / d["file"]).read_bytes().decode("utf-8") for d in gold}


@pytest.fixture(scope="module")
def result(
    shared: Path, gold: list[dict[str, Any]], texts: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    return score(shared, tmp_path_factory.mktemp("score"), gold, texts)


def test_strict_precision_and_recall(result: dict[str, Any]) -> None:
    assert result["strict"]["precision"] >= 0.95
    assert result["strict"]["recall"] >= 0.90


@pytest.mark.parametrize(
    ("slot", "least"),
    [
        ("modality", 0.95),
        ("speaker", 0.95),
        ("date", 0.90),
        ("actor", 0.90),
        ("target", 0.90),
        ("place", 0.90),
    ],
)
def test_slots(result: dict[str, Any], slot: str, least: float) -> None:
    assert result[slot] >= least


def test_nothing_from_noise_and_no_roles_swapped(result: dict[str, Any]) -> None:
    assert result["noise_claims"] == 0
    assert result["swapped"] == 0


def test_evidence_is_the_words_of_the_text(gold: list[dict[str, Any]], texts: dict[str, str]) -> None:
    for document in gold:
        text = texts[document["file"]]
        for claim in read(text, document["file"]).claims:
            for evidence in (claim.evidence, *claim.repeats):
                assert text[evidence.start : evidence.end] == evidence.text
                assert len(evidence.text) <= 400


def test_reading_twice_gives_the_same(gold: list[dict[str, Any]], texts: dict[str, str]) -> None:
    for document in gold:
        assert read(texts[document["file"]], document["file"]) == read(
            texts[document["file"]], document["file"]
        )
