"""What all tests of feeds in a service need: a quick clock, the packaged mission, a small store."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("sapient_msg", reason="feeds need the extra 'sensors'")
pytest.importorskip("duckdb", reason="segments need the extra 'link'")

sys.path.insert(0, str(Path(__file__).parent))

from heardroom import PACE

from truceline.app import feeds as feeds_module
from truceline.app import flow, wiring
from truceline.app.wiring import World


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Ticks come eight times as often too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feeds_module, "TICK_S", feeds_module.TICK_S / PACE)
        yield


@pytest.fixture(scope="module")
def world() -> World:
    return wiring.open_world("karabakh-2020")


@pytest.fixture(scope="module")
def seeded(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeded")
    (folder / "in").mkdir()
    (folder / "in" / "bulletin.txt").write_text(
        "Moscow, 14 November 2020\n\nNothing happened.\n", encoding="utf-8"
    )
    flow.run(world, [folder / "in"], folder / "out", known_at=None, accepted_only=False, say=lambda *_: None)
    return folder / "out"
