"""What a decoder must do: bytes of a feed in, frames out, nothing lost without a word."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Protocol

from truceline.core.detections import Sighting
from truceline.core.frames import Frame, Framing, Refused


class Decoder(Protocol):
    """Reads one feed of a format; it may remember what earlier messages said.

    A decoder is a folder under ``detect/decoders``, or of another package, named by an entry point of the group
    ``truceline.decoders``. It opens nothing, reads no clock, and raises nothing whatever it is given.
    """

    framing: Framing
    """How messages follow one another in a stream."""
    is_dependent: bool = False
    """Whether positions are what things say of themselves, by their own satellite receivers: those can be deceived."""

    @abstractmethod
    def decode(self, data: bytes, received_s: float | None = None, /) -> Iterator[Frame | Refused]:
        """Read all messages of some bytes.

        Args:
            data: Whole messages one after another, as a file or a segment holds them.
            received_s: When they were received, seconds since 1970, for formats whose messages do not say when they were
                sent; None where nobody knows.

        Returns:
            A frame, or why there is none, for each message, in their order.
        """
        ...

    @abstractmethod
    def sighting(self, frame: Frame) -> Sighting | None:
        """Return what a frame of this decoder says is somewhere.

        Args:
            frame: The frame.

        Returns:
            Where it is; None where the message is about something else.
        """
        ...

    def reply(self, frame: Frame, peer: str, now_s: float) -> bytes | Refused | None:
        """Say what is answered to a message on a live connection.

        Args:
            frame: The message.
            peer: Who sent it, as the connection knows it.
            now_s: The time, seconds since 1970.

        Returns:
            Bytes to send back; or why the message is refused there although it is sound; or None for no answer.
        """
        del frame, peer, now_s
        return None

    def left(self, peer: str) -> None:
        """Hear that a live connection ended."""
        del peer
