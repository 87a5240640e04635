"""Kill a service, fill its disk, set its clock off, restart its database, at random, while officers act.

Nothing acknowledged is lost, consoles come back by themselves, and what the service shows is what a rebuild gives.

Without arguments ten minutes, half of them on PostgreSQL where there is one; with a number that many seconds.
"""

from __future__ import annotations

import http.client
import random
import struct
import subprocess
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
from truceline.core.addresses import StoreAddress
from truceline.core.release import may_receive
from truceline.ledger.log import read_log
from truceline.testing.cluster import Cluster, find_programs
from truceline.testing.random_acts import Officer

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
N_OFFICERS = 4
HERE = Path(__file__).resolve().parent


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


class Troubles:
    """What befalls a service, at random: it or its worker is killed, its disk is full, its clock jumps, its database goes down.

    Args:
        service: The service.
        shift: The file by which its clock is set off.
        server: Its database server, or None.
        seed: What chance begins with.
    """

    def __init__(self, service: Service, shift: Path, server: Cluster | None, seed: int) -> None:
        self.service, self._shift, self._server = service, shift, server
        self._chance = random.Random(seed)
        self.counts: dict[str, int] = {}

    def one(self) -> None:
        """Let one befall it, and wait until it is over."""
        kinds = ["worker killed", "service killed", "clock jump"]
        kinds.append("disk full" if self._server is None else "database restarted")
        # the first ones in turn, so that a short run has each
        n = sum(self.counts.values())
        kind = kinds[n] if n < len(kinds) else self._chance.choice(kinds)
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if kind == "worker killed":
            self.service.kill(worker_alone=True)
            self.service.wait()
        elif kind == "service killed":
            self.service.kill()
            self.service.start()
        elif kind == "clock jump":
            self._shift.write_bytes(struct.pack("<q", self._chance.randrange(-90_000, 90_000)))
        elif kind == "disk full":
            # nothing is written at all, or nothing far behind: the database's file or only what goes beside it
            self.service.limit_files(self._chance.choice((1, self.service.store.stat().st_size // 2)))
            time.sleep(self._chance.uniform(0.5, 3.0))
            self.service.limit_files(-1)
        elif self._server is not None:
            self._server.stop("immediate")
            time.sleep(self._chance.uniform(0.0, 2.0))
            self._server.start()


def main() -> int:
    """Run it on each kind of store; the exit code is 1 where anything was lost."""
    kinds = ["SQLite"] + ["PostgreSQL"] * (find_programs() is not None)
    bad = 0
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="service-") as folder:
            server = Cluster() if kind == "PostgreSQL" else None
            try:
                bad |= _play(kind, Path(folder), server, SECONDS / len(kinds))
            finally:
                if server is not None:
                    server.remove()
    return bad


def _play(kind: str, out: Path, server: Cluster | None, seconds: float) -> int:
    address = StoreAddress(f"sqlite:///{out / 'store.db'}", out / "evidence")
    if server is not None:
        server.start()
        address = StoreAddress(server.new_database(), out / "evidence")
    world = wiring.open_world("karabakh-2020")
    inbox = wiring.mission_folder("karabakh-2020") / "inbox"
    flow.run(
        world, [inbox], out, known_at=None, accepted_only=False, say=lambda *_: None, store=address
    )  # fmt: skip
    shift, shim = out / "shift", out / "clockshift.so"
    shift.write_bytes(bytes(8))
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(shim), str(HERE / "clockshift.c")], check=True)
    around = {"LD_PRELOAD": str(shim), "CLOCKSHIFT_FILE": str(shift)}
    service = Service(out / "store.db", address=address.text, around=around)
    service.start()
    ending, listener = threading.Event(), Listener(service, "A")
    officers = [Acting(service, "AB"[n % 2], n, ending) for n in range(N_OFFICERS)]
    listener.start()
    # what happens before it listens for the first time is not told to it
    while not listener.heard:
        time.sleep(0.05)
    for officer in officers:
        officer.start()
    troubles, until = Troubles(service, shift, server, 20201110), time.monotonic() + seconds
    chance = random.Random(20201109)
    while time.monotonic() < until:
        time.sleep(chance.uniform(1.0, 6.0))
        troubles.one()
    ending.set()
    for officer in officers:
        officer.join(timeout=60)
    _hear_out(officers, listener)
    listener.ending.set()
    service.stop()
    row(f"{kind}: times that the server gave up a worker killed twice", service.n_given_up, "times")
    for what, n in sorted(troubles.counts.items()):
        row(f"{kind}: {what}", n, "times", ">=", 1)
    return _judge(kind, address, officers, listener)


def _hear_out(officers: list[Acting], listener: Listener) -> None:
    """Give a console that was cut off by the last kill its time to come back; what it then has not heard is lost to it."""
    until = time.monotonic() + _PATIENCE
    last = max((answer["entry"] for one in officers for _, answer in one.acknowledged), default=-1)
    while time.monotonic() < until and max(listener.heard, default=-1) < last:
        time.sleep(0.2)
    time.sleep(1.0)


_PATIENCE = 20.0


def _judge(kind: str, address: StoreAddress, officers: list[Acting], listener: Listener) -> int:
    store = wiring.open_store(address)
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
    row(f"{kind}: acts acknowledged", len(acknowledged), "acts", ">=", 1)
    row(f"{kind}: acknowledged acts that are not in the record", len(lost), "acts", "==", 0)
    row(f"{kind}: requests that count twice", len(twice), "requests", "==", 0)
    row(f"{kind}: requests sent again", sum(one.n_again for one in officers), "requests")
    row(f"{kind}: acknowledged acts that a console was not told of", len(unheard), "acts", "==", 0)
    row(f"{kind}: connections of that console", listener.n_connections, "connections")
    row(
        f"{kind}: rows that differ from a rebuild",
        sum(a != b for a, b in zip(live, rebuilt, strict=False)),
        "rows",
        "==",
        0,
    )
    row(f"{kind}: rows more or less than a rebuild's", abs(len(live) - len(rebuilt)), "rows", "==", 0)
    row(f"{kind}: things missing from evidence", len(missing), "things", "==", 0)
    row(f"{kind}: answers that tell a defect", bad, "answers", "==", 0)
    return int(bool(lost or twice or unheard or bad or missing) or live != rebuilt)


if __name__ == "__main__":
    raise SystemExit(main())
