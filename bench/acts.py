"""Acts on the disk in a second, and how soon two hundred consoles are told of one: over HTTP, on a service of its own."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from _rows import row

from truceline.app import flow, wiring
from truceline.app.noticing import Issue
from truceline.app.working import set_up
from truceline.core.access import Viewer

sys.path.insert(0, str(Path(__file__).parents[1] / "proof"))

from _centre import Service, ask

N_CLIENTS, N_EACH = 16, 60
N_DIRECT = 2_000
N_LISTENERS, N_CHANGES = 200, 100


def notice(n: int) -> dict[str, str]:
    """A notice like no other."""
    return {
        "phrase": "fire_reported",
        "place": "place:agdam",
        "since": f"2020-11-{10 + n % 18} 0{n % 10}:{n % 60:02}",
    }


def direct(file: Path) -> float:
    """Acts a second where the writer is asked in its own process; each is on the disk when it is answered."""
    world = wiring.open_world("karabakh-2020")
    work = set_up(lambda: wiring.open_store(file), world, lambda: datetime.now(UTC))
    work.start(lambda _: None)
    viewer = Viewer("A:0001", wiring.load_rights()["duty"], "A")
    places = [place.id for place in world.mission.places]

    def give(n: int) -> None:
        body = notice(n)
        work.writer.act(viewer, Issue(body["phrase"], places[n % len(places)], body["since"])).result(60)

    with ThreadPoolExecutor(32) as many:
        began = time.perf_counter()
        list(many.map(give, range(N_DIRECT)))
        took = time.perf_counter() - began
    work.close()
    return N_DIRECT / took


def over_http(service: Service) -> float:
    """Acts a second of sixteen officers over HTTP."""
    world_places = [
        "place:agdam",
        "place:kelbajar",
        "place:lachin",
        "place:shusha",
        "place:hadrut",
        "place:fuzuli",
    ]

    def give(client: int) -> None:
        link = HTTPConnection("127.0.0.1", service.port, timeout=30)
        cookie = service.sign_in("AB"[client % 2])
        for n in range(N_EACH):
            place = world_places[(client + n) % len(world_places)]
            status, answer = ask(
                link, "POST", "/api/v1/notices", cookie, {**notice(client * N_EACH + n), "place": place}
            )
            if status != 201:
                raise SystemExit(f"{status}: {answer}")
        link.close()

    with ThreadPoolExecutor(N_CLIENTS) as many:
        began = time.perf_counter()
        list(many.map(give, range(N_CLIENTS)))
        return N_CLIENTS * N_EACH / (time.perf_counter() - began)


async def listen(
    port: int, cookie: str, heard: dict[int, float], ready: asyncio.Event, n_ready: list[int]
) -> None:
    """Be a console: note when each event is heard."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
    try:
        while line := await reader.readline():
            if line.startswith(b": listening"):
                n_ready[0] += 1
                if n_ready[0] == N_LISTENERS:
                    ready.set()
            elif line.startswith(b"id: "):
                heard[int(line[4:])] = time.perf_counter()
    finally:
        writer.close()


async def told(service: Service) -> list[float]:
    """Milliseconds from sending an act until each console has heard of it."""
    cookies = [service.sign_in("AB"[n % 2]) for n in range(N_LISTENERS)]
    heard: list[dict[int, float]] = [{} for _ in cookies]
    ready, n_ready = asyncio.Event(), [0]
    tasks = [
        asyncio.create_task(listen(service.port, cookie, one, ready, n_ready))
        for cookie, one in zip(cookies, heard, strict=True)
    ]
    await asyncio.wait_for(ready.wait(), 60)
    sent: dict[int, float] = {}

    def act() -> None:
        link = HTTPConnection("127.0.0.1", service.port, timeout=30)
        cookie = service.sign_in("A")
        for n in range(N_CHANGES):
            began = time.perf_counter()
            _, answer = ask(link, "POST", "/api/v1/notices", cookie, notice(5_000 + n))
            sent[answer["entry"]] = began
            time.sleep(0.1)

    thread = threading.Thread(target=act)
    thread.start()
    await asyncio.to_thread(thread.join)
    await asyncio.sleep(1.0)
    for task in tasks:
        task.cancel()
    return sorted(
        (one.get(entry, began + 99.0) - began) * 1000 for entry, began in sent.items() for one in heard
    )


def main() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory(prefix="acts-") as folder:
        world, out = wiring.open_world("karabakh-2020"), Path(folder)
        inbox = wiring.mission_folder("karabakh-2020") / "inbox"
        flow.run(world, [inbox], out, known_at=None, accepted_only=False, say=lambda *_: None)
        row(
            "acts: durable acts a second, asked in one process", direct(out / "store.db"), "acts/s", ">=", 200
        )
        service = Service(out / "store.db")
        service.start()
        try:
            row("acts: durable acts a second over HTTP, 16 officers", over_http(service), "acts/s", ">=", 200)
            times = asyncio.run(told(service))
            row("acts: 200 consoles told of a change, median", times[len(times) // 2], "ms", "<=", 250)
            row("acts: 200 consoles told of a change, p99", times[int(len(times) * 0.99)], "ms", "<=", 250)
            row("acts: memory of the service", service.memory_mb(), "MB", "<=", 700)
        finally:
            service.stop()


if __name__ == "__main__":
    main()
