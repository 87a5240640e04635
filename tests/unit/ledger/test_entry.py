"""Leaves and payloads have exactly the form of MODEL; bodies hold no floats and read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.claims import By, Quantity
from truceline.core.errors import InputError
from truceline.core.incidents import Location
from truceline.core.release import Realm
from truceline.core.times import ValidAt
from truceline.ledger.body import decode_body, encode_body
from truceline.ledger.canonical import canonical_bytes
from truceline.ledger.entry import (
    TYPES,
    Leaf,
    Statement,
    format_leaf,
    open_leaf,
    parse_leaf,
    parse_payload,
    payload_bytes,
    sign_leaf,
)
from truceline.ledger.keys import Signer
from truceline.ledger.note import verified_by
from truceline.ledger.tree import EMPTY_ROOT

SIGNER = Signer("truceline/m/demo", b"s" * 32)
LEAF = Leaf("truceline/m/demo", "report", "report_abc", 0, "00" * 32, 12, 0, EMPTY_ROOT)
MOMENT = datetime(2020, 11, 10, 21, tzinfo=UTC)


def test_a_leafs_text_is_the_one_of_the_model() -> None:
    assert format_leaf(LEAF) == (
        "truceline/statement/1\n"
        "truceline/m/demo\n"
        "report report_abc 0\n"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= 12\n"
        "0 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    )


def test_a_signed_leaf_reads_back_and_verifies() -> None:
    leaf, note = open_leaf(sign_leaf(LEAF, (SIGNER,)))
    assert leaf == LEAF
    assert verified_by(note, [SIGNER.verifier]) == (SIGNER.verifier,)


TEXT = format_leaf(LEAF)


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT[:-1],
        TEXT + "\n",
        TEXT + "more\n",
        TEXT.replace("statement/1", "statement/2"),
        TEXT.replace("report report_abc", "rumour report_abc"),
        TEXT.replace("report_abc 0", "report_abc 00"),
        TEXT.replace("report_abc 0", "report_abc"),
        TEXT.replace("report_abc", "Report_abc"),
        TEXT.replace("report_abc", "report abc"),
        TEXT.replace(" 12\n", " -12\n"),
        TEXT.replace("truceline/m/demo", "truceline/m demo"),
        TEXT.replace("AAA= 12", "AAB= 12"),
        TEXT.replace("\n0 ", "\n0  "),
    ],
)
def test_a_leaf_in_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_leaf(text)


@pytest.mark.parametrize("id_", ["", "a b", "a\nb", "Ab", "-a", "a" * 201, "é", "a+b"])
def test_an_id_that_could_break_a_leaf_is_refused(id_: str) -> None:
    with pytest.raises(InputError):
        sign_leaf(Leaf("o", "report", id_, 0, "00" * 32, 0, 0, EMPTY_ROOT), (SIGNER,))


def test_the_slugs_of_a_pack_are_ids() -> None:
    for id_ in ("place:kelbajar", "obl:2020-6-kelbajar", "report_2345abc", "feed.csv#17"):
        leaf = Leaf("o", "status", id_, 3, "ff" * 32, 1, 0, EMPTY_ROOT)
        assert parse_leaf(format_leaf(leaf)) == leaf


def test_there_is_one_vocabulary_of_types() -> None:
    assert len(TYPES) == 26
    assert {"report", "batch", "determination", "seen"} <= TYPES


def test_a_payload_has_exactly_the_fields_of_the_model() -> None:
    statement = Statement(
        "report",
        "report_abc",
        "m",
        Realm.DEMO,
        {"size": 12},
        owner="A",
        release="party:armenia",
        known_at=MOMENT,
        known_basis="published",
        valid_at=ValidAt(MOMENT, None, "hour", "explicit"),
        sources=("src",),
        by=By("collect", "r1", "1.0"),
    )
    data = payload_bytes(statement)
    assert data == canonical_bytes(json.loads(data))
    assert parse_payload(data) == {
        "schema": "report/1",
        "id": "report_abc",
        "mission": "m",
        "realm": "demo",
        "owner": "A",
        "release": "party:armenia",
        "known_at": "2020-11-10T21:00:00Z",
        "known_basis": "published",
        "valid_at": {"start": "2020-11-10T21:00:00Z", "end": None, "precision": "hour", "basis": "explicit"},
        "sources": ["src"],
        "by": {"stage": "collect", "rule": "r1", "pack": "1.0"},
        "body": {"size": 12},
    }


def test_a_payload_with_a_field_more_or_less_or_of_another_kind_is_refused() -> None:
    good = parse_payload(payload_bytes(Statement("report", "r", "m", Realm.DEMO)))
    bad: list[Any] = [
        {**good, "extra": 1},
        {name: value for name, value in good.items() if name != "by"},
        {**good, "realm": 1},
        {**good, "body": []},
        {**good, "release": "everyone"},
        [],
    ]
    for value in bad:
        with pytest.raises(InputError):
            parse_payload(canonical_bytes(value))


def test_measures_are_whole_numbers_or_decimal_texts() -> None:
    body = {
        "quantity": Quantity(Decimal("15.50"), "hectare", "~"),
        "place": Location(46.7512345, -39.5, 5000.0),
        "p_happened": 0.25,
        "at": MOMENT,
        "geometry": {"type": "Point", "coordinates": [46.1, 39.9]},
        "missing": {"p": None, "lon": None},
        "n": 3,
    }
    coded = encode_body(body)
    assert coded == {
        "quantity": {"value": "15.50", "unit": "hectare", "op": "~"},
        "place": {"lon_e7": 467512345, "lat_e7": -395000000, "precision_m": {"value": "5000.0", "unit": "m"}},
        "p_happened_e6": 250000,
        "at": "2020-11-10T21:00:00Z",
        "geometry": {"type": "Point", "coordinates_e7": [461000000, 399000000]},
        "missing": {"p": None, "lon": None},
        "n": 3,
    }
    canonical_bytes(coded)
    plain = decode_body(coded)
    assert plain["place"] == {"lon": 46.7512345, "lat": -39.5, "precision_m": 5000.0}
    assert plain["p_happened"] == 0.25
    assert plain["geometry"]["coordinates"] == [46.1, 39.9]


@given(st.integers(-1_800_000_000, 1_800_000_000), st.integers(0, 1_000_000))
def test_coordinates_and_probabilities_read_back_exactly(e7: int, e6: int) -> None:
    body = {"lon": e7 / 10**7, "p": e6 / 10**6, "ring": {"coordinates": [[e7 / 10**7, 0.0]]}}
    coded = encode_body(body)
    assert (coded["lon_e7"], coded["p_e6"]) == (e7, e6)
    assert decode_body(coded) == body


@pytest.mark.parametrize(
    "body",
    [
        {"speed": 3.5},
        [1.5],
        {"lon": 181.0},
        {"p": 1.5},
        {"lat": float("nan")},
        {"coordinates": ["46.1"]},
        {"x": object()},
        {"x": b"bytes"},
    ],
)
def test_a_value_that_no_payload_may_hold_is_refused(body: Any) -> None:
    with pytest.raises(InputError):
        encode_body(body)
