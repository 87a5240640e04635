"""Weigh a fresh environment with the built wheel and no extra."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from _rows import row

ROOT = Path(__file__).resolve().parents[1]

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        script = ROOT / "scripts" / "install_core.py"
        done = subprocess.run(
            [sys.executable, str(script), folder], check=True, stdout=subprocess.PIPE, text=True
        )
    row(
        "core install, site-packages of a fresh environment",
        json.loads(done.stdout.splitlines()[-1])["mb"],
        "MB",
        "<=",
        320,
    )
