"""Work that is shared out comes back in its order, with its errors."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from truceline.adapters.threads import share_out


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_what_comes_back_is_in_order(count: int) -> None:
    assert list(share_out(lambda n: n * n, range(count))) == [n * n for n in range(count)]


def test_one_thing_begins_no_thread() -> None:
    assert list(share_out(lambda _: threading.current_thread(), [1])) == [threading.current_thread()]


def test_an_error_in_the_work_and_one_in_what_comes_reach_whoever_asked() -> None:
    with pytest.raises(ZeroDivisionError):
        list(share_out(lambda n: 1 // n, [1, 2, 0, 3]))

    def coming() -> Iterator[int]:
        yield from (1, 2, 3)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is the very one
        list(share_out(lambda n: n, coming()))
