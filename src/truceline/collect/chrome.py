"""The phrases of pages that are no news: kinds, matching, and the folding both sides go through.

A phrase is words; ``#`` stands for digits. Phrases are data (``data/languages/<lang>/chrome.yaml``); here is only
how they are compared, so that a linguist adds a language without touching a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LINE_KINDS = ("share", "section", "masthead", "byline", "caption", "read_also", "comment", "footer")
"""Kinds that whole lines of a lexicon may name."""

_FOLD = {
    **dict.fromkeys(range(0x064B, 0x0660)),
    **dict.fromkeys((0x0640, 0x0670, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x061C, 0xFEFF)),
    **dict.fromkeys(map(ord, "أإآٱ"), "ا"),
    ord("ى"): "ي",
    ord("ی"): "ي",
    ord("ې"): "ي",
    ord("ک"): "ك",
    ord("ة"): "ه",
    ord("ؤ"): "و",
    ord("ئ"): "ي",
    ord("ё"): "е",
    ord("Ё"): "е",
    ord("İ"): "i",
    ord("ı"): "i",
    ord("I"): "i",
    ord("’"): "'",
}
_WORD = re.compile(r"\d+|[^\W\d_]+", re.UNICODE)


def words_of(text: str) -> list[str]:
    """Return the folded words of a text: lower case, one form a letter, digits as they are, no punctuation.

    Args:
        text: Any text.

    Returns:
        Words in order; an empty list where there is no letter or digit.
    """
    return _WORD.findall(text.translate(_FOLD).lower())


def fold(text: str) -> str:
    """Return a phrase as lines are compared with it: folded words joined by one space, numbers as ``#``."""
    return " ".join("#" if word.isdigit() else word for word in words_of(text.replace("#", "0")))


@dataclass(frozen=True, slots=True)
class ChromeLexicon:
    """The phrases of one language, as its data file gives them.

    Args:
        lines: Kind -> phrases that are a whole line.
        starts: Kind -> phrases that a line of that kind begins with.
        footers: Phrases that an agency's footer sentence begins with, also inside a paragraph.
        comment_heads: Lines from which on readers speak.
        bylines: Words that a line naming its writer begins with.
        read_also: Words that point to other articles.
        captions: Words that a caption begins with.
        agencies: Names as photo and text credits give them.
        months: Names of months.
        date_words: Further words that a line of nothing but a date may hold.
    """

    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    starts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    footers: tuple[str, ...] = ()
    comment_heads: tuple[str, ...] = ()
    bylines: tuple[str, ...] = ()
    read_also: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    date_words: tuple[str, ...] = ()


class PhraseIndex:
    """Phrases by their first word, so that a line is compared with the few that can begin it.

    Args:
        phrases: Phrases as written in the data.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in sorted({fold(phrase) for phrase in phrases} - {""}):
            parts = tuple(phrase.split(" "))
            self._by_first.setdefault(parts[0], []).append(parts)

    def begins(self, folded: list[str]) -> int:
        """Return how many words of the longest phrase begin the folded words; 0 where none does."""
        if not folded:
            return 0
        fits = (
            len(parts) for parts in self._by_first.get(folded[0], ()) if tuple(folded[: len(parts)]) == parts
        )
        return max(fits, default=0)

    def ends(self, folded: list[str]) -> int:
        """Return how many words of the longest phrase end the folded words; 0 where none does."""
        return max(
            (len(folded) - i for i in range(len(folded)) if self.begins(folded[i:]) == len(folded) - i),
            default=0,
        )


class Chrome:
    """All lexicons of a run, ready to be asked.

    Args:
        lexicons: Language code -> lexicon. All are asked for every text: a page's chrome may speak another language
            than its article.
    """

    def __init__(self, lexicons: Mapping[str, ChromeLexicon]) -> None:
        every = [lexicons[code] for code in sorted(lexicons)]
        self.languages = tuple(sorted(lexicons))
        self.lines: dict[str, str] = {}
        starts: dict[str, list[str]] = {}
        for lexicon in every:
            for kind, phrases in lexicon.lines.items():
                self.lines.update({fold(phrase): kind for phrase in phrases})
            for kind, phrases in lexicon.starts.items():
                starts.setdefault(kind, []).extend(phrases)
        self.starts = {kind: PhraseIndex(phrases) for kind, phrases in sorted(starts.items())}
        self.footers = PhraseIndex(phrase for lexicon in every for phrase in lexicon.footers)
        self.comment_heads = frozenset(fold(p) for lexicon in every for p in lexicon.comment_heads)
        self.bylines = PhraseIndex(phrase for lexicon in every for phrase in lexicon.bylines)
        self.read_also = PhraseIndex(phrase for lexicon in every for phrase in lexicon.read_also)
        self.captions = PhraseIndex(phrase for lexicon in every for phrase in lexicon.captions)
        self.agencies = PhraseIndex(phrase for lexicon in every for phrase in lexicon.agencies)
        self.months = frozenset(w for lexicon in every for phrase in lexicon.months for w in words_of(phrase))
        self.date_words = self.months | frozenset(
            w for lexicon in every for phrase in lexicon.date_words for w in words_of(phrase)
        )
