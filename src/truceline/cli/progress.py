"""A progress line on stderr, only on a terminal and only where something takes over a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from truceline.app.outputs import Progress

_PATIENCE_S = 1.0


@contextmanager
def progress() -> Iterator[Progress]:
    """Give a callback that shows stage and thing at hand; what it wrote is wiped at the end.

    Yields:
        The callback.
    """
    if not sys.stderr.isatty():
        yield lambda _stage, _thing: None
        return
    from rich.progress import BarColumn, Progress as Bar, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: I001, PLC0415

    began = time.monotonic()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[thing]}"),
    )
    with Bar(*columns, TimeElapsedColumn(), transient=True, disable=False) as bar:
        task = bar.add_task("collect", total=None, thing="", visible=False)

        def say(stage: str, thing: str) -> None:
            late = time.monotonic() - began > _PATIENCE_S
            bar.update(task, description=stage, thing=thing[:60], visible=late)

        yield say
