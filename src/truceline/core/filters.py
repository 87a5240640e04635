"""What is asked for: one filter for list, map, timeline, export and their ``.json`` twins, so that all show the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from truceline.core.errors import InputError
from truceline.core.times import format_instant, parse_instant, parse_known_at

ORDERS = ("happened", "entered")
"""By when it was so, or by when it became known; the newest first."""

_MOST_WORDS = 200
_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD = 100
_MOST_LETTERS = 200_000


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; an empty filter asks for all.

    Args:
        kinds: Only these kinds (claim types, layers, kinds of report).
        states: Only these states (a claim's review, an incident's state, an obligation's status).
        zones: Only in these zones.
        since: Only what was so at or after it.
        until: Only what was so before it.
        known_at: As known then; None is now.
        box: West, south, east, north in degrees (WGS 84); west may lie east of east across the antimeridian.
        words: All of these words, in any script, folded.
        order: One of `ORDERS`.
    """

    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    known_at: datetime | None = None
    box: tuple[float, float, float, float] | None = None
    words: str = ""
    order: str = "entered"

    def query(self) -> dict[str, str]:
        """Return the filter as it stands in an address: only what differs from an empty one, in a fixed order."""
        out: dict[str, str] = {}
        for name, words in (("kind", self.kinds), ("state", self.states), ("zone", self.zones)):
            if words:
                out[name] = ",".join(words)
        for name, moment in (("since", self.since), ("until", self.until), ("known_at", self.known_at)):
            if moment is not None:
                out[name] = format_instant(moment)
        if self.box is not None:
            out["box"] = ",".join(repr(edge) for edge in self.box)
        if self.words:
            out["q"] = self.words
        if self.order != "entered":
            out["order"] = self.order
        return out


NAMES = ("kind", "state", "zone", "since", "until", "known_at", "box", "q", "order")
"""The parameters of an address that make a filter."""


def read_filter(query: Mapping[str, str]) -> Filter:
    """Read a filter from the parameters of an address; parameters that are none of a filter's are passed over.

    Args:
        query: Parameter -> value.

    Returns:
        The filter.

    Raises:
        InputError: A value is none that the parameter can have; the message names it.
    """
    order = query.get("order") or "entered"
    if order not in ORDERS:
        raise _bad("order", order, f"use {' or '.join(ORDERS)}")
    words = query.get("q", "").strip()
    if len(words) > _MOST_WORDS:
        raise _bad("q", f"{words[:20]}…", f"search for at most {_MOST_WORDS} letters")
    since, until = _instant(query, "since"), _instant(query, "until")
    if since and until and until <= since:
        raise _bad("until", format_instant(until), "let it lie after since")
    return Filter(
        kinds=_several(query, "kind"),
        states=_several(query, "state"),
        zones=_several(query, "zone"),
        since=since,
        until=until,
        known_at=_known(query),
        box=_box(query.get("box", "")),
        words=words,
        order=order,
    )


def fold_words(text: str) -> str:
    """Bring words of any script into one spelling for searching: one case, no marks, one shape for each Arabic letter.

    Args:
        text: Any text.

    Returns:
        The folded text; its length may differ.
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text).casefold().translate(_SHAPES)


def split_words(text: str) -> tuple[str, ...]:
    """Return the words by which a text is found: folded, each once, in the order in which they come first.

    Whatever keeps rows, a row is found where every word that is asked for begins one of the row's words.

    Args:
        text: Any text, or what somebody looks for.

    Returns:
        The words: runs of letters and digits, at most 100 letters of each. Of a text with more than 200,000 letters in
        different words, those at its beginning.
    """
    found: dict[str, None] = {}
    n_letters = 0
    for match in _WORD.finditer(fold_words(text)):
        word = match.group()[:_LONGEST_WORD]
        if word in found:
            continue
        n_letters += len(word)
        if n_letters > _MOST_LETTERS:
            break
        found[word] = None
    return tuple(found)


class _Shapes(dict[int, "int | str | None"]):
    """Code point -> what stands for it; of what is not listed, marks go and all else stays. Learnt as it comes."""

    def __missing__(self, code: int) -> int | None:
        found = None if unicodedata.combining(chr(code)) else code
        self[code] = found
        return found


_LISTED = str.maketrans(
    {
        "ى": "ي",
        "ی": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ک": "ك",
        "ٱ": "ا",
        "ـ": None,
        "ё": "е",
        "ı": "i",
        "ə": "e",
    }
    | {chr(0x660 + digit): str(digit) for digit in range(10)}
    | {chr(0x6F0 + digit): str(digit) for digit in range(10)}
)
_SHAPES = _Shapes(_LISTED)


def _bad(name: str, value: str, todo: str) -> InputError:
    return InputError("filter.value", f"'{value}' cannot be asked for", where=name, todo=todo)


def _several(query: Mapping[str, str], name: str) -> tuple[str, ...]:
    words = (word.strip() for word in query.get(name, "").split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def _instant(query: Mapping[str, str], name: str) -> datetime | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_instant(text)
    except InputError as error:
        raise _bad(name, text, "write it as 2020-11-16T09:30:00Z") from error


def _known(query: Mapping[str, str]) -> datetime | None:
    text = query.get("known_at", "").strip()
    if not text:
        return None
    try:
        return parse_known_at(text)
    except InputError as error:
        raise _bad("known_at", text, "write it as 2020-11-16 or 2020-11-16T09:30:00Z") from error


def _box(text: str) -> tuple[float, float, float, float] | None:
    if not text.strip():
        return None
    try:
        west, south, east, north = (float(edge) for edge in text.split(","))
    except ValueError as error:
        raise _bad("box", text[:60], "write it as west,south,east,north in degrees") from error
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise _bad("box", text[:60], "write it as west,south,east,north in degrees, south below north")
    return west, south, east, north


def check_names(names: Sequence[str], allowed: Sequence[str] = NAMES) -> None:
    """Refuse parameters that nobody knows, so that a misspelt filter does not show everything.

    Args:
        names: Parameters of an address.
        allowed: Those that are known.

    Raises:
        InputError: One of them is not known.
    """
    for name in names:
        if name not in allowed:
            raise InputError(
                "filter.name", f"there is no parameter '{name[:40]}'", todo=f"use {', '.join(allowed)}"
            )
