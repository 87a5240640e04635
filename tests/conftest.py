"""What every test may ask for: the public vectors, and parts of the system that may be absent."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from truceline.testing import cluster

# Speed is measured in bench/, never by a test: a busy machine makes no law wrong.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
# The same tree gives the same answer; `make explore` looks where no run has looked.
settings.load_profile(os.environ.get("TRUCELINE_HYPOTHESIS", "house"))

ROOT = Path(__file__).resolve().parents[1]

PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "git": ("git",),
    "grass": ("grass",),
    "go": ("go",),
    "make": ("make",),
    "node": ("node",),
    "pdffonts": ("pdffonts",),
    "pdftoppm": ("pdftoppm",),
    "pdftotext": ("pdftotext",),
    "cc": ("cc", "gcc"),
    "zbarimg": ("zbarimg",),
}
"""Each system part and the programs any of which will do."""

HINTS = {
    "shared": "set TRUCELINE_SHARED to the folder of public vectors and articles",
    "chromium": "run `make system-deps`",
    "go": "run `make system-deps`",
    "grass": "run `make system-deps`",
    "node": "run `make system-deps`",
    "console packages": "run `make test`, which brings them",
    "pdffonts": "run `make system-deps`",
    "pdftoppm": "run `make system-deps`",
    "pdftotext": "run `make system-deps`",
    "cc": "run `make system-deps`",
    "zbarimg": "run `make system-deps`",
    "postgres": "run `make system-deps`",
    "mosquitto": "run `make system-deps`",
}


def required(name: str) -> bool:
    """Say whether a missing part is a failure: TRUCELINE_REQUIRE is `all` or names it."""
    wanted = os.environ.get("TRUCELINE_REQUIRE", "").replace(",", " ").split()
    return "all" in wanted or name in wanted


def absent(name: str) -> None:
    """Skip by name, or fail where the part is required."""
    message = f"{name}: not present; {HINTS.get(name, 'install it')}"
    if required(name):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def find(name: str) -> str | None:
    """Return where a part is: a program's path, or a Python module's name where it can be imported."""
    if name == "postgres":
        programs = cluster.find_programs()
        return None if programs is None else str(programs)
    for program in PROGRAMS.get(name, (name,)):
        # Debian puts what serves where only root looks
        if path := shutil.which(program, path=f"{os.environ.get('PATH', os.defpath)}{os.pathsep}/usr/sbin"):
            return path
    return name if name not in PROGRAMS and importlib.util.find_spec(name) else None


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public vectors, articles and gold that TRUCELINE_SHARED names."""
    folder = os.environ.get("TRUCELINE_SHARED", "")
    path = Path(folder).resolve() if folder else None
    if path is None or not path.is_dir():
        absent("shared")
        raise AssertionError
    return path


@pytest.fixture(scope="session")
def need() -> Callable[[str], str]:
    """Ask for a part: `need("chromium")` gives its path, or skips by name, or fails where it is required."""

    def ask(name: str) -> str:
        found = find(name)
        if found is None:
            absent(name)
            raise AssertionError
        return found

    return ask


@pytest.fixture(scope="session")
def postgres(need: Callable[[str], str]) -> Iterator[cluster.Cluster]:
    """A PostgreSQL server with PostGIS of this run's own; `new_database` gives the address of an empty database."""
    need("postgres")
    server = cluster.Cluster(is_durable=False)
    server.start()
    yield server
    server.remove()
