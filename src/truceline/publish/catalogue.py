"""A language's words: sentences with gaps, plurals by number. The words themselves are data files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

PLURALS = ("zero", "one", "two", "few", "many", "other")
"""The categories of number, as CLDR names them."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of one language.

    Args:
        language: BCP 47 code.
        direction: ``ltr`` or ``rtl``.
        words: Dotted key -> text with ``{gaps}``; a plural's key ends in its category.
    """

    language: str
    direction: str
    words: Mapping[str, str]

    def has(self, key: str) -> bool:
        """Say whether the catalogue holds a key."""
        return key in self.words

    def say(self, key: str, **values: str) -> str:
        """Return the words of a key with its gaps filled.

        Args:
            key: Dotted key.
            values: Gap -> words, machine tokens already isolated.

        Returns:
            The words; the key itself in angle brackets where it is missing, so that a page still opens.
        """
        text = self.words.get(key)
        if text is None:
            return f"⟨{key}⟩"
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text

    def say_or(self, key: str, fallback: str, **values: str) -> str:
        """Return the words of a key, or other words where the catalogue lacks it."""
        return self.say(key, **values) if key in self.words else fallback

    def count(self, key: str, number: Decimal | int, figure: str, **values: str) -> str:
        """Return the words that go with a number.

        Args:
            key: Key of the plural, without its category.
            number: The number that chooses the form.
            figure: The number as printed, isolated; fills ``{n}``.
            values: Further gaps.

        Returns:
            The words in the form that the number asks for.
        """
        form = category(self.words.get("meta.plural", "one-other"), number)
        chosen = f"{key}.{form}" if f"{key}.{form}" in self.words else f"{key}.other"
        return self.say(chosen, n=figure, **values)


def category(rule: str, number: Decimal | int) -> str:
    """Choose the plural category of a number. Source: CLDR, language plural rules.

    Args:
        rule: ``arabic``, ``slavic`` for Russian and its like, or ``one-other`` for English and its like.
        number: Any number; fractions take ``other``.

    Returns:
        One of `PLURALS`.
    """
    if number != int(number):
        return "other"
    whole = abs(int(number))
    if rule == "slavic":
        return _slavic(whole)
    if rule != "arabic":
        return "one" if whole == 1 else "other"
    if whole <= 2:
        return PLURALS[whole]
    rest = whole % 100
    if 3 <= rest <= 10:
        return "few"
    return "many" if rest >= 11 else "other"


def _slavic(whole: int) -> str:
    """1, 21, 101 are one; 2 to 4, 22 to 24 few; 11 to 14 and the rest many."""
    if whole % 10 == 1 and whole % 100 != 11:
        return "one"
    if 2 <= whole % 10 <= 4 and not 12 <= whole % 100 <= 14:
        return "few"
    return "many"


def flatten(tree: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """Turn nested words into dotted keys, for example ``{"board": {"due": …}}`` into ``board.due``."""
    words: dict[str, str] = {}
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            words.update(flatten(value, f"{name}."))
        else:
            words[name] = str(value)
    return words


def stable_keys(tree: Mapping[str, object], prefix: str = "") -> set[str]:
    """List the keys that every language must hold; a plural counts once, whatever its categories."""
    keys: set[str] = set()
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if not isinstance(value, Mapping) or set(value) <= set(PLURALS):
            keys.add(name)
        else:
            keys |= stable_keys(value, f"{name}.")
    return keys
