"""The rules of the standard for a message: what must be there, which choices must be made, how ids are written.

The standard's own protobuf files carry most of them as options of fields and choices; they are read from there, so that nothing
is said twice. What its tables ask for and its files do not say stands below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from sapient_msg import proto_options_pb2 as options

_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}\Z")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")
_TIME = "google.protobuf.Timestamp"
_FIRST_S, _LAST_S = -62_135_596_800, 253_402_300_799
_ALSO_ULID = {"FollowObject.follow_object_id"}
"""Ids of objects that the tables want as ULID, as every other object id is."""
_ALSO_MANDATORY = {"DetectionReport.DerivedDetection.timestamp"}


@dataclass(frozen=True, slots=True)
class _Field:
    """What the standard asks of a field, read from its options once."""

    name: str
    short: str
    is_repeated: bool
    has_presence: bool
    is_mandatory: bool
    is_part: bool
    is_time: bool
    known: frozenset[int] | None
    rule: Any


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the standard asks of a kind of message: choices that must be made, and its fields."""

    choices: tuple[tuple[str, str], ...]
    fields: tuple[_Field, ...]


_KINDS: dict[str, _Kind] = {}


def _kind_of(descriptor: Any) -> _Kind:
    found = _KINDS.get(descriptor.full_name)
    if found is None:
        choices = tuple(
            (choice.name, ", ".join(field.name for field in choice.fields))
            for choice in descriptor.oneofs
            if choice.GetOptions().Extensions[options.oneof_options].is_mandatory
        )
        found = _Kind(choices, tuple(_field_of(field) for field in descriptor.fields))
        _KINDS[descriptor.full_name] = found
    return found


def _field_of(field: Any) -> _Field:
    rule = field.GetOptions().Extensions[options.field_options]
    short = field.full_name.partition("bsi_flex_335_v2_0.")[2]
    part, words = field.message_type, field.enum_type
    return _Field(
        field.name, short, field.is_repeated, field.has_presence, rule.is_mandatory or short in _ALSO_MANDATORY,
        part is not None, part is not None and part.full_name == _TIME,
        None if words is None else frozenset(words.values_by_number) - {0}, rule,
    )  # fmt: skip


def broken(message: Message, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Find the rules that a message breaks.

    Args:
        message: Any message of the standard, or a part of one.
        path: Where it stands in the whole; ends in a dot.

    Yields:
        Code of the rule, what is wrong, and where.
    """
    kind = _kind_of(message.DESCRIPTOR)
    for choice, names in kind.choices:
        if message.WhichOneof(choice) is None:
            yield "sapient.choice", f"none of {names} is given", f"{path}{choice}"
    for field in kind.fields:
        if field.is_repeated:
            values = getattr(message, field.name)
        elif field.has_presence and not message.HasField(field.name):
            values = ()
        else:
            values = (getattr(message, field.name),)
        if values:
            yield from _of_values(values, field, f"{path}{field.name}")
        elif field.is_mandatory:
            yield "sapient.missing", "it must be given and is missing", f"{path}{field.name}"


def _of_values(values: Any, field: _Field, where: str) -> Iterator[tuple[str, str, str]]:
    for number, one in enumerate(values):
        place = f"{where}[{number}]" if field.is_repeated else where
        if field.is_time:
            if not (_FIRST_S <= one.seconds <= _LAST_S and 0 <= one.nanos < 10**9):
                yield "sapient.time", "it is no moment of the years 1 to 9999", place
        elif field.is_part:
            yield from broken(one, f"{place}.")
        elif field.known is not None:
            if one not in field.known:
                yield "sapient.value", "its value is none of the standard's", place
        elif isinstance(one, str):
            yield from _of_text(one, field.rule, field.short, place)


def _of_text(text: str, rule: Any, short: str, place: str) -> Iterator[tuple[str, str, str]]:
    is_ulid = rule.is_ulid or short in _ALSO_ULID
    if not text and rule.is_mandatory:
        yield "sapient.missing", "it must be given and is empty", place
    elif is_ulid and not _ULID.match(text):
        yield "sapient.id", f"'{text[:40]}' is no ULID", place
    elif rule.is_uuid and not _UUID.match(text):
        yield "sapient.id", f"'{text[:40]}' is no UUID", place
