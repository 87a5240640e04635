"""The spool: what was taken is read back, whatever a power cut tore off, and nothing is taken beyond its bound."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.adapters.sensors.spool import Spool, read_spool, spools
from truceline.core.frames import FATES, Heard

messages = st.builds(
    Heard, st.integers(0, 2**52), st.integers(-1, 2**52), st.sampled_from(FATES), st.text(max_size=40),
    st.binary(max_size=200),
)  # fmt: skip


@settings(max_examples=60)
@given(taken=st.lists(messages, max_size=20), torn=st.integers(0, 300))
def test_what_was_taken_is_read_up_to_where_it_is_torn_off(
    tmp_path_factory: pytest.TempPathFactory, taken: list[Heard], torn: int
) -> None:
    spool = Spool(tmp_path_factory.mktemp("spool"), "radar", 1_605_500_000_000_000, 1 << 20)
    assert all(spool.put(one) for one in taken)
    spool.close()
    assert list(read_spool(spool.path)) == taken
    data = spool.path.read_bytes()
    spool.path.write_bytes(data[: max(len(data) - torn, 0)])
    found = list(read_spool(spool.path))
    assert found == taken[: len(found)]
    assert len(found) == len(taken) or torn


def test_nothing_is_taken_beyond_the_bound(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "radar", 1_605_500_000_000_000, 100)
    one = Heard(1, 1, "decoded", "x", bytes(50))
    assert [spool.put(one) for _ in range(3)] == [True, False, False]
    spool.close()
    assert len(list(read_spool(spool.path))) == 1


def test_files_that_were_left_behind_are_found_the_oldest_first(tmp_path: Path) -> None:
    for feed, at in (
        ("b", 1_605_500_000_000_000),
        ("a", 1_605_500_000_000_001),
        ("a", 1_605_500_000_000_000),
    ):
        Spool(tmp_path, feed, at, 100).close()
    (tmp_path / "notes.txt").write_text("none of ours", encoding="utf-8")
    assert [(feed, at % 10) for feed, at, _ in spools(tmp_path)] == [("a", 0), ("a", 1), ("b", 0)]


def test_a_full_disk_takes_no_half_of_a_message_and_goes_on_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool, one = (
        Spool(tmp_path, "radar", 1_605_500_000_000_000, 1 << 20),
        Heard(1, 1, "decoded", "x", bytes(50)),
    )
    whole, left = os.write, [200]

    def write(fd: int, data: bytes) -> int:
        """A disk with so many bytes left, which takes what fits."""
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        n = whole(fd, data[: left[0]])
        left[0] -= n
        return n

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        assert [spool.put(one) for _ in range(5)] == [True, True, False, False, False]
    assert spool.put(one)
    assert spool.size == spool.path.stat().st_size
    spool.close()
    assert list(read_spool(spool.path)) == [one] * 3
