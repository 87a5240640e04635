"""SAPIENT: a message is read where it keeps every rule of the standard, and refused by the rule that it breaks."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

pytest.importorskip("sapient_msg", reason="SAPIENT needs the extra 'sensors'")

from google.protobuf import json_format
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from truceline.core.frames import Frame, Refused
from truceline.detect.decoders.sapient import SapientDecoder, SapientJsonDecoder
from truceline.testing.decoders import DecoderSuite

NODE = "5f0f3f6e-6f0e-4c57-9d5a-0b8f1f2a3c4d"
ULID = "01HZX3T9Q2W5R7V8B4N6M0K1JD"
PLACE = {
    "x": 46.75, "y": 39.82, "coordinate_system": "LOCATION_COORDINATE_SYSTEM_LAT_LNG_DEG_M",
    "datum": "LOCATION_DATUM_WGS84_E",
}  # fmt: skip
DETECTION: dict[str, Any] = {
    "timestamp": "2020-11-16T05:00:00.250Z",
    "node_id": NODE,
    "detection_report": {
        "report_id": ULID,
        "object_id": ULID,
        "location": PLACE,
        "classification": [
            {"type": "Air Vehicle", "confidence": 0.5, "sub_class": [{"type": "UAV", "level": 1}]}
        ],
        "enu_velocity": {"east_rate": 12.0, "north_rate": 0.0},
        "derived_detection": [{"timestamp": "2020-11-16T05:00:00Z", "node_id": NODE, "object_id": ULID}],
    },
}
FOLLOW: dict[str, Any] = {
    "timestamp": "2020-11-16T05:00:00Z",
    "node_id": NODE,
    "task": {"task_id": ULID, "control": "CONTROL_START", "command": {"follow": {"follow_object_id": ULID}}},
}


def judged(message: dict[str, Any]) -> Frame | Refused:
    (found,) = SapientJsonDecoder().decode(json.dumps(message).encode())
    return found


def wire(message: dict[str, Any]) -> bytes:
    data = json_format.ParseDict(message, SapientMessage()).SerializeToString()
    return len(data).to_bytes(4, "little") + data


def changed(message: dict[str, Any], *path: str | int, to: Any = None) -> dict[str, Any]:
    """The message with one thing taken out, or put to another value."""
    made = copy.deepcopy(message)
    part: Any = made
    for step in path[:-1]:
        part = part[step]
    if to is None:
        del part[path[-1]]
    else:
        part[path[-1]] = to
    return made


class TestWire(DecoderSuite):
    def decoder(self) -> SapientDecoder:
        return SapientDecoder()

    def samples(self) -> Sequence[bytes]:
        return [wire(DETECTION), wire(DETECTION) + wire(FOLLOW)]


class TestJson(DecoderSuite):
    def decoder(self) -> SapientJsonDecoder:
        return SapientJsonDecoder()

    def samples(self) -> Sequence[bytes]:
        return [json.dumps(DETECTION).encode(), json.dumps(FOLLOW).encode()]


def test_a_detection_says_when_where_and_how_fast() -> None:
    found = judged(DETECTION)
    assert isinstance(found, Frame)
    assert (found.kind, found.at_s) == ("detection_report", 1605502800.25)
    assert found.values["detection_report"]["location"]["x"] == 46.75


@pytest.mark.parametrize(
    ("message", "code", "where"),
    [
        (changed(DETECTION, "timestamp"), "sapient.missing", "timestamp"),
        (changed(DETECTION, "detection_report"), "sapient.choice", "content"),
        (changed(DETECTION, "node_id", to="nobody"), "sapient.id", "node_id"),
        (changed(DETECTION, "destination_id", to="nobody"), "sapient.id", "destination_id"),
        (changed(DETECTION, "detection_report", "report_id"), "sapient.missing", "detection_report.report_id"),
        (changed(DETECTION, "detection_report", "object_id", to="8" * 26), "sapient.id", "detection_report.object_id"),
        (changed(DETECTION, "detection_report", "location"), "sapient.choice", "detection_report.location_oneof"),
        (changed(DETECTION, "detection_report", "location", "datum"), "sapient.missing", "detection_report.location.datum"),
        (
            changed(DETECTION, "detection_report", "location", "datum", to="LOCATION_DATUM_UNSPECIFIED"),
            "sapient.value", "detection_report.location.datum",
        ),
        (
            changed(DETECTION, "detection_report", "classification", 0, "sub_class", 0, "level"),
            "sapient.missing", "detection_report.classification[0].sub_class[0].level",
        ),
        (
            changed(DETECTION, "detection_report", "derived_detection", 0, "timestamp"),
            "sapient.missing", "detection_report.derived_detection[0].timestamp",
        ),
        (changed(DETECTION, "detection_report", "enu_velocity", "north_rate"), "sapient.missing", "detection_report.enu_velocity.north_rate"),
        (changed(FOLLOW, "task", "command", "follow", "follow_object_id", to=NODE), "sapient.id", "task.command.follow.follow_object_id"),
        (changed(FOLLOW, "task", "command", "follow"), "sapient.choice", "task.command.command"),
        (changed(DETECTION, "weapon", to=1), "sapient.json", ""),
        (changed(DETECTION, "timestamp", to="yesterday"), "sapient.json", ""),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named_with_its_place(message: dict[str, Any], code: str, where: str) -> None:
    found = judged(message)
    assert isinstance(found, Refused)
    assert (found.code, found.where) == (code, where)


def feeds() -> Iterator[tuple[bytes, list[str]]]:
    good = wire(DETECTION)
    yield good + good[:-1], ["", "sapient.cut"]
    yield good + b"\x01\x00", ["", "sapient.length"]
    yield b"\xff\xff\xff\x7f" + good, ["sapient.length"]
    yield b"\x02\x00\x00\x00\xff\xff" + good, ["sapient.wire", ""]
    # field 99 of an unknown kind behind a good message
    body = good[4:] + b"\x98\x06\x01"
    yield len(body).to_bytes(4, "little") + body + good, ["sapient.unknown", ""]


@pytest.mark.parametrize(("data", "codes"), list(feeds()))
def test_what_is_wrong_with_the_wire_is_told_and_the_next_message_is_read(
    data: bytes, codes: list[str]
) -> None:
    found = list(SapientDecoder().decode(data))
    assert [one.code if isinstance(one, Refused) else "" for one in found] == codes
