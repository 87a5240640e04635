"""Run proofs and write what came of them, each with date and commit, to ``results.json`` and ``results.md``.

Without arguments every script runs; with names of scripts those alone, and what stands of the others stays as it was.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"


def run(script: Path) -> tuple[list[dict[str, object]], int]:
    """Run a script and return its rows and its exit code."""
    done = subprocess.run([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, check=False)
    rows = [
        {"script": script.name, **json.loads(line)}
        for line in done.stdout.splitlines()
        if line.startswith("{")
    ]
    return rows, done.returncode


def _bound(row: dict[str, object]) -> str:
    return "" if row["bound"] is None else f"{row['op']} {row['bound']:,}"


def main() -> int:
    """Run them all; the exit code is 1 where a promise is not kept or a script failed."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HERE, stdout=subprocess.PIPE, text=True, check=False
    ).stdout.strip()
    asked = sys.argv[1:]
    scripts = [one for one in sorted(HERE.glob("[a-z]*.py")) if one.name != "run.py"]
    rows, failed = _standing() if asked else [], 0
    for script in scripts:
        if asked and script.name not in asked:
            continue
        found, code = run(script)
        head = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "commit": commit}
        rows = [one for one in rows if one["script"] != script.name] + [{**one, **head} for one in found]
        failed += code != 0
    rows.sort(key=lambda one: [script.name for script in scripts].index(str(one["script"])))
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    lines = ["# Proofs", "", "| claim | got | bound | date | commit |", "|---|---|---|---|---|"]
    lines += [
        f"| {r['claim']} | {r['value']:,} {r['unit']} | {_bound(r)} | {r['date']} | {r['commit']} |"
        for r in rows
    ]
    RESULTS.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return int(bool(failed) or any(one["holds"] is False for one in rows))


def _standing() -> list[dict[str, object]]:
    """Return the rows of earlier runs; none where the scripts that made them are gone."""
    if not RESULTS.is_file():
        return []
    rows: list[dict[str, object]] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return [one for one in rows if (HERE / str(one["script"])).is_file()]


if __name__ == "__main__":
    raise SystemExit(main())
