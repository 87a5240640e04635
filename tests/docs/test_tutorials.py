"""Tutorials do what they say: each script is run as a reader would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TUTORIALS = Path(__file__).resolve().parents[2] / "docs" / "tutorial"


def test_two_machines_agree_differ_recall_stay_silent_leave_protect_and_evacuate(tmp_path: Path) -> None:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [TUTORIALS / "two-machines.sh", tmp_path / "machines"],
        env={**os.environ, "PATH": programs}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    scenes = {part.splitlines()[0].split(":")[0]: part for part in done.stdout.split("\n== ") if part}
    assert ": agreed" in scenes["what B sees before it has answered"]
    assert "A: sealed\n  B: is waited for" in scenes["what B sees before it has answered"]
    assert ": differing" in scenes["differ"]
    assert ": unable to determine" in scenes["recall"]
    assert ": one side only" in scenes["no response"]
    assert "B: no response" in scenes["no response"]
    assert "B: left since 2021-12-05" in scenes["departure"]
    assert "nothing is left" in scenes["protection"]
    assert "nothing is left" in scenes["evacuation"]
    assert "verified: truceline/karabakh-2020/demo" in scenes["evacuation"]
