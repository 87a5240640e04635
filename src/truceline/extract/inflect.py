"""Word forms from the short notation of the word lists.

``v:`` marks a verb, ``n:`` a noun, ``a:`` an adjective; nothing marks a form that stands as it is. Parts behind
``/`` are the forms that rules of thumb cannot give (Arabic: imperfect, broken plural; English: past, participle,
plural). Words behind the first are kept as they are. Sources: any grammar of the language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from truceline.extract.fold import plain

DUAL = "DUAL"
Forms = Iterator[tuple[str, bool]]


def expand(scheme: str, entry: str) -> Forms:
    """Yield the folded forms of a word-list entry, each with whether it is a dual that carries the number two.

    Args:
        scheme: ``ar``, ``en`` or ``none``.
        entry: For example ``v:نشر/ينشر`` or ``n:post``.

    Yields:
        ``(folded form, is dual)``.
    """
    mark, _, rest = entry.rpartition(":")
    head, _, tail = (rest if mark in {"v", "n", "a"} else entry).partition(" ")
    # folding makes one letter of a hamza and a long vowel, which inflect differently
    hamza = (scheme, mark) == ("ar", "v") and head.partition("/")[0].endswith("أ")
    maker = _arabic_hamza_verb if hamza else _SCHEMES.get((scheme, mark))
    parts = [plain(part) for part in head.split("/")]
    after = f" {plain(tail)}" if tail else ""
    if maker is None:
        yield plain(entry), False
        return
    seen = set()
    for form, is_dual in maker(parts):
        if form not in seen:
            seen.add(form)
            # a dual that loses its last letter before a genitive is told by the genitive
            construct = bool(after) and mark == "n" and len(form) == len(parts[0]) + 1 and form[-1] in "اي"
            yield form + after, is_dual or construct


def _arabic_verb(parts: list[str]) -> Forms:
    past = parts[0]
    weak = past[-1] in "يا" and len(past) > 2
    stem = past[:-1] if weak else past
    yield past, False
    for end in ("ت", "وا", "تا"):
        yield stem + end, False
    if weak:
        yield stem + "ا", False
        yield stem + "يت", False
    for end in ("ا", "نا"):
        yield (stem + "ي" + end if weak else past + end), False
    for present in parts[1:]:
        core = present[1:]
        short = core[:-1] if core[-1] in "يا" and len(core) > 2 else core
        for first in "يتنا":
            yield first + core, False
        for first in "يت":
            yield first + short + "ون", False
            yield first + short + "وا", False
            yield first + core + "ان", False
            yield first + core + "ا", False


def _arabic_hamza_verb(parts: list[str]) -> Forms:
    yield from _arabic_verb(parts)
    for end in ("ت", "وا", "تا", "ا", "نا"):
        yield parts[0] + end, False
    yield parts[0][:-1] + "ووا", False


def _arabic_noun(parts: list[str]) -> Forms:
    single = parts[0]
    yield single, False
    base = single[:-1] + "ت" if single.endswith("ه") else single
    if base != single:
        yield base, False
    yield base + "ان", True
    # before a sound plural in -un the ending -in may be two or many: it counts nothing
    yield base + "ين", "+ون" not in parts
    for end in ("ا", "ي"):
        # before a genitive a feminine dual loses its last letter; a masculine one looks like other cases then
        yield base + end, base != single
    for many in parts[1:]:
        if many.startswith("+"):
            root = single.removesuffix("ه")
            yield root + many[1:], False
            if many == "+ون":
                yield root + "ين", False
                yield root + "و", False
        else:
            yield many, False
            if many[-1] not in "اتيهو":
                yield many + "ا", False


def _arabic_adjective(parts: list[str]) -> Forms:
    for base in parts:
        masculine = base.removesuffix("ه")
        for end in ("", "ه", "ا", "ان", "ين", "ون", "ات", "تان", "تين"):
            yield masculine + end, False


def _english_verb(parts: list[str]) -> Forms:
    base = parts[0]
    yield base, False
    sibilant = base.endswith(("s", "sh", "ch", "x", "z", "o"))
    consonant_y = base.endswith("y") and base[-2] not in "aeiou"
    yield (base[:-1] + "ies" if consonant_y else base + ("es" if sibilant else "s")), False
    if base.endswith("e") and not base.endswith("ee"):
        yield base[:-1] + "ing", False
    else:
        yield base + "ing", False
    if len(parts) > 1:
        for form in parts[1:]:
            yield form, False
    elif base.endswith("e"):
        yield base + "d", False
    else:
        yield (base[:-1] + "ied" if consonant_y else base + "ed"), False


def _english_noun(parts: list[str]) -> Forms:
    base = parts[0]
    yield base, False
    if len(parts) > 1:
        for form in parts[1:]:
            yield form, False
    elif base.endswith(("s", "sh", "ch", "x")):
        yield base + "es", False
    elif base.endswith("y") and base[-2] not in "aeiou":
        yield base[:-1] + "ies", False
    else:
        yield base + "s", False


_SCHEMES: dict[tuple[str, str], Callable[[list[str]], Forms]] = {
    ("ar", "v"): _arabic_verb,
    ("ar", "n"): _arabic_noun,
    ("ar", "a"): _arabic_adjective,
    ("en", "v"): _english_verb,
    ("en", "n"): _english_noun,
}
