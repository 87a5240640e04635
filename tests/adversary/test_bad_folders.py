"""Folders and links that lead nowhere: one line each, and the rest is taken."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from truceline.adapters.files.inbox import read_inboxes


def problems(inbox: Path) -> dict[str, str]:
    return {item.file: item.problem.code for item in read_inboxes([inbox]) if item.problem is not None}


def test_a_link_to_itself_is_refused_and_the_rest_is_taken(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "good.txt").write_text("A text.", encoding="utf-8")
    assert set(problems(tmp_path)) == {"loop.txt"}
    assert "good.txt" in {item.file for item in read_inboxes([tmp_path])}


def test_a_link_to_a_folder_is_named_and_not_followed(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "again").symlink_to(tmp_path, target_is_directory=True)
    assert problems(inbox) == {"again": "input.path"}


def test_a_folder_that_cannot_be_entered_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    real = os.scandir

    def scandir(path: str) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(closed))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert problems(tmp_path) == {"closed": "input.folder"}
