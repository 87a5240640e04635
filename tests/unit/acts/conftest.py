"""A centre at work over a small store, new for each test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from living import Living, living

from truceline.app import flow, wiring
from truceline.app.wiring import World

OPEN = """Moscow, 14 November 2020

A ceasefire violation was recorded in the Hadrut district on 13 November, the Russian Defence Ministry said.
Armenia handed over the Kelbajar district on 25 November 2020, Azerbaijan's Defence Ministry said.
"""
INSIDE = """Baku, 15 November 2020

Azerbaijan's Defence Ministry said that one of its soldiers was killed near Hadrut on 12 November.
"""


@pytest.fixture(scope="session")
def world() -> World:
    """The mission and its readers."""
    return wiring.open_world("karabakh-2020")


@pytest.fixture(scope="session")
def seeded(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run over one public item and one that A keeps to itself."""
    folder = tmp_path_factory.mktemp("seeded")
    inbox = folder / "in"
    inbox.mkdir()
    (inbox / "bulletin.txt").write_text(OPEN, encoding="utf-8")
    (inbox / "inside.txt").write_text(INSIDE, encoding="utf-8")
    row = '{"file": "inside.txt", "owner": "A", "release": "owner"}\n'
    (inbox / "manifest.jsonl").write_text(row, encoding="utf-8")
    flow.run(world, [inbox], folder / "out", known_at=None, accepted_only=False, say=lambda *_: None)
    return folder / "out"


@pytest.fixture
def centre(world: World, seeded: Path, tmp_path: Path) -> Iterator[Living]:
    """A centre at work."""
    with living(world, tmp_path / "store", seeded) as service:
        yield service
