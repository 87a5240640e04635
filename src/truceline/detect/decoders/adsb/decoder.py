"""Reads lines of Mode S frames in hex and puts positions together across messages."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from truceline.core.detections import Sighting
from truceline.core.frames import Frame, Framing, Refused
from truceline.detect.decoders.adsb import cpr
from truceline.detect.decoders.adsb.beast import ESCAPE, unstuffed
from truceline.detect.decoders.adsb.messages import CONTAINMENT_M, kind_of, read
from truceline.detect.ports import Decoder

FORMAT = "adsb"
_SIZES = {7, 14}
_PAIR_S = 10.0
"""An even and an odd position further apart are of two different places."""
_KNOWN_S = 600.0
"""So long a place helps to read the next position: nothing flies half a zone in it without being seen."""
_VELOCITY_S = 3.0
"""So long a velocity is said of the positions that follow it."""
_BY_DEG = 0.1
"""Degrees between places that are said within a second or two."""
_HEX = re.compile(r"[0-9A-Fa-f]+\Z")
_MOST_LINE = 400
_POLYNOMIAL = 0xFFF409


def _remainders() -> tuple[int, ...]:
    table = list[int]()
    for byte in range(256):
        rest = byte << 16
        for _ in range(8):
            rest = (rest << 1) ^ (_POLYNOMIAL if rest & 0x800000 else 0)
        table.append(rest & 0xFFFFFF)
    return tuple(table)


_TABLE = _remainders()


def parity(data: bytes) -> int:
    """Return the 24-bit remainder of a frame, its own parity included: 0 where an extended squitter is whole."""
    rest = 0
    for byte in data[:-3]:
        rest = (rest << 8 & 0xFFFFFF) ^ _TABLE[rest >> 16 ^ byte]
    return rest ^ int.from_bytes(data[-3:], "big")


@dataclass(slots=True)
class _Flight:
    """What was heard of one address: the last position of each parity, the last place that was made whole, the last velocity."""

    heard: dict[int, tuple[float | None, tuple[int, int]]] = field(default_factory=dict)
    place: tuple[float, float] | None = None
    placed_at_s: float | None = None
    v_mps: tuple[float, float] | None = None
    moved_at_s: float | None = None
    doubted: tuple[float, float] | None = None


class AdsbDecoder(Decoder):
    """Decodes a feed of lines: a frame in hex, bare or as ``*…;``, alone or behind its time with a comma between.

    Fields behind the frame are passed over. Times are seconds since 1970. A feed that begins with 0x1A holds Beast frames.
    """

    framing = Framing.LINES
    is_dependent = True

    def __init__(self) -> None:
        self._flights: dict[str, _Flight] = {}

    def decode(self, data: bytes, received_s: float | None = None, /) -> Iterator[Frame | Refused]:
        """Read all lines, or all Beast frames; see `ports.Decoder`. Offsets are numbers of lines, from 1, or of bytes."""
        if data[:1] == ESCAPE:
            for offset, frame in unstuffed(data):
                yield self.frame(offset, received_s, frame) if isinstance(frame, bytes) else frame
            return
        for number, line in enumerate(data.splitlines(), start=1):
            if line.strip():
                yield self._line(number, line, received_s)

    def sighting(self, frame: Frame) -> Sighting | None:
        """Return where an aircraft says it is; see `ports.Decoder`."""
        values = frame.values
        if "lon" not in values:
            return None
        height_m = 0.0 if values.get("on_ground") else values.get("altitude_m", values.get("height_m"))
        flight = self._flights.get(values["icao"], _Flight())
        is_fresh = flight.v_mps is not None and _within(frame.at_s, flight.moved_at_s, _VELOCITY_S)
        return Sighting(
            frame.at_s, values["lon"], values["lat"], height_m=height_m, name=values["icao"],
            v_mps=flight.v_mps if is_fresh else None, containment_m=CONTAINMENT_M.get(values["tc"]),
            v_at_s=flight.moved_at_s if is_fresh else None,
        )  # fmt: skip

    def _line(self, number: int, line: bytes, received_s: float | None) -> Frame | Refused:
        if len(line) > _MOST_LINE:
            return Refused(number, "adsb.line", f"the line is longer than {_MOST_LINE} bytes")
        words = [word.strip().strip('"') for word in line.decode("ascii", "replace").split(",")]
        at_s, text = received_s, words[0]
        if len(words) > 1:
            try:
                at_s = float(words[0])
            except ValueError:
                return Refused(number, "adsb.time", f"'{words[0][:40]}' is no time")
            if not 0 <= at_s < 2**33:
                return Refused(number, "adsb.time", f"{words[0][:40]} is no time since 1970")
            text = words[1]
        text = text.removeprefix("*").removesuffix(";")
        if not _HEX.match(text) or len(text) % 2:
            return Refused(number, "adsb.hex", "the frame is not written in hex")
        return self.frame(number, at_s, binascii.unhexlify(text))

    def frame(self, offset: int, at_s: float | None, data: bytes) -> Frame | Refused:
        """Read one frame.

        Args:
            offset: Where it stands.
            at_s: When it was received; None where nobody knows.
            data: Its bytes.

        Returns:
            The frame, or why it is none.
        """
        if len(data) not in _SIZES:
            return Refused(offset, "adsb.size", f"a frame has 7 or 14 bytes, this one {len(data)}")
        downlink = data[0] >> 3
        if downlink not in {17, 18} or len(data) == min(_SIZES):
            return Refused(
                offset, "adsb.format", f"downlink format {min(downlink, 24)} is no extended squitter"
            )
        if parity(data):
            return Refused(offset, "adsb.parity", "the parity does not fit: the frame is damaged")
        bits = int.from_bytes(data[4:11], "big")
        code, address = bits >> 51, data[1:4].hex().upper()
        values: dict[str, Any] = {"df": downlink, "icao": address, "tc": code}
        if downlink == 18:
            values["cf"] = data[0] & 7
            if values["cf"] not in {0, 1, 6}:
                return Frame(FORMAT, "tis_b", offset, at_s, values)
        values |= read(code, bits)
        kind = kind_of(code)
        if kind.endswith("_position"):
            values |= self._placed(address, at_s, bits, on_ground=kind == "surface_position")
        elif "v_east_mps" in values:
            flight = self._flights.setdefault(address, _Flight())
            flight.v_mps, flight.moved_at_s = (values["v_east_mps"], values["v_north_mps"]), at_s
        return Frame(FORMAT, kind, offset, at_s, values)

    def _placed(self, address: str, at_s: float | None, bits: int, *, on_ground: bool) -> dict[str, Any]:
        flight = self._flights.setdefault(address, _Flight())
        is_odd, encoded = bits >> 34 & 1, (bits >> 17 & 0x1FFFF, bits & 0x1FFFF)
        flight.heard[is_odd] = at_s, encoded
        other = flight.heard.get(1 - is_odd)
        place = None
        if other is not None and not on_ground and _within(at_s, other[0], _PAIR_S):
            pair = (other[1], encoded) if is_odd else (encoded, other[1])
            place = cpr.from_pair(*pair, is_odd_newer=bool(is_odd))
        beside = None
        if flight.place and _within(at_s, flight.placed_at_s, _KNOWN_S):
            beside = cpr.near(encoded, is_odd=bool(is_odd), place=flight.place, on_ground=on_ground)
        if place is not None and beside is not None and not _is_by(place, beside):
            # two halves of two places make a third that nobody said: it counts once it is said again
            is_said_again = flight.doubted is not None and _is_by(place, flight.doubted)
            flight.doubted = place
            if not is_said_again:
                return {"parity": "odd" if is_odd else "even"}
        place = place or beside
        if place is None:
            return {"parity": "odd" if is_odd else "even"}
        flight.place, flight.placed_at_s, flight.doubted = place, at_s, None
        return {"parity": "odd" if is_odd else "even", "lon": round(place[0], 6), "lat": round(place[1], 6)}


def _is_by(place: tuple[float, float], other: tuple[float, float]) -> bool:
    """Say whether two places are so near that an aircraft may say one after the other."""
    return abs((place[0] - other[0] + 180) % 360 - 180) <= _BY_DEG and abs(place[1] - other[1]) <= _BY_DEG


def _within(at_s: float | None, before_s: float | None, most_s: float) -> bool:
    """Say whether two moments are near each other; where neither is told, frames that follow each other are."""
    if at_s is None or before_s is None:
        return at_s is before_s
    return abs(at_s - before_s) <= most_s
