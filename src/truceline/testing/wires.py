"""Messages of sensors in their wire formats, written for tests: ASTERIX blocks, UAV metadata, captures."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from importlib import import_module
from typing import Any

RADAR = 46.6, 39.8, 1_400.0
"""Where the simulated radar stands: longitude, latitude, degrees; height, metres."""


def _specification(name: str) -> Any:
    """Return the specification of a category and edition; all of them are 190,000 lines, so they are loaded where one is asked for."""
    return getattr(import_module("asterix.generated"), name)


def radar_block(clock_s: float) -> bytes:
    """Return a north marker of category 034 that says where its radar stands.

    Args:
        clock_s: Seconds since midnight (UTC).

    Returns:
        The block.
    """
    lon, lat, height_m = RADAR
    spec = _specification("Cat_034_1_29")
    record = spec.cv_record.create(
        {
            "010": (("SAC", 25), ("SIC", 7)), "000": 1, "030": (clock_s, "s"),
            "120": (("HGT", (height_m, "m")), ("LAT", (lat, "°")), ("LON", (lon, "°"))),
        }
    )  # fmt: skip
    data: bytes = spec.create([record]).unparse().to_bytes()
    return data


def plot_blocks(clock_s: float, plots: Iterable[tuple[float, float, int, float]]) -> bytes:
    """Return plots of category 048.

    Args:
        clock_s: Seconds since midnight (UTC).
        plots: Range in nautical miles, bearing in degrees, aircraft address, flight level.

    Returns:
        The block.
    """
    spec = _specification("Cat_048_1_32")
    records = [
        spec.cv_record.create(
            {
                "010": (("SAC", 25), ("SIC", 7)), "140": (clock_s, "s"),
                "040": (("RHO", (rho, "NM")), ("THETA", (theta, "°"))), "090": (0, 0, ("FL", (level, "FL"))), "220": address,
            }
        )
        for rho, theta, address, level in plots
    ]  # fmt: skip
    data: bytes = spec.create(records).unparse().to_bytes()
    return data


def report_block(clock_s: float, lon: float, lat: float, address: int) -> bytes:
    """Return a report of category 021; see `plot_blocks`."""
    spec = _specification("Cat_021_2_7")
    record = spec.cv_record.create(
        {
            "010": (("SAC", 25), ("SIC", 9)), "073": (clock_s, "s"), "080": address, "145": (330.0, "FL"),
            "131": (("LAT", (lat, "°")), ("LON", (lon, "°"))), "160": (0, ("GS", (0.12, "NM/s")), ("TA", (90.0, "°"))),
        }
    )  # fmt: skip
    data: bytes = spec.create([record]).unparse().to_bytes()
    return data


def uas_packet(values: dict[int, Any]) -> bytes:
    """Return a packet of ST 0601 with its checksum.

    Args:
        values: Tag -> value; 2 is the moment.

    Returns:
        The packet.
    """
    from stanag4609 import encode_uas_local_set  # noqa: PLC0415 - the extra 'sensors'

    data: bytes = encode_uas_local_set(values)
    return data


def tak(event: bytes) -> bytes:
    """Return an event of Cursor on Target as a message of the TAK protocol's stream.

    Args:
        event: The event in XML.

    Returns:
        The message behind its length.
    """
    import takproto  # noqa: PLC0415 - as above

    body = bytes(takproto.xml2proto(event.decode()))[3:]
    size, head = len(body), b""
    while size >= 0x80:
        head, size = head + bytes([size & 0x7F | 0x80]), size >> 7
    return b"\xbf" + head + bytes([size]) + body


def transport_stream(packets: Iterable[bytes]) -> bytes:
    """Return a transport stream of packets of KLV, with its tables in front."""
    from stanag4609.transport import TransportMuxer, asynchronous_klv_stream  # noqa: PLC0415 - as above

    muxer = TransportMuxer(
        transport_stream_id=1, program_number=1, program_map_pid=0x100, pcr_pid=0x101,
        streams=[asynchronous_klv_stream(0x101)],
    )  # fmt: skip
    parts = [*muxer.program_tables()]
    for packet in packets:
        parts += muxer.mux_async_klv(0x101, packet)
    return b"".join(parts)


def capture(datagrams: Iterable[tuple[float, bytes]]) -> bytes:
    """Return a capture of datagrams over Ethernet.

    Args:
        datagrams: When each was captured, seconds since 1970, and what it carried.

    Returns:
        The file.
    """
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)]
    for at_s, data in datagrams:
        udp = struct.pack(">HHHH", 8600, 8600, 8 + len(data), 0) + data
        ip = (
            struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 1, 17, 0)
            + bytes([127, 0, 0, 1, 239, 255, 0, 48])
            + udp
        )
        frame = b"\1\0\x5e\x7f\0\x30" + bytes(6) + b"\x08\0" + ip
        parts.append(struct.pack("<IIII", int(at_s), round(at_s % 1 * 1e6), len(frame), len(frame)) + frame)
    return b"".join(parts)
