"""A line while it is read: its words, which of them are taken, what was found, what has to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn

from truceline.collect.radio.ports import Theatre
from truceline.collect.radio.shapes import Found, find_all
from truceline.collect.radio.words import Token
from truceline.collect.radio.writing import Written
from truceline.core.watchlog import Happening, Question, Reading, RefusedLine


class RefusalError(Exception):
    """A line cannot be taken.

    Args:
        line: What is said of it.
    """

    def __init__(self, line: RefusedLine) -> None:
        self.line = line
        super().__init__(line.what)


@dataclass
class Draft:
    """A line while it is read.

    Args:
        line: The line.
        tokens: Its words.
        theatre: What it is read against.
        taken: Indices of words that a field has taken.
        measured: Of these the ones that say how far and which way from somewhere.
        fields: What was found: field -> reading.
        happenings: What happened.
        questions: What has to be asked.
    """

    line: Written
    tokens: list[Token]
    theatre: Theatre
    taken: set[int] = field(default_factory=set)
    measured: set[int] = field(default_factory=set)
    fields: dict[str, Reading[Any]] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def find(self, shape: str) -> Iterator[Found]:
        """Find a shape among the words that nothing has taken."""
        return find_all(shape, self.tokens, self.taken)

    def said(self, indices: Iterable[int]) -> str:
        """Return the words of the line, as they came, from the first to the last of some tokens; soft signs at its ends left out."""
        inside = sorted(indices)
        while inside and "soft" in self.tokens[inside[0]].classes:
            inside.pop(0)
        while inside and "soft" in self.tokens[inside[-1]].classes:
            inside.pop()
        if not inside:
            return ""
        return self.line.said(self.tokens[inside[0]].start, self.tokens[inside[-1]].end)

    def take(self, indices: Iterable[int]) -> None:
        """Mark words as taken."""
        self.taken.update(indices)

    def put(self, name: str, reading: Reading[Any]) -> None:
        """Keep a reading; the same one again is nothing new, another one of the same field is a contradiction."""
        there = self.fields.get(name)
        if there is None:
            self.fields[name] = reading
        elif there.meant != reading.meant:
            self.refuse(
                "radio.contradiction",
                f"the line says two things of its {name}: '{there.said}' and '{reading.said}'",
                f"{there.said} … {reading.said}",
                "say which one holds",
            )

    def ask(self, name: str, what: str, said: str = "") -> None:
        """Keep a question, once."""
        question = Question(name, what, said)
        if question not in self.questions:
            self.questions.append(question)

    def refuse(self, code: str, what: str, said: str, todo: str) -> NoReturn:
        """Refuse the line.

        Args:
            code: Stable dotted word.
            what: What is wrong.
            said: The words that it is about.
            todo: What to do.

        Raises:
            RefusalError: Always.
        """
        raise RefusalError(RefusedLine(self.line.text, code, what, said, todo))

    def glued_after(self, at: int) -> Token | None:
        """Return the word that follows a token without a space, or None."""
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        return after if after is not None and after.is_glued else None


def half_unit(text: str) -> Decimal:
    """Return half of the unit of a number's last digit that says something: 240 gives 0.5, 4.50 gives 0.005, 4500 gives 50.

    Args:
        text: The number as written.

    Returns:
        Half of that unit; zeros at the end of a whole number say nothing.
    """
    plain = text.replace(",", ".")
    if "." in plain:
        return Decimal(1).scaleb(-len(plain.split(".")[1])) / 2
    bare = plain.rstrip("0")
    return Decimal(1).scaleb(len(plain) - len(bare)) / 2 if bare else Decimal("0.5")
