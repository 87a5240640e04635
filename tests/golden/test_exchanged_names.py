"""The rules know the language, not the war: exchanged names, figures and dates cost nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from exchange import Exchange, exchange_document
from reading import score

TOLERANCE = 0.05


@pytest.fixture(scope="module")
def articles(shared: Path) -> list[tuple[str, dict[str, Any]]]:
    gold = json.loads((shared / "gold" / "claims_seeds.json").read_text(encoding="utf-8"))["documents"]
    return [((shared / "seeds" / d["file"]).read_bytes().decode("utf-8"), d) for d in gold]


@pytest.fixture(scope="module")
def original(
    shared: Path, articles: list[tuple[str, dict[str, Any]]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    texts = {d["file"]: text for text, d in articles}
    return score(shared, tmp_path_factory.mktemp("original"), [d for _, d in articles], texts)


@pytest.mark.parametrize("people", [False, True], ids=["persons kept", "persons exchanged"])
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_exchanged_articles_score_the_same(
    seed: int, people: bool, shared: Path, articles: list[tuple[str, dict[str, Any]]], original: dict[str, Any],
    tmp_path: Path,
) -> None:  # fmt: skip
    how = Exchange(seed, people=people)
    pairs = [exchange_document(text, gold, how) for text, gold in articles]
    texts = {gold["file"]: text for text, gold in pairs}
    result = score(shared, tmp_path, [gold for _, gold in pairs], texts)
    for measure in ("precision", "recall"):
        assert abs(result["strict"][measure] - original["strict"][measure]) <= TOLERANCE
    assert result["noise_claims"] == 0
    assert result["swapped"] == 0


def test_the_exchange_changes_the_words_and_keeps_the_spans(
    articles: list[tuple[str, dict[str, Any]]],
) -> None:
    how = Exchange(7)
    for text, gold in articles:
        new, moved = exchange_document(text, gold, how)
        assert new != text
        for before, after in zip(gold["claims"], moved["claims"], strict=True):
            start, end = after["evidence_span"]
            assert new[start:end] == after["evidence"]
            assert len(after["evidence"].split()) in range(
                len(before["evidence"].split()) - 2, len(before["evidence"].split()) + 3
            )
