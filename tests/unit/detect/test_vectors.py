"""The public vectors of sensors' formats: what is sound is read, what is not is refused with its reason."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from truceline.core.frames import Frame, Refused
from truceline.detect.decoders.adsb import AdsbDecoder
from truceline.detect.decoders.cot import CotDecoder
from truceline.detect.decoders.firms import FirmsDecoder

pytestmark = pytest.mark.shared


@pytest.fixture
def vectors(shared: Path) -> Path:
    return shared / "vectors"


def test_every_sapient_message_is_judged_as_the_standard_judges_it(vectors: Path) -> None:
    pytest.importorskip("sapient_msg", reason="SAPIENT needs the extra 'sensors'")
    from truceline.detect.decoders.sapient import SapientJsonDecoder  # noqa: PLC0415 - after the question for it

    judged = Counter[tuple[str, str]]()
    for path in sorted((vectors / "sapient").rglob("*.json")):
        (found,) = SapientJsonDecoder().decode(path.read_bytes())
        judged[path.parent.name, type(found).__name__] += 1
        assert isinstance(found, Frame) or found.why
    assert judged == {("accept", "Frame"): 19, ("reject", "Refused"): 97}


def test_every_squitter_is_read_and_nearly_every_position_is_a_place(vectors: Path) -> None:
    found = list(AdsbDecoder().decode((vectors / "adsb" / "frames.csv").read_bytes()))
    frames = [one for one in found if isinstance(one, Frame)]
    assert len(frames) == len(found) == 1000
    positions = [one for one in frames if one.kind == "airborne_position"]
    placed = [one for one in positions if "lat" in one.values]
    assert len(placed) > 0.98 * len(positions)
    # one flight: no second moves it further than it flies
    for before, after in pairwise(placed):
        assert abs(after.values["lat"] - before.values["lat"]) < 0.02


def test_every_event_of_cursor_on_target_is_read_or_refused_for_what_it_lacks(vectors: Path) -> None:
    refused = list[str]()
    for path in sorted((vectors / "cot").glob("*.xml")):
        refused += [one.code for one in CotDecoder().decode(path.read_bytes()) if isinstance(one, Refused)]
    assert set(refused) <= {"cot.missing", "cot.between"}
    assert refused.count("cot.missing") == 2


def test_every_hot_spot_is_read(vectors: Path) -> None:
    found = list(FirmsDecoder().decode((vectors / "firms" / "viirs_n20_sample.csv").read_bytes()))
    assert len(found) == 15
    assert all(isinstance(one, Frame) and one.kind == "viirs" for one in found)


def test_every_block_of_asterix_is_read(vectors: Path) -> None:
    pytest.importorskip("asterix", reason="ASTERIX needs the extra 'sensors'")
    from truceline.app.decoding import decode_files  # noqa: PLC0415 - captures are unwrapped there

    found = [one for _, one in decode_files("asterix", sorted((vectors / "asterix").iterdir()))]
    assert all(isinstance(one, Frame) for one in found)
    kinds = Counter(one.kind for one in found if isinstance(one, Frame))
    assert kinds == {
        "target_report": 129,
        "sector_crossing": 32,
        "north_marker": 2,
        "system_track": 2,
        "end_of_batch": 1,
    }


def test_the_public_packet_of_uav_metadata_is_read_and_its_checksum_said_to_be_wrong(vectors: Path) -> None:
    pytest.importorskip("stanag4609", reason="UAV metadata needs the extra 'sensors'")
    from truceline.detect.decoders.klv import KlvDecoder  # noqa: PLC0415 - as above

    (found,) = KlvDecoder().decode((vectors / "klv" / "st0601_packet.bin").read_bytes())
    assert isinstance(found, Refused)
    assert (found.code, found.read is not None) == ("klv.checksum", True)
    assert found.read is not None
    assert found.read.values["sensor_latitude_deg"] == pytest.approx(60.176823)
    assert found.read.values["mission_id"] == "Mission 12"
