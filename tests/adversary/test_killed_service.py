"""A service that is killed while officers act loses nothing that it acknowledged; the proof at a small size."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SECONDS = "14"
"""How long it is killed for; starting and judging take about as long again."""


def test_nothing_acknowledged_is_lost_when_the_service_is_killed(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(root / "proof" / "service.py"), SECONDS],
        capture_output=True, text=True, check=False, timeout=150,
        env={**os.environ, "PYTHONPATH": str(root / "src")},
    )  # fmt: skip
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert len(rows) == 11
    assert [row["claim"] for row in rows if row["holds"] is False] == []
