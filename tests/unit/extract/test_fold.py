"""Folding keeps every offset: one code point in, one out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.extract.fold import fold, plain, tokenise


@given(st.text())
def test_folding_keeps_the_length_of_any_text(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_tokens_lie_in_the_text_in_order(text: str) -> None:
    folded = fold(text)
    tokens = tokenise(folded, 0, len(folded))
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert all(one.end <= two.start for one, two in pairwise(tokens))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("أرمينيا", "ارمينيا"),
        ("هدنة", "هدنه"),
        ("تحقيقًا", "تحقيقا"),
        ("على", "علي"),
        ("٢٥", "25"),
        ("Café", "cafe"),
    ],
)
def test_spellings_of_one_word_fold_alike(one: str, two: str) -> None:
    assert plain(one) == plain(two)


def test_a_day_with_stops_ends_no_sentence() -> None:
    forms = [token.form for token in tokenise(fold("في 20.11.2020 دخلت"), 0, 18)]
    assert forms == ["في", "20", "/", "11", "/", "2020", "دخلت"]


def test_a_hard_space_is_a_gap() -> None:
    assert [token.form for token in tokenise(fold("25\u00a0نقطة"), 0, 7)] == ["25", "نقطه"]
