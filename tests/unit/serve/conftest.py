"""A service over a small store, asked without a socket."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from asked_service import NOW, Service
from litestar.testing import TestClient

from truceline.app import flow, wiring
from truceline.app.centre import Centre
from truceline.app.wiring import World
from truceline.serve.service import build
from truceline.testing.accounts import ADDRESS, cheap_access

BULLETIN = """Moscow, 12 December 2020

A ceasefire violation was recorded in the Hadrut district on 11 December, the Russian Defence Ministry said.
Armenia handed over the Kelbajar district on 25 November 2020, Azerbaijan's Defence Ministry said.
"""
INSIDE = """Baku, 13 December 2020

Azerbaijan's Defence Ministry said that one of its soldiers was killed near Hadrut on 12 December.
"""


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """A demo's world, and a store that holds one public item and one of delegation A."""
    folder = tmp_path_factory.mktemp("served")
    inbox = folder / "in"
    inbox.mkdir()
    (inbox / "bulletin.txt").write_text(BULLETIN, encoding="utf-8")
    (inbox / "inside.txt").write_text(INSIDE, encoding="utf-8")
    (inbox / "manifest.jsonl").write_text(
        '{"file": "inside.txt", "owner": "A", "release": "owner"}\n', encoding="utf-8"
    )
    world = wiring.open_world("karabakh-2020")
    flow.run(world, [inbox], folder / "out", known_at=None, accepted_only=False, say=lambda *_: None)
    return world, folder / "out" / "store.db"


@pytest.fixture(scope="session")
def served_centre(held: tuple[World, Path]) -> Callable[..., Callable[[], Centre]]:
    """What opens the centre for a service, by a clock."""
    world, file = held
    words = wiring.words_of_all()

    def at(clock: Callable[[], datetime]) -> Callable[[], Centre]:
        return lambda: Centre(world, wiring.open_store(file), wiring.load_rights(), words, clock)

    return at


@pytest.fixture(scope="session")
def served(
    served_centre: Callable[..., Callable[[], Centre]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """A service over the small store."""
    access = cheap_access(tmp_path_factory.mktemp("access") / "access.db", lambda: NOW)
    app = build(served_centre(lambda: NOW), access, wiring.static_folders(), lambda: None)
    with TestClient(app, base_url=ADDRESS) as client:
        yield Service(client, access, dict(wiring.load_rights()))


@pytest.fixture
def service(served: Service) -> Service:
    """The service, asked by a visitor at first; nobody has an account yet, so no test depends on who came before."""
    served.leave()
    for table in ("failures", "notes", "grants", "side_keys", "people"):
        served.access.database.do(f"DELETE FROM {table}")  # noqa: S608 - names of our own
    return served


@pytest.fixture
def texts() -> Path:
    """Where the console's templates lie."""
    return Path(wiring.__file__).parents[1] / "data" / "console"
