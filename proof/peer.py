"""A live TAK server as a peer: everything that its clients send through it is heard by a feed of ours, message by message.

The server is taky, installed in an environment of its own. Two clients of it send events as fast as patrols do and faster; a feed
that calls the server as one more client keeps, decodes and counts them.
"""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from _row import row

from truceline.app import wiring
from truceline.app.decoding import decoder_of
from truceline.app.hearing import Hearing
from truceline.core.feeds import Feed
from truceline.geo.plane import Plane

TAKY = Path(__file__).resolve().parents[1] / ".build" / "rival" / "bin" / "taky"
UID = re.compile(rb'uid="(?P<uid>event-\d-\d+)"')


def free_port() -> int:
    """Return a port of the loopback that nobody listens at."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def event(uid: str) -> bytes:
    """Return an event of a patrol."""
    now = datetime.now(UTC)
    stale = now + timedelta(minutes=1)
    return (
        f'<event version="2.0" uid="{uid}" type="a-f-G-U-C" how="m-g" time="{now:%Y-%m-%dT%H:%M:%S.%fZ}" '
        f'start="{now:%Y-%m-%dT%H:%M:%S.%fZ}" stale="{stale:%Y-%m-%dT%H:%M:%S.%fZ}">'
        f'<point lat="39.64" lon="46.55" hae="900" ce="15" le="30"/><detail/></event>'
    ).encode()


class Ear:
    """Hands what comes to a hearing."""

    def __init__(self, hearing: Hearing, peer: str) -> None:
        self._hearing, self._peer, self._cutter = hearing, peer, hearing.opened()

    def take(self, data: bytes) -> bytes | None:
        """Hear bytes."""
        return self._hearing.take(self._cutter, data, self._peer, time.time())

    def close(self) -> None:
        """Hear that it ended."""
        self._hearing.closed(self._cutter, self._peer, time.time())


async def sent(port: int, client: int, count: int) -> None:
    """Send events through the server as one of its clients, and read what it sends back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def swallow() -> None:
        while await reader.read(1 << 16):
            pass

    task = asyncio.create_task(swallow())
    for n in range(count):
        writer.write(event(f"event-{client}-{n}"))
        await writer.drain()
        if n % 20 == 0:
            await asyncio.sleep(0.02)
    await asyncio.sleep(2)
    task.cancel()
    writer.close()


async def heard(port: int, hearing: Hearing, count: int) -> None:
    """Listen while two clients send."""
    task = asyncio.create_task(
        wiring.attend(
            f"tcp://127.0.0.1:{port}", lambda peer: Ear(hearing, peer), hearing.notes.append, lambda _: None
        )
    )
    for _ in range(100):
        if any("connected" in note for note in hearing.notes):
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)
    await asyncio.gather(*(sent(port, client, count) for client in range(2)))
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def main() -> int:
    """Print one line a figure; argument: events of each client."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    if not TAKY.exists():
        print("taky is not installed: make proof installs it", file=sys.stderr)
        return 1
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="taky-") as name:
        folder = Path(name)
        config = folder / "taky.conf"
        config.write_text(
            f"[taky]\nhostname=localhost\nbind_ip=127.0.0.1\n[cot_server]\nport={port}\n[ssl]\nenabled=false\n",
            encoding="utf-8",
        )
        server = subprocess.Popen(
            [TAKY, "-c", config, "-l", "error"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        feed = Feed("feed:tak", {}, "cot", f"tcp://127.0.0.1:{port}", late_after_s=60.0)
        hearing = Hearing(feed, decoder_of("cot"), Plane(46.6, 39.8), (), folder / "spool")
        try:
            asyncio.run(heard(port, hearing, count))
        finally:
            server.terminate()
            server.wait(timeout=10)
        found = hearing.turn()
        messages = list(wiring.read_spool(found[0])) if found else []
    there = {match["uid"] for one in messages if (match := UID.search(one.data))}
    wanted = {f"event-{client}-{n}".encode() for client in range(2) for n in range(count)}
    row("events that clients of a live TAK server sent", len(wanted), "events")
    row("of them not heard by a feed that calls the server", len(wanted - there), "events", "==", 0)
    row(
        "messages that were refused or dropped",
        hearing.counts.refused + hearing.counts.dropped,
        "messages",
        "==",
        0,
    )
    return int(bool(wanted - there) or hearing.counts.refused > 0 or hearing.counts.dropped > 0)


if __name__ == "__main__":
    raise SystemExit(main())
