"""Metadata of unmanned aircraft: packets and streams say where the aircraft was and what it looked at, or are refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

pytest.importorskip("stanag4609", reason="UAV metadata needs the extra 'sensors'")

from truceline.core.frames import Frame, Refused
from truceline.detect.decoders.klv import KlvDecoder, footprint
from truceline.testing.decoders import DecoderSuite
from truceline.testing.wires import transport_stream, uas_packet

AT = datetime(2020, 11, 16, 9, 30, tzinfo=UTC)
VALUES = {
    2: AT, 10: "Observer", 13: 39.8, 14: 46.6, 15: 2500.0, 23: 39.81, 24: 46.62, 65: 19,
    26: 0.004, 27: -0.005, 28: 0.004, 29: 0.005, 30: -0.004, 31: 0.005, 32: -0.004, 33: -0.005,
}  # fmt: skip


class TestKlv(DecoderSuite):
    def decoder(self) -> KlvDecoder:
        return KlvDecoder()

    def samples(self) -> Sequence[bytes]:
        packets = [uas_packet(VALUES), uas_packet({**VALUES, 13: 39.801})]
        return [b"".join(packets), transport_stream(packets)]


def test_a_packet_says_where_the_aircraft_was_and_what_it_looked_at() -> None:
    decoder = KlvDecoder()
    (found,) = decoder.decode(uas_packet(VALUES))
    assert isinstance(found, Frame)
    assert found.at_s == AT.timestamp()
    seen = decoder.sighting(found)
    assert seen is not None
    assert (seen.lon, seen.lat, seen.height_m) == (
        pytest.approx(46.6, abs=1e-6), pytest.approx(39.8, abs=1e-6), pytest.approx(2500, abs=0.5),
    )  # fmt: skip
    corners = footprint(found)
    assert len(corners) == 4
    assert corners[0] == (pytest.approx(46.615, abs=1e-4), pytest.approx(39.814, abs=1e-4))
    (bare,) = decoder.decode(uas_packet({2: AT, 65: 19}))
    assert isinstance(bare, Frame)
    assert (footprint(bare), decoder.sighting(bare)) == ((), None)


def test_a_checksum_that_does_not_fit_is_refused_and_what_it_would_say_is_shown() -> None:
    data = bytearray(uas_packet(VALUES))
    data[-1] ^= 1
    (found,) = KlvDecoder().decode(bytes(data))
    assert isinstance(found, Refused)
    assert found.code == "klv.checksum"
    assert found.read is not None
    assert found.read.values["platform_designation"] == "Observer"


def test_a_stream_that_comes_in_pieces_gives_every_packet_once() -> None:
    packets = [uas_packet({**VALUES, 13: 39.8 + n / 1000}) for n in range(20)]
    stream, decoder = transport_stream(packets), KlvDecoder()
    step = 188 * 3
    found = [one for at in range(0, len(stream), step) for one in decoder.decode(stream[at : at + step])]
    read = [one for one in found if isinstance(one, Frame) and one.kind == "uas_datalink"]
    assert [one.values["sensor_latitude_deg"] for one in read] == [
        pytest.approx(39.8 + n / 1000, abs=1e-6) for n in range(len(read))
    ]
    assert len(read) >= 19  # the last may wait for what follows it
    assert not [one for one in found if isinstance(one, Refused)]


def test_what_is_cut_off_or_no_packet_is_refused() -> None:
    (cut,) = KlvDecoder().decode(uas_packet(VALUES)[:-9])
    (no,) = KlvDecoder().decode(b"nothing of the kind, nothing of the kind")
    assert isinstance(cut, Refused)
    assert isinstance(no, Refused)
    assert (cut.code, no.code) == ("klv.cut", "klv.packet")
