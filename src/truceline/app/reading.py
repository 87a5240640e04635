"""Reads files outside any inbox: collect and extract alone, nothing recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from truceline.app.wiring import World, items_of
from truceline.collect import collect
from truceline.core.reports import Rejection
from truceline.extract import Extraction, extract


def read_files(
    world: World, files: Iterable[Path], *, published: str | None = None
) -> Iterator[tuple[Extraction | None, tuple[Rejection, ...]]]:
    """Read files one by one.

    Args:
        world: The mission and its readers.
        files: Files or folders.
        published: Day of publication that overrides what the texts say.

    Yields:
        For each item what reading gave; for each file that was not taken, None and why.
    """
    for file in files:
        collected = collect(items_of([file]), world.knowledge)
        if collected.rejected:
            yield None, collected.rejected
        for report in collected.reports:
            yield extract(report, world.readers, published=published), ()
