"""Every branch of the trust kernel is taken by some test, measured by coverage.py in the environment of the mutants."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from _row import row
from mutants import MODULES, PYTHON, ROOT, TESTS


def main() -> int:
    """Print one line a module: the share of its lines and branches that ran."""
    if not PYTHON.exists():
        print("coverage is not installed: make proof installs it", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        data, told = Path(folder) / "data", Path(folder) / "told.json"
        kernel = ",".join(f"{ROOT}/src/truceline/ledger/{module}.py" for module in MODULES)
        coverage = [str(PYTHON), "-m", "coverage"]
        env = os.environ | {"COVERAGE_FILE": str(data), "PYTHONPATH": str(ROOT / "src")}
        tests = ["-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS]
        done = subprocess.run(
            [*coverage, "run", "--branch", "--include", kernel, *tests],
            cwd=ROOT, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
            return 1
        subprocess.run([*coverage, "json", "-o", str(told)], cwd=ROOT, env=env, check=True, stdout=sys.stderr)
        files = json.loads(told.read_text(encoding="utf-8"))["files"]
    holds = True
    for name, found in sorted(files.items()):
        share = found["summary"]["percent_covered"]
        holds &= share == 100
        row(f"lines and branches of {Path(name).stem} that tests take", share, "%", "==", 100)
        for part in ("missing_lines", "missing_branches"):
            if found[part]:
                print(f"{name}: {part.replace('_', ' ')}: {found[part]}", file=sys.stderr)
    return int(not holds or len(files) != len(MODULES))


if __name__ == "__main__":
    raise SystemExit(main())
