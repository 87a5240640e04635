"""Measure reading: documents of 3,000 characters a second on one core, and the memory that it takes.

The texts are the packaged inbox and, where TRUCELINE_SHARED is set, the five articles, read again and again. What is
measured is the stage `extract`; reading files and setting chrome apart come before it and are not counted.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from pathlib import Path

from _rows import row

MISSION = "karabakh-2020"
DOCUMENT = 3000
SECONDS = 8.0


def inboxes() -> list[Path]:
    """Return the folders to read."""
    from truceline.adapters.packs import mission_folder  # noqa: PLC0415 - start-up is measured elsewhere

    found = [mission_folder(MISSION) / "inbox"]
    if shared := os.environ.get("TRUCELINE_SHARED"):
        found.append(Path(shared) / "seeds")
    return found


def main() -> int:
    """Read for a while, then print the two figures."""
    from truceline.app.wiring import items_of, open_world  # noqa: PLC0415 - start-up is measured elsewhere
    from truceline.collect import collect  # noqa: PLC0415
    from truceline.extract import extract  # noqa: PLC0415

    world = open_world(MISSION)
    readers = world.readers
    reports = collect(items_of(inboxes()), world.knowledge).reports
    texts = [report for report in reports if report.text and report.language in readers]
    characters = sum(len(report.text or "") for report in texts)
    rates: list[float] = []
    begun = time.process_time()
    while time.process_time() - begun < SECONDS:
        started = time.process_time()
        for report in texts:
            extract(report, readers)
        rates.append(characters / DOCUMENT / (time.process_time() - started))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    low, middle, high = min(rates), statistics.median(rates), max(rates)
    sys.stderr.write(
        f"{len(texts)} texts of {characters} characters, {len(rates)} rounds: "
        f"{low:.0f} to {high:.0f} documents/s, the median counts\n"
    )
    row("extraction on one core, documents of 3,000 characters", middle, "documents/s", ">=", 100)
    row("extraction, peak memory", peak_mb, "MB", "<=", 400)
    return 0


if __name__ == "__main__":
    sys.exit(main())
