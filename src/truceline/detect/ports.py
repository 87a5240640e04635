"""What a decoder must do: bytes of a feed in, frames out, nothing lost without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from truceline.core.frames import Frame, Refused


class Decoder(Protocol):
    """Reads one feed of a format; it may remember what earlier messages said.

    A decoder is a folder under ``detect/decoders``, or of another package, named by an entry point of the group
    ``truceline.decoders``. It opens nothing, reads no clock, and raises nothing whatever it is given.
    """

    def decode(self, data: bytes) -> Iterator[Frame | Refused]:
        """Read all messages of some bytes.

        Args:
            data: Whole messages one after another, as a file or a segment holds them.

        Returns:
            A frame, or why there is none, for each message, in their order.
        """
        ...
