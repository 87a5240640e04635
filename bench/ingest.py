"""How many detections a second are taken in, from bytes on a connection to the disk and the picture, and how soon they are seen.

Two feeds in one process, as a service hears them: a radar by SAPIENT and aircraft by ADS-B (Beast), each followed by a tracker; a
second process sends. Soon means: from the time that a message bears until whoever asks sees its track.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from _rows import left_out, row

from truceline.app import flow, wiring
from truceline.app.acts import Plan
from truceline.app.feeds import Feeds
from truceline.core.release import Realm
from truceline.core.rows import Recipient

SENDER = Path(__file__).with_name("_ingest_sender.py")
RATE, SECONDS = 5_200, 30
WHO = Recipient("A", Realm.DEMO)
_WARM_S = 5.0
"""Tracks are confirmed in the first seconds; how soon they are seen is counted afterwards."""


def main() -> int:
    """Measure."""
    if importlib.util.find_spec("sapient_msg") is None:
        left_out("detections taken in", "the extra 'sensors' is not installed")
        return 0
    world = wiring.open_world("karabakh-2020")
    wanted = ("feed:radar-corridor", "feed:air-north")
    heard = tuple(
        replace(one, address="tcp-listen://127.0.0.1:0") for one in world.mission.feeds if one.id in wanted
    )
    written = list[Plan]()

    def write(plan: Plan) -> Future[None]:
        written.append(plan)
        done = Future[None]()
        done.set_result(None)
        return done

    with tempfile.TemporaryDirectory(prefix="ingest-") as scratch:
        folder = Path(scratch)
        (folder / "in").mkdir()
        (folder / "in" / "none.txt").write_text(
            "Moscow, 14 November 2020\n\nNothing happened.\n", encoding="utf-8"
        )
        flow.run(world, [folder / "in"], folder, known_at=None, accepted_only=False, say=lambda *_: None)
        feeds = Feeds(
            lambda: wiring.open_store(folder / "store.db"), replace(world.mission, feeds=heard), folder / "spool",
            lambda: datetime.now(UTC), write,
        )  # fmt: skip
        feeds.start()
        while not (feeds.board(WHO) and all(one.port for one in feeds.board(WHO))):
            time.sleep(0.05)
        ports = {one.feed.id: str(one.port) for one in feeds.board(WHO)}
        sender = subprocess.Popen(
            [sys.executable, str(SENDER), ports[wanted[0]], ports[wanted[1]], str(RATE), str(SECONDS)],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        waits, n_tracks, cpu = _watched(feeds, sender)
        told = json.loads((sender.stdout or sys.stdin).read())
        time.sleep(2)
        counts = [one.counts for one in feeds.board(WHO)]
        feeds.close()
        received = sum(one.received for one in counts)
        kept = sum(one.decoded + one.late for one in counts)
        sealed = sum(int(plan.statements[0].body.get("received", 0)) for plan in written if plan.evidence)
    pace = kept / max(told["over_s"], SECONDS)
    row(
        "detections taken in a second, from the connection to disk and picture",
        pace,
        "detections/s",
        ">=",
        5_000,
    )
    row(
        "of those sent, not received, not kept or not sealed",
        told["sent"] * 3 - received - kept - sealed,
        "detections",
        "==",
        0,
    )
    row("from a message's time until its track is seen, p99", float(np.percentile(waits, 99)), "s", "<=", 1.0)
    row("tracks on the picture meanwhile", n_tracks, "tracks", ">=", RATE * 3 // 4 * 0.9)
    row("of a core for all of it", cpu, "cores", "<=", 1.0)
    return 0


def _watched(feeds: Feeds, sender: subprocess.Popen[str]) -> tuple[list[float], int, float]:
    """Ask for the picture again and again; returns how long each new sighting had waited, tracks, and cores."""
    waits, last_s, n_tracks = list[float](), dict[str, float](), 0
    first_s = 0.0
    began, cpu = time.perf_counter(), time.process_time()
    while sender.poll() is None:
        time.sleep(0.02)
        now_s = time.time()
        ways = feeds.ways(WHO)
        if ways and not first_s:
            first_s, began, cpu = now_s, time.perf_counter(), time.process_time()
        for way in ways:
            if way.seen_s > last_s.get(way.id, 0.0):
                last_s[way.id] = way.seen_s
                if now_s - first_s > _WARM_S:
                    waits.append(now_s - way.seen_s)
        n_tracks = max(n_tracks, len(ways))
    return waits, n_tracks, (time.process_time() - cpu) / (time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())
