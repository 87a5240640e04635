"""Find the dateline that opens running text: "(Agency - 17 November 2021)", "BAKU, 16 Nov (Agency) -"."""

from __future__ import annotations

import re

from truceline.collect.chrome import Chrome, words_of

_BRACKET = re.compile(r"^[(\[（]([^()\[\]\n]{2,90})[)\]）]\s*[-–—:.،,]*\s*")
_WIRE = re.compile(r"^([^:!?؟\n(/]{2,60}?)\s*(?:/([^/\n]{2,40})/|\(([^()\n]{2,40})\))\s*[.\-–—:]+\s*")
_DASHED = re.compile(r"^([^:!?؟\n(]{2,50}?)\s*[-–—/]\s*([^\s.\-–—:/][^.\-–—:/\n]{0,30}?)\s*[.\-–—:]+\s+")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_HEAD_WORDS = 7


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
        return bracket.end() if _is_dated(inner, chrome) or _is_agency(inner, chrome) else 0
    return _without_bracket(text[:140], chrome) if is_first else 0


def _without_bracket(text: str, chrome: Chrome) -> int:
    wire = _WIRE.match(text)
    if wire and _is_short(wire.group(1), chrome) and _is_agency(wire.group(2) or wire.group(3), chrome):
        return wire.end()
    dashed = _DASHED.match(text)
    if dashed and _is_short(dashed.group(1), chrome) and _is_agency(dashed.group(2), chrome):
        return dashed.end()
    return 0


def _is_short(head: str, chrome: Chrome) -> bool:
    """Whether what stands before the agency is only a place and perhaps a date."""
    words = [word for word in words_of(head) if not word.isdigit() and word not in chrome.date_words]
    return len(words) <= 3 and len(words_of(head)) <= _HEAD_WORDS


def _is_dated(text: str, chrome: Chrome) -> bool:
    words = words_of(text)
    has_month = any(word in chrome.months for word in words) and any(word.isdigit() for word in words)
    return has_month or _DATE.search(text) is not None


def _is_agency(text: str, chrome: Chrome) -> bool:
    words = words_of(text)
    return bool(words) and chrome.agencies.begins(words) == len(words)
