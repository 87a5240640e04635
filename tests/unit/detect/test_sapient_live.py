"""SAPIENT on a live connection: nodes are acknowledged, tasks refused, places read by position and by bearing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sapient_msg", reason="SAPIENT needs the extra 'sensors'")

from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from truceline.core.frames import Frame, Refused
from truceline.detect.decoders.sapient import SapientDecoder
from truceline.geo.plane import Plane

NODE = "5f0f3f6e-6f0e-4c57-9d5a-0b8f1f2a3c4d"
DEGREES = "LOCATION_COORDINATE_SYSTEM_LAT_LNG_DEG_M"


def frame(kind: str, **content: Any) -> Frame:
    return Frame("sapient", kind, 0, 1_605_500_000.0, {"node_id": NODE, kind: content})


def acknowledged(answer: bytes | Refused | None) -> SapientMessage:
    assert isinstance(answer, bytes)
    assert int.from_bytes(answer[:4], "little") == len(answer) - 4
    message = SapientMessage()
    message.ParseFromString(answer[4:])
    return message


def test_a_node_that_registers_is_acknowledged_by_a_sound_message() -> None:
    decoder = SapientDecoder()
    answer = decoder.reply(frame("registration"), "peer:1", 1_605_500_000.25)
    message = acknowledged(answer)
    assert message.registration_ack.acceptance
    assert message.destination_id == NODE
    (read,) = decoder.decode(answer if isinstance(answer, bytes) else b"")
    assert isinstance(read, Frame)
    assert read.kind == "registration_ack"


def test_a_node_that_registers_by_two_connections_is_acknowledged_by_the_first_until_that_ends() -> None:
    decoder = SapientDecoder()
    assert acknowledged(decoder.reply(frame("registration"), "peer:1", 0)).registration_ack.acceptance
    assert acknowledged(decoder.reply(frame("registration"), "peer:1", 0)).registration_ack.acceptance
    assert not acknowledged(decoder.reply(frame("registration"), "peer:2", 0)).registration_ack.acceptance
    decoder.left("peer:1")
    assert acknowledged(decoder.reply(frame("registration"), "peer:2", 0)).registration_ack.acceptance


def test_a_task_is_neither_obeyed_nor_answered() -> None:
    refused = SapientDecoder().reply(frame("task"), "peer:1", 0)
    assert isinstance(refused, Refused)
    assert refused.code == "sapient.task"


def test_a_position_is_read_in_degrees_and_radians() -> None:
    decoder = SapientDecoder()
    by_degrees = {
        "x": 46.75,
        "y": 39.82,
        "z": 1200.0,
        "x_error": 0.001,
        "y_error": 0.0005,
        "coordinate_system": DEGREES,
    }
    found = decoder.sighting(frame("detection_report", object_id="X", location=by_degrees))
    assert found is not None
    assert (found.lon, found.lat, found.height_m, found.name) == (46.75, 39.82, 1200.0, "X")
    assert found.sigma_m == pytest.approx(0.001 * 111_320 * math.cos(math.radians(39.82)))
    by_radians = {
        "x": math.radians(46.75),
        "y": math.radians(39.82),
        "coordinate_system": DEGREES.replace("DEG", "RAD"),
    }
    other = decoder.sighting(frame("detection_report", object_id="X", location=by_radians))
    assert other is not None
    assert (other.lon, other.lat) == pytest.approx((46.75, 39.82))


def test_a_bearing_counts_once_its_node_has_said_where_it_stands() -> None:
    decoder = SapientDecoder()
    bearing = {
        "range": 5_000.0, "azimuth": 90.0, "range_error": 20.0, "azimuth_error": 1.0,
        "coordinate_system": "RANGE_BEARING_COORDINATE_SYSTEM_DEGREES_M", "datum": "RANGE_BEARING_DATUM_TRUE",
    }  # fmt: skip
    report = frame("detection_report", object_id="X", range_bearing=bearing)
    assert decoder.sighting(report) is None
    decoder.sighting(
        frame("status_report", node_location={"x": 46.6, "y": 39.8, "coordinate_system": DEGREES})
    )
    found = decoder.sighting(report)
    assert found is not None
    (xy_m,) = Plane(46.6, 39.8).to_plane(np.array([found.lon]), np.array([found.lat]))
    assert xy_m == pytest.approx([5_000, 0], abs=0.01)
    assert found.sigma_m == pytest.approx(5_000 * math.radians(1))


@pytest.mark.parametrize(
    "content",
    [
        {"location": {"x": math.nan, "y": 39.8, "coordinate_system": DEGREES}},
        {"location": {"x": 46.6, "y": 139.8, "coordinate_system": DEGREES}},
        {"location": {"x": 500_000.0, "y": 4_400_000.0, "coordinate_system": "LOCATION_COORDINATE_SYSTEM_UTM_M"}},
        {"range_bearing": {"range": 5.0, "azimuth": 1.0, "coordinate_system": "RANGE_BEARING_COORDINATE_SYSTEM_DEGREES_M",
                           "datum": "RANGE_BEARING_DATUM_MAGNETIC"}},
        {},
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_read_is_none(content: dict[str, Any]) -> None:
    decoder = SapientDecoder()
    decoder.sighting(
        frame("status_report", node_location={"x": 46.6, "y": 39.8, "coordinate_system": DEGREES})
    )
    assert decoder.sighting(frame("detection_report", object_id="X", **content)) is None


@pytest.mark.parametrize(
    ("seconds", "nanos"), [(1_605_500_000, -1), (1_605_500_000, 10**9), (-(10**15), 0), (10**15, 0)]
)
def test_a_time_that_is_no_moment_is_refused(seconds: int, nanos: int) -> None:
    message = SapientMessage(node_id=NODE)
    message.timestamp.seconds, message.timestamp.nanos = seconds, nanos
    message.registration_ack.acceptance = True
    data = message.SerializeToString()
    (found,) = SapientDecoder().decode(len(data).to_bytes(4, "little") + data)
    assert isinstance(found, Refused)
    assert (found.code, found.where) == ("sapient.time", "timestamp")
