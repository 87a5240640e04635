"""The table of ASVS 5.0.0 is whole, and every test that it names is there; and what the table asks that no other test holds."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path
from typing import Any

import pytest

from truceline.adapters.passwords import sealing
from truceline.core.accounts import SignInRules
from truceline.core.passwords import normal_password
from truceline.serve.service import ROUTES

LEVEL_1 = (
    "1.2.1-5 1.3.1-2 1.5.1-1 2.1.1-1 2.2.1-2 2.3.1-1 3.2.1-2 3.3.1-1 3.4.1-2 3.5.1-3 4.1.1-1 4.4.1-1 5.2.1-2 5.3.1-2 6.1.1-1 6.2.1-8 "
    "6.3.1-2 6.4.1-2 7.2.1-4 7.4.1-2 8.1.1-1 8.2.1-2 8.3.1-1 9.1.1-3 9.2.1-1 10.4.1-5 11.3.1-2 11.4.1-1 12.1.1-1 12.2.1-2 13.4.1-1 "
    "14.2.1-1 14.3.1-1 15.1.1-1 15.2.1-1 15.3.1-1"
)  # fmt: skip
"""Chapter.section.first-last of level 1, all of it."""
LEVEL_2 = (
    "1.1.1-2 1.2.6-9 1.3.3-11 1.4.1-3 1.5.2-2 2.1.2-3 2.2.3-3 2.3.2-4 2.4.1-1 6.1.2-3 6.2.9-12 6.3.3-4 6.4.3-4 6.5.1-5 6.6.1-3 6.8.1-4 "
    "7.1.1-3 7.3.1-2 7.4.3-5 7.5.1-2 7.6.1-2 8.1.2-2 8.2.3-3 8.4.1-1 16.1.1-1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3"
)  # fmt: skip
"""Level 2 of input, authentication, sessions, access control and logging."""


def named(ranges: str) -> set[str]:
    """Every id of some ranges."""
    out = set()
    for one in ranges.split():
        start, last = one.split("-")
        section, first = start.rsplit(".", 1)
        out |= {f"V{section}.{number}" for number in range(int(first), int(last) + 1)}
    return out


@pytest.fixture(scope="module")
def rows(root: Path) -> list[dict[str, str]]:
    with (root / "docs" / "reference" / "asvs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_holds_what_we_promised_to_look_at(rows: list[dict[str, str]]) -> None:
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    assert {row["id"] for row in rows if row["level"] == "1"} == named(LEVEL_1)
    assert {row["id"] for row in rows if row["level"] == "2"} == named(LEVEL_2)
    assert {row["id"] for row in rows if row["level"] == "3"} == {"V2.3.5"}
    assert len(named(LEVEL_1)) == 70


def test_each_line_names_tests_or_says_why_there_is_none(rows: list[dict[str, str]], root: Path) -> None:
    for row in rows:
        assert row["status"] in {"test", "waiver", "absent"}, row
        assert bool(row["tests"]) == (row["status"] == "test"), row
        assert row["note"] or row["status"] == "test", row
        for one in row["tests"].split():
            path, _, name = one.partition("::")
            tree = ast.parse((root / path).read_text(encoding="utf-8"))
            assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, one


def test_every_way_in_stands_in_the_page_on_access(root: Path) -> None:
    page = (root / "docs" / "explanation" / "access.md").read_text(encoding="utf-8")
    ways = {path for route in ROUTES for path in route.paths if re.match(r"/(sign-in|set-up)", path)}
    assert ways == {
        "/sign-in", "/sign-in/second", "/sign-in/passkey", "/sign-in/passkey/options", "/sign-in/{word:str}", "/set-up/{word:str}",
        "/set-up/second", "/set-up/passkey", "/set-up/passkey/options", "/set-up/qr.svg",
    }  # fmt: skip
    for way in ("the page `/sign-in`", "a set-up link", "a token of a program", "a demo link"):
        assert way in page, way


def test_password_fields_are_masked_and_open_to_keepers_of_passwords(root: Path) -> None:
    folder = root / "src" / "truceline" / "data" / "console"
    fields = [
        field
        for file in folder.glob("*.j2")
        for field in re.findall(r"<input[^>]*>", file.read_text(encoding="utf-8"))
        if re.search(r'name="(password|again|old)"', field)
    ]
    assert len(fields) >= 7
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert "maxlength" not in field, "nothing is cut"
        assert "onpaste" not in field


def test_a_password_is_compared_whole_and_as_typed(tmp_path: Path) -> None:
    from truceline.testing.accounts import cheap_access  # noqa: PLC0415 - opens a file

    access = cheap_access(tmp_path / "access.db", lambda: None)  # type: ignore[arg-type, return-value]
    long = "Ein sehr langer Satz mit Ümlauten " * 3
    kept = access.hashing.hash(long)
    assert len(long) > 64
    assert access.hashing.fits(kept, long)
    for other in (long[:-1], long.lower(), long.strip(), long + " "):
        assert not access.hashing.fits(kept, other)
    assert normal_password("U\u0308") == "Ü", "two keyboards agree"


def test_a_password_never_runs_out() -> None:
    assert not [
        name
        for name in SignInRules.__dataclass_fields__
        if re.search(r"password_(age|days)|expir|rotat", name)
    ]


def test_secrets_come_from_the_systems_source_of_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def told(n_bytes: int) -> bytes:
        drawn.append(n_bytes)
        return bytes(n_bytes)

    monkeypatch.setattr(sealing.secrets, "token_bytes", told)
    assert len(sealing.token_text()) == 43
    assert drawn == [32]
    source = Path(sealing.__file__).parents[2]
    for file in (
        *source.glob("adapters/accounts/*.py"),
        *source.glob("adapters/passwords/*.py"),
        *source.glob("serve/**/*.py"),
    ):
        assert not re.search(r"^\s*(import|from) random\b", file.read_text(encoding="utf-8"), re.MULTILINE), (
            file
        )


def test_the_service_logs_by_one_logger_alone(root: Path) -> None:
    found: dict[str, Any] = {}
    for file in (root / "src" / "truceline" / "serve").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if "logging" in text or re.search(r"\bprint\(", text):
            found[file.name] = re.findall(r"getLogger\((.*?)\)|\bprint\(", text)
    assert set(found) == {"answers.py"}, found
    assert found["answers.py"] == ['"truceline"']
