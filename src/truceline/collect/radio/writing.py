"""How a line is written: digits of all scripts, dashes, quotes and wide letters made one, each sign with the place where it stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_ONE = {
    "№": "#", "º": "°", "˚": "°", "∘": "°", "ᵒ": "°",
    "′": "'", "’": "'", "‘": "'", "ʹ": "'", "ʼ": "'", "´": "'", "`": "'", "＇": "'",
    "″": '"', "”": '"', "“": '"', "„": '"', "ʺ": '"', "«": '"', "»": '"', "＂": '"',
    "…": "-", "÷": "-", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "﹣": "-", "－": "-", "➔": ">", "→": ">",
    "٫": ".", "٬": ",", "،": ",", "؛": ";", "؟": "?", "×": "x", "✕": "x", "≥": "≥", "⩾": "≥", "≤": "≤", "⩽": "≤", "≈": "≈",
    "～": "≈", "~": "≈", "∼": "≈", "ـ": "",
}  # fmt: skip
_LOOK_ALIKES = dict(zip("авекмнорстухі", "abekmhopctyxi", strict=True))
"""Small Cyrillic letters and the Latin ones whose capitals look the same, by which people write codes."""
_ARABIC = dict(zip("أإآٱىةؤئکیگ", "ااااي" + "هويكيك", strict=True))
"""Letters of Arabic that are written in several ways, and the one that is kept."""
_VARIANTS = str.maketrans({**_ARABIC, "ё": "е", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Written:
    """A line in one way of writing.

    Args:
        text: The line as it came.
        plain: The same with one kind of digit, dash and quote.
        places: For each sign of `plain`, the index in `text` that it came from.
    """

    text: str
    plain: str
    places: tuple[int, ...]

    def said(self, start: int, end: int) -> str:
        """Return the words of the line as it came that a part of `plain` stands for."""
        return self.text[self.places[start] : self.places[end - 1] + 1]


def write_plainly(text: str) -> Written:
    """Bring a line into one way of writing.

    Args:
        text: The line as it came.

    Returns:
        The line in both ways.
    """
    plain: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        for one in _plain(sign):
            if unicodedata.combining(one) and plain:
                joined = unicodedata.normalize("NFC", plain[-1] + one)
                if len(joined) == 1:
                    plain[-1] = joined
                continue
            plain.append(one)
            places.append(at)
    return Written(text, "".join(plain), tuple(places))


def _plain(sign: str) -> str:
    if sign in _ONE:
        return _ONE[sign]
    category = unicodedata.category(sign)
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    if category == "Cf":
        return ""
    if category in {"Zs", "Cc"}:
        return " "
    wide = unicodedata.normalize("NFKC", sign)
    return "".join(_ONE.get(one, one) for one in wide) if category != "No" else sign


def fold(word: str) -> str:
    """Return a word as words are compared: small letters, without marks, one letter for those written in several ways.

    Args:
        word: Letters of one script.

    Returns:
        The word; of Arabic without its article.
    """
    small = word.replace("İ", "i").casefold().translate(_VARIANTS)
    if any("\u0600" <= letter <= "\u06ff" for letter in small):
        return small[2:] if small.startswith("ال") and len(small) > 4 else small
    if small.isascii():
        return small
    if any("\u0400" <= letter <= "\u04ff" for letter in small):
        return small
    bare = "".join(one for one in unicodedata.normalize("NFD", small) if not unicodedata.combining(one))
    return bare if len(bare) > 2 or bare == small else small


def latin(word: str) -> str:
    """Return a folded word of a code with its Cyrillic letters replaced by the Latin ones that look the same."""
    return "".join(_LOOK_ALIKES.get(letter, letter) for letter in word)


def is_mixed(word: str) -> bool:
    """Say whether a word has letters of two scripts, as codes have that were typed on two keyboards."""
    return bool(re.search("[a-z]", word)) and bool(re.search("[\u0400-\u04ff]", word))
