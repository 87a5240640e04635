"""ADS-B: known frames say what they are known to say, damaged ones nothing, positions come of two that fit."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.frames import Frame, Refused
from truceline.detect.decoders.adsb import AdsbDecoder, cpr
from truceline.detect.decoders.adsb.decoder import parity
from truceline.detect.decoders.adsb.messages import altitude_ft
from truceline.testing.decoders import DecoderSuite
from truceline.testing.squitters import flight, position, squitter

PAIR = ("8D40621D58C382D690C8AC2863A7", "8D40621D58C386435CC412692AD6")


def one(line: str) -> Frame | Refused:
    (found,) = AdsbDecoder().decode(line.encode())
    return found


def said(line: str) -> dict[str, object]:
    found = one(line)
    assert isinstance(found, Frame), found
    return dict(found.values)


def frame(me: int, address: int = 0xABCDEF, head: int = 0x8D) -> str:
    """A whole frame of 56 bits, its parity put behind."""
    data = bytes([head]) + address.to_bytes(3, "big") + me.to_bytes(7, "big")
    return (data + parity(data + bytes(3)).to_bytes(3, "big")).hex()


class TestAdsb(DecoderSuite):
    def decoder(self) -> AdsbDecoder:
        return AdsbDecoder()

    def samples(self) -> Sequence[bytes]:
        lines = [f"{1457996400 + n},{text}" for n, text in enumerate((*PAIR, "8D4840D6202CC371C32CE0576098"))]
        return ["\n".join(lines).encode(), f"*{PAIR[0]};\n*{PAIR[1]};\n".encode()]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("8D4840D6202CC371C32CE0576098", {"icao": "4840D6", "callsign": "KLM1023"}),
        ("8D485020994409940838175B284F", {"climb_ftpm": -832, "speed_kt": 159.201, "track_deg": 182.88}),
        ("8DA05F219B06B6AF189400CBC33F", {"true_airspeed_kt": 375, "heading_deg": 243.984, "climb_ftpm": -2304}),
        ("8C4841753A9A153237AEF0F275BE", {"on_ground": True, "speed_mps": 8.746, "track_deg": 92.812}),
        (PAIR[0], {"altitude_ft": 38000, "altitude_m": 11582.4, "parity": "even"}),
    ],
)  # fmt: skip
def test_known_frames_say_what_they_are_known_to_say(line: str, values: dict[str, object]) -> None:
    assert values.items() <= said(line).items()


def test_an_even_and_an_odd_position_are_a_place() -> None:
    first, second = AdsbDecoder().decode("\n".join(PAIR).encode())
    assert isinstance(first, Frame)
    assert isinstance(second, Frame)
    assert "lat" not in first.values
    assert (second.values["lon"], second.values["lat"]) == (3.938913, 52.26578)


@pytest.mark.parametrize("gap_s", [10.5, 3600])
def test_positions_that_lie_apart_in_time_are_no_pair(gap_s: float) -> None:
    found = list(AdsbDecoder().decode(f"100,{PAIR[0]}\n{100 + gap_s},{PAIR[1]}".encode()))
    assert all(isinstance(each, Frame) and "lat" not in each.values for each in found)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("8D4840D6202CC371C32CE0576099", "adsb.parity"),
        ("8D4840D6202CC371C32CE05760", "adsb.size"),
        ("5D4840D6F1A9B2", "adsb.format"),
        ("A0001838CA3E51F0A8000047A36A", "adsb.format"),
        ("not hex at all", "adsb.hex"),
        ("yesterday,8D4840D6202CC371C32CE0576098", "adsb.time"),
        ("1e300,8D4840D6202CC371C32CE0576098", "adsb.time"),
        ("nan,8D4840D6202CC371C32CE0576098", "adsb.time"),
        ("8D" * 300, "adsb.line"),
    ],
)  # fmt: skip
def test_what_is_no_squitter_is_refused_by_name(line: str, code: str) -> None:
    found = one(line)
    assert isinstance(found, Refused)
    assert found.code == code


@given(st.floats(-179.9, 179.9), st.floats(-86.9, 86.9), st.integers(-40, 1900), st.booleans())
def test_a_place_that_is_written_is_read_again(
    lon: float, lat: float, steps: int, is_odd_newer: bool
) -> None:
    order = (not is_odd_newer, is_odd_newer)
    feed = b"\n".join(
        squitter(position(lon, lat, 25 * steps, is_odd=odd), 0xABCDEF).hex().encode() for odd in order
    )
    _, found = AdsbDecoder().decode(feed)
    assert isinstance(found, Frame)
    assert found.values.get("altitude_ft", 0) == 25 * steps
    encoded = position(lon, lat, 0, is_odd=is_odd_newer)
    near = cpr.near((encoded >> 17 & 0x1FFFF, encoded & 0x1FFFF), is_odd=is_odd_newer, place=(lon, lat))
    assert near is not None
    places = [near] + ([(found.values["lon"], found.values["lat"])] if "lat" in found.values else [])
    for place in places:
        assert abs(place[1] - lat) < 1e-4
        assert abs((place[0] - lon + 180) % 360 - 180) * math.cos(math.radians(lat)) < 2e-4


def test_a_flight_says_what_it_was_to_say() -> None:
    lines = b"\n".join(b"%f,%s" % (at_s, data.hex().encode()) for at_s, data in flight(500))
    found = list(AdsbDecoder().decode(lines))
    assert not [one for one in found if isinstance(one, Refused)]
    values = [one.values for one in found if isinstance(one, Frame)]
    assert {one["callsign"] for one in values if "callsign" in one} == {"PEACE118"}
    assert all(abs(one["speed_kt"] - 200) < 1 for one in values if "speed_kt" in one)
    placed = [one for one in values if "lat" in one]
    assert len(placed) > 290
    assert all(
        abs(math.hypot((one["lon"] - 46.75) * math.cos(math.radians(39.8)), one["lat"] - 39.8) - 0.3) < 1e-3
        for one in placed
    )


@given(st.integers(0, 2**56 - 1), st.sampled_from([0x8D, 0x90, 0x91, 0x92, 0x95, 0x96]))
def test_every_whole_frame_is_read(me: int, head: int) -> None:
    assert isinstance(one(frame(me, head=head)), Frame)


@given(st.integers(0, 2**56 - 1), st.integers(0, 111))
def test_every_single_bit_that_is_turned_is_noticed(me: int, bit: int) -> None:
    data = int(frame(me), 16) ^ 1 << bit
    assert isinstance(one(f"{data:028x}"), Refused)


def test_altitudes_in_both_codes() -> None:
    assert altitude_ft(0) is None
    assert altitude_ft(0b000000010000) == -1000
    # Gillham's code goes up by hundreds, one bit at a time, and has no two codes for one altitude
    found = [feet for code in range(1, 4096) if not code >> 4 & 1 and (feet := altitude_ft(code)) is not None]
    assert len(found) == len(set(found))
    assert min(found) == -1200
    assert all(feet % 100 == 0 for feet in found)


def test_halves_of_two_places_make_no_third() -> None:
    """A receiver that is deceived says places far from those before: each place that comes out was said."""
    decoder, found = AdsbDecoder(), []
    places = [(46.0, 39.6)] * 10 + [(46.75, 39.83)] * 10 + [(46.01, 39.6)] * 10
    for n, (lon, lat) in enumerate(places):
        bits = position(lon, lat, 30_000, is_odd=bool(n % 2))
        line = f"{1000 + n / 2},{squitter(bits, 0xABCDEF).hex()}"
        found += [one.values for one in decoder.decode(line.encode()) if isinstance(one, Frame)]
    said = [(round(one["lon"], 2), round(one["lat"], 2)) for one in found if "lon" in one]
    assert set(said) == set(places)
    assert len(said) >= len(places) - 6
