"""Finds where the rules of a language match: an index by tag first, then one regular expression a pattern."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from truceline.core.errors import ConfigError
from truceline.extract.language import Rule
from truceline.extract.patterns import Alphabet, Pattern, slots_of
from truceline.extract.units import Unit

BUILT_IN = frozenset(
    ["W", "NUM", "NUMWORD", "DATE", "MONTH", "COMMA", "BREAK", "COLON", "QUOTE", "OPEN", "CLOSE", "DASH", "SLASH", "PERCENT", "APOSTROPHE", "MARK", "FUTURE", "ACTOR", "PERSON", "OFFICE", "OFFICEWORD", "FORCE", "STATE", "BODY", "BOTH", "PARTY", "CAPITAL", "ADJ", "SEVERAL", "NO_PARTY", "PLURAL", "DUAL", "PLACE", "TERRITORY", "SOURCE", "SAY", "STIPULATE", "RELAY", "OP", "OP_AFTER", "FRACTION", "TOPIC", "HUM_CENTRE", "POSSESSED", "STRANGER", "OWN_THING", "RANGE", "ORDINAL", "CLOCK", "SPAN"]
)  # fmt: skip
"""Tags that the engine itself gives, whatever the language."""
_BUILT_IN_FAMILIES = ("PLACE_", "KIND_", "SAY_")


@dataclass(frozen=True, slots=True)
class Found:
    """A match of a rule.

    Args:
        rule: The rule.
        first: Index of its first unit.
        last: Index behind its last.
        slots: Slot -> index of its unit.
        bounds: Where the neighbouring matches of the same rule end and begin.
        order: Place of the pattern among all, in the order of the rules.
    """

    rule: Rule
    first: int
    last: int
    slots: dict[str, int]
    bounds: tuple[int, int] = (0, 1 << 30)
    order: int = 0


@dataclass(frozen=True, slots=True)
class _Ready:
    rule: Rule
    pattern: Pattern
    needs: tuple[frozenset[str], ...]
    order: int


class Search:
    """The rules of a language made ready.

    Args:
        rules: The rules, in order; of two that say the same over the same words the earlier counts.
        subject_first: Whether subjects stand before their verbs in the language.

    Raises:
        ConfigError: A pattern cannot be read.
    """

    def __init__(self, rules: tuple[Rule, ...], *, subject_first: bool = False) -> None:
        ready: list[_Ready] = []
        for rule in rules:
            clauses = tuple(frozenset(tags.split("|")) for tags in (*rule.needs, *rule.clause))
            for source in rule.match:
                pattern = Pattern(source, rule.id, subject_first=subject_first)
                ready.append(_Ready(rule, pattern, (*pattern.required(), *clauses), len(ready)))
        named = [one.pattern.tags().union(*one.needs) for one in ready]
        self._alphabet = Alphabet(frozenset().union(*named) if named else ())
        self._by_tag = _index(ready)
        self._always = [one for one in ready if not one.needs]
        self._of_letter: dict[str, tuple[_Ready, ...]] = {}
        bits = {
            tag: 1 << at
            for at, tag in enumerate(sorted({t for one in ready for need in one.needs for t in need}))
        }
        self._bits = bits
        self._masks = [tuple(sum(bits[tag] for tag in need) for need in one.needs) for one in ready]
        self._bits_of_letter: dict[str, int] = {}

    def find(self, units: list[Unit]) -> list[Found]:
        """Return the matches of all rules in a sentence, those of a rule never one over another.

        Args:
            units: Units of the sentence, mentions joined.

        Returns:
            Matches in the order of the rules.
        """
        row = self._alphabet.row([unit.tags for unit in units])
        distinct = set(row)
        ready: dict[int, _Ready] = {}
        present = 0
        for one in distinct:
            present |= self._bits_in(one)
            for candidate in self._keyed(one):
                ready[candidate.order] = candidate
        if not ready and not self._always:
            return []
        masks = self._masks
        candidates = []
        for order in ready:
            for mask in masks[order]:
                if not mask & present:
                    break
            else:
                candidates.append(order)
        found: list[Found] = []
        taken: dict[str, list[tuple[int, int]]] = {}
        for order in sorted(candidates):
            self._matches(ready[order], row, found, taken)
        for one_ready in self._always:
            self._matches(one_ready, row, found, taken)
        return _bounded(found) if len(found) > 1 else found

    def _matches(
        self, ready: _Ready, row: str, found: list[Found], taken: dict[str, list[tuple[int, int]]]
    ) -> None:
        for match in ready.pattern.compiled(self._alphabet).finditer(row):
            first, last = match.span()
            used = taken.setdefault(ready.rule.id, [])
            if first == last or any(first < end and start < last for start, end in used):
                continue
            used.append((first, last))
            found.append(Found(ready.rule, first, last, slots_of(match), order=ready.order))

    def _bits_in(self, letter: str) -> int:
        found = self._bits_of_letter.get(letter)
        if found is None:
            found = sum(self._bits.get(tag, 0) for tag in self._alphabet.tags_of(letter))
            self._bits_of_letter[letter] = found
        return found

    def _keyed(self, letter: str) -> tuple[_Ready, ...]:
        found = self._of_letter.get(letter)
        if found is None:
            tags = self._alphabet.tags_of(letter)
            found = tuple(one for tag in tags for one in self._by_tag.get(tag, ()))
            self._of_letter[letter] = found
        return found


def _index(ready: list[_Ready]) -> dict[str, list[_Ready]]:
    """File each pattern under the tags of its rarest requirement."""
    common = Counter(tag for one in ready for need in one.needs for tag in need)
    common.update(
        dict.fromkeys(
            (
                "ACTOR",
                "STATE",
                "FORCE",
                "PLACE",
                "NUM",
                "DATE",
                "SAY",
                "NOT",
                "THAT",
                "IN",
                "ON",
                "TO",
                "OF",
                "OFFICE",
                "PERSON",
                "ADVERB",
                "COMMA",
                "WITH",
                "JOIN",
                "BE",
                "ONE",
            ),
            1000,
        )
    )
    index: dict[str, list[_Ready]] = {}
    for one in ready:
        if one.needs:
            for tag in min(one.needs, key=lambda need: (sum(common[tag] for tag in need), sorted(need))):
                index.setdefault(tag, []).append(one)
    return index


def _bounded(found: list[Found]) -> list[Found]:
    """Let no clause run into the next match of its own rule."""
    out = []
    for one in found:
        ends = [other.last for other in found if other.rule is one.rule and other.last <= one.first]
        starts = [other.first for other in found if other.rule is one.rule and other.first >= one.last]
        out.append(
            replace(one, bounds=(max(ends, default=0), min(starts, default=1 << 30)))
            if ends or starts
            else one
        )
    return out


def check_tags(rules: tuple[Rule, ...], known: frozenset[str], where: str) -> None:
    """See that rules name no tag that nothing gives.

    Args:
        rules: The rules of a language.
        known: Tags of its word lists, offices, speech and of the mission's lexicon.
        where: The file, for the message.

    Raises:
        ConfigError: Some tags are unknown; all are listed, each with its rules.
    """
    unknown: dict[str, list[str]] = {}
    for rule in rules:
        tags = {
            tag
            for entry in (*rule.needs, *rule.clause, *rule.unless, *rule.units)
            for tag in re.split(r"[|+]", entry.lstrip("<"))
        }
        for source in rule.match:
            tags |= Pattern(source, rule.id).tags()
        for tag in sorted(tags - known - BUILT_IN):
            if not tag.startswith(_BUILT_IN_FAMILIES):
                unknown.setdefault(tag, []).append(rule.id)
    if unknown:
        listed = "; ".join(f"{tag} ({', '.join(dict.fromkeys(ids))})" for tag, ids in sorted(unknown.items()))
        raise ConfigError(
            "rules.tags",
            f"tags that nothing gives: {listed}",
            where=where,
            todo="add them to words.yaml or mend them",
        )
