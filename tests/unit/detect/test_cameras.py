"""States of fixed cameras: rows are read or refused with their reason."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

pytest.importorskip("scipy", reason="sensors need the extra 'sensors'")

from truceline.core.frames import Frame, Refused
from truceline.detect.decoders.cameras import CamerasDecoder
from truceline.testing.decoders import DecoderSuite

HEAD = b"time,camera,state,lon,lat,range_m,night_range_m,reason\n"
GOOD = (
    HEAD
    + b"2020-11-16T09:30:00Z,CAM-1,on,46.6,39.7,3000,200,\n2020-11-16T18:30:00+04:00,CAM-1,Off,,,,,no power\n"
)


class TestCameras(DecoderSuite):
    def decoder(self) -> CamerasDecoder:
        return CamerasDecoder()

    def samples(self) -> Sequence[bytes]:
        return [GOOD]


def test_a_state_is_read_with_where_the_camera_stands_and_how_far_it_sees() -> None:
    on, off = (one for one in CamerasDecoder().decode(GOOD) if isinstance(one, Frame))
    assert (on.kind, on.values["lon"], on.values["night_range_m"]) == ("on", 46.6, 200.0)
    assert (off.kind, off.values["reason"]) == ("off", "no power")
    assert (off.at_s or 0) - (on.at_s or 0) == 5 * 3600


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b"2020-11-16T09:30:00,CAM-1,on,,,,,", "cameras.time"),
        (b"2020-11-16T09:30:00Z,,on,,,,,", "cameras.camera"),
        (b"2020-11-16T09:30:00Z,CAM-1,asleep,,,,,", "cameras.state"),
        (b"2020-11-16T09:30:00Z,CAM-1,on,46.6,,,,", "cameras.place"),
        (b"2020-11-16T09:30:00Z,CAM-1,on,46.6,139.7,,,", "cameras.number"),
        (b"2020-11-16T09:30:00Z,CAM-1,on,46.6,39.7,-5,,", "cameras.number"),
        (b"2020-11-16T09:30:00Z,CAM-1,on,46.6,nan,,,", "cameras.number"),
        (b"2020-11-16T09:30:00Z,CAM-1", "cameras.row"),
    ],
)
def test_a_row_that_cannot_be_is_refused(row: bytes, code: str) -> None:
    (found,) = CamerasDecoder().decode(HEAD + row + b"\n")
    assert isinstance(found, Refused)
    assert found.code == code
