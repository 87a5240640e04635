"""The TAK protocol: what it says has the same names as Cursor on Target in XML; what cannot be is refused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

pytest.importorskip("takproto", reason="the TAK protocol needs the extra 'sensors'")

import takproto
from takproto.proto import TakMessage

from truceline.core.frames import Frame, Framing, Refused
from truceline.detect.decoders.cot import CotDecoder
from truceline.detect.decoders.cot.tak import TakDecoder
from truceline.detect.framing import Cutter
from truceline.testing.decoders import DecoderSuite
from truceline.testing.wires import tak

XML = (
    '<event version="2.0" uid="patrol-1" type="a-f-G-U" how="m-g" time="2020-11-16T09:30:00.000000Z" '
    'start="2020-11-16T09:30:00.000000Z" stale="2020-11-16T09:31:00.000000Z">'
    '<point lat="39.64" lon="46.55" hae="900" ce="15" le="30"/>'
    '<detail><contact callsign="P1"/><track course="90" speed="10"/></detail></event>'
)


def message(**changes: float | str) -> bytes:
    found = TakMessage()
    found.ParseFromString(bytes(takproto.xml2proto(XML))[3:])
    for name, value in changes.items():
        setattr(found.cotEvent, name, value)
    data: bytes = found.SerializeToString()
    return data


class TestTak(DecoderSuite):
    def decoder(self) -> TakDecoder:
        return TakDecoder()

    def samples(self) -> Sequence[bytes]:
        return [
            tak(XML.encode()) * 2,
            b"\xbf\x01\xbf" + message(),
            b"\xbf\x00\xbf" + XML.encode(),
            XML.encode(),
        ]


def test_protobuf_says_what_xml_says() -> None:
    (of_xml,) = CotDecoder().decode(XML.encode())
    (of_proto,) = TakDecoder().decode(tak(XML.encode()))
    assert isinstance(of_xml, Frame)
    assert isinstance(of_proto, Frame)
    assert of_proto.values == pytest.approx(dict(of_xml.values))
    assert of_proto.at_s == of_xml.at_s
    assert TakDecoder().sighting(of_proto) == CotDecoder().sighting(of_xml)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lat": 91.0}, "tak.place"), ({"lon": float("nan")}, "tak.place"), ({"hae": float("inf")}, "tak.number"),
        ({"uid": ""}, "tak.missing"), ({"staleTime": 2**62}, "tak.time"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(changes: dict[str, float | str], code: str) -> None:
    (found,) = TakDecoder().decode(b"\xbf\x01\xbf" + message(**changes))
    assert isinstance(found, Refused)
    assert found.code == code


@pytest.mark.parametrize("step", [1, 11, 10_000])
def test_messages_of_a_stream_are_cut_however_they_come(step: int) -> None:
    data = tak(XML.encode()) * 3
    cutter = Cutter(Framing.VARINT)
    found = [one for at in range(0, len(data), step) for one in cutter.take(data[at : at + step])]
    assert found == [tak(XML.encode())] * 3


@pytest.mark.parametrize(
    "data", [b"\xbf\xff\xff\xff\xff\xff\xff\x01", b"\x00\x01\x02\x03", b"\xbf\xff\xff\xff\x7f"]
)
def test_a_stream_whose_lengths_are_wrong_is_given_up(data: bytes) -> None:
    cutter = Cutter(Framing.VARINT)
    (found,) = cutter.take(data)
    assert isinstance(found, Refused)
    assert cutter.is_lost
