"""A service that befalls what may befall it while officers act loses nothing that it acknowledged; the proof at a small size."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from truceline.testing.cluster import find_programs

SECONDS = "20"
"""For how long, half of it on each kind of store; starting and judging take about as long again."""
BEFELL = ("worker killed", "service killed")
"""What there is time for even on a slow machine; the whole list is in the proof."""


def test_nothing_acknowledged_is_lost_whatever_befalls_the_service(
    root: Path, need: Callable[[str], str]
) -> None:
    need("cc")
    done = subprocess.run(
        [sys.executable, str(root / "proof" / "service.py"), SECONDS],
        capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": str(root / "src")},
    )  # fmt: skip
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert [row["claim"] for row in rows if row["holds"] is False] == []
    told = {row["claim"] for row in rows}
    for store in ("SQLite", "PostgreSQL")[: 2 if find_programs() else 1]:
        assert told >= {f"{store}: {what}" for what in BEFELL}
        assert f"{store}: acknowledged acts that are not in the record" in told
