"""The packaged mission from inbox to paper: the same bytes twice, a record that verifies, a rebuild that agrees."""

from __future__ import annotations

import filecmp
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from truceline.cli import truceline

WRITTEN = {
    "board.html", "claims.jsonl", "counters.json", "incidents.jsonl", "map.html", "obligations.json",
    "picture.geojson", "rejected.jsonl", "report.ar.pdf", "report.en.pdf", "store.db",
}  # fmt: skip


def call(*words: str) -> str:
    result = CliRunner().invoke(truceline, list(words))
    assert result.exit_code == 0, result.output
    return result.output


def assess(store: Path, *words: str) -> dict[str, dict]:
    text = call("assess", "--mission", "karabakh-2020", "--store", str(store / "store.db"), "--json", *words)
    return {row["id"]: row for row in json.loads(text)}


def test_a_run_writes_what_the_contract_lists(demo: Path) -> None:
    assert {path.name for path in demo.iterdir()} >= WRITTEN
    assert (demo / "record" / "checkpoint").is_file()


def test_two_runs_give_the_same_bytes_paper_included(demo: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    call("run", "--mission", "karabakh-2020", "--out", str(again))
    names = sorted(WRITTEN - {"store.db"})
    same, different, missing = filecmp.cmpfiles(demo, again, names, shallow=False)
    assert (sorted(same), different, missing) == (names, [], [])
    assert call("dump", "--store", str(demo / "store.db")) == call("dump", "--store", str(again / "store.db"))


def test_a_second_run_into_the_same_folder_changes_nothing(demo: Path) -> None:
    before = call("dump", "--store", str(demo / "store.db"))
    call("run", "--mission", "karabakh-2020", "--out", str(demo))
    assert call("dump", "--store", str(demo / "store.db")) == before


def test_the_record_of_a_run_verifies_without_the_store(demo: Path, tmp_path: Path) -> None:
    copy = tmp_path / "record"
    call("record", "export", str(copy), "--store", str(demo / "store.db"))
    assert "verified" in call("record", "verify", str(copy))
    assert filecmp.dircmp(copy, demo / "record").diff_files == []


def test_a_changed_payload_is_an_integrity_failure_that_names_its_entry(demo: Path, tmp_path: Path) -> None:
    copy = tmp_path / "record"
    call("record", "export", str(copy), "--store", str(demo / "store.db"))
    victim = min((copy / "payloads").glob("*/*"))
    victim.write_bytes(victim.read_bytes().replace(b'"', b"'", 1))
    done = subprocess.run(
        [sys.executable, "-m", "truceline", "record", "verify", str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "entry " in done.stderr


def test_read_models_made_anew_from_the_record_say_the_same(demo: Path) -> None:
    before = call("dump", "--store", str(demo / "store.db"))
    assert "rebuilt from" in call("rebuild", "--store", str(demo / "store.db"))
    assert call("dump", "--store", str(demo / "store.db")) == before


def test_the_demo_assesses_at_least_twelve_obligations_of_seven_kinds(demo: Path) -> None:
    rows = json.loads((demo / "obligations.json").read_text(encoding="utf-8"))
    assert len(rows) >= 12
    assert len({row["kind"] for row in rows}) >= 7


def test_no_file_for_people_holds_a_path_of_the_machine(demo: Path) -> None:
    here = str(demo).encode()
    for name in WRITTEN - {"store.db"}:
        assert here not in (demo / name).read_bytes(), name


def test_kelbajar_is_due_on_the_25th_already_on_the_16th_where_the_bulletin_of_the_15th_was_received(
    demo: Path,
) -> None:
    assert assess(demo, "--known-at", "2020-11-14")["obl:2020-6-kelbajar"]["due"] == "2020-11-15"
    assert assess(demo, "--known-at", "2020-11-16")["obl:2020-6-kelbajar"]["due"] == "2020-11-25"


def test_from_the_five_articles_kelbajar_moves_when_its_extension_became_known(seeds: Path) -> None:
    early = assess(seeds, "--known-at", "2020-11-16")["obl:2020-6-kelbajar"]
    late = assess(seeds, "--known-at", "2020-11-22")["obl:2020-6-kelbajar"]
    assert early["due"] == "2020-11-15"
    assert [step["due"] for step in late["due_history"]] == ["2020-11-15", "2020-11-25"]
    assert late["due_history"][1]["known_at"] == "2020-11-21T23:59:59Z"


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_fighting_of_16_november_2021_is_one_incident_of_disputed_scope(seeds: Path) -> None:
    claims = {claim["id"]: claim for claim in lines(seeds / "claims.jsonl")}
    found = [
        incident
        for incident in lines(seeds / "incidents.jsonl")
        if "prisoners" in {t["type"] for t in incident["types"]}
    ]
    assert len(found) == 1
    assert found[0]["scope"] == "disputed"
    own = next(side for side in found[0]["sides"] if side["party"] == "party:armenia")
    said = {claims[key]["type"]: claims[key] for key in own["claims"]}
    assert said["prisoners"]["quantities"][0]["value"] == 12
    assert said["position_lost"]["quantities"][0]["value"] == 2
    assert said["prisoners"]["modality"] == "admitted"
    assert said["prisoners"]["targets"][0]["label"].startswith("Armenia")


def test_a_weapon_made_in_a_third_state_was_not_used_by_it(seeds: Path) -> None:
    uses = [claim for claim in lines(seeds / "claims.jsonl") if claim["type"] == "weapon_use"]
    assert [claim["modality"] for claim in uses] == ["admitted"]
    assert all("Russia" not in ref["label"] for claim in uses for ref in claim["actors"])
    assert uses[0]["capacity"][0] == "former"
    case = next(
        i for i in lines(seeds / "incidents.jsonl") if "weapon_use" in {t["type"] for t in i["types"]}
    )
    assert {"attack", "investigation"} <= {t["type"] for t in case["types"]}


@pytest.mark.parametrize("words", [["run"], ["record"], ["assess"], ["import"], ["extract"], ["start"]])
def test_every_verb_explains_itself_with_an_example(words: list[str]) -> None:
    assert "truceline " + words[0] in call(*words, "--help")


def test_a_run_that_was_killed_and_begun_again_gives_the_same_record(demo: Path, tmp_path: Path) -> None:
    out = tmp_path / "killed"
    words = [sys.executable, "-m", "truceline", "run", "--mission", "karabakh-2020", "--out", str(out)]
    for patience_s in (1.2, 1.9, 2.6):
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    call("run", "--mission", "karabakh-2020", "--out", str(out))
    assert call("dump", "--store", str(out / "store.db")) == call("dump", "--store", str(demo / "store.db"))
    assert filecmp.dircmp(out / "record", demo / "record").diff_files == []
