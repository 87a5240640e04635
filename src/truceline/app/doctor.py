"""Looks at the installation: parts, languages, missions, fonts."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sqlite3
from dataclasses import dataclass
from importlib import metadata, resources

from truceline import __version__
from truceline.app.wiring import packaged_missions, readable_languages


@dataclass(frozen=True, slots=True)
class Finding:
    """A part: its name, whether it is there, what was found, what it is for."""

    part: str
    is_there: bool
    detail: str
    enables: str


_LIBRARIES = (
    ("typst", "typst", "reports on paper"),
    ("trafilatura", "trafilatura", "articles saved as web pages"),
    ("pypdfium2", "pypdfium2", "the text of PDF files"),
    ("python-calamine", "python_calamine", "spreadsheets (.xlsx, .ods)"),
    ("python-docx", "docx", "Word files"),
    ("duckdb", "duckdb", "tables of reports and detections in Parquet (extra: link)"),
    ("scipy", "scipy", "tracks from detections (extra: sensors)"),
)
_PROGRAMS = (
    ("chromium", ("chromium", "chromium-browser"), "browser tests"),
    ("pdftoppm", ("pdftoppm",), "looking at reports in tests"),
)


def examine() -> tuple[Finding, ...]:
    """Return what is there and what is not, the needed parts first."""
    fonts = sorted(
        entry.name
        for entry in (resources.files("truceline") / "data" / "fonts").iterdir()
        if entry.name.endswith(".ttf")
    )
    found = [
        Finding("truceline", True, __version__, "this program"),
        Finding("python", True, platform.python_version(), "runs it"),
        Finding("sqlite", True, sqlite3.sqlite_version, "the store"),
        Finding("fonts", bool(fonts), f"{len(fonts)} files", "paper in Arabic and Latin letters"),
        Finding("languages read", True, ", ".join(readable_languages()), "claims from texts"),
        Finding("missions", True, ", ".join(packaged_missions()), "packaged theatres"),
    ]
    for name, module, use in _LIBRARIES:
        there = importlib.util.find_spec(module) is not None
        found.append(Finding(name, there, metadata.version(name) if there else "not installed", use))
    for name, programs, use in _PROGRAMS:
        path = next((place for program in programs if (place := shutil.which(program))), None)
        found.append(Finding(name, path is not None, path or "not installed", use))
    return tuple(found)
