"""Salted commitments: bound now, shown later or never. Source: RFC 9901, section 4.2."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.errors import InputError, IntegrityError
from truceline.ledger.commitment import (
    SALT_SIZE,
    Disclosure,
    commit,
    digests_of,
    open_commitments,
    read_disclosure,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FORMS = st.dictionaries(st.text(min_size=1, max_size=10), VALUES, max_size=6)


class Chance:
    """Different bytes every time, the same in every test."""

    def __init__(self) -> None:
        self.n = 0

    def __call__(self, size: int) -> bytes:
        self.n += 1
        return hashlib.sha256(b"%d" % self.n).digest()[:size]


@given(FORMS)
def test_what_was_bound_opens_again(form: dict[str, object]) -> None:
    disclosures = commit(form, Chance())
    told = [read_disclosure(one.encode()) for one in disclosures]
    assert open_commitments(digests_of(disclosures), told) == form


@given(FORMS, st.data())
def test_some_fields_open_without_the_others(form: dict[str, object], data: st.DataObject) -> None:
    disclosures = commit(form, Chance())
    some = [one for one in disclosures if data.draw(st.booleans())]
    assert open_commitments(digests_of(disclosures), some) == {one.name: form[one.name] for one in some}


def test_the_digest_is_that_of_the_standard() -> None:
    disclosure = Disclosure("c2FsdA", "happened", "yes")
    encoded = base64.urlsafe_b64encode(b'["c2FsdA","happened","yes"]').rstrip(b"=").decode()
    assert disclosure.encode() == encoded
    digest = base64.urlsafe_b64encode(hashlib.sha256(encoded.encode()).digest()).rstrip(b"=").decode()
    assert disclosure.digest() == digest


def test_equal_values_have_different_digests() -> None:
    chance = Chance()
    (first,), (second,) = commit({"happened": "yes"}, chance), commit({"happened": "yes"}, chance)
    assert first.digest() != second.digest()
    assert len(base64.urlsafe_b64decode(first.salt + "==")) == SALT_SIZE


def test_fields_are_bound_in_the_order_of_their_names_each_with_a_salt_of_its_own() -> None:
    found = commit({"b": 1, "a": 2, "c": 3}, Chance())
    assert [(one.name, one.value) for one in found] == [("a", 2), ("b", 1), ("c", 3)]
    assert len({one.salt for one in found}) == 3


def test_digests_stand_in_an_order_that_tells_nothing() -> None:
    disclosures = commit({str(n): n for n in range(20)}, Chance())
    assert digests_of(disclosures) == sorted(digests_of(reversed(disclosures)))


@pytest.mark.parametrize("other", [("happened", "no"), ("kind", "yes")])
def test_other_content_is_refused_by_name(other: tuple[str, str]) -> None:
    (sealed,) = commit({"happened": "yes"}, Chance())
    with pytest.raises(IntegrityError, match="not what was sealed") as caught:
        open_commitments([sealed.digest()], [Disclosure(sealed.salt, *other)])
    assert caught.value.where == other[0]


def test_a_field_shown_twice_is_refused() -> None:
    (sealed,) = commit({"happened": "yes"}, Chance())
    with pytest.raises(IntegrityError, match="twice"):
        open_commitments([sealed.digest()], [sealed, sealed])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "é",
        "AA",
        base64.urlsafe_b64encode(b"{}").decode(),
        base64.urlsafe_b64encode(b'["s","n"]').decode().rstrip("="),
        base64.urlsafe_b64encode(b'["s","n",1,2]').decode().rstrip("="),
        base64.urlsafe_b64encode(b'[1,"n",1]').decode().rstrip("="),
        base64.urlsafe_b64encode(b'["s",2,1]').decode().rstrip("="),
        base64.urlsafe_b64encode(b'["s", "n", 1]').decode().rstrip("="),
        base64.urlsafe_b64encode(b'["s","n",1.5]').decode().rstrip("="),
        base64.urlsafe_b64encode(b'["s","n",{"a":1,"a":2}]').decode().rstrip("="),
        base64.urlsafe_b64encode(b'["s","n",' + b"[" * 5000 + b"]" * 5000 + b"]").decode().rstrip("="),
    ],
)
def test_what_is_no_disclosure_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_disclosure(text)


@given(st.binary(max_size=60))
def test_any_text_is_a_disclosure_or_refused(data: bytes) -> None:
    text = base64.urlsafe_b64encode(data).decode().rstrip("=")
    try:
        disclosure = read_disclosure(text)
    except InputError:
        return
    assert json.loads(data) == [disclosure.salt, disclosure.name, disclosure.value]
    assert disclosure.encode() == text
