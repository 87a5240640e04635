"""The verb ``account``: numbers, links and states; nothing of what an owner keeps."""

from __future__ import annotations

import stat
from pathlib import Path

from click.testing import CliRunner, Result

from truceline.cli.root import truceline


def call(store: Path, *words: str) -> Result:
    return CliRunner().invoke(truceline, ["account", *words, "--store", f"sqlite:///{store}"])


def test_accounts_are_added_listed_shut_and_reset(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    added = call(
        store, "add", "A:0417", "--role", "duty", "--side", "A", "--address", "https://centre.example"
    )
    assert added.output.startswith("A:0417 sets up, once: https://centre.example/set-up/")
    assert call(store, "list").output == "A:0417\tduty\tA\twaits for its set-up\t0\n"
    assert call(store, "disable", "A:0417").exit_code == 0
    assert "shut" in call(store, "list").output
    assert call(store, "enable", "A:0417").exit_code == 0
    again = call(store, "reset", "A:0417")
    assert "/set-up/" in again.output
    assert again.output != added.output


def test_the_file_is_its_owners_alone_and_holds_no_link(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    word = call(store, "add", "T:0001", "--role", "technician").output.strip().rsplit("/", 1)[1]
    file = tmp_path / "access.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not any(word.encode() in one.read_bytes() for one in tmp_path.iterdir())


def test_mistakes_are_one_line(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    for words in (
        ("add", "А:0417", "--role", "duty", "--side", "A"),
        ("add", "A:0417", "--role", "king"),
        ("reset", "A:0001"),
    ):
        failed = call(store, *words)
        assert failed.exit_code != 0
        assert failed.exception is not None
    assert call(tmp_path / "nowhere" / "store.db", "list").exit_code != 0
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "access.db").write_bytes(
        b"no database at all, but long enough to be read as one " * 40
    )
    assert call(tmp_path / "bad" / "store.db", "list").exit_code != 0
