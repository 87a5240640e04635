"""Measure how long the program takes until it can answer: the median of several starts."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from _rows import row

STARTS = 7


def start() -> float:
    """Start the program and ask for its verbs.

    Returns:
        Wall time in seconds.
    """
    begun = time.perf_counter()
    program = Path(sys.executable).parent / "truceline"
    subprocess.run([str(program), "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


if __name__ == "__main__":
    start()
    row("start-up of the command line", statistics.median(start() for _ in range(STARTS)), "s", "<=", 1)
