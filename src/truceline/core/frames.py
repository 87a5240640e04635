"""Frames: what a sensor's bytes say, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
    """

    offset: int
    code: str
    why: str
    where: str = ""
