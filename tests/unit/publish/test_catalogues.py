"""Every language holds the same words to be said, and every form that its numbers ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from truceline.adapters.catalogues import catalogue_languages, load_catalogue, load_tree
from truceline.core.claims import TYPE_GROUPS
from truceline.core.errors import ConfigError
from truceline.publish.board import STYLES
from truceline.publish.catalogue import PLURALS, category, stable_keys

LANGUAGES = catalogue_languages()
FORMS = {
    "one-other": {"one", "other"}, "slavic": {"one", "few", "many", "other"}, "arabic": set(PLURALS),
}  # fmt: skip
NEVER_SAID = {
    "en": r"\b(confirmed|enemy|regime|hostile)\b",
    "ar": r"\b(العدو|نظام)\b",
    "az": r"\b(düşmən|təsdiqlənib|təsdiqlənmiş|terrorçu)",
    "hy": r"(թշնամ|հաստատված|վարչակարգ|ահաբեկ)",
    "ru": r"\b(подтвержд[её]н|враг|враждебн|террорист)",
    "tr": r"\b(düşman|rejim|doğrulanmış|terörist)",
}
"""Words that call one side's word true, or a side names; a ceasefire "regime" is the term in Russian and Azerbaijani."""


def _plurals(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            if set(value) <= set(PLURALS):
                yield f"{prefix}{key}", value
            else:
                yield from _plurals(value, f"{prefix}{key}.")


def test_every_language_has_every_key() -> None:
    english = stable_keys(load_tree("en"))
    assert len(english) > 400
    for language in LANGUAGES:
        assert stable_keys(load_tree(language)) ^ english == set(), language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plural_has_the_forms_of_its_language(language: str) -> None:
    rule = load_catalogue(language).words["meta.plural"]
    wrong = {key: set(forms) for key, forms in _plurals(load_tree(language)) if set(forms) != FORMS[rule]}
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gaps_of_a_sentence_are_the_same_in_every_language(language: str) -> None:
    english, own = load_catalogue("en").words, load_catalogue(language).words
    differing = {
        key
        for key in set(english) & set(own)
        if set(re.findall(r"\{(\w+)\}", english[key])) != set(re.findall(r"\{(\w+)\}", own[key]))
    }
    # where Arabic says "one" or "none" in a word of its own, the figure may be left out
    assert {key for key in differing if key.rpartition(".")[2] not in PLURALS} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_and_claim_type_has_a_word(language: str) -> None:
    words = load_catalogue(language).words
    missing = [f"status.{word}" for word in STYLES if f"status.{word}" not in words]
    missing += [f"type.{t}" for types in TYPE_GROUPS.values() for t in types if f"type.{t}" not in words]
    missing += [f"group.{group}" for group in TYPE_GROUPS if f"group.{group}" not in words]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_are_never_said_stand_in_no_catalogue(language: str) -> None:
    words = load_catalogue(language).words
    assert [key for key, text in words.items() if re.search(NEVER_SAID[language], text, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("number", "form"),
    [
        (0, "zero"),
        (1, "one"),
        (2, "two"),
        (3, "few"),
        (10, "few"),
        (11, "many"),
        (99, "many"),
        (100, "other"),
        (103, "few"),
    ],
)
def test_arabic_numbers_choose_their_form(number: int, form: str) -> None:
    assert category("arabic", number) == form


@pytest.mark.parametrize(
    ("number", "form"),
    [(0, "many"), (1, "one"), (2, "few"), (4, "few"), (5, "many"), (11, "many"), (12, "many"), (14, "many"), (21, "one"),
     (22, "few"), (111, "many"), (121, "one")],
)  # fmt: skip
def test_slavic_numbers_choose_their_form(number: int, form: str) -> None:
    assert category("slavic", number) == form


def test_fractions_take_the_form_of_the_rest() -> None:
    assert {category(rule, Decimal("1.5")) for rule in FORMS} == {"other"}


def test_a_missing_language_says_which_file_to_write() -> None:
    with pytest.raises(ConfigError, match="no words for the language 'xx'"):
        load_catalogue("xx")
