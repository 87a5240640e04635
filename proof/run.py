"""Run every proof and write what came of it, with date and commit, to ``results.json`` and ``results.md``."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent


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
    rows: list[dict[str, object]] = []
    failed = 0
    for script in sorted(HERE.glob("[a-z]*.py")):
        if script.name != "run.py":
            found, code = run(script)
            rows += found
            failed += code != 0
    head = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "commit": commit}
    (HERE / "results.json").write_text(json.dumps({**head, "rows": rows}, indent=1) + "\n", encoding="utf-8")
    lines = [
        f"# Proofs of {head['date']}, commit {head['commit']}",
        "",
        "| claim | got | bound |",
        "|---|---|---|",
    ]
    lines += [f"| {r['claim']} | {r['value']:,} {r['unit']} | {_bound(r)} |" for r in rows]
    (HERE / "results.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return int(bool(failed) or any(one["holds"] is False for one in rows))


if __name__ == "__main__":
    raise SystemExit(main())
