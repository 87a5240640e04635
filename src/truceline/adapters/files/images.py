"""Keep pictures, sound and film as evidence, with position and time "as claimed by the file" (EXIF 2.32, TIFF 6.0)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from truceline.adapters.files.delivery import Delivery
from truceline.collect.ports import Item
from truceline.core.errors import InputError
from truceline.core.reports import Position
from truceline.core.times import ValidAt

MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "webp": "image/webp",
    "gif": "image/gif",
    "heic": "image/heic",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "3gp": "video/3gpp",
    "ogg": "audio/ogg",
    "opus": "audio/opus",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
}
_MAGIC = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
    "image/webp": (b"RIFF",),
    "image/gif": (b"GIF8",),
}
_BASIS = "as claimed by the file"
_EXIF, _GPS = 0x8769, 0x8825
_TAKEN, _OFFSET = 0x9003, 0x9011
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}


def read_media(delivery: Delivery) -> Iterator[Item]:
    """Keep a picture or recording; what its own header claims is said to be its claim."""
    media_type = MEDIA_TYPES[delivery.suffix]
    marks = _MAGIC.get(media_type, ())
    if marks and not delivery.data.startswith(marks):
        raise InputError("input.damaged", f"is no {media_type}", todo="get the file anew")
    claims = _claims_of(delivery.data, media_type)
    extra = {"time_claimed": claims.taken} if claims.taken else {}
    yield delivery.item(
        state="kept",
        media_type=media_type,
        extra=extra,
        position=claims.position,
        valid_at=None if claims.at is None else ValidAt(claims.at, None, "instant", _BASIS),
    )


@dataclass(frozen=True, slots=True)
class _Claims:
    """What a picture says of itself."""

    position: Position | None = None
    taken: str | None = None
    at: datetime | None = None


def _claims_of(data: bytes, media_type: str) -> _Claims:
    block = _exif_block(data, media_type)
    if block is None:
        return _Claims()
    try:
        return _read_tiff(block)
    except (struct.error, IndexError, ValueError, ZeroDivisionError, KeyError, TypeError):
        return _Claims()


def _exif_block(data: bytes, media_type: str) -> bytes | None:
    """Return the TIFF block that holds the header, by the picture's kind."""
    if media_type == "image/tiff":
        return data
    if media_type == "image/jpeg":
        at = data.find(b"Exif\x00\x00", 0, 1 << 16)
        return data[at + 6 : at + 6 + (1 << 16)] if at >= 0 else None
    mark = {"image/png": b"eXIf", "image/webp": b"EXIF"}.get(media_type)
    at = data.find(mark) if mark else -1
    if at < 0:
        return None
    skip = 4 if media_type == "image/png" else 8
    block = data[at + skip : at + skip + (1 << 16)]
    return block.removeprefix(b"Exif\x00\x00")


def _read_tiff(block: bytes) -> _Claims:
    order = {b"II": "<", b"MM": ">"}[block[:2]]
    first = _directory(block, order, struct.unpack_from(order + "I", block, 4)[0])
    exif = _directory(block, order, first[_EXIF]) if _EXIF in first else {}
    gps = _directory(block, order, first[_GPS]) if _GPS in first else {}
    taken = exif.get(_TAKEN) or first.get(0x0132)
    offset = exif.get(_OFFSET, "")
    return _Claims(_gps_position(gps), f"{taken}{offset}" if taken else None, _instant(gps, taken, offset))


def _directory(block: bytes, order: str, at: int) -> dict[int, Any]:
    """Read one directory of tags."""
    (count,) = struct.unpack_from(order + "H", block, at)
    found: dict[int, Any] = {}
    for index in range(min(count, 200)):
        tag, kind, number, _ = struct.unpack_from(order + "HHII", block, at + 2 + 12 * index)
        size = _SIZES.get(kind, 0) * number
        if not size or size > 1 << 16:
            continue
        start = at + 2 + 12 * index + 8
        if size > 4:
            (start,) = struct.unpack_from(order + "I", block, start)
        found[tag] = _value(block, order, kind, number, start)
    return found


def _value(block: bytes, order: str, kind: int, number: int, start: int) -> Any:
    if kind in {2, 7, 1}:
        raw = block[start : start + number]
        return raw.split(b"\x00")[0].decode("ascii", "replace").strip() if kind == 2 else raw
    if kind in {5, 10}:
        pairs = struct.unpack_from(f"{order}{2 * number}{'I' if kind == 5 else 'i'}", block, start)
        return [pairs[i] / pairs[i + 1] for i in range(0, 2 * number, 2)]
    values = struct.unpack_from(
        f"{order}{number}{'H' if kind == 3 else 'I' if kind == 4 else 'i'}", block, start
    )
    return values[0] if number == 1 else list(values)


def _gps_position(gps: dict[int, Any]) -> Position | None:
    if not {1, 2, 3, 4} <= gps.keys():
        return None
    lat = sum(part / 60**place for place, part in enumerate(gps[2])) * (-1 if gps[1] == "S" else 1)
    lon = sum(part / 60**place for place, part in enumerate(gps[4])) * (-1 if gps[3] == "W" else 1)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    radius = gps.get(0x1F)
    return Position(round(lon, 7), round(lat, 7), float(radius[0]) if radius else None, _BASIS)


def _instant(gps: dict[int, Any], taken: str | None, offset: str) -> datetime | None:
    """Return the claimed moment in UTC: the satellites' time, else the clock's where it names its zone."""
    if {7, 0x1D} <= gps.keys():
        year, month, day = (int(part) for part in str(gps[0x1D]).split(":"))
        hour, minute, second = (int(part) for part in gps[7])
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    if taken and offset:
        moment = datetime.strptime(f"{taken}{offset}", "%Y:%m:%d %H:%M:%S%z")
        return moment.astimezone(UTC)
    return None
