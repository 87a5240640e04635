"""JSON of core things and back: one spelling for files, batches, read models and what the command line prints."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from truceline.core.rows import Page, Written

_T = TypeVar("_T")
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(thing: Any) -> bytes:
    """Return a thing as JSON: decimals as numbers, instants in UTC with ``Z``, fields in their order."""
    return _ENCODER.encode(thing)


def page_of(page: Page) -> dict[str, Any]:
    """Return a page as it is answered, ``items`` and ``after``; what a store wrote is handed on without being read."""
    values = page.values
    items = [msgspec.Raw(text) for text in values.texts] if isinstance(values, Written) else values
    return {"items": items, "after": page.after}


def lines(things: Iterable[Any]) -> bytes:
    """Return things as JSON Lines."""
    return b"".join(encode(thing) + b"\n" for thing in things)


def pretty(thing: Any) -> bytes:
    """Return a thing as indented JSON for people, with a newline at its end."""
    return msgspec.json.format(encode(thing), indent=1) + b"\n"


def decode(data: bytes, kind: type[_T]) -> _T:
    """Read a thing back from its JSON.

    Args:
        data: JSON as `encode` writes it.
        kind: The core type.

    Returns:
        The thing.
    """
    return msgspec.json.decode(data, type=kind)


def revive(value: Any, kind: type[_T]) -> _T:
    """Read a thing back from decoded JSON, as the read models give it."""
    return decode(_ENCODER.encode(value), kind)


def plain(thing: Any) -> Any:
    """Return a thing as dicts, lists, strings and numbers."""
    return json.loads(encode(thing))
