"""How soon lists, map boxes, tallies and words are answered with 100,000 incidents and a million claims in the store.

Usage: console_store.py [--folder FOLDER] [PART...]; the parts are `queries` (asked in one process), `service` (over HTTP),
`rival` (FastAPI on uvicorn beside it) and `postgres` (asked in one process). A folder keeps what was filled for the next
time. TRUCELINE_BENCH_CLAIMS names another size.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from urllib.parse import urlencode

from _console_load import cpu_s, flat_out, memory_mb, paced
from _rows import left_out, row

from truceline.app import wiring
from truceline.app.access import FILE
from truceline.core.addresses import StoreAddress, parse_store
from truceline.core.filters import Filter, read_filter
from truceline.core.release import Realm
from truceline.core.rows import ReadModels, Recipient
from truceline.core.times import format_instant
from truceline.testing import cluster, synthetic
from truceline.testing.accounts import cheap_access, signed_in

N_CLAIMS = int(os.environ.get("TRUCELINE_BENCH_CLAIMS", "1000000"))
N_INCIDENTS = N_CLAIMS // 10
N_QUERIES = 300
BOUND_MS = 30
RATE, PACED_S, BOUND_HTTP_MS = 300, 30, 80
N_READS, BOUND_READS = 30_000, 2_000
BOUND_MB = 700
HERE = Path(__file__).resolve().parent
RIVAL = HERE.parent / ".build" / "rival" / "bin" / "python"
AGENT = "bench/1"
_END = synthetic.BEGAN + timedelta(days=synthetic.DAYS)
_WORDS = (
    "fire",
    "wounded",
    "огонь",
    "дорога",
    "جنود",
    "kənd",
    "կրակ",
    "fire trench",
    "soldiers denied 777",
    "dron",
)


@dataclass(frozen=True)
class Asking:
    """One question: of a model, with the parameters of an address; for a page of so many, or for a tally."""

    model: str
    asked: dict[str, str]
    limit: int = 50
    by: str = ""

    @property
    def path(self) -> str:
        """The question as an address of the API."""
        if self.by:
            return f"/api/v1/{self.model}/tally?{urlencode({**self.asked, 'by': self.by})}"
        return f"/api/v1/{self.model}?{urlencode({**self.asked, 'limit': str(self.limit)})}"

    def ask(self, models: ReadModels, who: Recipient) -> object:
        """Ask the read models themselves."""
        wanted = read_filter(self.asked)
        if self.by:
            return models.tally(self.model, wanted, who, self.by)
        return models.find(self.model, wanted, who, limit=self.limit)


def recipient(chance: Random) -> Recipient:
    """Somebody who asks: mostly the delegations; whoever stands outside is told a day late."""
    word = chance.choice(("A", "B", "A", "B", "joint", "public", "party:azerbaijan"))
    is_outside = word == "public" or word.startswith("party:")
    return Recipient(word, Realm.DEMO, _END - timedelta(days=1) if is_outside else None)


def moment(chance: Random, days: float = 0) -> str:
    """Some time of the mission, to the minute, and so many days later."""
    at = synthetic.BEGAN + timedelta(minutes=chance.randrange(1440, synthetic.DAYS * 1440))
    return format_instant(at + timedelta(days=days))


def span(chance: Random, days: int) -> dict[str, str]:
    """Some days of the mission."""
    at = synthetic.BEGAN + timedelta(minutes=chance.randrange(1440, synthetic.DAYS * 1440))
    return {"since": format_instant(at), "until": format_instant(at + timedelta(days=days))}


def box(chance: Random) -> str:
    """What a map shows: a whole theatre, a town or a few hills."""
    size = chance.choice((3.0, 1.0, 0.3, 0.05))
    west, south = 45.4 + chance.uniform(0, 2), 38.7 + chance.uniform(0, 1.8)
    return ",".join(f"{edge:.4f}" for edge in (west, south, west + size, south + size))


def model(chance: Random) -> str:
    """Mostly claims, of which there are most."""
    return chance.choice(("claims", "claims", "incidents"))


def lists(chance: Random) -> Asking:
    """The first page of a list by kind and state, zone or time."""
    name = model(chance)
    states = synthetic.REVIEWS if name == "claims" else synthetic.STATES
    asked: dict[str, str] = chance.choice(
        (
            {},
            {"kind": chance.choice(synthetic.KINDS), "state": chance.choice(states)},
            {"kind": synthetic.KINDS[-1], "state": states[-1], "zone": synthetic.ZONES[-1]},
            {"zone": chance.choice(synthetic.ZONES), "order": "happened"},
            {**span(chance, 7), "order": "happened"},
            {"known_at": moment(chance), "state": chance.choice(states)},
            span(chance, 1),
        )
    )
    return Asking(name, asked)


def boxes(chance: Random) -> Asking:
    """What lies in a box of the map, as the map asks: 500 things."""
    asked = {"box": box(chance)}
    if chance.random() < 0.3:
        asked["kind"] = chance.choice(synthetic.KINDS)
    if chance.random() < 0.3:
        asked["known_at"] = moment(chance)
    return Asking(model(chance), asked, limit=500)


def tallies(chance: Random) -> Asking:
    """How many there are by kind, state or zone; of all, of some states, of a week, in a box."""
    name = model(chance)
    states = synthetic.REVIEWS if name == "claims" else synthetic.STATES
    asked: dict[str, str] = chance.choice(
        (
            {},
            {"state": chance.choice(states)},
            span(chance, 7),
            {"known_at": moment(chance)},
            {"box": box(chance)},
        )
    )
    return Asking(name, asked, by=chance.choice(("kind", "state", "zone")))


def words(chance: Random) -> Asking:
    """The first page of what words find, each in about a tenth of a million claims; each question another one."""
    number = "" if chance.random() < 0.5 else f" {chance.randrange(10)}"
    return Asking(model(chance), {"q": chance.choice(_WORDS) + number})


KINDS: tuple[Callable[[Random], Asking], ...] = (lists, boxes, tallies, words)
MIXED = ("thing",) * 3 + (lists,) * 4 + (boxes,) * 2 + (tallies,)
"""What a console asks in turn: a list, a thing of it, its map, at times a tally."""


def busy() -> str:
    """Say how busy the machine is with all that runs on it."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def told(what: str, times: Sequence[float]) -> float:
    """Print the figures of a kind of query, and return the ninety-ninth of a hundred."""
    cut = quantiles(times, n=100)
    print(
        f"{what}: p50 {cut[49]:.2f} ms, p99 {cut[98]:.2f} ms, worst {max(times):.2f} ms; {busy()}",
        file=sys.stderr,
    )
    return cut[98]


