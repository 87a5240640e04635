"""Measure the work of a second `make demo`: nothing is installed again, the whole mission is run."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from _rows import row

ROOT = Path(__file__).resolve().parents[1]


def demo() -> float:
    """Run the demo without serving.

    Returns:
        Wall time in seconds.
    """
    begun = time.perf_counter()
    subprocess.run(
        ["make", "--silent", "demo"],
        cwd=ROOT,
        env={**os.environ, "DEMO_SERVE": "0"},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun


if __name__ == "__main__":
    demo()
    row("a second run of the demo", demo(), "s", "<=", 10)
