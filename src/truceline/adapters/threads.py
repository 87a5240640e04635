"""Shares work out to all processors where what takes the time lets go of the interpreter, as checking signatures does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice
from typing import TypeVar

_A = TypeVar("_A")
_B = TypeVar("_B")


def share_out(function: Callable[[_A], _B], things: Iterable[_A]) -> Iterator[_B]:
    """Do a function for many things while they come, in their order.

    Args:
        function: What to do, in any thread.
        things: Each is done while the next ones are still made; where there is but one, no thread is begun.

    Yields:
        What came of each.
    """
    coming = iter(things)
    first = list(islice(coming, 2))
    if len(first) < 2 or (os.cpu_count() or 1) < 2:
        yield from map(function, chain(first, coming))
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(function, chain(first, coming))
