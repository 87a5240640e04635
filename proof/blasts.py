"""Explosions: how near their places are to the bound of Cramér and Rao, and how well arrivals are put together, at full size."""

from __future__ import annotations

import sys

import numpy as np
from _row import row

from truceline.detect.blasts.associating import associate
from truceline.detect.blasts.locating import bound, locate
from truceline.testing.blasts import explosions, pair_f1


def main() -> int:
    """Print one line a figure; argument: explosions."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    error2, bound2, n_inside = 0.0, 0.0, 0
    for seed in range(count):
        heard = explosions(1, seed, spacing_s=10)
        found = locate(heard.arrivals)
        if found is None:
            continue
        off = found.xy_m - heard.xy_m[0]
        error2 += float(off @ off)
        bound2 += float(np.trace(bound(heard.arrivals, heard.xy_m[0])))
        n_inside += bool(off @ np.linalg.solve(found.covariance_m2, off) < 5.991)
    ratio = float(np.sqrt(error2 / bound2))
    row(
        f"error of the place of {count} explosions over the bound of Cramér and Rao",
        ratio,
        "of it",
        "<=",
        1.2,
    )
    row("of them within their ellipse of 95 per cent", n_inside / count, "of them")
    seeds = range(max(2, count // 50))
    f1 = [pair_f1(associate((heard := explosions(50, seed)).arrivals), heard) for seed in seeds]
    row(
        "pairs of arrivals of five posts, an explosion every two seconds: F1, mean",
        float(np.mean(f1)),
        "",
        ">=",
        0.95,
    )
    row("the same, worst of the scenes", float(min(f1)), "")
    harder = [
        pair_f1(associate((heard := explosions(50, seed, p_heard=0.9, chance_per_s=0.02)).arrivals), heard)
        for seed in range(3)
    ]
    row(
        "the same where a post misses one of ten and hears other things: F1, mean", float(np.mean(harder)), ""
    )
    return int(ratio > 1.2 or float(np.mean(f1)) < 0.95)


if __name__ == "__main__":
    raise SystemExit(main())
