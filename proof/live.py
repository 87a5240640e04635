"""Ten minutes of the live demonstration on the loopback: what simulated sensors send, in their own wire formats, is all there.

Received, read, kept, sealed and found again by the record alone; then the same feeds are heard anew and the alerts still stand.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from _row import row

from truceline.app import flow, wiring
from truceline.app.feeds import Feeds
from truceline.app.working import set_up
from truceline.core.addresses import StoreAddress, parse_store
from truceline.core.release import Realm
from truceline.core.rows import Recipient
from truceline.ledger.entry import parse_payload
from truceline.testing.simulating import Player, Scene, anywhere

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
WHO = Recipient("A", Realm.DEMO)


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def main() -> int:
    """Play, count, compare."""
    world = wiring.open_world("karabakh-2020")
    heard = tuple(
        replace(one, address=anywhere(one.address)) for one in world.mission.feeds if one.address != "api:"
    )
    mission = replace(world.mission, feeds=heard)
    with tempfile.TemporaryDirectory(prefix="live-") as scratch:
        folder = Path(scratch)
        inbox = wiring.mission_folder("karabakh-2020") / "inbox"
        flow.run(world, [inbox], folder, known_at=None, accepted_only=False, say=lambda *_: None)
        place = parse_store(str(folder / "store.db"))
        work = set_up(lambda: wiring.open_store(place), world, now, is_deriving=False)
        feeds = Feeds(lambda: wiring.open_store(place), mission, folder / "spool", now, work.writer.derived)
        work.writer.tell(feeds.told)
        work.start(lambda _: None)
        feeds.start()
        while not (len(feeds.board(WHO)) == len(heard) and all(one.port for one in feeds.board(WHO))):
            time.sleep(0.05)
        player = Player(Scene(), {one.feed.id.removeprefix("feed:"): one.port for one in feeds.board(WHO)})
        player.start()
        time.sleep(SECONDS)
        n_tracks = len(feeds.ways(WHO))
        player.close()
        time.sleep(2)
        feeds.close()
        work.close()
        states, alerts = feeds.board(WHO), feeds.shown_alerts(WHO)
        sealed, n_bad = _sealed(place)
    sent = sum(player.sent.values())
    counts = {
        name: sum(getattr(one.counts, name) for one in states) for name in type(states[0].counts).__slots__
    }
    row("live: seconds played", round(SECONDS), "s")
    row("live: messages sent", sent, "messages")
    row("live: of these not received", sent - counts["received"], "messages", "==", 0)
    row("live: of these not in the record's segments", sent - sealed, "messages", "==", 0)
    row("live: refused or dropped", counts["refused"] + counts["dropped"], "messages", "==", 0)
    row("live: too late to move a track", counts["late"], "messages")
    row("live: segments whose bytes are not those of the record", n_bad, "segments", "==", 0)
    row("live: tracks at the end", n_tracks, "tracks", ">=", 18)
    row("live: crossings of a fence told", len(alerts), "alerts", ">=", 2)
    is_whole = sent == counts["received"] == sealed and not n_bad
    return int(not is_whole)


def _sealed(place: StoreAddress) -> tuple[int, int]:
    """Count the messages of all segments, by the record and its evidence; and segments whose bytes are others."""
    store, n, n_bad = wiring.open_store(place), 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        for entry in store.ledger.typed({"segment"}):
            body = parse_payload(store.payloads.get(entry.payload_sha256) or b"")["body"]
            data = store.evidence.get(body["sha256"]) or b""
            n_bad += hashlib.sha256(data).hexdigest() != body["sha256"]
            path = Path(scratch) / "segment.parquet"
            path.write_bytes(data)
            n += len(wiring.read_segment(path))
    store.close()
    return n, n_bad


if __name__ == "__main__":
    raise SystemExit(main())
