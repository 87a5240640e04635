"""One mistake in a pack: which file, where, what, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a file down to a value."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake in a pack.

    Args:
        file: File name inside the pack.
        line: Line in that file, from 1; 0 where it cannot be told.
        where: The thing and field, for example ``obl:2020-6-kelbajar.due``.
        what: What is wrong.
        todo: What to do about it.
    """

    file: str
    line: int
    where: str
    what: str
    todo: str

    def __str__(self) -> str:
        spot = f"{self.file}:{self.line}" if self.line else self.file
        where = f"{self.where}: " if self.where else ""
        return f"{spot}: {where}{self.what} ({self.todo})"


def spell_path(path: Path, slugs: Mapping[Path, str]) -> str:
    """Write a path as people read it, for example ``obl:2020-3-contingent.caps[1].unit``.

    Args:
        path: The path.
        slugs: Path of a thing -> its slug; the innermost that holds the path stands for its part.

    Returns:
        The words.
    """
    for end in range(len(path), 0, -1):
        if path[:end] in slugs:
            return slugs[path[:end]] + _steps(path[end:])
    return _steps(path).removeprefix(".")


def _steps(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
