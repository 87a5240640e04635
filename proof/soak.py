"""An hour of a watch: officers act and look, a console listens, and the service's memory does not grow.

Without arguments an hour; with a number that many seconds. The first quarter is the warming up: what caches hold, they hold then.
"""

from __future__ import annotations

import http.client
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any

from _centre import Listener, Service, ask
from _row import row

from truceline.app import flow, wiring
from truceline.testing.random_acts import Officer

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 3600.0
PAGES = ("/", "/board", "/map", "/review", "/notices", "/report", "/search?q=shusha", "/api/v1/incidents?kind=casualties",
         "/map/marks.json", "/timeline.json", "/?known_at=2020-11-20", "/board?known_at=2020-11-16")  # fmt: skip
EVERY_S = 5.0
MOST_GROWTH = 1.10
"""Memory of the last quarter over that of the second: a record that grows by thousands of acts may cost that much."""


class Watching(threading.Thread):
    """An officer who looks at page after page, and acts once every few seconds."""

    def __init__(self, service: Service, letter: str, seed: int, ending: threading.Event) -> None:
        super().__init__(daemon=True)
        self.ending = ending
        self.chance = random.Random(seed)
        self.n_pages, self.n_acts, self.n_again = 0, 0, 0
        self.took_s: list[float] = []
        self.bad: list[str] = []
        self._link = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
        self._cookie = service.sign_in(letter)
        self.officer = Officer(f"{letter}:0001", self.chance, self._look)

    def _look(self, path: str) -> object:
        status, found = self._ask("GET", path)
        return found if status == 200 else None

    def _ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Ask; over a connection that the service has closed meanwhile once more, as a browser does."""
        try:
            return ask(self._link, method, path, self._cookie, body)
        except (ConnectionError, http.client.HTTPException):
            self.n_again += 1
            self._link.close()
            return ask(self._link, method, path, self._cookie, body)

    def run(self) -> None:
        """Look and act until told to end."""
        next_act = time.monotonic()
        while not self.ending.is_set():
            path = self.chance.choice(PAGES)
            began = time.monotonic()
            status, _ = self._ask("GET", path)
            self.took_s.append(time.monotonic() - began)
            self.n_pages += 1
            if status != 200:
                self.bad.append(f"{path}: {status}")
            if time.monotonic() > next_act:
                next_act = time.monotonic() + self.chance.uniform(1.0, 5.0)
                call = self.officer.next()
                status, answer = self._ask("POST", call.path, call.body)
                if status == 201:
                    self.officer.done.append(answer)
                    self.n_acts += 1
                elif status >= 500:
                    self.bad.append(f"{call.path}: {status}")
            time.sleep(self.chance.uniform(0.0, 0.4))


def main() -> int:
    """Run it; the exit code is 1 where memory grew or an answer was wrong."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        out = Path(folder)
        world = wiring.open_world("karabakh-2020")
        inbox = wiring.mission_folder("karabakh-2020") / "inbox"
        flow.run(world, [inbox], out, known_at=None, accepted_only=False, say=lambda *_: None)
        service = Service(out / "store.db")
        service.start()
        ending, listener = threading.Event(), Listener(service, "A")
        officers = [Watching(service, "AB"[n % 2], n, ending) for n in range(4)]
        for thread in (listener, *officers):
            thread.start()
        held, until = list[float](), time.monotonic() + SECONDS
        while time.monotonic() < until:
            time.sleep(min(EVERY_S, SECONDS / 40))
            held.append(service.memory_mb())
        ending.set()
        for officer in officers:
            officer.join(timeout=60)
        listener.ending.set()
        service.stop()
    return _judge(held, officers, listener)


def _judge(held: list[float], officers: list[Watching], listener: Listener) -> int:
    quarter = max(1, len(held) // 4)
    early, late = median(held[quarter : 2 * quarter]), median(held[-quarter:])
    took_s = sorted(one for officer in officers for one in officer.took_s)
    bad = [one for officer in officers for one in officer.bad]
    row("soak: time", SECONDS, "s")
    row("soak: pages and lists asked for", sum(one.n_pages for one in officers), "answers", ">=", 1)
    row("soak: acts written", sum(one.n_acts for one in officers), "acts", ">=", 1)
    row("soak: connections made anew by officers", sum(one.n_again for one in officers), "connections")
    row("soak: answers that were wrong", len(bad), "answers", "==", 0)
    row("soak: 99 of 100 answered within", took_s[int(len(took_s) * 0.99)] * 1000, "ms")
    # whoever listens here gives up after five silent seconds, and is told what it missed when it comes back
    row("soak: times that the listening console came back", listener.n_connections - 1, "times")
    row("soak: memory in the second quarter", early, "MB")
    row("soak: memory in the last quarter", late, "MB", "<=", 700)
    row("soak: last quarter over second", late / early, "times", "<=", MOST_GROWTH)
    for what in bad[:20]:
        print(what, file=sys.stderr)
    return int(bool(bad) or late > early * MOST_GROWTH or late > 700)


if __name__ == "__main__":
    raise SystemExit(main())
