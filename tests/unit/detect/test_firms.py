"""FIRMS: hot spots of both instruments, with every way of writing their time; a bad row is refused and the next is read."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from truceline.core.frames import Frame, Refused
from truceline.detect.decoders.firms import FirmsDecoder
from truceline.testing.decoders import DecoderSuite

VIIRS = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight"
MODIS = "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_t31,frp,daynight,type"
ROW = "39.76,46.75,337.5,0.4,0.5,2020-11-08,{clock},N20,{level},2.0NRT,289.9,4.3,N"
OF_MODIS = "39.76,46.75,320.1,1,1.1,2020-11-08,0925,Terra,MODIS,83,6.1,290.2,12.5,D,0"


def read(*lines: str) -> list[Frame | Refused]:
    return list(FirmsDecoder().decode("\n".join(lines).encode()))


class TestFirms(DecoderSuite):
    def decoder(self) -> FirmsDecoder:
        return FirmsDecoder()

    def samples(self) -> Sequence[bytes]:
        row = ROW.format(clock="0013", level="n")
        return [
            f"{VIIRS}\n{row}\n{row}\n".encode(),
            f"\ufeff{MODIS}\r\n{OF_MODIS}\r\n{VIIRS}\r\n{row}\r\n".encode(),
        ]


@pytest.mark.parametrize("clock", ["13", "0013", "013", "00:13", "0:13", "00:13:00"])
def test_a_time_is_read_however_it_is_written(clock: str) -> None:
    (found,) = read(VIIRS, ROW.format(clock=clock, level="nominal"))
    assert isinstance(found, Frame)
    assert found.at_s == 1604794380


def test_both_instruments_say_the_same_things_by_the_same_names() -> None:
    viirs, modis = read(VIIRS, ROW.format(clock="0013", level="h"), MODIS, OF_MODIS)
    assert isinstance(viirs, Frame)
    assert isinstance(modis, Frame)
    assert (viirs.kind, modis.kind) == ("viirs", "modis")
    assert viirs.values["confidence"] == "high"
    assert modis.values["confidence_percent"] == 83
    assert (viirs.values["is_day"], modis.values["is_day"]) == (False, True)
    shared = {
        "lat",
        "lon",
        "brightness_k",
        "brightness_far_k",
        "scan_km",
        "track_km",
        "power_mw",
        "satellite",
        "version",
    }
    assert shared <= viirs.values.keys() & modis.values.keys()


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((ROW,), "firms.columns"),
        (("latitude,longitude", "1,2"), "firms.columns"),
        ((VIIRS, "1,2,3"), "firms.row"),
        ((VIIRS, ROW.format(clock="2513", level="n")), "firms.time"),
        ((VIIRS, ROW.format(clock="noon", level="n")), "firms.time"),
        ((VIIRS, ROW.format(clock="0013", level="certain")), "firms.confidence"),
        ((VIIRS, ROW.format(clock="0013", level="n").replace("39.76", "139.76")), "firms.number"),
        ((VIIRS, ROW.format(clock="0013", level="n").replace("337.5", "nan")), "firms.number"),
        ((VIIRS, ROW.format(clock="0013", level="n" * 2000)), "firms.row"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(lines: tuple[str, ...], code: str) -> None:
    found = read(*lines)[0]
    assert isinstance(found, Refused)
    assert found.code == code


def test_a_bad_row_does_not_take_the_next_one_along() -> None:
    row = ROW.format(clock="0013", level="n")
    assert [type(each) for each in read(VIIRS, row, "broken", row)] == [Frame, Refused, Frame]
