"""The gold of every set of articles: every span is its words, every word of it is a word of CLAIMS."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, get_args

import pytest

from truceline.core.claims import GROUP_OF, Modality

SETS = {"practice": (4, 4), "practice-2": (4, 4), "unseen": (6, 4)}
MODALITIES = frozenset(get_args(Modality))
RUN = 6


@dataclass(frozen=True, slots=True)
class ArticleSet:
    """One folder of articles with its gold."""

    folder: Path
    documents: list[dict[str, Any]]

    @property
    def claims(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return [(d, c) for d in self.documents for c in d["claims"]]

    def text_of(self, document: dict[str, Any]) -> str:
        return (self.folder / str(document["file"])).read_bytes().decode("utf-8")


def read_set(name: str) -> ArticleSet:
    folder = Path(__file__).parent / name
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    return ArticleSet(folder, gold["documents"])


@pytest.fixture(params=SETS)
def articles(request: pytest.FixtureRequest) -> ArticleSet:
    return read_set(request.param)


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def test_every_article_has_gold_and_both_languages_are_there(articles: ArticleSet) -> None:
    arabic, english = SETS[articles.folder.name]
    assert sorted(d["file"] for d in articles.documents) == sorted(
        p.name for p in articles.folder.glob("*.txt")
    )
    assert sorted(d["language"] for d in articles.documents) == ["ar"] * arabic + ["en"] * english


def test_every_evidence_span_is_its_words(articles: ArticleSet) -> None:
    for document, claim in articles.claims:
        start, end = claim["evidence_span"]
        assert articles.text_of(document)[start:end] == claim["evidence"], claim["id"]
        assert 0 < end - start <= 400, claim["id"]
        assert all(0 <= a < b <= document["chars"] for a, b in claim["repeated_at"]), claim["id"]


def test_every_claim_uses_the_words_of_the_model(articles: ArticleSet) -> None:
    assert len({c["id"] for _, c in articles.claims}) == len(articles.claims)
    for _, claim in articles.claims:
        types = [claim["type"], *claim.get("also", []), *(c["type"] for c in claim.get("also_claims", []))]
        assert set(types) <= set(GROUP_OF), claim["id"]
        assert {claim["modality"], *claim.get("also_modality", [])} <= MODALITIES, claim["id"]
        assert claim["polarity"] in {"affirmed", "negated"}, claim["id"]
        assert claim["level"] in {"core", "secondary", "context"}, claim["id"]
        assert claim["attribution"][-1] == "outlet", claim["id"]
        assert {q["op"] for q in claim["quantity"]} <= {"=", "~", ">", "<", ">="}, claim["id"]


def test_every_date_is_a_day_and_rests_on_words_of_the_text(articles: ArticleSet) -> None:
    stated = [(d, c[k]) for d, c in articles.claims for k in ("date", "deadline") if c[k]]
    assert stated
    for document, when in stated:
        assert date.fromisoformat(when["value"]).year in {2020, 2021}
        assert when["text"] in articles.text_of(document)


def test_no_claim_lies_in_noise_or_off_topic_text(articles: ArticleSet) -> None:
    for document in articles.documents:
        bad = [n["span"] for n in document["noise"] if not n["kind"].endswith("_repeat")]
        bad += [n["span"] for n in document["off_topic"]]
        for claim in document["claims"]:
            start, end = claim["evidence_span"]
            assert all(end <= a or start >= b for a, b in bad), claim["id"]


def test_noise_and_off_topic_spans_lie_in_the_text(articles: ArticleSet) -> None:
    for document in articles.documents:
        text = articles.text_of(document)
        assert document["chars"] == len(text)
        for noise in document["noise"]:
            start, end = noise["span"]
            assert text[start:end].startswith(noise["text"]), document["file"]
        assert all(0 <= a < b <= len(text) for a, b in (o["span"] for o in document["off_topic"]))


@pytest.mark.shared
def test_no_sentence_is_shared_with_the_five_articles(articles: ArticleSet, shared: Path) -> None:
    taken = set().union(
        *(runs(p.read_text(encoding="utf-8")) for p in sorted((shared / "seeds").glob("*.txt")))
    )
    assert taken
    for document in articles.documents:
        assert not runs(articles.text_of(document)) & taken, document["file"]


@pytest.mark.parametrize(("first", "second"), list(combinations(SETS, 2)))
def test_two_sets_share_no_sentence_and_no_claim_id(first: str, second: str) -> None:
    known, new = read_set(first), read_set(second)
    taken: set[tuple[str, ...]] = set().union(*(runs(known.text_of(d)) for d in known.documents))
    for document in new.documents:
        assert not runs(new.text_of(document)) & taken, document["file"]
    assert not {c["id"] for _, c in known.claims} & {c["id"] for _, c in new.claims}


@pytest.mark.parametrize("name", ["practice-2", "unseen"])
def test_a_denied_fact_is_negated(name: str) -> None:
    denied = [c for _, c in read_set(name).claims if c["modality"] == "denied"]
    assert denied
    for claim in denied:
        assert (claim["polarity"] == "affirmed") == (claim["type"] == "denial"), claim["id"]
