"""A stream of bytes into whole messages, each as it came: nothing is decoded here, and nothing is lost without a word."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.core.frames import TAK_MAGIC, Framing, Refused
from truceline.detect.decoders.adsb.beast import ESCAPE

MOST_BYTES = 1 << 20
"""Longest message of any format."""
_LENGTH, _BLOCK_HEAD, _VARINT = 4, 3, 5
_HOPELESS = frozenset({Framing.LENGTH, Framing.BLOCKS, Framing.VARINT})
"""Where one length is wrong, nobody finds the next message."""
_CLOSE = b"</event>"


class Cutter:
    """Cuts one connection's bytes.

    Args:
        framing: How messages follow one another.
    """

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._rest = b""
        self._is_over = False
        self._offset = 0

    @property
    def is_lost(self) -> bool:
        """Whether no message can be found in the stream any more, so that the connection is of no use."""
        return self._is_over

    def take(self, data: bytes) -> Iterator[bytes | Refused]:
        """Take what came.

        Args:
            data: Bytes that follow those before.

        Yields:
            Whole messages with all that frames them; or why bytes are none, and are left out.
        """
        if self._is_over:
            return
        self._rest += data
        at = 0
        while (end := self._end(at)) is not None:
            if end > at and self._rest[at:end].strip():
                yield self._rest[at:end]
            at = end
        self._offset += at
        self._rest = self._rest[at:]
        if len(self._rest) > MOST_BYTES or self._is_over:
            why = (
                "a length that no message has"
                if self._is_over
                else f"more than {MOST_BYTES} bytes without an end"
            )
            yield Refused(self._offset, f"{self._framing}.length", why)
            self._offset += len(self._rest)
            self._rest = b""
            self._is_over = self._is_over or self._framing in _HOPELESS

    def end(self) -> Iterator[bytes | Refused]:
        """Take the end of the stream: the last line or file is whole, a message behind its length is cut off."""
        rest, self._rest = self._rest, b""
        if not rest.strip():
            return
        if self._framing in {Framing.LINES, Framing.WHOLE}:
            yield rest
        else:
            yield Refused(self._offset, f"{self._framing}.cut", f"the last {len(rest)} bytes are cut off")

    def _end(self, at: int) -> int | None:
        """Say where the message ends that begins at a place; None where its end has not come."""
        if self._framing is Framing.WHOLE or at >= len(self._rest):
            return None
        if self._framing is Framing.LENGTH:
            return self._end_by_length(at)
        if self._framing is Framing.BLOCKS:
            return self._end_of_block(at)
        if self._framing is Framing.VARINT:
            return self._end_by_varint(at)
        if self._framing is Framing.EVENTS:
            found = self._rest.find(_CLOSE, at)
            return None if found < 0 else found + len(_CLOSE)
        if self._rest[at : at + 1] == ESCAPE:
            return self._end_of_beast(at)
        found = self._rest.find(b"\n", at)
        return None if found < 0 else found + 1

    def _end_by_length(self, at: int) -> int | None:
        if len(self._rest) < at + _LENGTH:
            return None
        size = int.from_bytes(self._rest[at : at + _LENGTH], "little")
        if size > MOST_BYTES:
            self._is_over = True
            return None
        end = at + _LENGTH + size
        return end if end <= len(self._rest) else None

    def _end_of_block(self, at: int) -> int | None:
        if len(self._rest) < at + _BLOCK_HEAD:
            return None
        size = int.from_bytes(self._rest[at + 1 : at + _BLOCK_HEAD], "big")
        if size < _BLOCK_HEAD:
            self._is_over = True
            return None
        return at + size if at + size <= len(self._rest) else None

    def _end_by_varint(self, at: int) -> int | None:
        size = 0
        for n, byte in enumerate(self._rest[at + 1 : at + 1 + _VARINT]):
            size |= (byte & 0x7F) << 7 * n
            if byte < 0x80:
                break
        else:
            self._is_over = len(self._rest) > at + _VARINT
            return None
        if self._rest[at] != TAK_MAGIC or size > MOST_BYTES:
            self._is_over = True
            return None
        end = at + 2 + n + size
        return end if end <= len(self._rest) else None

    def _end_of_beast(self, at: int) -> int | None:
        """A frame ends where the next one begins: an escape that is not written twice."""
        found = self._rest.find(ESCAPE, at + 1)
        while found >= 0:
            after = self._rest[found + 1 : found + 2]
            if not after:
                return None
            if after != ESCAPE:
                return found
            found = self._rest.find(ESCAPE, found + 2)
        return None
