"""Feeds at work over a small store, by a clock that runs eight times as fast as time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from truceline.app import wiring
from truceline.app.feeds import Feeds
from truceline.app.wiring import Store, World
from truceline.app.working import Work, set_up
from truceline.core.feeds import Feed
from truceline.core.mission import Mission
from truceline.core.release import Realm
from truceline.core.rows import Recipient
from truceline.ledger.entry import parse_payload

PACE = 8.0
BEGAN = datetime(2021, 3, 1, 6, tzinfo=UTC)
A, B, JOINT = (Recipient(word, Realm.DEMO) for word in ("A", "B", "joint"))
OUTSIDE = [Recipient(word, Realm.DEMO) for word in ("public", "party:azerbaijan", "party:russia")]


def eventually(true: Callable[[], object], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.02)


@dataclass
class Heardroom:
    """Feeds at work over a small store."""

    folder: Path
    world: World
    mission: Mission
    work: Work
    feeds: Feeds
    began: float = field(default_factory=time.monotonic)

    def store(self) -> Store:
        return wiring.open_store(self.folder / "store.db")

    def ports(self) -> dict[str, int]:
        """Ports of the feeds that are listened for."""
        return {
            one.feed.id.removeprefix("feed:"): one.port
            for one in self.feeds.board(A)
            if one.feed.address != "api:"
        }

    def entries(self, *types: str) -> list[dict[str, Any]]:
        store = self.store()
        found = []
        for entry in store.ledger.typed(set(types)):
            payload = parse_payload(store.payloads.get(entry.payload_sha256) or b"")
            found.append({"id": entry.id, "type": entry.type, **payload})
        store.close()
        return found


def heardroom(folder: Path, world: World, feeds: tuple[Feed, ...]) -> Heardroom:
    """Put feeds to work; the clock runs `PACE` times as fast as time."""
    began = time.monotonic()

    def clock() -> datetime:
        return BEGAN + timedelta(seconds=PACE * (time.monotonic() - began))

    def open_store() -> Store:
        return wiring.open_store(folder / "store.db")

    mission = replace(world.mission, feeds=feeds)
    work = set_up(open_store, world, clock, is_deriving=False)
    made = Feeds(open_store, mission, folder / "spool", clock, work.writer.derived)
    work.writer.tell(made.told)
    work.start(lambda _: None)
    made.start()
    return Heardroom(folder, world, mission, work, made, began)