def fill(address: StoreAddress, name: str) -> None:
    """Fill a store where it is empty."""
    store = wiring.open_store(address)
    if not store.models.count("claims"):
        began = time.perf_counter()
        store.models.replace_all(
            {"claims": synthetic.claims(N_CLAIMS), "incidents": synthetic.incidents(N_INCIDENTS)}, 1
        )
        print(f"{name}: filled in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    store.close()


def queries(address: StoreAddress, name: str, bound: float | None) -> None:
    """Ask a store's read models in this process, and print the figures of each kind of query."""
    store = wiring.open_store(address)
    began = time.perf_counter()
    for one in ("claims", "incidents"):
        store.models.tally(one, Filter(), Recipient("A", Realm.DEMO))
    print(f"{name}: first question answered in {time.perf_counter() - began:.1f} s", file=sys.stderr)
    for kind in KINDS:
        chance, found = Random(7), list[float]()
        for _ in range(N_QUERIES):
            asking, who = kind(chance), recipient(chance)
            began = time.perf_counter()
            asking.ask(store.models, who)
            found.append((time.perf_counter() - began) * 1000)
        what = f"{kind.__name__} over {N_CLAIMS:,} claims and {N_INCIDENTS:,} incidents on {name}"
        p99 = told(what, found)
        if bound is not None:
            row(f"{what}: 99 of 100 answered within {bound:g} ms", p99, "ms", "<=", bound)
    store.close()


@contextmanager
def running(*command: str) -> Iterator[tuple[int, int]]:
    """Run a service until the end; a free port of this machine stands where ``{port}`` does.

    Yields:
        Its process and port, once it answers.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen([word.replace("{port}", str(port)) for word in command], stdout=sys.stderr)
    try:
        until = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                if process.poll() is not None or time.monotonic() > until:
                    raise SystemExit("the service does not answer") from None
                time.sleep(0.2)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(timeout=60)


def asked_over_http(name: str, pid: int, port: int, head: str) -> tuple[float, float, float]:
    """Ask a service as fast as it answers, then at a fixed pace; return p99 in ms, reads a second, and MB."""
    chance = Random(8)
    asyncio.run(
        paced(port, head, [kind(chance).path for kind in KINDS * 8], 20)
    )  # columns are read, pages are warm
    ours = [f"/api/v1/claims/{id_}" for id_ in some_ids(port, head)]
    chance = Random(9)
    before = cpu_s(pid)
    reads = asyncio.run(flat_out(port, head, chance.choices(ours, k=N_READS)))
    a_core = N_READS / (cpu_s(pid) - before)
    print(f"{name}: {reads:.0f} simple reads a second by the clock, {a_core:.0f} a second of one core; {busy()}",
          file=sys.stderr)  # fmt: skip
    before, began = cpu_s(pid), time.perf_counter()
    paths = [
        chance.choice(ours) if isinstance(kind, str) else kind(chance).path
        for kind in chance.choices(MIXED, k=RATE * PACED_S)
    ]
    times = asyncio.run(paced(port, head, paths, RATE))
    of_lists = [took for path, took in times if "?" in path]
    p99 = told(f"{name}: lists, boxes and tallies among {RATE} requests a second", of_lists)
    share = (cpu_s(pid) - before) / (time.perf_counter() - began)
    print(f"{name}: {share:.2f} of a core at that pace", file=sys.stderr)
    mb = memory_mb(pid)
    print(f"{name}: {mb:.0f} MB", file=sys.stderr)
    return p99, a_core, mb


def some_ids(port: int, head: str) -> list[str]:
    """Return the ids of claims that this officer may have."""
    import json  # noqa: PLC0415

    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/claims?limit=500")
    for line in head.splitlines():
        key, _, value = line.partition(": ")
        request.add_header(key, value)
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - of this machine
        return [str(one["id"]) for one in json.load(answer)["items"]]


def service(folder: Path) -> None:
    """Our service over HTTP, as an officer of A."""
    address = parse_store(str(folder / "store.db"))
    access = cheap_access(folder / FILE, lambda: datetime.now(UTC))
    token = signed_in(access, "A:0001", "duty", "A", AGENT)
    head = f"User-Agent: {AGENT}\r\nAccept: application/json\r\nCookie: truceline={token}\r\n"
    words_ = ("-m", "truceline", "serve", "--mission", "karabakh-2020", "--store", address.text)
    with running(sys.executable, *words_, "--bind", "localhost:{port}") as (pid, port):
        p99, reads, mb = asked_over_http("service", pid, port, head)
    size = f"with {N_CLAIMS:,} claims and {N_INCIDENTS:,} incidents on SQLite"
    what = f"lists and map boxes among {RATE} requests a second over HTTP {size}: 99 of 100 answered"
    row(what, p99, "ms", "<=", BOUND_HTTP_MS)
    row(f"simple reads over HTTP {size}, a second of one core", reads, "reads/s", ">=", BOUND_READS)
    row(f"memory of the service {size}", mb, "MB", "<=", BOUND_MB)


def rival(folder: Path) -> None:
    """FastAPI on uvicorn over the same rows, with nobody who signs in."""
    if not RIVAL.is_file():
        left_out("lists and map boxes on FastAPI and uvicorn", "`make proof` brings rivals")
        return
    file, script = folder / "rival.db", str(HERE / "_console_rival.py")
    if not file.exists():
        subprocess.run([str(RIVAL), script, "fill", str(folder / "store.db"), str(file)], check=True)
    with running(str(RIVAL), script, "serve", str(file), "{port}") as (pid, port):
        p99, reads, mb = asked_over_http("FastAPI on uvicorn", pid, port, "Accept: application/json\r\n")
    row("beside it: FastAPI on uvicorn, 99 of 100 answered", p99, "ms", ">=", 0)
    row("beside it: FastAPI on uvicorn, simple reads a second of one core", reads, "reads/s", ">=", 0)
    row("beside it: memory of FastAPI on uvicorn", mb, "MB", ">=", 0)


def postgres(folder: Path) -> None:
    """The same questions of PostgreSQL, asked in this process."""
    if cluster.find_programs() is None:
        left_out("lists on PostgreSQL", "there is no PostgreSQL with PostGIS")
        return
    server = cluster.Cluster()
    server.start()
    try:
        address = server.new_database()
        place = parse_store(address, folder / "evidence")
        fill(place, "PostgreSQL")
        server.ask(address, "VACUUM ANALYZE")
        queries(place, "PostgreSQL", BOUND_MS)
    finally:
        server.remove()


PARTS = ("queries", "service", "rival", "postgres")


def main() -> None:
    """Measure the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which; all where none is named")
    parser.add_argument("--folder", type=Path, help="keep what was filled here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tl-bench-") as scratch:
        folder = asked.folder or Path(scratch)
        parts = asked.parts or PARTS
        address = parse_store(str(folder / "store.db"))
        if set(parts) - {"postgres"}:
            fill(address, "SQLite")
        for part in PARTS:
            if part in parts and part == "queries":
                queries(address, "SQLite", BOUND_MS)
            elif part in parts:
                {"service": service, "rival": rival, "postgres": postgres}[part](folder)


if __name__ == "__main__":
    main()
