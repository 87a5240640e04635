"""Run every bench script, show one table, and fail where a claim does not hold."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def scripts() -> list[Path]:
    """Return the scripts that prove something, in the order of their names."""
    return sorted(
        path for path in HERE.glob("*.py") if path.name != "run.py" and not path.name.startswith("_")
    )


def measure(script: Path) -> tuple[list[dict[str, Any]], bool]:
    """Run one script.

    Args:
        script: Its path.

    Returns:
        The figures that it printed, and whether it ended well.
    """
    done = subprocess.run([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, check=False)
    return [
        json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")
    ], done.returncode == 0


def line(facts: dict[str, Any]) -> str:
    """Write one figure for people."""
    if "left_out" in facts:
        return f"  --    {facts['claim']}: left out, {facts['left_out']}"
    word = "ok   " if facts["holds"] else "MISS "
    return f"  {word} {facts['claim']}: {facts['value']} {facts['unit']} (promised {facts['op']} {facts['bound']})"


def main() -> int:
    """Run all of them.

    Returns:
        0 where every claim holds, else 1.
    """
    good = True
    for script in scripts():
        print(script.stem, flush=True)
        rows, ended_well = measure(script)
        good = good and ended_well and all(facts.get("holds", True) for facts in rows)
        for facts in rows:
            print(line(facts), flush=True)
        if not ended_well:
            print("  MISS  the script did not end well", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
