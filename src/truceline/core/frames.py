"""Frames: what a sensor's bytes say, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

TAK_MAGIC = 0xBF
"""First byte of a message of the TAK protocol's stream."""


class Framing(StrEnum):
    """How messages of a format follow one another in a stream."""

    LINES = "lines"
    """Each ends with its line; Beast frames, which begin with 0x1A, may stand in their place."""
    LENGTH = "length"
    """Each stands behind four bytes of its length, little end first."""
    EVENTS = "events"
    """Each is an XML element ``event``."""
    BLOCKS = "blocks"
    """Each begins with its category and two bytes of its length, big end first (ASTERIX)."""
    VARINT = "varint"
    """Each begins with 0xBF and its length in base 128 (TAK protocol, stream)."""
    WHOLE = "whole"
    """They come as whole files or datagrams."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of a feed, decoded.

    Args:
        format: The format's name, as ``truceline decode`` takes it.
        kind: What it is by the format's own word.
        offset: Where its bytes begin in what was read; the number of the line where the format is text.
        at_s: When it was sent or received, seconds since 1970 (UTC); None where it does not say.
        values: What it says, under names that end in their unit; what it does not say is absent.
    """

    format: str
    kind: str
    offset: int
    at_s: float | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """Bytes that are no message of the format.

    Args:
        offset: Where they begin.
        code: Which rule they break, for machines.
        why: Which rule they break, in words.
        where: Which part of the message breaks it; empty where it is no message at all.
        read: What it would say; None where that cannot be said. It is shown beside the reason, and used for nothing.
    """

    offset: int
    code: str
    why: str
    where: str = ""
    read: Frame | None = None


FATES = ("decoded", "refused", "late")
"""What may have become of a message that is kept."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a feed as it is kept.

    Args:
        received_us: When it was received, microseconds since 1970 (UTC).
        at_us: When it says that it was sent; -1 where it does not say.
        fate: A word of `FATES`.
        what: The kind of the message, or the code of the rule that it breaks.
        data: Its bytes.
    """

    received_us: int
    at_us: int
    fate: str
    what: str
    data: bytes
