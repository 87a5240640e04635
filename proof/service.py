"""Kill the service at random while officers act: nothing acknowledged is lost, and what it shows is what a rebuild gives.

Without arguments ten minutes; with a number that many seconds.
"""

from __future__ import annotations

import http.client
import random
import sys
import tempfile
import threading
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from _centre import Listener, Service, ask
from _row import row

from truceline.app import flow, wiring
from truceline.app.projecting import follow, project
from truceline.core.release import may_receive
from truceline.ledger.log import read_log
from truceline.testing.random_acts import Officer

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
N_OFFICERS = 4


class Acting(threading.Thread):
    """An officer who acts at random, and asks again with the same key where no answer came."""

    def __init__(self, service: Service, letter: str, seed: int, ending: threading.Event) -> None:
        super().__init__(daemon=True)
        self.service, self.letter, self.ending = service, letter, ending
        self.chance = random.Random(seed)
        self.acknowledged: list[tuple[str, dict[str, Any]]] = []
        self.statuses: dict[int, int] = {}
        self.n_again = 0
        self._cookie = ""
        self._link: http.client.HTTPConnection | None = None
        self.officer = Officer(f"{letter}:0001", self.chance, self._look)

    def _ask(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        if self._link is None:
            self._link = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=20)
            self._cookie = self.service.sign_in(self.letter)
        return ask(self._link, method, path, self._cookie, body, key)

    def _look(self, path: str) -> Any:
        status, found = self._ask("GET", path)
        return found if status == 200 else None

    def run(self) -> None:
        """Act until told to end."""
        pending: tuple[Any, str] | None = None
        while not self.ending.is_set() or pending is not None:
            try:
                if pending is None:
                    pending = (self.officer.next(), f"{self.letter}-{self.chance.getrandbits(64):x}")
                else:
                    self.n_again += 1
                call, key = pending
                status, answer = self._ask("POST", call.path, call.body, key)
                if status in {401, 503}:
                    raise OSError  # noqa: TRY301 - signed out by the kill, or ending: comes again
                self.statuses[status] = self.statuses.get(status, 0) + 1
                if status == 201:
                    self.officer.done.append(answer)
                    self.acknowledged.append(
                        (sha256(f"{self.officer.number}\0{key}".encode()).hexdigest()[:32], answer)
                    )
                pending = None
            except (OSError, http.client.HTTPException, KeyError, ValueError):
                if self._link is not None:
                    self._link.close()
                self._link = None
                time.sleep(0.1)
                if self.ending.is_set() and self.n_again > 10**6:
                    return


def main() -> int:
    """Run it; the exit code is 1 where anything was lost."""
    chance = random.Random(20201110)
    with tempfile.TemporaryDirectory(prefix="service-") as folder:
        out = Path(folder)
        world = wiring.open_world("karabakh-2020")
        inbox = wiring.mission_folder("karabakh-2020") / "inbox"
        flow.run(world, [inbox], out, known_at=None, accepted_only=False, say=lambda *_: None)
        service = Service(out / "store.db")
        service.start()
        ending, listener = threading.Event(), Listener(service, "A")
        officers = [Acting(service, "AB"[n % 2], n, ending) for n in range(N_OFFICERS)]
        for thread in (listener, *officers):
            thread.start()
        until, n_kills = time.monotonic() + SECONDS, 0
        while time.monotonic() < until:
            time.sleep(chance.uniform(1.0, 6.0))
            worker_alone = chance.random() < 0.5
            service.kill(worker_alone=worker_alone)
            n_kills += 1
            if worker_alone:
                service.wait()
            else:
                service.start()
        ending.set()
        for officer in officers:
            officer.join(timeout=60)
        _hear_out(officers, listener)
        listener.ending.set()
        service.stop()
        return _judge(out / "store.db", officers, listener, n_kills)


def _hear_out(officers: list[Acting], listener: Listener) -> None:
    """Give a console that was cut off by the last kill its time to come back; what it then has not heard is lost to it."""
    until = time.monotonic() + _PATIENCE
    last = max((answer["entry"] for one in officers for _, answer in one.acknowledged), default=-1)
    while time.monotonic() < until and max(listener.heard, default=-1) < last:
        time.sleep(0.2)
    time.sleep(1.0)


_PATIENCE = 20.0


def _judge(file: Path, officers: list[Acting], listener: Listener, n_kills: int) -> int:
    store = wiring.open_store(file)
    items = {item.index: item for item in read_log(store.ledger, store.payloads)}
    acknowledged = [one for officer in officers for one in officer.acknowledged]
    lost = [
        answer
        for _, answer in acknowledged
        if (item := items.get(answer["entry"])) is None
        or (item.type, item.id) != (answer["type"], answer["id"])
        or item.payload is None
        or item.payload["known_at"] != answer["known_at"]
    ]
    first: dict[str, set[str]] = {}
    for item in items.values():
        by = (item.payload or {}).get("by") or {}
        if "request" in by and item.payload is not None:
            first.setdefault(by["request"], set()).add(item.payload["known_at"])
    twice = [key for key, moments in first.items() if len(moments) > 1]
    unheard = [
        answer
        for _, answer in acknowledged
        if answer["entry"] not in listener.heard
        and (payload := items[answer["entry"]].payload) is not None
        and may_receive(
            "A",
            owner=payload["owner"],
            release=payload["release"],
            realm=payload["realm"],
            of_realm=payload["realm"],
        )
    ]
    follow(store, wiring.load_forms())
    live = list(store.models.lines())
    missing = project(store)
    rebuilt = list(store.models.lines())
    bad = sum(n for officer in officers for status, n in officer.statuses.items() if status >= 500)
    row("service: kills survived", n_kills, "kills", ">=", 1)
    row("service: acts acknowledged", len(acknowledged), "acts", ">=", 1)
    row("service: acknowledged acts that are not in the record", len(lost), "acts", "==", 0)
    row("service: requests that count twice", len(twice), "requests", "==", 0)
    row("service: requests sent again after a kill", sum(one.n_again for one in officers), "requests")
    row("service: acknowledged acts that a console was not told of", len(unheard), "acts", "==", 0)
    row("service: connections of that console", listener.n_connections, "connections")
    row(
        "service: rows that differ from a rebuild",
        sum(a != b for a, b in zip(live, rebuilt, strict=False)),
        "rows",
        "==",
        0,
    )
    row("service: rows more or less than a rebuild's", abs(len(live) - len(rebuilt)), "rows", "==", 0)
    row("service: things missing from evidence", len(missing), "things", "==", 0)
    row("service: answers that tell a defect", bad, "answers", "==", 0)
    return int(bool(lost or twice or unheard or bad or missing) or live != rebuilt)


if __name__ == "__main__":
    raise SystemExit(main())
