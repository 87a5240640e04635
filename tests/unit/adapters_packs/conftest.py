"""Packs to spoil: a copy of a packaged one without its inbox, and a way to change its words."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from truceline.adapters.packs import load_mission, mission_folder
from truceline.core.mission import Mission

Edit = Callable[[str, str, str], int]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the packaged theatre, without its inbox."""
    folder = tmp_path / "karabakh-2020"
    shutil.copytree(mission_folder("karabakh-2020"), folder, ignore=shutil.ignore_patterns("inbox", "*.md"))
    return folder


@pytest.fixture
def edit(pack: Path) -> Edit:
    """Replace words of a file of the copy once and return the line they stood on."""

    def replace(file: str, old: str, new: str) -> int:
        path = pack / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} no longer stands in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text.count("\n", 0, text.index(old)) + 1

    return replace


@pytest.fixture(scope="session")
def karabakh() -> Mission:
    """The packaged theatre."""
    return load_mission("karabakh-2020")
