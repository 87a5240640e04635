"""The wheel that people install: what it weighs, that it holds its data, that it works away from the checkout.

It takes a minute and the package index, so it runs where TRUCELINE_REQUIRE=all or TRUCELINE_WEIGH=1 asks for it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE_MB = 320


@dataclass(frozen=True)
class Core:
    """A fresh environment with the built wheel and no extra."""

    program: Path
    package: Path
    mb: float
    heaviest_mb: dict[str, float]


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command[0]}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    if os.environ.get("TRUCELINE_REQUIRE") != "all" and os.environ.get("TRUCELINE_WEIGH") != "1":
        pytest.skip("core install: weighed where TRUCELINE_WEIGH=1 or TRUCELINE_REQUIRE=all asks for it")
    folder = tmp_path_factory.mktemp("core")
    facts = json.loads(run(sys.executable, ROOT / "scripts" / "install_core.py", folder).splitlines()[-1])
    return Core(
        Path(facts["environment"]) / "bin" / "truceline",
        Path(facts["site_packages"]) / "truceline",
        facts["mb"],
        facts["heaviest_mb"],
    )


def test_core_weighs_at_most_320_megabytes(core: Core) -> None:
    assert core.mb <= CORE_MB, core.heaviest_mb


def test_wheel_holds_every_file_of_the_tree(core: Core) -> None:
    tree = ROOT / "src" / "truceline"
    there = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}
    shipped = {
        path.relative_to(core.package).as_posix() for path in core.package.rglob("*") if path.is_file()
    }
    assert {name for name in there - shipped if "__pycache__" not in name} == set()
    assert any(name.startswith("data/fonts/") for name in shipped)


def test_core_alone_runs_the_packaged_mission(core: Core, tmp_path: Path) -> None:
    run(core.program, "run", "--mission", "karabakh-2020", "--out", tmp_path / "out", cwd=tmp_path)
    obligations = json.loads((tmp_path / "out" / "obligations.json").read_text(encoding="utf-8"))
    assert len(obligations) >= 12
    run(core.program, "record", "verify", tmp_path / "out" / "record", cwd=tmp_path)
