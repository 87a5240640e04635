"""The held-out articles' gold: every span is its words, every word of it is a word of CLAIMS."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from truceline.core.claims import GROUP_OF, Modality

FOLDER = Path(__file__).parent / "heldout"
GOLD: dict[str, Any] = json.loads((FOLDER / "gold.json").read_text(encoding="utf-8"))
DOCUMENTS: list[dict[str, Any]] = GOLD["documents"]
CLAIMS = [(d, c) for d in DOCUMENTS for c in d["claims"]]
MODALITIES = frozenset(Modality.__args__)
RUN = 6


def text_of(document: dict[str, Any]) -> str:
    return (FOLDER / document["file"]).read_bytes().decode("utf-8")


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def test_eight_articles_four_in_each_language() -> None:
    assert sorted(d["file"] for d in DOCUMENTS) == sorted(p.name for p in FOLDER.glob("*.txt"))
    assert sorted(d["language"] for d in DOCUMENTS) == ["ar"] * 4 + ["en"] * 4


def test_every_evidence_span_is_its_words() -> None:
    for document, claim in CLAIMS:
        start, end = claim["evidence_span"]
        assert text_of(document)[start:end] == claim["evidence"], claim["id"]
        assert 0 < end - start <= 400, claim["id"]
        assert all(0 <= a < b <= document["chars"] for a, b in claim["repeated_at"]), claim["id"]


def test_every_claim_uses_the_words_of_the_model() -> None:
    assert len({c["id"] for _, c in CLAIMS}) == len(CLAIMS)
    for _, claim in CLAIMS:
        types = [claim["type"], *claim.get("also", []), *(c["type"] for c in claim.get("also_claims", []))]
        assert set(types) <= set(GROUP_OF), claim["id"]
        assert {claim["modality"], *claim.get("also_modality", [])} <= MODALITIES, claim["id"]
        assert claim["polarity"] in {"affirmed", "negated"}, claim["id"]
        assert claim["level"] in {"core", "secondary", "context"}, claim["id"]
        assert claim["attribution"][-1] == "outlet", claim["id"]
        assert {q["op"] for q in claim["quantity"]} <= {"=", "~", ">", "<", ">="}, claim["id"]


def test_every_date_is_a_day_and_rests_on_words_of_the_text() -> None:
    stated = [(d, c[k]) for d, c in CLAIMS for k in ("date", "deadline") if c[k]]
    assert stated
    for document, when in stated:
        assert date.fromisoformat(when["value"]).year in {2020, 2021}
        assert when["text"] in text_of(document)


def test_no_claim_lies_in_noise_or_off_topic_text() -> None:
    for document in DOCUMENTS:
        bad = [n["span"] for n in document["noise"] if not n["kind"].endswith("_repeat")]
        bad += [n["span"] for n in document["off_topic"]]
        for claim in document["claims"]:
            start, end = claim["evidence_span"]
            assert all(end <= a or start >= b for a, b in bad), claim["id"]


def test_noise_and_off_topic_spans_lie_in_the_text() -> None:
    for document in DOCUMENTS:
        text = text_of(document)
        assert document["chars"] == len(text)
        for noise in document["noise"]:
            start, end = noise["span"]
            assert text[start:end].startswith(noise["text"]), document["file"]
        assert all(0 <= a < b <= len(text) for a, b in (o["span"] for o in document["off_topic"]))


@pytest.mark.shared
def test_no_sentence_is_shared_with_the_five_articles(shared: Path) -> None:
    taken = set().union(
        *(runs(p.read_text(encoding="utf-8")) for p in sorted((shared / "seeds").glob("*.txt")))
    )
    assert taken
    for document in DOCUMENTS:
        assert not runs(text_of(document)) & taken, document["file"]
