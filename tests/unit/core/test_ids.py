"""Ids follow from content: the same identity gives the same id, by the canonical bytes of RFC 8785."""

from __future__ import annotations

import base64
import hashlib
import re

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.ids import identify

VALUES = st.one_of(st.none(), st.text(st.characters(codec="utf-8")), st.integers(-(2**53) + 1, 2**53 - 1))
KEYS = st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1, max_size=12)


@given(st.dictionaries(KEYS, st.one_of(VALUES, st.lists(VALUES, max_size=3)), max_size=5))
def test_an_id_is_base32_of_the_hash_of_the_canonical_bytes(identity: dict[str, object]) -> None:
    digest = hashlib.sha256(rfc8785.dumps(identity)).digest()  # type: ignore[arg-type]
    assert identify("claim", identity) == "claim_" + base64.b32encode(digest).decode().lower()[:20]


def test_the_order_of_fields_changes_nothing_and_their_values_do() -> None:
    assert identify("report", {"a": 1, "b": None}) == identify("report", {"b": None, "a": 1})
    assert identify("report", {"a": 1}) != identify("report", {"a": 2})
    assert re.fullmatch(r"report_[a-z2-7]{20}", identify("report", {"a": "خبر"}))
