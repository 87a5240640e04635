"""Reads the TAK protocol, version 1: Cursor on Target in protobuf, as a stream, as a datagram, or as a datagram of XML.

Read and never sent. Source: the protocol's description in the open TAK products (takproto.txt).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from google.protobuf.message import DecodeError
from takproto.proto import TakMessage

from truceline.core.frames import TAK_MAGIC, Frame, Framing, Refused
from truceline.detect.decoders.cot.decoder import MOST_BYTES, UNKNOWN_M, CotDecoder

FORMAT = "tak"
_MESH, _XML_MESH = b"\xbf\x01\xbf", b"\xbf\x00\xbf"
_MOST_VARINT = 5
_PLACE = (("lat", 90.0), ("lon", 180.0))
_MOST_MS = 2**33 * 1000


class TakDecoder(CotDecoder):
    """Decodes messages; what they say has the same names as in XML."""

    framing = Framing.VARINT

    def decode(self, data: bytes, received_s: float | None = None, /) -> Iterator[Frame | Refused]:
        """Read all messages; see `ports.Decoder`. A datagram is one message, whatever its length."""
        if data[:3] == _MESH:
            yield _message(0, data[3:])
            return
        if data[:3] == _XML_MESH or data[:1] == b"<":
            yield from super().decode(data.removeprefix(_XML_MESH), received_s)
            return
        at = 0
        while at < len(data):
            if data[at] != TAK_MAGIC:
                yield Refused(at, "tak.magic", "a message begins with 0xBF")
                return
            size, body = _length(data, at + 1)
            if size < 0 or size > MOST_BYTES:
                yield Refused(
                    at, "tak.length", f"the length is cut off, or no message is longer than {MOST_BYTES}"
                )
                return
            if body + size > len(data):
                yield Refused(at, "tak.cut", "the message is cut off")
                return
            yield _message(at, data[body : body + size])
            at = body + size


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Read a length in base 128; returns it, or -1, and where the message begins."""
    size = 0
    for n, byte in enumerate(data[at : at + _MOST_VARINT]):
        size |= (byte & 0x7F) << 7 * n
        if byte < 0x80:
            return size, at + n + 1
    return -1, at


def _message(offset: int, data: bytes) -> Frame | Refused:
    message = TakMessage()
    try:
        message.ParseFromString(data)
    except (DecodeError, RecursionError) as error:
        return Refused(offset, "tak.protobuf", f"it is no message of the TAK protocol: {error}"[:200])
    if not message.HasField("cotEvent"):
        return Frame(FORMAT, "control", offset, None, {"contact_uid": message.takControl.contactUid})
    event = message.cotEvent
    if missing := [
        name for name in ("uid", "type", "sendTime", "startTime", "staleTime") if not getattr(event, name)
    ]:
        return Refused(
            offset, "tak.missing", f"it must be given and is missing: {', '.join(missing)}", "cotEvent"
        )
    for name in ("sendTime", "startTime", "staleTime"):
        if getattr(event, name) > _MOST_MS:
            return Refused(offset, "tak.time", "it is no time since 1970", f"cotEvent.{name}")
    values: dict[str, Any] = {
        "uid": event.uid, "type": event.type, "how": event.how,
        "start_s": event.startTime / 1000, "stale_s": event.staleTime / 1000,
    }  # fmt: skip
    for name, most in _PLACE:
        value = getattr(event, name)
        if not abs(value) <= most:
            return Refused(offset, "tak.place", f"{value:g} is no place on Earth", f"cotEvent.{name}")
        values[name] = value
    for name in ("hae", "ce", "le"):
        value = getattr(event, name)
        if not math.isfinite(value):
            return Refused(offset, "tak.number", f"{value} is no number", f"cotEvent.{name}")
        if abs(value) < UNKNOWN_M:
            values[f"{name}_m"] = value
    detail = event.detail
    if detail.contact.callsign:
        values["callsign"] = detail.contact.callsign
    if detail.HasField("track"):
        for name, under in (("course", "course_deg"), ("speed", "speed_mps")):
            value = getattr(detail.track, name)
            if math.isfinite(value) and 0 <= value < UNKNOWN_M:
                values[under] = value
    return Frame(FORMAT, event.type, offset, event.sendTime / 1000, values)
