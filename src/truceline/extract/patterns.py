"""Claim patterns: a small notation over tags, compiled to regular expressions over one letter per unit.

A sentence becomes a string in which every distinct set of tags is one letter of a private alphabet; a tag in a
pattern becomes the class of all letters whose set holds it. So a rule costs one regular expression search.

Notation (words are tags):
    ``TAG`` one unit with the tag · ``A|B`` either · ``A&B`` both · ``!A|B`` a unit with neither · ``TAG?`` optional
    ``~N`` up to N units of any kind · ``-N`` up to N units inside the clause (no comma, break, quotation mark, "that")
    A gap behind a slot ``actor`` does not run over "X said Y": who acts is named last.
    A gap of ``-`` behind a figure that is kept passes no other figure: "24 hours two violations" counts two.
    ``<slot=A|B>`` keeps the unit under a name · ``( … )`` ``( … / … )`` groups and alternatives · ``( … )?``
    ``^`` and ``$`` the ends of the sentence
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from truceline.core.errors import ConfigError

_FIRST_LETTER = 0xE000
CLAUSE_MARKS = frozenset({"COMMA", "BREAK", "QUOTE", "COLON", "THAT"})
_SAID = frozenset({"SAY"})
_NAMED = frozenset({"ACTOR"})
_PIECE = re.compile(
    r"\s*(?:<(?P<slot>\w+)=(?P<slot_tags>!?[A-Z][A-Z_0-9|&]*)>|(?P<gap>[~\-])(?P<most>\d+)"
    r"|(?P<tags>!?[A-Z][A-Z_0-9|&]*)|(?P<mark>[()/?^$]))"
)
_MARKS = {"(": "(?:", ")": ")", "/": "|", "?": "?", "^": "^", "$": "$"}


class Alphabet:
    """One letter for each set of tags met so far; tags that no pattern names make no difference.

    Args:
        interest: The tags that patterns name.
    """

    def __init__(self, interest: Iterable[str]) -> None:
        self._interest = frozenset(interest) | CLAUSE_MARKS | _SAID | _NAMED
        self._letters: dict[frozenset[str], str] = {}
        self.sets: list[frozenset[str]] = []

    def letter(self, tags: frozenset[str]) -> str:
        """Return the letter of a set of tags, a new one where it was not met before."""
        found = self._letters.get(tags)
        if found is None:
            shown = tags & self._interest
            found = self._letters.get(shown)
            if found is None:
                found = self._letters[shown] = chr(_FIRST_LETTER + len(self.sets))
                self.sets.append(shown)
            self._letters[tags] = found
        return found

    def row(self, units: Iterable[frozenset[str]]) -> str:
        """Return the letters of a row of sets of tags."""
        known, letter = self._letters, self.letter
        return "".join([known.get(tags) or letter(tags) for tags in units])

    def tags_of(self, letter: str) -> frozenset[str]:
        """Return the tags that a letter stands for."""
        return self.sets[ord(letter) - _FIRST_LETTER]

    def letters_with(self, tags: frozenset[str], joint: tuple[frozenset[str], ...] = ()) -> str:
        """Return all letters whose set holds one of the tags, or all tags of one of the joint sets."""
        return "".join(
            chr(_FIRST_LETTER + at)
            for at, held in enumerate(self.sets)
            if held & tags or (joint and any(both <= held for both in joint))
        )


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str
    text: str
    slot: str = ""

    def tags(self) -> frozenset[str]:
        return (
            frozenset(re.split(r"[|&]", self.text.removeprefix("!"))) if self.kind == "tags" else frozenset()
        )

    def required(self) -> frozenset[str]:
        """Tags of which a unit that fits must hold one: of joint tags the first stands for all."""
        return frozenset(part.split("&")[0] for part in self.text.split("|"))

    def letters(self, alphabet: Alphabet) -> str:
        """Letters of the units that the piece speaks of."""
        parts = [frozenset(part.split("&")) for part in self.text.removeprefix("!").split("|")]
        single = frozenset(tag for part in parts if len(part) == 1 for tag in part)
        return alphabet.letters_with(single, tuple(part for part in parts if len(part) > 1))


class Pattern:
    """A pattern, compiled anew when the alphabet has grown by letters that it names.

    Args:
        source: Its notation.
        where: Rule id, for messages.
        subject_first: Whether a gap behind a slot ``actor`` must not run over "X said Y".

    Raises:
        ConfigError: The notation cannot be read; the message names the rule.
    """

    def __init__(self, source: str, where: str, *, subject_first: bool = False) -> None:
        self.source = source
        self.where = where
        self._subject_first = subject_first
        try:
            self._pieces = _pieces_of(source)
        except ConfigError as error:
            error.where = where
            raise
        self._concern = self.tags() | CLAUSE_MARKS | (_SAID | _NAMED if subject_first else frozenset())
        self._compiled: re.Pattern[str] | None = None
        self._size = 0

    def tags(self) -> frozenset[str]:
        """Return every tag that the pattern names."""
        return frozenset().union(*(piece.tags() for piece in self._pieces))

    def required(self) -> tuple[frozenset[str], ...]:
        """Return sets of tags, of each of which every match must hold one, so that most sentences need no search."""
        found = []
        depth = 0
        for at, piece in enumerate(self._pieces):
            depth += {"(": 1, ")": -1}.get(piece.text, 0) if piece.kind == "mark" else 0
            optional = at + 1 < len(self._pieces) and self._pieces[at + 1] == _Piece("mark", "?")
            if depth == 0 and piece.kind == "tags" and not optional and not piece.text.startswith("!"):
                found.append(piece.required())
        return tuple(found)

    def compiled(self, alphabet: Alphabet) -> re.Pattern[str]:
        """Return the regular expression for the alphabet as it is now."""
        size = len(alphabet.sets)
        if self._compiled is not None and size == self._size:
            return self._compiled
        if self._compiled is None or any(held & self._concern for held in alphabet.sets[self._size : size]):
            self._compiled = self._translate(alphabet)
        self._size = size
        return self._compiled

    def _translate(self, alphabet: Alphabet) -> re.Pattern[str]:
        names: dict[str, int] = {}
        out = []
        said = _class(alphabet.letters_with(_SAID), negate=False) + _class(
            alphabet.letters_with(_NAMED), negate=False
        )
        figure = named = False
        for piece in self._pieces:
            if piece.kind == "mark":
                out.append(_MARKS[piece.text])
            elif piece.kind == "gap":
                marks = alphabet.letters_with(CLAUSE_MARKS | {"NUM"} if figure else CLAUSE_MARKS)
                passed = "." if piece.text == "~" else _class(marks, negate=True)
                if named:
                    passed = f"(?:(?!{said}){passed})"
                out.append(f"{passed}{{0,{piece.slot}}}?")
            else:
                unit = _class(piece.letters(alphabet), negate=piece.text.startswith("!"))
                if piece.slot:
                    names[piece.slot] = names.get(piece.slot, 0) + 1
                    unit = f"(?P<{piece.slot}__{names[piece.slot]}>{unit})"
                out.append(unit)
            figure = "NUM" in piece.tags() and piece.slot.startswith("n")
            named = self._subject_first and piece.kind == "tags" and piece.slot.startswith("actor")
        return re.compile("".join(out), re.DOTALL)


@cache
def _pieces_of(source: str) -> tuple[_Piece, ...]:
    """Read the notation; what is read can be compiled."""
    pieces: list[_Piece] = []
    at = depth = 0
    text = source.strip()
    while at < len(text):
        match = _PIECE.match(text, at)
        if match is None:
            raise _error(source, f"cannot read '{text[at : at + 20]}'")
        if match["gap"]:
            pieces.append(_Piece("gap", match["gap"], match["most"]))
        elif match["mark"]:
            mark = match["mark"]
            if mark == "?" and not (pieces and (pieces[-1].kind == "tags" or pieces[-1].text == ")")):
                raise _error(source, "nothing to be optional before '?'")
            depth += {"(": 1, ")": -1}.get(mark, 0)
            if depth < 0:
                raise _error(source, "a ')' without its '('")
            pieces.append(_Piece("mark", mark))
        else:
            pieces.append(_Piece("tags", match["slot_tags"] or match["tags"], match["slot"] or ""))
        at = match.end()
    if depth:
        raise _error(source, "a '(' without its ')'")
    if not any(piece.kind == "tags" for piece in pieces):
        raise _error(source, "no tag")
    return tuple(pieces)


def _error(source: str, what: str) -> ConfigError:
    return ConfigError(
        "rules.pattern",
        f"{what} in pattern '{source}'",
        todo="see the notation in truceline.extract.patterns",
    )


def slots_of(match: re.Match[str]) -> dict[str, int]:
    """Return the slots of a match: name -> index of its unit; of alternatives the one that matched."""
    return {
        name.split("__")[0]: match.start(name) for name, held in match.groupdict().items() if held is not None
    }


def _class(letters: str, *, negate: bool) -> str:
    if not letters:
        return "." if negate else "(?!)"
    return f"[{'^' if negate else ''}{letters}]"
