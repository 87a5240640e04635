"""The practice articles against their gold: what rules have learned once is not lost again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from reading import score


@pytest.mark.parametrize(
    ("name", "precision", "recall", "speaker", "swapped"),
    [("practice", 0.91, 0.87, 0.94, 0), ("practice-2", 0.85, 0.76, 0.85, 0)],
)
def test_what_was_reached_is_kept(
    shared: Path, tmp_path: Path, name: str, precision: float, recall: float, speaker: float, swapped: int
) -> None:
    folder = Path(__file__).parent / name
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))["documents"]
    texts = {d["file"]: (folder / d["file"]).read_bytes().decode("utf-8") for d in gold}
    result = score(shared, tmp_path, gold, texts)
    assert result["strict"]["precision"] >= precision
    assert result["strict"]["recall"] >= recall
    assert result["speaker"] >= speaker
    assert result["swapped"] <= swapped
