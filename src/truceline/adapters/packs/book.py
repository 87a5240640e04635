"""Reads what the owner of posts keeps about them, and the rules of what is observed how far, with every mistake in one pass."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from truceline.adapters.packs.load import mission_folder, packaged_missions
from truceline.adapters.packs.read import read_document
from truceline.adapters.packs.shape import MISSING, Shaper
from truceline.core.errors import ConfigError, InputError
from truceline.core.exposure import CoverRules, WatchBook, check_rules

TERRAIN = "terrain.tif"
"""The ground of a packaged example: about a kilometre a cell, enough to try things out."""
BOOK = "watchbook.yaml"
"""The book of a packaged example. It is no part of the pack: a book is its owner's."""


def load_cover_rules(path: Path | None = None) -> CoverRules:
    """Read what can be observed by what, and how far.

    Args:
        path: A file of a mission's own figures; None takes the package's.

    Returns:
        The rules.

    Raises:
        ConfigError: They cannot be read, or contradict themselves.
    """
    path = path or Path(str(files("truceline"))) / "data" / "cover.toml"
    rules: CoverRules = _read(path, CoverRules)
    try:
        check_rules(rules)
    except InputError as error:
        raise ConfigError(
            error.code, error.what, where=f"{path.name}: {error.where}", todo=error.todo
        ) from error
    return rules


def packaged_book(mission: str) -> Path | None:
    """Find the watch book of a packaged example.

    Args:
        mission: A packaged mission's name, or a folder.

    Returns:
        The file; None where it has none.
    """
    return _example(mission, BOOK)


def packaged_terrain(mission: str) -> Path | None:
    """Find the coarse model of the ground of a packaged example.

    Args:
        mission: A packaged mission's name, or a folder.

    Returns:
        The file; None where it has none.
    """
    return _example(mission, TERRAIN)


def load_watch_book(path: Path) -> WatchBook:
    """Read a watch book.

    Args:
        path: YAML, or JSON.

    Returns:
        The book.

    Raises:
        ConfigError: It cannot be read: the message lists every mistake.
    """
    book: WatchBook = _read(path, WatchBook)
    return book


def _example(mission: str, name: str) -> Path | None:
    file = Path(str(files("truceline"))) / "data" / "examples" / mission_folder(mission).name / name
    return file if file.is_file() and mission in packaged_missions() else None


def _read(path: Path, kind: type) -> Any:
    try:
        document = read_document(path.name, path.read_bytes())
    except OSError as error:
        raise ConfigError("config.book", f"cannot be read: {error.strerror}", where=str(path)) from error
    problems = list(document.problems)
    found = MISSING
    if document.data is not None:
        found = Shaper(document, problems, {}, [], set()).read(document.data, kind, ())
    if problems or found is MISSING:
        listing = "\n".join(f"  {problem}" for problem in problems) or "  it is empty"
        raise ConfigError(
            "config.book", f"cannot be used:\n{listing}\n", where=path.name, todo="mend it and try again"
        )
    return found
