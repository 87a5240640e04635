"""Claim patterns: a small notation over tags, compiled to regular expressions over one letter per unit.

A sentence becomes a string in which every distinct set of tags is one letter of a private alphabet; a tag in a
pattern becomes the class of all letters whose set holds it. So a rule costs one regular expression search.

Notation (words are tags):
    ``TAG`` one unit with the tag · ``A|B`` either · ``!A|B`` a unit with neither · ``TAG?`` optional
    ``~N`` up to N units of any kind · ``-N`` up to N units inside the clause (no comma, break, quotation mark)
    ``<slot=A|B>`` keeps the unit under a name · ``( … )`` ``( … / … )`` groups and alternatives · ``( … )?``
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from truceline.core.errors import ConfigError

_FIRST_LETTER = 0xE000
_CLAUSE_MARKS = ("COMMA", "BREAK", "QUOTE", "COLON")
_PIECE = re.compile(
    r"\s*(?:<(?P<slot>\w+)=(?P<slot_tags>[A-Z_0-9|!]+)>|(?P<gap>[~\-])(?P<most>\d+)|(?P<tags>!?[A-Z][A-Z_0-9|]*)|(?P<mark>[()/?^$]))"
)


class Alphabet:
    """One letter for each set of tags met so far; patterns that name a tag follow when it grows."""

    def __init__(self) -> None:
        self._letters: dict[frozenset[str], str] = {}
        self.size = 0

    def letter(self, tags: frozenset[str]) -> str:
        """Return the letter of a set of tags, a new one where it was not met before."""
        found = self._letters.get(tags)
        if found is None:
            found = self._letters[tags] = chr(_FIRST_LETTER + len(self._letters))
            self.size = len(self._letters)
        return found

    def letters_with(self, tags: frozenset[str]) -> str:
        """Return all letters whose set holds one of the tags."""
        return "".join(letter for held, letter in self._letters.items() if held & tags)


@dataclass(slots=True)
class Pattern:
    """A pattern, compiled anew when the alphabet has grown.

    Args:
        source: Its notation.
        where: Rule id, for messages.
    """

    source: str
    where: str
    _compiled: re.Pattern[str] | None = None
    _size: int = -1
    _needs: frozenset[str] = frozenset()

    def tags(self) -> frozenset[str]:
        """Return every tag that the pattern names."""
        found: set[str] = set()
        for piece in self._pieces():
            names = piece["slot_tags"] or piece["tags"] or ""
            found.update(name for name in names.removeprefix("!").split("|") if name)
        return frozenset(found)

    def compiled(self, alphabet: Alphabet) -> re.Pattern[str]:
        """Return the regular expression for the alphabet as it is now."""
        if self._compiled is None or self._size != alphabet.size:
            self._size = alphabet.size
            self._compiled = re.compile("".join(self._translate(piece, alphabet) for piece in self._pieces()))
        return self._compiled

    def _pieces(self) -> list[dict[str, str | None]]:
        pieces = []
        at = 0
        text = self.source.strip()
        while at < len(text):
            match = _PIECE.match(text, at)
            if match is None:
                raise ConfigError(
                    "rules.pattern", f"cannot read '{text[at : at + 20]}' in pattern '{text}'", where=self.where,
                    todo="see the notation in truceline.extract.patterns",
                )  # fmt: skip
            pieces.append(match.groupdict())
            at = match.end()
        return pieces

    def _translate(self, piece: dict[str, str | None], alphabet: Alphabet) -> str:
        if piece["slot"]:
            return f"(?P<{piece['slot']}>{_unit(piece['slot_tags'] or '', alphabet)})"
        if piece["gap"]:
            inside = (
                "."
                if piece["gap"] == "~"
                else _class(alphabet.letters_with(frozenset(_CLAUSE_MARKS)), negate=True)
            )
            return f"{inside}{{0,{piece['most']}}}?"
        if piece["tags"]:
            return _unit(piece["tags"], alphabet)
        return {"(": "(?:", ")": ")", "/": "|", "?": "?", "^": "^", "$": "$"}[piece["mark"] or ""]


def _unit(tags: str, alphabet: Alphabet) -> str:
    negate = tags.startswith("!")
    names = frozenset(tags.removeprefix("!").split("|"))
    return _class(alphabet.letters_with(names), negate=negate)


def _class(letters: str, *, negate: bool) -> str:
    if not letters:
        return "." if negate else "(?!)"
    return f"[{'^' if negate else ''}{letters}]"
