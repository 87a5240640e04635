"""What a technician and a careless hand may do to a store: nothing is lost in silence."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from truceline.cli import truceline
from truceline.core.errors import IntegrityError

TEXT = "Moscow, 3 March 2021\n\nThe Russian Ministry of Defence said on Wednesday that its peacekeepers set up {} observation posts in Nagorno-Karabakh.\n"


def call(*words: str) -> Result:
    return CliRunner().invoke(truceline, list(words))


@pytest.fixture
def store(demo: Path, tmp_path: Path) -> Path:
    shutil.copytree(demo, tmp_path / "copy")
    return tmp_path / "copy" / "store.db"


def test_a_rebuild_names_evidence_that_is_gone_and_says_so_in_its_exit_code(store: Path) -> None:
    victim = min((store.parent / "evidence").glob("*/*"))
    victim.unlink()
    result = call("rebuild", "--store", str(store))
    assert isinstance(result.exception, IntegrityError)
    assert victim.name in result.stderr


def test_a_rebuild_notices_evidence_whose_bytes_were_changed(store: Path) -> None:
    victim = max((store.parent / "evidence").glob("*/*"), key=lambda path: path.stat().st_size)
    victim.write_bytes(victim.read_bytes() + b" ")
    assert isinstance(call("rebuild", "--store", str(store)).exception, IntegrityError)


def test_a_rebuild_names_payloads_that_are_gone(store: Path) -> None:
    with sqlite3.connect(store) as database:
        database.execute("DELETE FROM log_payloads")
    result = call("rebuild", "--store", str(store))
    assert isinstance(result.exception, IntegrityError)
    assert "the payload of entry 0" in result.stderr


def test_a_rebuild_mends_a_broken_index_of_words(store: Path) -> None:
    before = call("dump", "--store", str(store)).output
    with sqlite3.connect(store) as connection:
        connection.execute("DELETE FROM model_claims_words_data")
        connection.execute("DELETE FROM model_claims")
    assert call("rebuild", "--store", str(store)).exit_code == 0
    assert call("dump", "--store", str(store)).output == before


def test_read_models_hold_what_the_last_run_took_though_the_record_keeps_all(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for name, count in (("one", 11), ("two", 12)):
        inbox = tmp_path / name
        inbox.mkdir()
        (inbox / f"{name}.txt").write_text(TEXT.format(count), encoding="utf-8")
        assert (
            call("run", "--mission", "karabakh-2020", "--inbox", str(inbox), "--out", str(out)).exit_code == 0
        )
    counts = json.loads(call("rebuild", "--store", str(out / "store.db"), "--json").output)
    assert counts["rows"]["reports"] == 1
    kinds = [
        line.split()[1]
        for line in call("record", "list", "--store", str(out / "store.db")).output.splitlines()
    ]
    assert kinds.count("report") == 2


def test_a_run_says_what_is_not_read_undated_or_dated_far_off(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_text(TEXT.format(11), encoding="utf-8")
    (inbox / "late.txt").write_text(TEXT.format(12).replace("3 March 2021", "3 March 2031"), encoding="utf-8")
    (inbox / "undated.txt").write_text("Nothing much was said about the ceasefire.\n", encoding="utf-8")
    (inbox / "russian.txt").write_text(
        "Министерство обороны России сообщило о развертывании миротворцев.\n", "utf-8"
    )
    manifest = [{"file": "a.txt", "source": "src:nobody-knows"}]
    (inbox / "manifest.jsonl").write_text("\n".join(map(json.dumps, manifest)), encoding="utf-8")
    result = call("run", "--mission", "karabakh-2020", "--inbox", str(inbox), "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    for words in (
        "not read yet (ru 1)",
        "have no date",
        "late.txt is dated more than a year",
        "src:nobody-knows",
    ):
        assert words in result.stderr
