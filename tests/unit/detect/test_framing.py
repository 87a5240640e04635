"""Framing: however a stream is cut on its way, the same messages come out of it, and nothing is lost without a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.frames import Framing, Refused
from truceline.detect.decoders.adsb.beast import unstuffed
from truceline.detect.framing import MOST_BYTES, Cutter

EVENT = b'<event uid="a"><point/></event>'
STREAMS = {
    Framing.LINES: [b"*8D4840D6202CC371C32CE0576098;\n", b"1605500000.5,8D4840D6202CC371C32CE0576098\r\n"],
    Framing.LENGTH: [b"\x03\0\0\0abc", b"\x01\0\0\0\x1a", b"\x02\0\0\0\n\n"],
    Framing.EVENTS: [EVENT, b"\n" + EVENT],
}
BEAST = [
    b"\x1a3" + b"\x00\x1a\x1a\x03\x04\x05\x06" + b"\x80" + bytes(14),
    b"\x1a2" + bytes(7) + b"\x1a\x1a" + bytes(6),
    b"\x1a3" + bytes(7) + bytes(range(0x20, 0x2E)),
]


def cut(framing: Framing, data: bytes, sizes: list[int]) -> list[bytes | Refused]:
    cutter, found, at = Cutter(framing), list[bytes | Refused](), 0
    for size in [*sizes, len(data)]:
        found += cutter.take(data[at : at + size])
        at += size
    return [*found, *cutter.end()]


@pytest.mark.parametrize("framing", STREAMS)
@given(sizes=st.lists(st.integers(1, 40), max_size=60))
def test_a_stream_gives_the_same_messages_however_it_is_cut(framing: Framing, sizes: list[int]) -> None:
    assert cut(framing, b"".join(STREAMS[framing]), sizes) == STREAMS[framing]


@given(sizes=st.lists(st.integers(1, 40), max_size=60))
def test_beast_frames_end_where_the_next_begins(sizes: list[int]) -> None:
    found = cut(Framing.LINES, b"".join(BEAST), sizes)
    assert found == BEAST
    assert [len(frame) for data in BEAST for _, frame in unstuffed(data) if isinstance(frame, bytes)] == [
        14,
        7,
        14,
    ]


def test_lines_and_beast_frames_may_stand_in_one_stream() -> None:
    line = STREAMS[Framing.LINES][0]
    found = cut(Framing.LINES, line + BEAST[0] + BEAST[2], [])
    assert found == [line, BEAST[0], BEAST[2]]


def test_a_length_that_cannot_be_ends_the_connection() -> None:
    cutter = Cutter(Framing.LENGTH)
    (found,) = cutter.take(b"\xff\xff\xff\x7f and what follows")
    assert isinstance(found, Refused)
    assert cutter.is_lost
    assert list(cutter.take(b"\x01\0\0\0a")) == []


@pytest.mark.parametrize("framing", [Framing.LINES, Framing.EVENTS])
def test_bytes_without_an_end_are_refused_and_the_next_message_is_read(framing: Framing) -> None:
    cutter = Cutter(framing)
    (found,) = cutter.take(b"x" * (MOST_BYTES + 1))
    assert isinstance(found, Refused)
    assert not cutter.is_lost
    assert list(cutter.take(STREAMS[framing][0])) == [STREAMS[framing][0]]


@pytest.mark.parametrize(
    ("framing", "data"), [(Framing.LENGTH, b"\x09\0\0\0abc"), (Framing.EVENTS, b"<event>")]
)
def test_what_is_cut_off_is_said(framing: Framing, data: bytes) -> None:
    (found,) = cut(framing, data, [])
    assert isinstance(found, Refused)
    assert found.code == f"{framing}.cut"


@given(st.binary(max_size=300), st.sampled_from(list(Framing)), st.lists(st.integers(1, 50), max_size=10))
def test_whatever_comes_is_a_message_or_refused(data: bytes, framing: Framing, sizes: list[int]) -> None:
    for one in cut(framing, data, sizes):
        assert one if isinstance(one, bytes) else one.why


@pytest.mark.parametrize("data", [b"\x1a", b"\x1a9abc", b"\x1a3short"])
def test_a_beast_frame_that_is_none_is_refused(data: bytes) -> None:
    ((offset, found),) = unstuffed(data)
    assert offset == 0
    assert isinstance(found, Refused)
