from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
CODE = re.compile(r'(?:plain|cite|by_item|by_claim)\(\s*"([a-z_.]+)"')
OTHER = re.compile(r'"((?:fulfilment|cap)\.[a-z_]+)"')


def test_every_reason_code_is_told_in_the_decision_table() -> None:
    told = set(
        re.findall(r"`([a-z_.]+)`", (ROOT / "docs/explanation/assessing.md").read_text(encoding="utf-8"))
    )
    used: set[str] = set()
    for module in (ROOT / "src/truceline/assess").glob("*.py"):
        text = module.read_text(encoding="utf-8")
        used |= set(CODE.findall(text)) | set(OTHER.findall(text))
    assert len(used) > 40
    assert used - told == set()
