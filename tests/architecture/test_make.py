"""Each step of make happens once, and again only when what it depends on is newer."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STEPS = (
    "v/bin/python",
    "v/.stamps/demo",
    "v/.stamps/test",
    "v/.stamps/check",
    "b/bin/python",
    "b/.stamps/build",
)
LATER = (
    "b/.stamps/node",
    "b/.stamps/fonts-packages",
    "b/.stamps/fonts",
    "b/.stamps/console-packages",
    "b/.stamps/console",
    "v/.stamps/project",
)


@pytest.fixture
def dry_run(tmp_path: Path, need: Callable[[str], str]) -> Callable[..., str]:
    """Say what make would do, on a pair of environments in which every step has been taken."""
    make = need("make")
    for order, name in enumerate(STEPS + LATER):
        stamp = tmp_path / name
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.touch()
        os.utime(stamp, (4_000_000_000 + order, 4_000_000_000 + order))

    def ask(*targets: str) -> str:
        settings = (f"VENV={tmp_path}/v", f"BUILD={tmp_path}/b", "DEMO_SERVE=0")
        command = [make, "--dry-run", *settings, *targets]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        return subprocess.run(command, cwd=ROOT, env=clean, check=True, capture_output=True, text=True).stdout

    return ask


def test_a_second_demo_installs_nothing_and_makes_no_font(dry_run: Callable[..., str]) -> None:
    told = dry_run("demo")
    assert "truceline run --mission karabakh-2020 --out out/karabakh-2020" in told
    assert "truceline assess" in told
    assert "pip" not in told
    assert "make_fonts" not in told
    assert "serve" not in told


def test_newer_requirements_are_installed_again(dry_run: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "v/.stamps/demo").unlink()
    assert "--require-hashes --requirement requirements/demo.txt" in dry_run("demo")


def test_the_project_is_installed_again_when_its_fonts_are_made_anew(
    dry_run: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "b/.stamps/fonts").unlink()
    told = dry_run("test")
    assert told.index("make_fonts.py") < told.index("hatchling build") < told.index("-m pytest")


def test_the_islands_are_bundled_anew_without_installing_the_project_again(
    dry_run: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "b/.stamps/console").unlink()
    told = dry_run("test")
    assert told.index("console/build.py") < told.index("-m pytest")
    assert "hatchling" not in told
    assert "npm_ci" not in told


def test_tests_and_checks_share_the_environment_of_the_demo(dry_run: Callable[..., str]) -> None:
    for target in ("demo", "test", "check", "bench"):
        told = dry_run(target)
        assert "venv" not in told
        assert "/v/bin/" in told


def test_the_rival_of_the_proofs_has_an_environment_of_its_own(dry_run: Callable[..., str]) -> None:
    told = dry_run("proof")
    made = [line for line in told.splitlines() if " -m venv " in line]
    assert [line.rpartition("/")[2] for line in made] == ["rival", "mutants"]
    (installed,) = [line for line in told.splitlines() if "rival.txt" in line and "pip install" in line]
    assert "/rival/bin/python" in installed
