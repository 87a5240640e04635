"""Beast frames, as receivers send them over TCP: an escape, a type, clock and signal, then the frame of Mode S.

Source: the output format of the Mode-S Beast receiver; 0x1A inside a frame is written twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from truceline.core.frames import Refused

ESCAPE = b"\x1a"
_HEAD = 7
"""Bytes between the type and the frame: six of the receiver's clock, one of signal level."""
_SIZES = {0x31: 2, 0x32: 7, 0x33: 14}
"""Type -> bytes of its frame."""


def unstuffed(data: bytes) -> Iterator[tuple[int, bytes | Refused]]:
    """Take the frames of Mode S out of Beast frames.

    Args:
        data: Beast frames, one after another.

    Yields:
        Offset of each, and the frame, or why there is none.
    """
    for offset, end in spans(data):
        body = data[offset + 1 : end].replace(ESCAPE * 2, ESCAPE)
        size = _SIZES.get(body[0]) if body else None
        if size is None:
            yield offset, Refused(offset, "adsb.beast", "the Beast frame is of no known type")
        elif len(body) != 1 + _HEAD + size:
            why = f"the Beast frame has {len(body)} bytes, not {1 + _HEAD + size}"
            yield offset, Refused(offset, "adsb.beast", why)
        else:
            yield offset, body[1 + _HEAD :]


def spans(data: bytes) -> Iterator[tuple[int, int]]:
    """Find where Beast frames begin and end; what stands before the first one is passed over.

    Args:
        data: Bytes of a stream.

    Yields:
        Where each begins, and where the next one does; the last one ends with the data.
    """
    begin, at = -1, data.find(ESCAPE)
    while at >= 0:
        if data[at + 1 : at + 2] == ESCAPE and begin >= 0:
            at = data.find(ESCAPE, at + 2)
            continue
        if begin >= 0:
            yield begin, at
        begin, at = at, data.find(ESCAPE, at + 1)
    if begin >= 0:
        yield begin, len(data)
