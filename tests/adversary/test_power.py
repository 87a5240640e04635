"""What may go wrong beneath us, at a size for every day; ``make proof`` does the same at full size."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROOF = Path(__file__).resolve().parents[2] / "proof"


def prove(script: str, *sizes: int) -> dict[str, Any]:
    """Run a proof at a size; claim -> value. It says itself what was promised."""
    done = subprocess.run(
        [sys.executable, str(PROOF / script), *map(str, sizes)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["claim"] for row in rows if row["holds"] is False] == []
    return {row["claim"]: row["value"] for row in rows}


def test_a_power_cut_breaks_no_promise_and_each_mutant_is_noticed(need: Callable[[str], str]) -> None:
    need("cc")
    found = prove("crash.py", 1200, 16, 700)
    assert found["power cuts: images tried"] >= 1200
    assert found["power cuts: different images"] > 200
    assert found["faults at system calls tried"] == 16
    assert found["mutants tried"] >= 10


def test_parsers_read_or_refuse_whatever_comes() -> None:
    assert prove("fuzz.py", 60_000)["executions"] >= 60_000


def test_turned_bits_are_noticed_at_their_place_and_healed() -> None:
    found = prove("bits.py", 4001, 8)
    assert found["bits turned, one at a time"] > 250
