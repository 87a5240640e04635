"""Name the language of a text: by its script and letters first, by a trained model only where these do not decide."""

from __future__ import annotations

import re
from collections import Counter

_SCRIPTS = (
    ("Arabic", re.compile(r"[\u0620-\u064a\u066e-\u06d3\u0750-\u077f]")),
    ("Cyrillic", re.compile(r"[\u0400-\u052f]")),
    ("Latin", re.compile(r"[A-Za-z\u00c0-\u024f]")),
    ("hy", re.compile(r"[\u0531-\u0587]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
    ("he", re.compile(r"[\u05d0-\u05ea]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_LETTERS: dict[str, tuple[tuple[str, frozenset[str], float], ...]] = {
    "Arabic": (
        ("ckb", frozenset("ێۆڕڵ"), 0.02),
        ("ur", frozenset("ٹڈڑےںھہ"), 0.04),
        ("ug", frozenset("ېۇۋە"), 0.04),
        ("fa", frozenset("پچژگ"), 0.02),
    ),
    "Cyrillic": (
        ("uk", frozenset("іїєґ"), 0.02),
        ("be", frozenset("ў"), 0.005),
        ("kk", frozenset("қғңұ"), 0.01),
        ("az", frozenset("әҝһҹ"), 0.04),
        ("sr", frozenset("јљњћђ"), 0.02),
    ),
}
_DEFAULT = {"Arabic": "ar", "Cyrillic": "ru"}
_LATIN_LETTERS = (("az", frozenset("əƏ"), 0.01), ("tr", frozenset("ığĞşŞİ"), 0.012))
# fmt: off
_ENGLISH = frozenset((
    "the", "of", "and", "to", "in", "a", "is", "was", "were", "that", "for", "on", "with", "as", "by", "at", "from",
    "said", "has", "have", "had", "it", "its", "be", "are", "not", "no",
))
# fmt: on
_SAMPLE = 4000


def language_of(text: str) -> str:
    """Name a text's language.

    Args:
        text: The text; its first 4,000 code points decide.

    Returns:
        A BCP 47 code, or ``und`` where there are no letters.
    """
    sample = text[:_SAMPLE]
    counts = [(len(pattern.findall(sample)), name) for name, pattern in _SCRIPTS]
    most, script = max(counts, key=lambda pair: pair[0])
    if not most:
        return "und"
    if script == "Latin":
        return _latin(sample, most)
    return _by_letters(sample, most, script) if script in _DEFAULT else script


def _by_letters(sample: str, n_letters: int, script: str) -> str:
    counts = Counter(sample.lower())
    for code, letters, least in _LETTERS[script]:
        if sum(counts[letter] for letter in letters) >= least * n_letters:
            return code
    return _DEFAULT[script]


def _latin(sample: str, n_letters: int) -> str:
    counts = Counter(sample)
    for code, letters, least in _LATIN_LETTERS:
        if sum(counts[letter] for letter in letters) >= least * n_letters:
            return code
    words = re.findall(r"[a-z']+", sample.lower())
    n_english = sum(word in _ENGLISH for word in words)
    if words and (n_english >= 0.2 * len(words) or (sample.isascii() and n_english >= 0.12 * len(words))):
        return "en"
    return _by_model(sample)


def _by_model(sample: str) -> str:
    """Ask the trained model; it is loaded only here, because it costs a third of a second."""
    import py3langid  # noqa: PLC0415 - see above

    return str(py3langid.classify(sample)[0])
