"""Reads SAPIENT messages from the wire, and from the JSON that the protobuf library writes."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from truceline.core.detections import Sighting
from truceline.core.frames import Frame, Framing, Refused
from truceline.detect.decoders.sapient.parent import Parent
from truceline.detect.decoders.sapient.places import Places
from truceline.detect.decoders.sapient.rules import broken
from truceline.detect.ports import Decoder

FORMAT = "sapient"
_LENGTH = 4
MOST_BYTES = 1 << 20
"""Longest message that is read; the standard's longest, a registration, is a few thousand bytes."""


def judged(offset: int, message: SapientMessage) -> Frame | Refused:
    """Hold a message to the standard.

    Args:
        offset: Where it stands.
        message: The message.

    Returns:
        Its frame; or the first rule that it breaks.
    """
    for code, why, where in broken(message):
        return Refused(offset, code, why, where)
    kind = message.WhichOneof("content") or ""
    values = json_format.MessageToDict(message, preserving_proto_field_name=True)
    at_s = message.timestamp.seconds + message.timestamp.nanos / 1e9
    return Frame(FORMAT, kind, offset, at_s, values)


class SapientDecoder(Decoder):
    """Decodes the wire: each message behind four bytes of its length, little end first."""

    framing = Framing.LENGTH

    def __init__(self) -> None:
        self._places = Places()
        self._parent = Parent()

    def sighting(self, frame: Frame) -> Sighting | None:
        """Return where a detection report says that something is; see `ports.Decoder`."""
        return self._places.of(frame)

    def reply(self, frame: Frame, peer: str, now_s: float) -> bytes | Refused | None:
        """Answer a node that registers; refuse a task; see `ports.Decoder`."""
        return self._parent.reply(frame, peer, now_s)

    def left(self, peer: str) -> None:
        """Let a node register anew; see `ports.Decoder`."""
        self._parent.left(peer)

    def decode(self, data: bytes, _received_s: float | None = None, /) -> Iterator[Frame | Refused]:
        """Read all messages; see `ports.Decoder`. Behind a length that cannot be, nothing can be found any more."""
        offset = 0
        while offset < len(data):
            size = int.from_bytes(data[offset : offset + _LENGTH], "little")
            start = offset + _LENGTH
            if start > len(data) or size > MOST_BYTES:
                why = (
                    "the length is cut off"
                    if start > len(data)
                    else f"{size} bytes are more than any message has"
                )
                yield Refused(offset, "sapient.length", why)
                return
            if start + size > len(data):
                yield Refused(
                    offset, "sapient.cut", f"{start + size - len(data)} bytes of the message are missing"
                )
                return
            yield self.message(offset, data[start : start + size])
            offset = start + size

    def message(self, offset: int, data: bytes) -> Frame | Refused:
        """Read one message.

        Args:
            offset: Where it stands.
            data: Its bytes, without their length.

        Returns:
            Its frame, or why there is none.
        """
        message = SapientMessage()
        try:
            message.ParseFromString(data)
        except DecodeError:
            return Refused(offset, "sapient.wire", "the bytes are no protobuf message")
        if _has_unknown(message):
            return Refused(offset, "sapient.unknown", "it holds a field that the standard does not know")
        return judged(offset, message)


class SapientJsonDecoder(Decoder):
    """Decodes a message written as protobuf JSON: the whole file is one."""

    framing = Framing.WHOLE

    def __init__(self) -> None:
        self._places = Places()

    def sighting(self, frame: Frame) -> Sighting | None:
        """Return where a detection report says that something is; see `ports.Decoder`."""
        return self._places.of(frame)

    def decode(self, data: bytes, _received_s: float | None = None, /) -> Iterator[Frame | Refused]:
        """Read the message; see `ports.Decoder`."""
        message = SapientMessage()
        if len(data) > MOST_BYTES:
            yield Refused(0, "sapient.length", f"{len(data)} bytes are more than any message has")
            return
        try:
            json_format.Parse(data, message, max_recursion_depth=40)
        except (json_format.ParseError, UnicodeDecodeError, ValueError, RecursionError) as error:
            yield Refused(0, "sapient.json", str(error).splitlines()[0])
            return
        yield judged(0, message)


def _has_unknown(message: SapientMessage) -> bool:
    from google.protobuf.unknown_fields import UnknownFieldSet  # noqa: PLC0415 - compiled, loaded where bytes are read

    return len(UnknownFieldSet(message)) > 0
