"""Build the wheel, install it without extras into a fresh environment, and say what that weighs.

Usage: ``install_core.py FOLDER``. It prints one JSON line: the environment, its weight in MB (10^6 bytes of all files of
site-packages but pip and setuptools, which the environment brings along) and the heaviest parts. The packages come from the hashed ``requirements/core.txt``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAVIEST = 10


def builder() -> str:
    """Return hatchling's program: that of .build, or one on the path."""
    ours = ROOT / ".build" / "bin" / "hatchling"
    found = str(ours) if ours.is_file() else shutil.which("hatchling")
    if found is None:
        sys.exit("hatchling: not present; run `make wheel`, which makes .build")
    return found


def install(folder: Path) -> Path:
    """Make the environment.

    Args:
        folder: An empty folder for the wheel and the environment.

    Returns:
        The environment.
    """
    build = [builder(), "build", "--target", "wheel", "--directory", str(folder / "dist")]
    subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = (folder / "dist").glob("*.whl")
    environment = folder / "venv"
    venv.create(environment, with_pip=True)
    pip = [
        str(environment / "bin" / "python"),
        "-m",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
        "install",
    ]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "core.txt")], check=True)
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    return environment


def weight_mb(entry: Path) -> float:
    """Return the bytes of a file, or of all files below a folder, in MB."""
    files = [entry] if entry.is_file() else [path for path in entry.rglob("*") if not path.is_dir()]
    return sum(path.lstat().st_size for path in files) / 1e6


def main() -> int:
    """Install and weigh."""
    environment = install(Path(sys.argv[1]).resolve())
    (site_packages,) = environment.glob("lib/python*/site-packages")
    brought = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-precedence")
    parts = {
        entry.name: weight_mb(entry)
        for entry in site_packages.iterdir()
        if not entry.name.startswith(brought)
    }
    heaviest = dict(sorted(parts.items(), key=lambda part: (-part[1], part[0]))[:HEAVIEST])
    facts = {
        "environment": str(environment),
        "site_packages": str(site_packages),
        "mb": round(sum(parts.values()), 1),
        "with_pip_mb": round(weight_mb(site_packages), 1),
        "heaviest_mb": {name: round(mb, 1) for name, mb in heaviest.items()},
    }
    print(json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
