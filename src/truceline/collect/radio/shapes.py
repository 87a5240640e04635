"""Shapes: patterns over the words of a line, written as the classes that stand one after the other.

``n=number ~ u=unit`` is a number, anything soft (colons, commas, filling words), a unit. A class may be ``a|b``; ``?``, ``*`` and ``+``
follow one; brackets group; ``_`` is a full stop or nothing. A word may have several classes, since words of several languages meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from truceline.collect.radio.words import Token

_PART = re.compile(r"(?:(\w+)=)?([a-z0-9_|]+|~)([?*+]?)\Z")
_SOFT = "soft|filler"


@cache
def compile_shape(shape: str) -> re.Pattern[str]:
    """Make a regular expression of a shape.

    Args:
        shape: The classes.

    Returns:
        An expression over what `encode` gives.
    """
    out = []
    for part in shape.split():
        found = _PART.match(part)
        if part == "_":
            out.append(f"(?:{_token('dot')})?")
        elif part == "~":
            out.append(f"(?:{_token(_SOFT)})*")
        elif found and re.search(r"[a-z]", part):
            name, classes, often = found.groups()
            body = f"(?:{_token(classes)}){often}"
            out.append(f"(?P<{name}>{body})" if name else body)
        else:
            out.append(re.sub(r"\((?!\?)", "(?:", part))
    return re.compile("".join(out))


def _token(classes: str) -> str:
    return rf"<\d+\|(?:[^<>]*\|)?(?:{classes})\|[^<>]*>"


def encode(tokens: Sequence[Token], taken: set[int]) -> str:
    """Write the tokens as their classes; those that were taken have only ``taken``.

    Args:
        tokens: The words of a line.
        taken: Indices of those that a field has taken.

    Returns:
        Text for expressions of `compile_shape`.
    """
    return "".join(
        f"<{at}|{'taken' if at in taken else '|'.join(sorted(token.classes))}|>"
        for at, token in enumerate(tokens)
    )


class Found:
    """A place where a shape fits.

    Args:
        tokens: The words of the line.
        match: What the expression gave.
    """

    def __init__(self, tokens: Sequence[Token], match: re.Match[str]) -> None:
        self._tokens = tokens
        self._match = match
        self.indices = _indices(match[0])

    def at(self, name: str) -> tuple[int, ...]:
        """Return the indices of a named part, none where it is missing."""
        return _indices(self._match[name] or "") if name in self._match.re.groupindex else ()

    def tokens(self, name: str) -> tuple[Token, ...]:
        """Return the tokens of a named part, none where it is missing."""
        return tuple(self._tokens[at] for at in self.at(name))

    def token(self, name: str) -> Token | None:
        """Return the first token of a named part, or None."""
        found = self.tokens(name)
        return found[0] if found else None

    def extend(self, indices: Sequence[int]) -> None:
        """Count more words to what was found."""
        self.indices = (*self.indices, *indices)

    def has(self, name: str) -> bool:
        """Say whether a named part is there."""
        return bool(self.at(name))


def _indices(encoded: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"<(\d+)\|", encoded))


def find_all(shape: str, tokens: Sequence[Token], taken: set[int]) -> Iterator[Found]:
    """Find a shape in a line, from the left, again after each that was taken.

    Args:
        shape: The shape.
        tokens: The words of the line.
        taken: Indices that are taken; it may grow between two finds.

    Yields:
        Each place where it fits.
    """
    expression = compile_shape(shape)
    start = 0
    while start < len(tokens):
        text = encode(tokens, taken)
        match = expression.search(text, text.index(f"<{start}|"))
        if match is None or not match[0]:
            return
        found = Found(tokens, match)
        start = found.indices[0] + 1
        yield found
