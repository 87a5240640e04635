"""How soon lists, map boxes, tallies and words are answered with 100,000 incidents and a million claims in the store."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles

from _rows import left_out, row

from truceline.app import wiring
from truceline.core.addresses import StoreAddress, parse_store
from truceline.core.filters import Filter
from truceline.core.release import Realm
from truceline.core.rows import ReadModels, Recipient
from truceline.testing import cluster, synthetic

N_CLAIMS = int(os.environ.get("TRUCELINE_BENCH_CLAIMS", "1000000"))
N_INCIDENTS = N_CLAIMS // 10
N_QUERIES = 300
BOUND_MS = 30
BOUND_MB = 400
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

Query = Callable[[ReadModels], object]


def recipient(chance: Random) -> Recipient:
    """Somebody who asks: mostly the delegations; whoever stands outside is told a day late."""
    word = chance.choice(("A", "B", "A", "B", "joint", "public", "party:0"))
    is_outside = word == "public" or word.startswith("party:")
    return Recipient(word, Realm.DEMO, _END - timedelta(days=1) if is_outside else None)


def moment(chance: Random) -> datetime:
    """Some time of the mission."""
    return synthetic.BEGAN + timedelta(days=chance.uniform(1, synthetic.DAYS))


def box(chance: Random) -> tuple[float, float, float, float]:
    """What a map shows: a whole theatre, a town or a few hills."""
    size = chance.choice((3.0, 1.0, 0.3, 0.05))
    west, south = 45.4 + chance.uniform(0, 2), 38.7 + chance.uniform(0, 1.8)
    return west, south, west + size, south + size


def model(chance: Random) -> str:
    """Mostly claims, of which there are most."""
    return chance.choice(("claims", "claims", "incidents"))


def lists(chance: Random) -> Query:
    """The first page, or a later one, of a list by kind and state, zone or time."""
    name, who = model(chance), recipient(chance)
    states = synthetic.REVIEWS if name == "claims" else synthetic.STATES
    since = moment(chance)
    asked = chance.choice(
        (
            Filter(),
            Filter(kinds=(chance.choice(synthetic.KINDS),), states=(chance.choice(states),)),
            Filter(kinds=(synthetic.KINDS[-1],), states=(states[-1],), zones=(synthetic.ZONES[-1],)),
            Filter(zones=(chance.choice(synthetic.ZONES),), order="happened"),
            Filter(since=since, until=since + timedelta(days=7), order="happened"),
            Filter(known_at=since, states=(chance.choice(states),)),
            Filter(since=since, until=since + timedelta(days=1)),
        )
    )

    def ask(models: ReadModels) -> object:
        return models.find(name, asked, who, limit=50)

    return ask


def boxes(chance: Random) -> Query:
    """What lies in a box of the map, as the map asks: 500 things."""
    name, who = model(chance), recipient(chance)
    kinds = (chance.choice(synthetic.KINDS),) if chance.random() < 0.3 else ()
    asked = Filter(box=box(chance), kinds=kinds, known_at=moment(chance) if chance.random() < 0.3 else None)
    return lambda models: models.find(name, asked, who, limit=500)


def tallies(chance: Random) -> Query:
    """How many there are by kind, state or zone; of all, of some states, of a week, in a box."""
    name, who, since = model(chance), recipient(chance), moment(chance)
    states = synthetic.REVIEWS if name == "claims" else synthetic.STATES
    by = chance.choice(("kind", "state", "zone"))
    asked = chance.choice(
        (
            Filter(),
            Filter(states=(chance.choice(states),)),
            Filter(since=since, until=since + timedelta(days=7)),
            Filter(known_at=since),
            Filter(box=box(chance)),
        )
    )
    return lambda models: models.tally(name, asked, who, by)


def words(chance: Random) -> Query:
    """The first page of what words find, each in about a tenth of a million claims; each question another one."""
    name, who = model(chance), recipient(chance)
    number = "" if chance.random() < 0.5 else f" {chance.randrange(10)}"
    asked = Filter(words=chance.choice(_WORDS) + number)
    return lambda models: models.find(name, asked, who, limit=50)


KINDS: tuple[Callable[[Random], Query], ...] = (lists, boxes, tallies, words)


def times_of(models: ReadModels, queries: Iterator[Query]) -> list[float]:
    """Milliseconds of wall time of each query."""
    found = []
    for query in queries:
        began = time.perf_counter()
        query(models)
        found.append((time.perf_counter() - began) * 1000)
    return found


def resident_mb() -> float:
    """What the process holds in memory now."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def measure(address: StoreAddress, name: str, bound: float | None) -> None:
    """Fill a store where it is empty, and print the figures of each kind of query."""
    store = wiring.open_store(address)
    if not store.models.count("claims"):
        began = time.perf_counter()
        store.models.replace_all(
            {"claims": synthetic.claims(N_CLAIMS), "incidents": synthetic.incidents(N_INCIDENTS)}, 1
        )
        print(f"{name}: filled in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        store.close()
        store = wiring.open_store(address)
    began = time.perf_counter()
    for one in ("claims", "incidents"):
        store.models.tally(one, Filter(), Recipient("A", Realm.DEMO))
    print(f"{name}: first question answered in {time.perf_counter() - began:.1f} s", file=sys.stderr)
    for kind in KINDS:
        chance = Random(7)
        found = times_of(store.models, (kind(chance) for _ in range(N_QUERIES)))
        p50, p99 = quantiles(found, n=100)[49], quantiles(found, n=100)[98]
        what = f"{kind.__name__} over {N_CLAIMS:,} claims and {N_INCIDENTS:,} incidents on {name}"
        print(f"{what}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, worst {max(found):.2f} ms", file=sys.stderr)
        if bound is not None:
            row(f"{what}: 99 of 100 answered within {bound:g} ms", p99, "ms", "<=", bound)
    before = resident_mb()
    chance = Random(8)
    times_of(store.models, (chance.choice(KINDS)(chance) for _ in range(4 * N_QUERIES)))
    print(
        f"{name}: {before:.0f} MB before {4 * N_QUERIES} mixed queries, {resident_mb():.0f} MB after",
        file=sys.stderr,
    )
    if bound is not None:
        row(
            f"lists of {N_CLAIMS:,} claims on {name} take at most {BOUND_MB} MB",
            resident_mb(),
            "MB",
            "<=",
            BOUND_MB,
        )
    store.close()


def main() -> None:
    """Measure both stores; a folder named as an argument keeps the file for the next time."""
    with tempfile.TemporaryDirectory(prefix="tl-bench-") as scratch:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else scratch)
        measure(parse_store(str(folder / "store.db")), "SQLite", BOUND_MS)
        if len(sys.argv) > 2 or cluster.find_programs() is None:
            left_out("lists on PostgreSQL", "there is no PostgreSQL with PostGIS")
            return
        server = cluster.Cluster()
        server.start()
        try:
            address = server.new_database()
            measure(parse_store(address, folder / "evidence"), "PostgreSQL", None)
            server.ask(address, "VACUUM ANALYZE")
            measure(parse_store(address, folder / "evidence"), "PostgreSQL after VACUUM ANALYZE", None)
        finally:
            server.remove()


if __name__ == "__main__":
    main()
