"""The packaged inbox of karabakh-2020: complete, dated, mixed, and in our own words."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from truceline.core.times import parse_known_at

INBOX = Path(str(files("truceline") / "data" / "missions" / "karabakh-2020" / "inbox"))
MANIFEST: list[dict[str, Any]] = [
    json.loads(line) for line in (INBOX / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
]
KEYS = {
    "file",
    "source",
    "publisher",
    "wire",
    "published",
    "received",
    "language",
    "owner",
    "release",
    "realm",
    "note",
}
TABLES = {".csv", ".xlsx"}
RUN = 6
"""No run of this many equal words may be shared with the articles that the project started from."""


def table_rows(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    head, *rows = openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def text_of(path: Path) -> str:
    if path.suffix in TABLES:
        return "\n".join(str(row["text"]) for row in table_rows(path))
    return path.read_text(encoding="utf-8")


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", re.sub("[\u0640\u064b-\u0652]", "", text.lower()))
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def test_manifest_names_every_file_once_and_no_other() -> None:
    listed = [row["file"] for row in MANIFEST]
    there = {p.name for p in INBOX.iterdir()} - {"manifest.jsonl"}
    assert Counter(listed) == Counter(there)


def test_manifest_lines_use_the_contracts_fields_and_the_demo_realm() -> None:
    for row in MANIFEST:
        assert set(row) <= KEYS, row["file"]
        assert (row["realm"], row["release"], row["owner"]) == ("demo", "public", "centre"), row["file"]
        assert re.fullmatch(r"src:[a-z0-9-]+", row["source"]), row["file"]
        assert all(re.fullmatch(r"src:[a-z0-9-]+", row[k]) for k in ("wire",) if k in row), row["file"]


def test_at_least_26_items_in_four_languages() -> None:
    count = Counter(row["language"] for row in MANIFEST)
    assert len(MANIFEST) >= 26
    assert count["ar"] >= 10
    assert count["en"] >= 9
    assert count["ru"] >= 4
    assert count["tr"] >= 3


def test_dates_lie_between_the_truce_and_november_2021() -> None:
    dates = [row[k] for row in MANIFEST for k in ("published", "received") if k in row]
    dates += [
        str(row["published"])
        for item in MANIFEST
        if Path(item["file"]).suffix in TABLES
        for row in table_rows(INBOX / item["file"])
    ]
    assert dates
    for text in dates:
        assert "2020-11-10" <= text[:10] <= "2021-11-30", text
        assert parse_known_at(text).tzinfo is not None


def test_nothing_is_received_before_it_is_published() -> None:
    both = [row for row in MANIFEST if "published" in row and "received" in row]
    assert both
    for row in both:
        assert datetime.fromisoformat(row["received"]).date().isoformat() >= row["published"][:10], row[
            "file"
        ]


def test_some_items_carry_their_date_in_the_text_alone() -> None:
    undated = [row for row in MANIFEST if "published" not in row]
    assert len(undated) >= 8
    for row in undated:
        path = INBOX / row["file"]
        shown = str([r["published"] for r in table_rows(path)]) if path.suffix in TABLES else text_of(path)
        assert re.search(r"20(20|21)", shown), row["file"]


def test_the_extension_is_stated_by_an_item_of_15_november() -> None:
    stating = [
        r for r in MANIFEST if r.get("published", "").startswith("2020-11-15") and r["language"] == "en"
    ]
    assert any("to 25 November" in text_of(INBOX / r["file"]) for r in stating)


def test_kinds_of_file_are_mixed() -> None:
    kinds = {Path(row["file"]).suffix for row in MANIFEST}
    assert {".txt", ".html", ".csv", ".xlsx", ".eml", ".md"} <= kinds


def test_one_exact_copy_and_one_reprint_with_its_wire() -> None:
    same = Counter((INBOX / row["file"]).read_bytes() for row in MANIFEST)
    assert sorted(same.values())[-2:] == [1, 2]
    reprint = next(row for row in MANIFEST if row.get("wire") == "src:sputnik")
    own = next(row for row in MANIFEST if row["file"] == "2020-11-15_sputnik_twenty-five-posts_ar.txt")
    a, b = runs(text_of(INBOX / reprint["file"])), runs(text_of(INBOX / own["file"]))
    assert 0.7 < len(a & b) / len(a | b) < 1


def test_every_made_up_figure_is_marked() -> None:
    marked = [row["file"] for row in MANIFEST if "illustrative" in row.get("note", "")]
    assert "2021-10-05_watch-note_jamming_en.txt" in marked
    assert "2020-12-12_sputnik_hadrut-denial_ar.txt" in marked
    page = (INBOX.parent / "INBOX.md").read_text(encoding="utf-8")
    assert "wording of every item is ours" in page


@pytest.mark.shared
def test_no_sentence_is_shared_with_the_articles(shared: Path) -> None:
    articles = [runs(p.read_text(encoding="utf-8")) for p in sorted((shared / "seeds").glob("*.txt"))]
    assert articles
    taken = set().union(*articles)
    for row in MANIFEST:
        assert not runs(text_of(INBOX / row["file"])) & taken, row["file"]
