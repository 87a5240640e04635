"""Fold a text letter by letter: one code point in, one out, so that every offset stays true."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

FILLER = "\u0640"
"""Stands for what folding drops (vowel marks, tatweel); words lose it only when they are looked up."""
DOUBLED = "\u06e5"
"""Stands for shadda, which tells some words apart: a look-up tries with it first, then without."""

_LETTERS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه",
    "ہ": "ه", "ھ": "ه", "ک": "ك", "گ": "ك", "ڭ": "ك", "ё": "е", "Ё": "е", "’": "'", "ʼ": "'", "`": "'",
    "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "،": ",", "؛": ";", "؟": "?", "٪": "%", "٫": ".", "٬": ",", "ـ": FILLER,
}  # fmt: skip


def _table() -> dict[int, str]:
    table = {ord(source): target for source, target in _LETTERS.items()}
    for code in (
        *range(0x64B, 0x651),
        *range(0x652, 0x660),
        0x670,
        *range(0x610, 0x61B),
        *range(0x6D6, 0x6EE),
        *range(0x300, 0x370),
    ):
        table.setdefault(code, FILLER)
    table[0x651] = DOUBLED
    for zero in (0x660, 0x6F0):
        table.update({zero + digit: str(digit) for digit in range(10)})
    for code in (0xA0, 0x202F, 0x2009, 0x2007, 0xFEFF, 0x200B, 0x200E, 0x200F, 0x09, *range(0x202A, 0x202F)):
        table[code] = " "
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x400, 0x530), *range(0x531, 0x557)):
        letter = chr(code)
        plain = unicodedata.normalize("NFD", letter)[0].lower()
        plain = plain if len(plain) == 1 else letter
        # й and ё-like letters of Cyrillic keep their own shape; only Latin loses its accents
        table.setdefault(code, plain if code < 0x250 else letter.lower())
    table[0x131] = "i"
    table[0x130] = "i"
    return table


_TABLE = _table()


def fold(text: str) -> str:
    """Return the text in one case and one spelling, of exactly the same length.

    Args:
        text: Any text.

    Returns:
        A text of the same number of code points: Latin lower case without accents, Arabic letters in one
        shape each, digits 0-9, marks replaced by a filler.
    """
    return text.translate(_TABLE)


def plain(word: str) -> str:
    """Fold a word of a lexicon and drop the fillers, as a look-up does with words of a text."""
    return fold(unicodedata.normalize("NFC", word)).replace(FILLER, "")


_TOKEN = re.compile(
    r"(?P<day>\d{1,2}\.\d{1,2}\.\d{4}(?!\d))|(?P<num>\d+(?:[.,]\d{3})*(?:[.,]\d+)?)|(?P<word>[^\W\d_]+(?:['\-](?=[^\W\d_])[^\W\d_]+|-\d+[^\W_]*)*)|(?P<mark>[^\w\s]|_)"
)


@dataclass(slots=True)
class Token:
    """A word, number or mark of a folded text.

    Args:
        start: First code point.
        end: After the last.
        kind: ``word``, ``num`` or ``mark``.
        form: The folded word without fillers.
        gap: Whether white space stands before it.
    """

    start: int
    end: int
    kind: str
    form: str
    gap: bool


def tokenise(folded: str, start: int, end: int) -> list[Token]:
    """Cut a stretch of a folded text into words, numbers and marks.

    Args:
        folded: The whole folded text.
        start: First code point of the stretch.
        end: After its last.

    Returns:
        Its tokens in order; offsets are those of the whole text.
    """
    tokens: list[Token] = []
    add = tokens.append
    marked = folded.find(FILLER, start, end) >= 0
    last = start
    for match in _TOKEN.finditer(folded, start, end):
        at, stop = match.span()
        form = match.group()
        kind = match.lastgroup or "mark"
        if kind == "day":
            tokens.extend(_day(form, at, gap=at > last))
        else:
            add(Token(at, stop, kind, form.replace(FILLER, "") if marked else form, at > last))
        last = stop
    return tokens


def _day(form: str, at: int, *, gap: bool) -> Iterator[Token]:
    """A day such as 20.11.2020: its stops end no sentence, they part it as strokes do."""
    for index, part in enumerate(form.split(".")):
        if index:
            yield Token(at, at + 1, "mark", "/", gap=False)
            at += 1
        yield Token(at, at + len(part), "num", part, gap and not index)
        at += len(part)
