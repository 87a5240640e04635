"""Tracking for a day and a night: memory that does not grow, and a thousand things at once faster than they move.

Twenty things about an area, with clutter, scan after scan for 24 hours of their time; then a thousand at one scan a second.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from _row import row

from truceline.core.detections import Scan
from truceline.detect import detect
from truceline.testing.traffic import passing

HOURS = 24.0
N, CLUTTER, HALF_M = 20, 60, 15_000.0


def scans(seconds: int) -> Iterator[Scan]:
    """Give scans of things that cross the area again and again."""
    chance = np.random.default_rng(1)
    xy_m, v_mps = chance.uniform(-HALF_M, HALF_M, (N, 2)), chance.uniform(-150, 150, (N, 2))
    for second in range(seconds):
        xy_m = xy_m + v_mps
        v_mps = np.where(np.abs(xy_m) > HALF_M, -np.sign(xy_m) * np.abs(v_mps), v_mps)
        seen = xy_m[chance.random(N) < 0.9]
        found = np.vstack(
            [
                seen + chance.normal(0, 30, seen.shape),
                chance.uniform(-HALF_M, HALF_M, (chance.poisson(CLUTTER), 2)),
            ]
        )
        yield Scan(float(second), np.full(len(found), float(second)), found, np.full(len(found), 30.0))


def memory_mb() -> float:
    """Return what this process holds now."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main() -> int:
    """Print one line a figure; argument: hours."""
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else HOURS
    seconds = int(hours * 3600)
    at = {seconds // 4: 0.0, seconds // 2: 0.0, seconds - 1: 0.0}
    began, n_scans, n_tracks = time.process_time(), 0, 0
    for n, picture in enumerate(detect(scans(seconds))):
        n_scans, n_tracks = n + 1, len(picture.ids)
        if n in at:
            at[n] = memory_mb()
    took_s = time.process_time() - began
    quarter, _, last = at.values()
    row(f"scans followed: {hours:g} hours at one a second", n_scans, "scans")
    row("tracks at the end, of 20 things", n_tracks, "tracks")
    row("processor time for them", took_s, "s")
    row("memory at the end", last, "MB")
    row("memory at the end over that at a quarter", last / quarter, "of it", "<=", 1.1)
    thousand = passing(1000, 0, seconds=60, clutter=1.0).scans
    times = list[float]()
    follow = detect(iter(thousand))
    for _ in thousand:
        began = time.process_time()
        next(follow)
        times.append(time.process_time() - began)
    slowest = float(np.sort(times)[-2])
    row("a thousand things at one scan a second: the second slowest scan", slowest, "s", "<=", 1.0)
    return int(last / quarter > 1.1 or slowest > 1.0)


if __name__ == "__main__":
    raise SystemExit(main())
