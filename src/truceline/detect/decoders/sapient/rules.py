"""The rules of the standard for a message: what must be there, which choices must be made, how ids are written.

The standard's own protobuf files carry most of them as options of fields and choices; they are read from there, so that nothing
is said twice. What its tables ask for and its files do not say stands below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from google.protobuf.message import Message
from sapient_msg import proto_options_pb2 as options

_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}\Z")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")
_TIME = "google.protobuf.Timestamp"
_ALSO_ULID = {"FollowObject.follow_object_id"}
"""Ids of objects that the tables want as ULID, as every other object id is."""
_ALSO_MANDATORY = {"DetectionReport.DerivedDetection.timestamp"}


def broken(message: Message, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Find the rules that a message breaks.

    Args:
        message: Any message of the standard, or a part of one.
        path: Where it stands in the whole; ends in a dot.

    Yields:
        Code of the rule, what is wrong, and where.
    """
    for choice in message.DESCRIPTOR.oneofs:
        wanted = choice.GetOptions().Extensions[options.oneof_options].is_mandatory
        if wanted and message.WhichOneof(choice.name) is None:
            names = ", ".join(field.name for field in choice.fields)
            yield "sapient.choice", f"none of {names} is given", f"{path}{choice.name}"
    for field in message.DESCRIPTOR.fields:
        yield from _of_field(message, field, path)


def _of_field(message: Message, field: Any, path: str) -> Iterator[tuple[str, str, str]]:
    rule = field.GetOptions().Extensions[options.field_options]
    short = field.full_name.partition("bsi_flex_335_v2_0.")[2]
    where = f"{path}{field.name}"
    value = getattr(message, field.name)
    if field.is_repeated:
        values = list(value)
    else:
        values = [value] if not field.has_presence or message.HasField(field.name) else []
    is_mandatory = rule.is_mandatory or short in _ALSO_MANDATORY
    if is_mandatory and not values:
        yield "sapient.missing", "it must be given and is missing", where
    for number, one in enumerate(values):
        place = f"{where}[{number}]" if field.is_repeated else where
        if field.message_type is not None:
            if field.message_type.full_name != _TIME:
                yield from broken(one, f"{place}.")
        elif field.enum_type is not None:
            if one == 0 or one not in field.enum_type.values_by_number:
                yield "sapient.value", "its value is none of the standard's", place
        elif isinstance(one, str):
            yield from _of_text(one, rule, short, place)


def _of_text(text: str, rule: Any, short: str, place: str) -> Iterator[tuple[str, str, str]]:
    is_ulid = rule.is_ulid or short in _ALSO_ULID
    if not text and rule.is_mandatory:
        yield "sapient.missing", "it must be given and is empty", place
    elif is_ulid and not _ULID.match(text):
        yield "sapient.id", f"'{text[:40]}' is no ULID", place
    elif rule.is_uuid and not _UUID.match(text):
        yield "sapient.id", f"'{text[:40]}' is no UUID", place
