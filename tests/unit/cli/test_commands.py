"""The command line: exit codes, one clear line for bad input, JSON that holds to its schema."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from click.testing import CliRunner

from truceline.cli import truceline

TEXT = (
    "وزارة الدفاع الروسية: نشر نقاط مراقبة جديدة\n\nموسكو، 3 مارس 2021\n\n"
    "أعلنت وزارة الدفاع الروسية أن قوات حفظ السلام نشرت 11 نقطة مراقبة في قره باغ.\n"
)


def run(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "truceline", *words], capture_output=True, text=True, check=False, cwd=cwd
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["run", "--mission", "nowhere"], 2, "no mission 'nowhere'"),
        (["assess", "--mission", "blank", "--store", "no/store.db"], 2, "there is no store"),
        (["assess", "--mission", "blank", "--known-at", "2020-13-45"], 2, "is no instant"),
        (["extract", "gone.txt", "--mission", "blank"], 2, "gone.txt"),
        (["record", "verify", "nothing-here"], 2, "nothing-here"),
        (["schema", "sonnet"], 2, "no schema 'sonnet'"),
        (["mission", "check", "nowhere"], 2, "nowhere"),
        (["serve", "--folder", "not-there"], 2, "not-there"),
        (["import", "gone.xlsx", "--mission", "blank", "--inbox", "in", "--yes"], 2, "gone.xlsx"),
        (["sing"], 2, "No such command"),
    ],
)
def test_bad_usage_gives_its_exit_code_and_one_line_without_a_trace(
    words: list[str], code: int, says: str, tmp_path: Path
) -> None:
    done = run(*words, cwd=tmp_path)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_claims_printed_as_json_hold_to_their_schema_and_to_the_text(tmp_path: Path) -> None:
    file = tmp_path / "خبر جديد.txt"
    file.write_text(TEXT, encoding="utf-8")
    result = CliRunner().invoke(truceline, ["extract", str(file), "--mission", "karabakh-2020", "--json"])
    schema = json.loads(CliRunner().invoke(truceline, ["schema", "claim"]).output)
    claims = [json.loads(line) for line in result.stdout.splitlines()]
    assert claims
    for claim in claims:
        jsonschema.validate(claim, schema)
        words = claim["evidence"]
        assert TEXT[words["start"] : words["end"]] == words["text"]
    posts = next(claim for claim in claims if claim["type"] == "observation_posts")
    assert (posts["quantities"][0]["value"], posts["known_at"]) == (11, "2021-03-03T23:59:59Z")


def test_published_overrides_the_date_that_the_text_states(tmp_path: Path) -> None:
    file = tmp_path / "item.txt"
    file.write_text(TEXT, encoding="utf-8")
    words = ["extract", str(file), "--mission", "karabakh-2020", "--published", "2021-05-01", "--json"]
    result = CliRunner().invoke(truceline, words)
    assert {json.loads(line)["known_at"] for line in result.stdout.splitlines()} == {"2021-05-01T23:59:59Z"}


def sheet(path: Path) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["published", "text", "publisher"])
    page.append(["2021-03-03", TEXT, "A paper"])
    page.append(["2021-03-04", "", "A paper"])
    book.save(path)
    return path


def test_import_takes_rows_into_an_inbox_and_gives_the_others_back_with_the_reason(tmp_path: Path) -> None:
    path = sheet(tmp_path / "reports.xlsx")
    words = ["import", str(path), "--mission", "karabakh-2020", "--inbox", str(tmp_path / "inbox"), "--yes"]
    result = CliRunner().invoke(truceline, words)
    assert result.exit_code == 0, result.output
    rows = [
        json.loads(line) for line in (tmp_path / "inbox" / "reports.jsonl").read_text("utf-8").splitlines()
    ]
    assert [row["text"] for row in rows] == [TEXT]
    back = openpyxl.load_workbook(tmp_path / "reports.rejected.xlsx").active
    assert back is not None
    assert back.max_row == 2
    assert back.cell(1, back.max_column).value == "reason"


def test_import_asks_before_it_takes_columns(tmp_path: Path) -> None:
    path = sheet(tmp_path / "reports.xlsx")
    done = run("import", str(path), "--mission", "blank", "--inbox", str(tmp_path / "inbox"))
    assert done.returncode == 2
    assert not (tmp_path / "inbox" / "reports.jsonl").exists()


def test_start_makes_a_mission_of_ones_own_that_can_be_started_again(tmp_path: Path) -> None:
    folder = tmp_path / "مهمتي"
    for _ in range(2):
        result = CliRunner().invoke(truceline, ["start", str(folder), "--no-serve"])
        assert result.exit_code == 0, result.output
        (folder / "inbox" / "item.txt").write_text(TEXT, encoding="utf-8")
    assert (folder / "out" / "board.html").is_file()
    assert "1 reports" in result.output


def test_doctor_names_every_part_and_what_it_is_for() -> None:
    findings = json.loads(CliRunner().invoke(truceline, ["doctor", "--json"]).output)
    assert {"python", "sqlite", "fonts", "typst"} <= {finding["part"] for finding in findings}
    assert all(finding["enables"] for finding in findings)


def test_flow_tells_the_stages_in_the_order_of_the_work() -> None:
    lines = CliRunner().invoke(truceline, ["flow"]).output.splitlines()
    heads = [line for line in lines if not line.startswith(" ")]
    assert heads == ["collect", "extract", "detect", "link", "assess", "picture", "publish"]
