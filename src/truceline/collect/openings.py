"""Find datelines: "(Agency - 17 November 2021)", "BAKU, 16 Nov (Agency) -", "City. 21 November 2020. AGENCY -"."""

from __future__ import annotations

import re

from truceline.collect.chrome import Chrome, words_of

TOKEN = re.compile(r"\d+|(?:[^\W\d_][\u0640\u064b-\u065f\u0670]*)+")
"""A word or a number in a text as it stands."""

FIGURE_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
"""A date in figures, in whatever order."""

_BRACKET = re.compile(r"^[(\[（]([^()\[\]\n]{2,90})[)\]）]\s*[-–—:.،,]*\s*")
_CLOSES = re.compile(r"[)\]/»\"”]?\s*[.\-–—:]+\s*")
_INITIALS = re.compile(r"^[^\n:!?؟(]{2,60}?\s*[(/]([A-ZА-Я][A-ZА-Я .-]{1,18})[)/]\s*[.\-–—:]+\s*")
_APART = (".", ",", "،", "(", "[", "/", "-", "–", "—", "|", ":", "«")
_REACH = 90
_PLACE_WORDS = 3
_LINE_WORDS = 14


def opening_end(text: str, chrome: Chrome, *, is_first: bool) -> int:
    """Return how long the dateline at the start of a paragraph is.

    Args:
        text: The paragraph.
        chrome: The lexicons, for months and agencies.
        is_first: Whether it is one of the first paragraphs; only these carry a dateline without a bracket.

    Returns:
        Code points, white space behind it included; 0 where there is none.
    """
    bracket = _BRACKET.match(text)
    if bracket:
        inner = bracket.group(1)
        return bracket.end() if is_dated(inner, chrome) or _is_agency(inner, chrome) else 0
    return _credited(text[: 2 * _REACH], chrome) if is_first else 0


def is_dated(text: str, chrome: Chrome) -> bool:
    """Whether a text holds a date: one in figures, or a number and the name of a month."""
    words = words_of(text)
    has_month = any(word in chrome.months for word in words) and any(word.isdigit() for word in words)
    return has_month or FIGURE_DATE.search(text) is not None


def is_dateline(text: str, chrome: Chrome) -> bool:
    """Whether a whole line is a dateline: a place or a desk, an agency or a date, set apart from each other.

    Args:
        text: The line.
        chrome: The lexicons.

    Returns:
        True for "Ankara - 11.11.2020 (AA)" and "City/ Agency"; False for "The truce of 9 November 2020".
    """
    words = words_of(text)
    if not words or len(words) > _LINE_WORDS or not any(mark in text for mark in _APART):
        return False
    rest, n_agencies = _beside_agencies(words, chrome)
    if n_agencies:
        return len(rest) <= _PLACE_WORDS
    return is_dated(text, chrome) and len(rest) <= _PLACE_WORDS


def _beside_agencies(words: list[str], chrome: Chrome) -> tuple[list[str], int]:
    """Return the words that are neither an agency's nor a date's, and how many agencies there are."""
    rest: list[str] = []
    count = at = 0
    while at < len(words):
        size = chrome.agencies.begins(words[at:])
        if size:
            count += 1
        elif not words[at].isdigit() and words[at] not in chrome.date_words:
            rest.append(words[at])
        at += size or 1
    return rest, count


def _credited(text: str, chrome: Chrome) -> int:
    """Return the end of a place, perhaps a date, and an agency that closes with a dot, dash or colon."""
    tokens = list(TOKEN.finditer(text[:_REACH]))
    words = [(words_of(token.group()) or [""])[0] for token in tokens]
    n_place = 0
    for at, word in enumerate(words):
        size = chrome.agencies.begins(words[at:])
        if at and size and text[: tokens[at].start()].rstrip().endswith(_APART):
            closes = _CLOSES.match(text, tokens[at + size - 1].end())
            if closes:
                return closes.end()
        n_place += not word.isdigit() and word not in chrome.date_words
        if n_place > _PLACE_WORDS:
            break
    initials = _INITIALS.match(text)
    if initials is None:
        return 0
    rest, _ = _beside_agencies(words_of(text[: initials.start(1)]), chrome)
    return initials.end() if len(rest) <= _PLACE_WORDS else 0


def _is_agency(text: str, chrome: Chrome) -> bool:
    words = words_of(text)
    return bool(words) and chrome.agencies.begins(words) == len(words)
