"""A theatre that nobody has heard of needs a pack and no code: texts are read, linked, assessed and published by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from truceline.cli import truceline

PACK = Path(__file__).with_name("another-theatre")
ENGLISH = """Marnholt, 10 March 2031

Teskish troops shelled the village of Aldwick in the Sarn valley on Sunday, wounding two Orvian soldiers, the Orvian Defence Ministry said.

Teskland denied that its army had opened fire at Aldwick.
"""
ARABIC = """دنمير، 21 مارس 2031

دخلت القوات التسكية منطقة كسترل في وادي سارن في 21 مارس 2031، بحسب ما أعلنت السلطات في تسكلاند.
"""


def call(*words: object) -> Result:
    done = CliRunner().invoke(truceline, [str(word) for word in words])
    assert done.exit_code == 0, (done.output, done.exception)
    return done


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theatre")
    inbox = folder / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_text(ENGLISH, encoding="utf-8")
    (inbox / "b.txt").write_text(ARABIC, encoding="utf-8")
    call("run", "--mission", PACK, "--inbox", inbox, "--out", folder / "out")
    return folder / "out"


def test_the_pack_is_in_order() -> None:
    assert "no mistake found" in call("mission", "check", PACK).output


def test_claims_bear_the_theatres_own_ids(out: Path) -> None:
    claims = [json.loads(line) for line in (out / "claims.jsonl").read_text(encoding="utf-8").splitlines()]
    attack = next(c for c in claims if c["type"] == "attack" and c["polarity"] == "affirmed")
    assert [ref["id"] for ref in attack["actors"]] == ["office:teskland-army"]
    assert attack["modality"] == "accused"
    assert "place:aldwick" in [ref["id"] for ref in attack["places"]]
    assert attack["attribution"][0] == "Orvian Ministry of Defence"
    hurt = next(c for c in claims if c["type"] == "casualties")
    assert (hurt["quantities"][0]["value"], hurt["quantities"][0]["unit"]) == (2, "injured")
    assert any(c["polarity"] == "negated" and c["attribution"][0] == "Teskland" for c in claims)
    entered = next(c for c in claims if c["type"] == "territorial_control")
    assert entered["language"] == "ar"
    assert [ref["id"] for ref in entered["actors"]] == ["office:teskland-army"]
    assert [ref["id"] for ref in entered["places"]] == ["place:kestrel"]


def test_its_obligations_are_assessed_as_known_at_any_time(out: Path) -> None:
    def told(known_at: str) -> dict[str, dict[str, object]]:
        words = ("assess", "--mission", PACK, "--store", out / "store.db", "--known-at", known_at, "--json")
        return {duty["id"]: duty for duty in json.loads(call(*words).output)}

    before, after = told("2031-03-11"), told("2031-03-22")
    assert before["obl:sarn-1-ceasefire"]["status"] in {"disputed", "breached"}
    assert before["obl:sarn-2-kestrel"]["status"] == "not_yet_due"
    assert after["obl:sarn-2-kestrel"]["status"] == "fulfilled_late"


def test_its_pages_papers_and_record_come_out(out: Path) -> None:
    assert "Sarn" in (out / "board.html").read_text(encoding="utf-8")
    assert "Aldwick" in (out / "map.html").read_text(encoding="utf-8")
    assert (out / "report.ar.pdf").read_bytes().startswith(b"%PDF")
    assert "truceline/another-theatre/demo" in call("record", "verify", out / "record").output
