"""Read articles as the system does and score them with the public scorer."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from truceline.adapters.files.chrome import read_chrome
from truceline.adapters.languages import load_language
from truceline.adapters.packs import load_mission
from truceline.collect.lines import classify
from truceline.core.claims import Claim
from truceline.core.ids import identify
from truceline.core.reports import Report
from truceline.extract import Extraction, Reader, extract

MISSION = "karabakh-2020"


@cache
def readers() -> dict[str, Reader]:
    """The Arabic and the English reader of the packaged mission, made once."""
    mission = load_mission(MISSION)
    return {code: Reader(mission, load_language(code)) for code in ("ar", "en")}


@cache
def _chrome() -> Any:
    return read_chrome()


def read(text: str, name: str = "item.txt", language: str = "ar") -> Extraction:
    """Read one text, its chrome set apart as the collect stage does."""
    report = Report(
        id=identify("report", {"doc": name}), doc=name, kind="article", sha256="", size=len(text),
        media_type="text/plain", language=language, text=text, segments=classify(text, _chrome()),
    )  # fmt: skip
    return extract(report, readers())


def as_json(claim: Claim) -> dict[str, Any]:
    """A claim as CONTRACT section 2 prints it."""
    out = json.loads(msgspec.json.encode(claim))
    for quantity in out["quantities"]:
        quantity["value"] = float(quantity["value"])
    return dict(out)


def score(
    shared: Path, folder: Path, documents: list[dict[str, Any]], texts: Mapping[str, str]
) -> dict[str, Any]:
    """Read the texts and return the last line of the public scorer."""
    claims = [
        as_json(claim)
        for document in documents
        for claim in read(texts[document["file"]], document["file"], document.get("language", "ar")).claims
    ]
    gold, found = folder / "gold.json", folder / "claims.jsonl"
    gold.write_text(json.dumps({"documents": documents}, ensure_ascii=False), encoding="utf-8")
    found.write_text("\n".join(json.dumps(claim, ensure_ascii=False) for claim in claims), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(shared / "eval" / "score_claims.py"), str(gold), str(found)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))
