"""ASTERIX: blocks say what they were written to say; a radar's plots have a place once the radar has one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

pytest.importorskip("asterix", reason="ASTERIX needs the extra 'sensors'")

from asterix.base import Bits, RawDatablock

from truceline.adapters.sensors.captures import Datagram, datagrams, is_pcap
from truceline.core.frames import Frame, Framing, Refused
from truceline.detect.decoders.asterix import AsterixDecoder
from truceline.detect.decoders.asterix.decoder import EDITIONS
from truceline.detect.framing import Cutter
from truceline.testing.decoders import DecoderSuite
from truceline.testing.simulating import metres_between
from truceline.testing.wires import RADAR, capture, plot_blocks, radar_block, report_block

NOON = 1_605_528_000.0
CLOCK = NOON % 86_400
PLOTS = [(10.0, 90.0, 0x4B1A2C, 100.0), (20.0, 0.0, 0x4B1A2D, 330.0)]


class TestAsterix(DecoderSuite):
    def decoder(self) -> AsterixDecoder:
        return AsterixDecoder()

    def samples(self) -> Sequence[bytes]:
        return [radar_block(CLOCK) + plot_blocks(CLOCK + 1, PLOTS), report_block(CLOCK, 46.7, 39.9, 0x4B1A2E)]


def frames(data: bytes, received_s: float | None = NOON) -> list[Frame]:
    found = list(AsterixDecoder().decode(data, received_s))
    assert all(isinstance(one, Frame) for one in found), found
    return [one for one in found if isinstance(one, Frame)]


def test_a_plot_of_range_and_bearing_has_a_place_once_its_radar_said_where_it_stands() -> None:
    decoder = AsterixDecoder()
    (bare, _) = decoder.decode(plot_blocks(CLOCK, PLOTS), NOON)
    assert isinstance(bare, Frame)
    assert decoder.sighting(bare) is None
    list(decoder.decode(radar_block(CLOCK), NOON))
    (east, north) = decoder.decode(plot_blocks(CLOCK, PLOTS), NOON)
    assert isinstance(east, Frame)
    assert isinstance(north, Frame)
    seen = decoder.sighting(east)
    assert seen is not None
    assert (seen.name, seen.height_m) == ("4B1A2C", pytest.approx(3048))
    assert metres_between(RADAR[:2], (seen.lon, seen.lat)) == pytest.approx(18_266, abs=30)
    assert seen.lon > RADAR[0]
    up = decoder.sighting(north)
    assert up is not None
    assert up.lat > RADAR[1] + 0.3


def test_a_report_says_place_height_and_velocity() -> None:
    decoder = AsterixDecoder()
    (found,) = decoder.decode(report_block(CLOCK, 46.7, 39.9, 0x4B1A2E), NOON)
    assert isinstance(found, Frame)
    seen = decoder.sighting(found)
    assert seen is not None
    assert (seen.lon, seen.lat) == (pytest.approx(46.7, abs=1e-6), pytest.approx(39.9, abs=1e-6))
    assert seen.v_mps == (pytest.approx(222.2, abs=0.2), pytest.approx(0, abs=0.01))
    assert (found.kind, found.values["icao"], found.values["edition"]) == ("ads_b_report", "4B1A2E", "2.7")


@pytest.mark.parametrize("shift_s", [-4.0, 0.0, 3.0])
def test_a_time_of_day_is_of_the_day_on_which_it_came_even_across_midnight(shift_s: float) -> None:
    midnight = NOON + 43_200
    (found,) = frames(report_block((midnight + shift_s) % 86_400, 46.7, 39.9, 1), midnight + 1)
    assert found.at_s == pytest.approx(midnight + shift_s, abs=0.01)
    (dayless,) = frames(report_block(60.0, 46.7, 39.9, 1), None)
    assert (dayless.at_s, dayless.values["time_of_day_s"]) == (None, 60.0)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x30\x00", "asterix.length"), (b"\x30\x00\x02", "asterix.length"), (b"\x30\x00\x09\xff", "asterix.length"),
        (b"\x01\x00\x05\x80\x00", "asterix.category"), (b"\x30\x00\x04\xff", "asterix.record"), (b"\x30\x00\x03", "asterix.record"),
    ],
)  # fmt: skip
def test_what_is_no_block_is_refused_with_the_reason(data: bytes, code: str) -> None:
    (found,) = AsterixDecoder().decode(data, NOON)
    assert isinstance(found, Refused)
    assert found.code == code


def test_a_place_off_the_earth_and_a_time_of_no_day_are_refused_and_shown() -> None:
    off_earth = report_block(CLOCK, 46.7, 39.9, 1).replace(
        bytes.fromhex("0e2fc963"), bytes.fromhex("7f2fc963")
    )
    for code, sent in (("asterix.place", off_earth), ("asterix.time", report_block(90_000.0, 46.7, 39.9, 1))):
        (found,) = AsterixDecoder().decode(sent, NOON)
        assert isinstance(found, Refused), found
        assert (found.code, found.read is not None) == (code, True)


def test_a_record_is_written_again_byte_for_byte() -> None:
    from truceline.detect.decoders.asterix.decoder import _specifications  # noqa: PLC0415 - the table it reads by

    for sample in TestAsterix().samples():
        blocks = RawDatablock.parse(Bits.from_bytes(sample))
        again = b""
        for block in blocks:
            spec = _specifications()[block.get_category()]
            again += spec.create(spec.cv_uap.parse(block.get_raw_records())).unparse().to_bytes()
        assert again == sample
    assert set(EDITIONS) == {21, 34, 48, 62, 65}


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_blocks_of_a_stream_are_cut_however_they_come(step: int) -> None:
    data = radar_block(CLOCK) + plot_blocks(CLOCK, PLOTS)
    cutter = Cutter(Framing.BLOCKS)
    found = [one for at in range(0, len(data), step) for one in cutter.take(data[at : at + step])]
    assert found == [radar_block(CLOCK), plot_blocks(CLOCK, PLOTS)]
    assert not cutter.is_lost
    list(cutter.take(b"\x30\x00\x01"))
    assert cutter.is_lost


def test_a_capture_gives_its_datagrams_with_their_times() -> None:
    sent = [(NOON + 0.25, radar_block(CLOCK)), (NOON + 1.5, plot_blocks(CLOCK + 1, PLOTS))]
    data = capture(sent)
    assert is_pcap(data)
    found = list(datagrams(data))
    assert [(one.at_s, one.data) for one in found if isinstance(one, Datagram)] == sent
    *whole, cut = datagrams(data[:-5])
    assert len(whole) == 1
    assert isinstance(cut, Refused)
    assert cut.code == "pcap.cut"
    (unknown,) = datagrams(data[:20] + b"\x93\0\0\0" + data[24:])
    assert isinstance(unknown, Refused)
