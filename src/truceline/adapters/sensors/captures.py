"""Datagrams out of captures of network traffic, in the classic format of libpcap. Source: IETF draft-ietf-opsawg-pcap."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from truceline.core.frames import Refused

_MAGIC = {
    b"\xa1\xb2\xc3\xd4": (">", 1e-6), b"\xd4\xc3\xb2\xa1": ("<", 1e-6),
    b"\xa1\xb2\x3c\x4d": (">", 1e-9), b"\x4d\x3c\xb2\xa1": ("<", 1e-9),
}  # fmt: skip
"""First bytes -> order of bytes, and what a fraction of a second counts."""
_HEAD, _PACKET = 24, 16
_LINKS = {0: 4, 1: 14, 101: 0, 113: 16, 228: 0}
"""Link type -> bytes before the network's own: loopback, Ethernet, bare, Linux cooked, bare IPv4."""
_ETHERNET, _TAGS = 1, {b"\x81\x00", b"\x88\xa8"}
_UDP = 17
_FRAGMENT = 0x3FFF


@dataclass(frozen=True, slots=True)
class Datagram:
    """A datagram of UDP that was captured.

    Args:
        offset: Where its packet begins in the file.
        at_s: When it was captured, seconds since 1970 (UTC).
        data: What it carried.
    """

    offset: int
    at_s: float
    data: bytes


def is_pcap(data: bytes) -> bool:
    """Say whether bytes are a capture."""
    return data[:4] in _MAGIC


def datagrams(data: bytes) -> Iterator[Datagram | Refused]:
    """Give the datagrams of a capture in their order; packets of other protocols are passed over.

    Args:
        data: The whole file.

    Yields:
        A datagram; or why the rest of the file, or a datagram that came in fragments, cannot be read.
    """
    order, fraction = _MAGIC[data[:4]]
    if len(data) < _HEAD:
        yield Refused(0, "pcap.cut", "the capture is cut off in its head")
        return
    (link,) = struct.unpack_from(order + "I", data, 20)
    before = _LINKS.get(link & 0xFFFF)
    if before is None:
        yield Refused(0, "pcap.link", f"nobody here reads link type {link & 0xFFFF}")
        return
    at = _HEAD
    while at + _PACKET <= len(data):
        seconds, part, size, _ = struct.unpack_from(order + "IIII", data, at)
        packet = data[at + _PACKET : at + _PACKET + size]
        if len(packet) < size:
            break
        found = _udp(packet, before, is_ethernet=link & 0xFFFF == _ETHERNET)
        if isinstance(found, str):
            yield Refused(at, "pcap.fragment", found)
        elif found is not None:
            yield Datagram(at, seconds + part * fraction, found)
        at += _PACKET + size
    if at < len(data):
        yield Refused(at, "pcap.cut", f"the last {len(data) - at} bytes are cut off")


def _udp(packet: bytes, before: int, *, is_ethernet: bool) -> bytes | str | None:
    """Return what a packet carries; why it cannot be said; or None where it is no datagram of UDP over IPv4."""
    while is_ethernet and packet[before - 2 : before] in _TAGS:
        before += 4
    ip = packet[before:]
    if len(ip) < 20 or ip[0] >> 4 != 4 or ip[9] != _UDP:
        return None
    if int.from_bytes(ip[6:8], "big") & _FRAGMENT:
        return "a datagram came in fragments"
    head = (ip[0] & 15) * 4
    udp = ip[head : int.from_bytes(ip[2:4], "big") or None]
    return udp[8 : int.from_bytes(udp[4:6], "big")] if len(udp) >= 8 else None
