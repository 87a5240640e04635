"""Measure how long the program takes until it can answer, and until it has read one sentence: the median of several starts."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _rows import row

STARTS = 7
SENTENCE = "أعلنت وزارة الدفاع الروسية في 14 تشرين الثاني 2020 نشر تسعة مراكز مراقبة.\n"


def start(*arguments: str) -> float:
    """Start the program once.

    Args:
        arguments: What it is asked for.

    Returns:
        Wall time in seconds.
    """
    begun = time.perf_counter()
    program = Path(sys.executable).parent / "truceline"
    subprocess.run([str(program), *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def typical(*arguments: str) -> float:
    """Return the median of several starts, the first one left out: it fills the caches of the disk."""
    start(*arguments)
    return statistics.median(start(*arguments) for _ in range(STARTS))


if __name__ == "__main__":
    row("start-up of the command line", typical("--help"), "s", "<=", 1)
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "sentence.txt"
        text.write_text(SENTENCE, encoding="utf-8")
        reading = typical("extract", str(text), "--mission", "karabakh-2020", "--json")
        row("start-up of extraction, one sentence read", reading, "s", "<=", 1)
