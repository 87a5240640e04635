"""The sorties of a demo: handed in by the officer of a demo, so that there is something to read on the page of imagery."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from truceline.app import wiring
from truceline.app.imagery import HandInSortie
from truceline.app.sorties import read_sortie
from truceline.app.wiring import World
from truceline.app.working import set_up
from truceline.core.access import Viewer
from truceline.core.errors import ConflictError
from truceline.core.release import Realm

_SOON_S = 60


def hand_in(world: World, store: Path, sorties: Iterable[tuple[str, bytes]], now: datetime) -> None:
    """Hand sorties in, each once however often it is asked for.

    Args:
        world: The mission.
        store: The store's file; nobody else writes to it.
        sorties: Title and archive of each.
        now: The time.

    Raises:
        ConflictError: The realm is ``live``.
    """
    if world.mission.settings.realm is Realm.LIVE:
        raise ConflictError("demo.realm", "what was never flown is not handed in to a live record")
    duty = Viewer("A:0001", wiring.load_rights()["duty"], "A")
    writer = set_up(lambda: wiring.open_store(store), world, lambda: now, is_deriving=False).writer
    writer.start()
    try:
        for title, archive in sorties:
            act = HandInSortie(title, "uav", "visible", read_sortie([(f"{title}.zip", archive)]).frames)
            with suppress(ConflictError):
                writer.act(duty, act).result(_SOON_S)
    finally:
        writer.close()
