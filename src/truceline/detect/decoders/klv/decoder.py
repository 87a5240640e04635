"""Reads packets that follow one another, or those that a transport stream carries."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from fractions import Fraction
from typing import Any

from stanag4609.errors import ChecksumError, Stanag4609Error
from stanag4609.klv import KLVPacket, KLVStreamParser
from stanag4609.st0601 import (
    ST0601_KEY,
    FieldDecodingMode,
    UASLocalSet,
    decode_uas_local_set,
)
from stanag4609.transport import MetadataStreamDecoder, PESStreamEvent, TransportDemuxer

from truceline.core.detections import Sighting
from truceline.core.frames import Frame, Framing, Refused
from truceline.detect.ports import Decoder

FORMAT = "klv"
MOST_PACKET = 1 << 20
_SYNC, _TS_PACKET = 0x47, 188
_UNITS = {
    "degrees": "deg",
    "metres": "m",
    "meters": "m",
    "metres per second": "mps",
    "meters per second": "mps",
    "percent": "percent",
}
_WORD = re.compile(r"[^a-z0-9]+")
_OVERFLOW = (ValueError, KeyError, TypeError, IndexError, OverflowError, ArithmeticError)


class KlvDecoder(Decoder):
    """Decodes packets of ST 0601; packets of other sets are told by their key alone. A stream may come in pieces."""

    framing = Framing.WHOLE
    is_dependent = True

    def __init__(self) -> None:
        self._demuxer: TransportDemuxer | None = None
        self._metadata: MetadataStreamDecoder | None = None

    def decode(self, data: bytes, received_s: float | None = None, /) -> Iterator[Frame | Refused]:
        """Read all packets; see `ports.Decoder`. Offsets are of bytes; within a transport stream they count packets of KLV."""
        del received_s
        if data[:1] == bytes([_SYNC]) and len(data) >= _TS_PACKET:
            yield from self._stream(data)
            return
        parser = KLVStreamParser(max_value_length=MOST_PACKET)
        try:
            packets = parser.feed(data)
        except Stanag4609Error as error:
            yield Refused(parser.stream_offset, "klv.packet", f"{error}"[:200])
            return
        for packet in packets:
            yield _read(packet, packet.offset)
        if parser.buffered_bytes:
            yield Refused(
                parser.stream_offset, "klv.cut", f"the last {parser.buffered_bytes} bytes are cut off"
            )

    def sighting(self, frame: Frame) -> Sighting | None:
        """Return where the aircraft says that it is; see `ports.Decoder`."""
        values = frame.values
        lon, lat = values.get("sensor_longitude_deg"), values.get("sensor_latitude_deg")
        if lon is None or lat is None:
            return None
        name = (
            values.get("platform_tail_number")
            or values.get("platform_call_sign")
            or values.get("platform_designation")
        )
        return Sighting(frame.at_s, lon, lat, None, values.get("sensor_true_altitude_m"), str(name or "uas"))

    def _stream(self, data: bytes) -> Iterator[Frame | Refused]:
        """Follow a transport stream; what it holds beside KLV is passed over."""
        if self._demuxer is None or self._metadata is None:
            self._demuxer = TransportDemuxer(recover_transport=True, max_pes_length=MOST_PACKET * 8)
            self._metadata = MetadataStreamDecoder(
                max_klv_value_length=MOST_PACKET, max_access_unit_length=MOST_PACKET * 2,
                field_decoding=FieldDecodingMode.PRESERVE, validate_sequence=False,
            )  # fmt: skip
        n = 0
        try:
            for event in self._demuxer.feed(data):
                if not isinstance(event, PESStreamEvent):
                    continue
                for found in self._metadata.feed(event):
                    packet = getattr(found, "packet", None)
                    if isinstance(packet, KLVPacket):
                        yield _read(packet, n)
                        n += 1
        except (Stanag4609Error, *_OVERFLOW) as error:
            self._demuxer = self._metadata = None
            yield Refused(n, "klv.stream", f"the transport stream is broken: {error}"[:200])
            return
        if not n:
            yield Frame(FORMAT, "transport", n, None, {"packets": len(data) // _TS_PACKET})


def footprint(frame: Frame) -> tuple[tuple[float, float], ...]:
    """Return the corners of what a frame of this decoder says that the camera sees.

    Args:
        frame: The frame.

    Returns:
        Longitude and latitude of the four corners, degrees, in their order; empty where it does not say.
    """
    values = frame.values
    full = [
        (
            values.get(f"corner_longitude_point_{n}_full_deg"),
            values.get(f"corner_latitude_point_{n}_full_deg"),
        )
        for n in range(1, 5)
    ]
    if all(lon is not None and lat is not None for lon, lat in full):
        return tuple((float(lon), float(lat)) for lon, lat in full if lon is not None and lat is not None)
    lon, lat = values.get("frame_center_longitude_deg"), values.get("frame_center_latitude_deg")
    offsets = [
        (
            values.get(f"offset_corner_longitude_point_{n}_deg"),
            values.get(f"offset_corner_latitude_point_{n}_deg"),
        )
        for n in range(1, 5)
    ]
    if lon is None or lat is None or any(None in offset for offset in offsets):
        return ()
    return tuple((lon + (east or 0.0), lat + (north or 0.0)) for east, north in offsets)


def _read(packet: KLVPacket, offset: int) -> Frame | Refused:
    if packet.key != ST0601_KEY:
        return Frame(FORMAT, "other", offset, None, {"key": packet.key.hex(), "bytes": len(packet.value)})
    try:
        return _frame(_decoded(packet), offset)
    except ChecksumError as error:
        return Refused(offset, "klv.checksum", f"{error}"[:200], read=_all_the_same(packet, offset))
    except (Stanag4609Error, *_OVERFLOW) as error:
        return Refused(offset, "klv.set", f"{error}"[:200])


def _decoded(packet: KLVPacket, *, is_checked: bool = True) -> UASLocalSet:
    return decode_uas_local_set(
        packet, verify_checksum=is_checked, require_version=False, field_decoding=FieldDecodingMode.PRESERVE
    )


def _all_the_same(packet: KLVPacket, offset: int) -> Frame | None:
    """Read a packet whose checksum does not fit: shown, never used."""
    try:
        return _frame(_decoded(packet, is_checked=False), offset)
    except (Stanag4609Error, *_OVERFLOW):
        return None


def _frame(found: UASLocalSet, offset: int) -> Frame:
    values, at_s = dict[str, Any](), None
    for field in found.fields:
        name = _WORD.sub("_", field.definition.name.lower()).strip("_")
        unit = _UNITS.get(field.definition.units or "", "")
        value = _plain(field.value)
        if isinstance(field.value, datetime):
            at_s = field.value.timestamp() if at_s is None else at_s
            value = field.value.isoformat()
        if value is not None:
            values[f"{name}_{unit}" if unit else name] = value
    if found.issues:
        values["not_read"] = [issue.tag for issue in found.issues]
    return Frame(FORMAT, "uas_datalink", offset, at_s, values)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; None for what says that it is unknown or out of range."""
    if isinstance(value, Enum):
        return value.name.lower() if not value.__class__.__name__.startswith("Special") else None
    if isinstance(value, (Fraction, float)):
        return round(float(value), 9) if math.isfinite(float(value)) else None
    if isinstance(value, (bool, int, str)) or value is None:
        return value
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return str(value)[:200]
