"""Cursor on Target: an event says who is where and until when; what cannot be is refused by name."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from truceline.core.frames import Frame, Refused
from truceline.detect.decoders.cot import CotDecoder
from truceline.testing.decoders import DecoderSuite

EVENT = (
    '<event version="2.0" uid="post-N3" type="a-f-G-U-C" how="m-g" time="2020-11-20T08:00:00.5Z" start="2020-11-20T08:00:00Z"'
    ' stale="2020-11-20T08:05:00Z"><point lat="40.05" lon="46.71" hae="512.5" ce="9.9" le="9999999.0"/>'
    '<detail><contact callsign="North 3"/><track course="90" speed="12.5"/></detail></event>'
)
BARE = EVENT.partition("<detail>")[0] + "</event>"


def one(text: str) -> Frame | Refused:
    (found,) = CotDecoder().decode(text.encode())
    return found


class TestCot(DecoderSuite):
    def decoder(self) -> CotDecoder:
        return CotDecoder()

    def samples(self) -> Sequence[bytes]:
        return [EVENT.encode(), f'<?xml version="1.0"?>\n{EVENT}\n{BARE}{EVENT}'.encode()]


def test_an_event_says_who_where_and_until_when() -> None:
    found = one(EVENT)
    assert isinstance(found, Frame)
    assert (found.kind, found.at_s) == ("a-f-G-U-C", 1605859200.5)
    assert found.values == {
        "uid": "post-N3", "type": "a-f-G-U-C", "how": "m-g", "start_s": 1605859200.0, "stale_s": 1605859500.0,
        "lat": 40.05, "lon": 46.71, "hae_m": 512.5, "ce_m": 9.9,
        "callsign": "North 3", "course_deg": 90.0, "speed_mps": 12.5,
    }, "an error that nobody knows is absent"  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (EVENT.replace(' uid="post-N3"', ""), "cot.missing"),
        (EVENT.replace("2020-11-20T08:05:00Z", "tomorrow"), "cot.time"),
        (EVENT.replace("2020-11-20T08:05:00Z", "2020-13-20T08:05:00Z"), "cot.time"),
        (EVENT.replace('lat="40.05"', 'lat="NaN"'), "cot.number"),
        (EVENT.replace('lat="40.05"', 'lat="146.71"'), "cot.place"),
        (EVENT.replace('lon="46.71" ', ""), "cot.number"),
        ('<event uid="a" type="b" time="2020-11-20T08:00:00Z" start="2020-11-20T08:00:00Z" stale="2020-11-20T08:00:00Z"/>', "cot.missing"),
        (EVENT.replace("</detail>", ""), "cot.xml"),
        ('<event uid="&lol;"></event>', "cot.xml"),
        ("hello", "cot.between"),
        (EVENT[:-20], "cot.cut"),
        (EVENT.replace("North 3", "N" * 300_000), "cot.size"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(text: str, code: str) -> None:
    found = one(text)
    assert isinstance(found, Refused)
    assert found.code == code


def test_a_bad_event_does_not_take_the_next_one_along() -> None:
    found = list(CotDecoder().decode(f"{EVENT[:80]}{EVENT}noise{BARE}".encode()))
    assert [type(each) for each in found] == [Refused, Frame, Refused, Frame]


def test_entities_are_not_followed() -> None:
    bomb = f'<!DOCTYPE e [<!ENTITY a "aaaa">]>{EVENT.replace("North 3", "&a;")}'
    assert not any(isinstance(each, Frame) for each in CotDecoder().decode(bomb.encode()))
