"""Names of places in a line: as the pack has them, or in another case of the same stem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from truceline.collect.radio.ports import NamedPlace
from truceline.collect.radio.writing import fold

_CASES = re.compile(
    r"(ами|ями|ого|ому|ской|ском|ский|ая|ой|ом|ем|ей|ах|ях|ам|ям|ою|ов|ев|а|я|ы|и|у|ю|е|о|ь|й)\Z"
)
_TURKISH = re.compile(
    r"(ninda|ninde|nunda|nunde|nin|nun|dan|den|tan|ten|nda|nde|da|de|ta|te|ya|ye|in|un|yi|yu)\Z"
)
_LEAST = 4


class PlaceNames:
    """The names of places, found by words.

    Args:
        named: Each place with one of its names.
        sorts: Folded words for sorts of places, without which a name is said too: ``city``.
    """

    def __init__(self, named: Iterable[tuple[NamedPlace, str]], sorts: frozenset[str] = frozenset()) -> None:
        self._whole: dict[tuple[str, ...], dict[str, NamedPlace]] = {}
        self._stems: dict[tuple[str, ...], dict[str, NamedPlace]] = {}
        for place, name in named:
            words = _words(name)
            if words and len("".join(words)) > 2:
                self._whole.setdefault(words, {})[place.id] = place
                self._stems.setdefault(_stems(words), {})[place.id] = place
            bare = tuple(word for word in words if word not in sorts)
            if bare != words and len("".join(bare)) >= _LEAST:
                self._whole.setdefault(bare, {})[place.id] = place
                self._stems.setdefault(_stems(bare), {})[place.id] = place

    def find(self, words: Sequence[str]) -> tuple[NamedPlace, ...]:
        """Return the places that words may mean: by the whole name, else by its stem; none where they name none."""
        folded = tuple(fold(word) for word in words)
        found = self._whole.get(folded)
        if found is None and "\u0600" <= folded[0][:1] <= "\u06ff" and folded[0][:1] in "وبلف":
            found = self._whole.get((fold(folded[0][1:]), *folded[1:]))
        if found is not None:
            return tuple(found.values())
        stems = _stems(folded)
        if len("".join(stems)) < _LEAST or not re.search("[a-z\u0400-\u04ff]", "".join(stems)):
            return ()
        bare = (*folded[:-1], _TURKISH.sub("", folded[-1]))
        found = self._whole.get(bare) if bare != folded and len(bare[-1]) >= _LEAST - 1 else None
        if found is None and re.search("[\u0400-\u04ff]", "".join(stems)):
            found = self._stems.get(stems)
        return tuple(replace(place, is_inflected=True) for place in (found or {}).values())


def _words(name: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in re.findall(r"[^\W\d_]+", name))


def _stems(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(_CASES.sub("", word) if len(word) > _LEAST else word for word in words)
