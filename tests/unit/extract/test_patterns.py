"""The notation of claim patterns, and what a wrong one says."""

from __future__ import annotations

import pytest

from truceline.core.errors import ConfigError
from truceline.extract.language import Rule
from truceline.extract.patterns import Alphabet, Pattern, slots_of
from truceline.extract.search import Search, check_tags
from truceline.extract.units import Unit


def match(source: str, *row: str) -> dict[str, int] | None:
    pattern = Pattern(source, "test")
    alphabet = Alphabet(pattern.tags())
    letters = "".join(alphabet.letter(frozenset(tags.split())) for tags in row)
    found = pattern.compiled(alphabet).search(letters)
    return None if found is None else {"": found.start(), **slots_of(found)}


@pytest.mark.parametrize(
    ("source", "row", "matches"),
    [
        ("A B", ("A", "B"), True),
        ("A B", ("A", "C", "B"), False),
        ("A ~1 B", ("A", "C", "B"), True),
        ("A ~1 B", ("A", "COMMA", "B"), True),
        ("A -1 B", ("A", "COMMA", "B"), False),
        ("A -1 B", ("A", "THAT", "B"), False),
        ("A|B C", ("B", "C"), True),
        ("A !B|D C", ("A", "B", "C"), False),
        ("A !B|D C", ("A", "E", "C"), True),
        ("A B? C", ("A", "C"), True),
        ("A (B / C D)", ("A", "C", "D"), True),
        ("A (B / C D)", ("A", "D"), False),
        ("^ A", ("B", "A"), False),
        ("A $", ("A", "B"), False),
    ],
)
def test_what_the_notation_matches(source: str, row: tuple[str, ...], matches: bool) -> None:
    assert (match(source, *row) is not None) is matches


def test_a_slot_keeps_its_unit_in_whichever_alternative() -> None:
    assert match("A (<x=B> / <x=C>)", "A", "C") == {"": 0, "x": 1}


@pytest.mark.parametrize("source", ["A ?? [", "a b", "A (B", "<x> A", "~3", ""])
def test_bad_notation_names_the_rule(source: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Pattern(source, "ar.some.rule")
    assert "ar.some.rule" in str(caught.value)


def test_required_tags_are_those_outside_groups_and_options() -> None:
    assert Pattern("A B|C D? (E / F) !G", "r").required() == (frozenset("A"), frozenset("BC"))


def rule(*match_: str, **more: object) -> Rule:
    return Rule(id="r", type="clash", match=match_, **more)  # type: ignore[arg-type]


def row(*tags: str) -> list[Unit]:
    return [Unit(at, at + 1, frozenset(tag.split())) for at, tag in enumerate(tags)]


def test_a_pattern_follows_an_alphabet_that_grows() -> None:
    search = Search((rule("A B"),))
    assert not search.find(row("A", "C"))
    assert len(search.find(row("A X", "B Y"))) == 1
    assert len(search.find(row("A Z", "B Y"))) == 1


def test_needs_must_stand_in_the_sentence() -> None:
    search = Search((rule("A", needs=("B|C",)),))
    assert not search.find(row("A"))
    assert search.find(row("A", "COMMA", "C"))


def test_matches_of_one_rule_do_not_overlap_and_bound_each_other() -> None:
    found = Search((rule("A ~1 B", "B"),)).find(row("A", "C", "B", "B"))
    assert [(one.first, one.last, one.bounds) for one in found] == [(0, 3, (0, 3)), (3, 4, (3, 1 << 30))]


def test_tags_that_nothing_gives_are_all_listed() -> None:
    rules = (rule("FOO ACTOR"), Rule(id="s", type="clash", match=("KNOWN",), unless=("<BAR",)))
    with pytest.raises(ConfigError) as caught:
        check_tags(rules, frozenset({"KNOWN"}), "languages/xx/rules.yaml")
    assert "FOO (r)" in str(caught.value)
    assert "BAR (s)" in str(caught.value)


def test_joined_tags_ask_for_one_unit_that_carries_both() -> None:
    search = Search((rule("<n=A&B|C> D"),))
    assert not search.find(row("A", "D"))
    assert not search.find(row("B", "D"))
    assert [one.slots for one in search.find(row("A B", "D"))] == [{"n": 0}]
    assert search.find(row("C", "D"))
