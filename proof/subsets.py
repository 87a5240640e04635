"""All sixteen sets of dishonest operator, A, B and observer, over many seeds: which attacks pass, which leave a proof."""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from _row import row

from truceline.testing.dishonest import ATTACKS, EVERYONE, SUBSETS, Centre, broken

SEEDS = 1000


def try_seed(seed: int) -> tuple[list[str], Counter[tuple[str, bool, str]]]:
    """Run all sets with one seed; return the rules that broke, and what came of each attack by set."""
    told: list[str] = []
    counts: Counter[tuple[str, bool, str]] = Counter()
    for dishonest in SUBSETS:
        outcomes = Centre(seed, dishonest).run()
        told += [f"seed {seed}, {sorted(dishonest)}: {rule}" for rule in broken(dishonest, outcomes)]
        everyone = dishonest == frozenset(EVERYONE)
        for one in outcomes:
            counts[one.attack, everyone, "tried"] += one.was_tried
            counts[one.attack, everyone, "passed"] += one.passes
            counts[one.attack, everyone, "proven"] += one.has_proof
    return told, counts


def main() -> int:
    """Print one line an attack, and the number of broken rules."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    told: list[str] = []
    counts: Counter[tuple[str, bool, str]] = Counter()
    with ProcessPoolExecutor() as pool:
        for more, found in pool.map(try_seed, range(seeds), chunksize=4):
            told += more
            counts += found
    row("simulated centres", seeds * len(SUBSETS), "runs")
    for attack in ATTACKS:
        for everyone, who in ((False, "one honest"), (True, "all dishonest")):
            for what in ("tried", "passed", "proven"):
                row(f"{attack}, {who}: {what}", counts[attack, everyone, what], "runs")
    row("rules broken", len(told), "rules", "==", 0)
    for rule in told[:20]:
        print(rule, file=sys.stderr)
    return int(bool(told))


if __name__ == "__main__":
    raise SystemExit(main())
