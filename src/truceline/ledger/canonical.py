"""Canonical bytes: one value, one byte string. Source: RFC 8785 (JCS); MODEL, The record (no floats in payloads)."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import rfc8785

from truceline.core.errors import InputError

MAX_DEPTH = 64
"""Nesting beyond this is refused: no payload of ours comes near it and a hostile one must not exhaust the stack."""

_MAX_INT = 2**53 - 1
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_TODO = "write numbers with a fraction as scaled whole numbers or as decimal strings"


def _refuse(what: str, todo: str = "") -> NoReturn:
    raise InputError("input.canonical", what, todo=todo)


def _scan(value: Any, depth: int, *, floats: bool) -> bool:
    """Check a value's types and return whether the plain JSON writer gives its canonical form."""
    # Every payload goes through here, whole: the commonest kinds first, and a tuple rather than a union of types.
    if value is None or isinstance(value, (str, bool)):
        return True
    if isinstance(value, dict):
        if depth >= MAX_DEPTH:
            _refuse_depth()
        # Python sorts by code point, RFC 8785 by UTF-16 unit: the same for ASCII keys only for sure.
        simple = True
        for key, item in value.items():
            if not isinstance(key, str):
                _refuse(f"the key {key!r} is no string")
            simple = _scan(item, depth + 1, floats=floats) and key.isascii() and simple
        return simple
    if isinstance(value, int):
        if abs(value) > _MAX_INT:
            _refuse_int()
        return True
    if isinstance(value, float):
        if not floats:
            _refuse("a floating-point number has no place in a payload", todo=_TODO)
        return False
    if depth >= MAX_DEPTH:
        _refuse_depth()
    if isinstance(value, (list, tuple)):
        simple = True
        for item in value:
            simple = _scan(item, depth + 1, floats=floats) and simple
        return simple
    return _refuse(f"a value of type {type(value).__name__} has no JSON form")


def _refuse_int() -> NoReturn:
    _refuse("a whole number is beyond 2^53-1", todo="write it as a string")


def _refuse_depth() -> NoReturn:
    _refuse(f"the value is nested deeper than {MAX_DEPTH}")


def _write(value: Any, *, floats: bool) -> bytes:
    try:
        if _scan(value, 0, floats=floats):
            return _ENCODER.encode(value).encode("utf-8")
        return rfc8785.dumps(value)
    except UnicodeEncodeError as error:
        raise _half() from error
    except rfc8785.CanonicalizationError as error:
        raise InputError("input.canonical", str(error)) from error


def _half() -> InputError:
    return InputError("input.canonical", "a string holds half of a surrogate pair")


def jcs_bytes(value: Any) -> bytes:
    """Return the RFC 8785 form of a value, floats allowed: for read models and pages, never for payloads.

    Args:
        value: None, booleans, whole numbers within 2^53-1, floats, strings, lists, mappings with string keys.

    Returns:
        UTF-8 bytes, the same for equal values.

    Raises:
        InputError: The value has no canonical form.
    """
    return _write(value, floats=True)


def canonical_bytes(value: Any) -> bytes:
    """Return the canonical bytes of a payload: RFC 8785 without floats.

    Args:
        value: As for `jcs_bytes`, without floats.

    Returns:
        UTF-8 bytes, the same for equal values.

    Raises:
        InputError: A float, a number beyond 2^53-1, a lone surrogate, a key that is no string, or too deep nesting.
    """
    return _write(value, floats=False)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        _refuse("a key stands twice in one object")
    return found


def _small_int(text: str) -> int:
    value = int(text)
    if abs(value) > _MAX_INT:
        _refuse_int()
    return value


def _no_float(text: str) -> NoReturn:
    _refuse(f"the number {text[:40]} is not a whole number", todo=_TODO)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_no_repeats, parse_int=_small_int, parse_float=_no_float, parse_constant=_no_float
)
_FAR = re.compile(rb"[\xf0-\xff]")
"""A byte of a character beyond U+FFFF: up to there Python and RFC 8785 sort keys alike."""


def _is_plain(data: bytes) -> bool:
    """Say whether JSON text that `_DECODER` reads needs no look at its parts: they can be neither deep nor sorted otherwise."""
    return data.count(b"{") + data.count(b"[") <= MAX_DEPTH and _FAR.search(data) is None


def parse_canonical(data: bytes) -> Any:
    """Read payload bytes and refuse any that are not the canonical form of what they say.

    Args:
        data: UTF-8 JSON.

    Returns:
        The value: ``canonical_bytes(parse_canonical(data)) == data`` always holds.

    Raises:
        InputError: The bytes are no JSON, hold a float, a repeated key or a lone surrogate, or are written differently.
    """
    try:
        value = _DECODER.decode(data.decode("utf-8"))
        rewritten = _ENCODER.encode(value).encode("utf-8") if _is_plain(data) else canonical_bytes(value)
    except UnicodeEncodeError as error:
        raise _half() from error
    except (ValueError, RecursionError) as error:
        raise InputError("input.canonical", "the bytes are no JSON text in UTF-8") from error
    if rewritten != data:
        _refuse("the bytes are not in canonical form (RFC 8785)")
    return value
