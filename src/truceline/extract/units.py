"""A sentence as a row of units: words of the lexicon, figures, marks; each with tags that rules speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from truceline.extract.fold import Token, tokenise
from truceline.extract.lexicon import NO_FLAGS, Lexicon

_MARKS = {
    ",": "COMMA", ";": "BREAK", ":": "COLON", '"': "QUOTE", "(": "OPEN", ")": "CLOSE", "-": "DASH", "/": "SLASH",
    "%": "PERCENT", "'": "APOSTROPHE",
}  # fmt: skip
_MARK = frozenset({"MARK"})
_MARK_TAGS = {mark: frozenset({tag}) for mark, tag in _MARKS.items()}
_END = frozenset(".!?")


@dataclass(slots=True)
class Unit:
    """One unit of a sentence: code points ``[start, end)``, its tags, their values, flags of glued parts."""

    start: int
    end: int
    tags: frozenset[str]
    values: dict[str, Any] = field(default_factory=dict)
    flags: frozenset[str] = NO_FLAGS
    form: str = ""

    def has(self, tag: str) -> bool:
        """Say whether the unit carries a tag."""
        return tag in self.tags


@dataclass(slots=True)
class Sentence:
    """A sentence: its units and code points ``[start, end)``; ``opens_line`` where a line begins."""

    start: int
    end: int
    units: list[Unit]
    kind: str
    opens_line: bool = True


_WORD = frozenset({"W"})
_NUM = frozenset({"NUM"})
_FUTURE = frozenset({"FUTURE"})


def cut_sentences(
    folded: str, start: int, end: int, abbreviations: frozenset[str] = frozenset()
) -> Iterator[list[Token]]:
    """Cut a stretch into sentences at full stops, question marks and line ends.

    A full stop inside a figure, behind a single letter or behind an abbreviation ends nothing.

    Args:
        folded: The whole folded text.
        start: First code point of the stretch.
        end: After its last.
        abbreviations: Folded words that are written with a full stop.

    Yields:
        The tokens of each sentence, without its final mark.
    """
    current: list[Token] = []
    previous_end = start
    for token in tokenise(folded, start, end):
        if current and "\n" in folded[previous_end : token.start]:
            yield current
            current = []
        previous_end = token.end
        if token.kind == "mark" and token.form in _END:
            if token.form == "." and current and _is_short(current, abbreviations):
                continue
            if current:
                yield current
            current = []
            continue
        current.append(token)
    if current:
        yield current


def _is_short(current: list[Token], abbreviations: frozenset[str]) -> bool:
    token = current[-1]
    if len(current) > 1 and current[-2].kind == "num" and not token.gap:
        return False
    return token.kind == "word" and (len(token.form) == 1 or token.form in abbreviations)


def make_units(tokens: list[Token], lexicon: Lexicon) -> list[Unit]:
    """Turn tokens into units by the longest phrase the lexicon knows.

    Args:
        tokens: Tokens of a sentence.
        lexicon: The words of the language and the mission.

    Returns:
        Units in order; unknown words carry the tag ``W``.
    """
    if lexicon.silent:
        tokens = [token for token in tokens if token.form not in lexicon.silent]
    units = []
    at = 0
    count = len(tokens)
    while at < count:
        token = tokens[at]
        if token.kind == "num":
            unit = Unit(token.start, token.end, _NUM, {"number": _figure(token.form)}, NO_FLAGS, token.form)
        elif token.kind == "mark":
            unit = Unit(token.start, token.end, _MARK_TAGS.get(token.form, _MARK), form=token.form)
        elif at + 1 < count and tokens[at + 1].kind == "num" and _is_glued(token, tokens[at + 1], lexicon):
            figure = tokens[at + 1]
            flags = lexicon.glued[token.form]
            unit = Unit(token.start, figure.end, _NUM, {"number": _figure(figure.form)}, flags, figure.form)
            at += 1
        else:
            found = lexicon.longest(tokens, at)
            if found is None:
                unit = Unit(token.start, token.end, _WORD, form=token.form)
            else:
                length, sense, flags = found
                end = token.end
                if length > 1:
                    length = _closing_quote(tokens, at, length)
                    end = tokens[at + length - 1].end
                    at += length - 1
                tags = sense.tags | _FUTURE if "future" in flags else sense.tags
                unit = Unit(token.start, end, tags, sense.values, flags, token.form)
        units.append(unit)
        at += 1
    return units


def _is_glued(token: Token, following: Token, lexicon: Lexicon) -> bool:
    """Whether a particle is written onto the figure that follows it."""
    return following.start == token.end and token.form in lexicon.glued


def _closing_quote(tokens: list[Token], at: int, length: int) -> int:
    """A name that opens a quotation inside itself takes the mark that closes it along."""
    opened = sum(token.form == '"' for token in tokens[at : at + length])
    following = at + length
    if opened % 2 and following < len(tokens) and tokens[following].form == '"':
        return length + 1
    return length


def _figure(form: str) -> Decimal | None:
    text = form
    if "," in text and "." in text:
        text = text.replace(",", "")
    elif text.count(",") == 1 and len(text.rsplit(",", 1)[1]) != 3:
        text = text.replace(",", ".")
    elif text.count(".") > 1 or (
        text.count(".") == 1 and len(text.rsplit(".", 1)[1]) == 3 and text[0] != "0"
    ):
        text = text.replace(".", "")
    else:
        text = text.replace(",", "")
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
