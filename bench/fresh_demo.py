"""Measure `make demo` on a fresh checkout in an empty folder, packages downloaded or taken from pip's cache."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from _rows import row

ROOT = Path(__file__).resolve().parents[1]

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "truceline"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(checkout)], check=True)
        begun = time.perf_counter()
        environment = {**os.environ, "DEMO_SERVE": "0"}
        subprocess.run(
            ["make", "--silent", "demo"], cwd=checkout, env=environment, check=True, stdout=subprocess.DEVNULL
        )
        row("make demo on a fresh checkout", time.perf_counter() - begun, "s", "<=", 180)
