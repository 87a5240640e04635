"""One value, one byte string; anything else is refused."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.errors import InputError
from truceline.ledger.canonical import MAX_DEPTH, canonical_bytes, jcs_bytes, parse_canonical

SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@settings(deadline=None, max_examples=60)
@given(VALUES)
def test_canonical_bytes_read_back_to_the_value_and_are_those_of_rfc_8785(value: Any) -> None:
    data = canonical_bytes(value)
    assert data == rfc8785.dumps(value)
    assert parse_canonical(data) == value


@settings(deadline=None, max_examples=60)
@given(VALUES)
def test_any_other_spelling_of_a_value_is_refused(value: Any) -> None:
    data = canonical_bytes(value)
    other = json.dumps(value, indent=1).encode()
    if other != data:
        with pytest.raises(InputError):
            parse_canonical(other)
    with pytest.raises(InputError):
        parse_canonical(data + b"\n")


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 9), min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert canonical_bytes(value) == canonical_bytes(dict(reversed(value.items())))


def test_keys_are_ordered_by_utf_16_units_not_by_code_points() -> None:
    assert canonical_bytes({"\ufb33": 1, "\U0001f602": 2}) == '{"\U0001f602":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize(
    "value",
    [1.0, {"a": [1.5]}, [{"é": 1}, 0.5], float("nan"), float("inf")],
    ids=["one", "nested", "after-a-key-that-is-not-ascii", "nan", "infinity"],
)
def test_a_float_never_gets_into_a_payload(value: Any) -> None:
    with pytest.raises(InputError, match="floating-point"):
        canonical_bytes(value)


@pytest.mark.parametrize(
    "value",
    [
        "\ud800",
        {"\udfff": 1},
        ["é\ud800"],
        2**53,
        -(2**53),
        {1: 2},
        {"é": {None: 1}},
        b"bytes",
        {1, 2},
        object(),
    ],
)
def test_a_value_without_canonical_form_is_refused(value: Any) -> None:
    for write in (canonical_bytes, jcs_bytes):
        with pytest.raises(InputError):
            write(value)


@pytest.mark.parametrize("value", [float("nan"), [float("inf")]])
def test_no_page_holds_a_number_that_is_none(value: Any) -> None:
    with pytest.raises(InputError):
        jcs_bytes(value)


def test_floats_are_written_the_one_way_where_they_are_allowed() -> None:
    assert jcs_bytes({"b": 46.75, "a": 1e21}) == b'{"a":1e+21,"b":46.75}'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" {}",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":-0}',
        b'{"a":NaN}',
        b'"\\u0041"',
        b'"\\ud800"',
        b'"\\/"',
        b'{"a":9007199254740992}',
        b"\xff",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b"[" * 200 + b"]" * 200,
        b"9" * 5000,
        b"{} {}",
    ],
)
def test_bytes_that_are_not_the_canonical_form_are_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        parse_canonical(data)


def test_the_deepest_allowed_value_is_read() -> None:
    data = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert canonical_bytes(parse_canonical(data)) == data


def test_words_of_an_enumeration_stand_as_their_text() -> None:
    class Colour(StrEnum):
        RED = "red"

    assert canonical_bytes({Colour.RED: Colour.RED, "é": Colour.RED}) == '{"red":"red","é":"red"}'.encode()


def test_what_is_read_back_is_what_was_written_whatever_its_characters_and_depth() -> None:
    for value in (
        {"\ufb33": 1, "\U0001f602": 2}, {"text": "{[" * 60}, [[["\u0642"]]], {"a": "\U0001f602"}, _nested(64),
    ):  # fmt: skip
        assert parse_canonical(canonical_bytes(value)) == value


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ('{"\ufb33":1,"\U0001f602":2}'.encode(), "not in canonical form"),
        (b'["\\ud800"]', "half of a surrogate pair"),
        (b'["\\ud800","' + "\U0001f602".encode() + b'"]', "half of a surrogate pair"),
        (b"[-9007199254740992]", "beyond 2"),
        (b"[" * 65 + b"]" * 65, "deeper than 64"),
        (b'{"a":"' + b"[" * 70 + b'","a":1}', "stands twice"),
    ],
)
def test_what_no_payload_may_hold_is_refused_for_its_own_reason(data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what):
        parse_canonical(data)


def _nested(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth - 1):
        value = [value]
    return value
