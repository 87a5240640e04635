"""Measure how well the five public articles are read, by the public gold and its scorer (TRUCELINE_SHARED)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from _rows import left_out, row

PROMISED = (
    ("modality", 0.95),
    ("speaker", 0.95),
    ("date", 0.9),
    ("actor", 0.9),
    ("target", 0.9),
    ("place", 0.9),
)


def score(shared: Path) -> dict[str, Any]:
    """Read the articles by the command line and score the claims.

    Args:
        shared: The folder of public articles, gold and scorer.

    Returns:
        The scorer's total.
    """
    program = Path(sys.executable).parent / "truceline"
    articles = sorted(str(path) for path in (shared / "seeds").glob("*.txt"))
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as claims:
        command = [str(program), "extract", *articles, "--mission", "karabakh-2020", "--json"]
        subprocess.run(command, check=True, stdout=claims)
        scorer = [
            sys.executable,
            str(shared / "eval" / "score_claims.py"),
            str(shared / "gold" / "claims_seeds.json"),
        ]
        done = subprocess.run([*scorer, claims.name], check=True, stdout=subprocess.PIPE, text=True)
    total: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return total


def main() -> int:
    """Print one line a promised figure."""
    shared = os.environ.get("TRUCELINE_SHARED")
    if not shared:
        left_out("claims read from the five articles", "TRUCELINE_SHARED is not set")
        return 0
    total = score(Path(shared))
    row("five articles, strict precision", total["strict"]["precision"], "share", ">=", 0.95)
    row("five articles, strict recall", total["strict"]["recall"], "share", ">=", 0.90)
    for name, bound in PROMISED:
        row(f"five articles, {name}", total[name], "share", ">=", bound)
    for name in ("swapped", "noise_claims"):
        row(f"five articles, {name.replace('_', ' ')}", total[name], "claims", "==", 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
