"""The wheel that people install: what it weighs, that it holds its data, that it works away from the checkout.

It takes a minute and the package index, so it runs where TRUCELINE_REQUIRE=all or TRUCELINE_WEIGH=1 asks for it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE_MB = 320
HATCHLING = ROOT / ".build" / "bin" / "hatchling"


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command[0]}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def core_install(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the built wheel and no extra."""
    asked = {
        os.environ.get("TRUCELINE_REQUIRE", ""),
        "weigh" if os.environ.get("TRUCELINE_WEIGH") == "1" else "",
    }
    if not asked & {"all", "weigh"}:
        pytest.skip("core install: weighed where TRUCELINE_WEIGH=1 or TRUCELINE_REQUIRE=all asks for it")
    builder = str(HATCHLING) if HATCHLING.is_file() else shutil.which("hatchling")
    if builder is None:
        pytest.fail("hatchling: not present; run the tests by `make test`, which makes .build", pytrace=False)
    folder = tmp_path_factory.mktemp("core")
    run(builder, "build", "--target", "wheel", "--directory", folder / "dist")
    (wheel,) = (folder / "dist").glob("*.whl")
    venv.create(folder / "venv", with_pip=True)
    pip = (
        folder / "venv" / "bin" / "python",
        "-m",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
        "install",
    )
    run(*pip, "--require-hashes", "--requirement", ROOT / "requirements" / "core.txt")
    run(*pip, "--no-deps", "--no-index", wheel)
    return folder / "venv"


def site_packages(environment: Path) -> Path:
    return environment / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def weight_mb(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6


def test_core_weighs_at_most_320_megabytes(core_install: Path) -> None:
    folder = site_packages(core_install)
    heaviest = sorted(
        ((weight_mb(entry), entry.name) for entry in folder.iterdir() if entry.is_dir()), reverse=True
    )
    listed = ", ".join(f"{name} {size:.0f}" for size, name in heaviest[:8])
    assert weight_mb(folder) <= CORE_MB, listed


def test_wheel_holds_every_data_file_of_the_tree(core_install: Path) -> None:
    tree, installed = ROOT / "src" / "truceline", site_packages(core_install) / "truceline"
    there = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}
    shipped = {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}
    missing = {name for name in there - shipped if "__pycache__" not in name}
    assert missing == set()


def test_core_alone_runs_the_packaged_mission(core_install: Path, tmp_path: Path) -> None:
    program = core_install / "bin" / "truceline"
    run(program, "run", "--mission", "karabakh-2020", "--out", tmp_path / "out", cwd=tmp_path)
    obligations = json.loads((tmp_path / "out" / "obligations.json").read_text(encoding="utf-8"))
    assert len(obligations) >= 12
    run(program, "record", "verify", tmp_path / "out" / "record", cwd=tmp_path)
