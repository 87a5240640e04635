"""Words of a line: what each may be, by the words of the languages that it is written in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from truceline.collect.radio.writing import Written, fold, is_mixed, latin

Classes = Mapping[str, str]
"""What a word may be: class -> value."""
Phrase = tuple[str, ...]

_PIECE = re.compile(r"\d+\.\d+|\d{1,4},\d+|\d+|[^\W\d_]+|''|\+/-|\S")
_SIGNS: dict[str, Classes] = {
    "°": {"degree": ""}, "'": {"minute": "", "quote": ""}, '"': {"second": "", "soft": ""}, "''": {"second": ""},
    ":": {"soft": "", "colon": ""}, "=": {"soft": "", "equal": ""}, ",": {"soft": "", "comma": ""},
    ";": {"soft": "", "comma": ""}, "|": {"soft": "", "comma": ""}, ".": {"soft": "", "dot": ""},
    "/": {"soft": "", "slash": ""}, "-": {"soft": "", "dash": ""}, "(": {"soft": "", "open": ""},
    ")": {"soft": "", "close": ""}, "[": {"soft": "", "open": ""}, "]": {"soft": "", "close": ""}, "#": {"soft": ""},
    "!": {"soft": ""}, "@": {"soft": ""}, "_": {"soft": ""}, "\\": {"soft": "", "slash": ""}, "*": {"times": ""}, "+": {"plus": "", "ormoresign": "", "soft": ""},
    ">": {"more": ""}, "<": {"less": ""}, "≥": {"least": ""}, "≤": {"most": ""}, "≈": {"approx": "", "to": ""},
    "&": {"and": "", "soft": ""}, "?": {"doubt": ""}, "№": {"soft": ""}, "±": {"other": ""}, "+/-": {"other": ""},
}  # fmt: skip
_AS_CLASS = frozenset({"label", "join", "bound", "angle", "level", "mark", "part"})
"""Tables whose keys are classes of their own; of the others the table is the class and the key its value."""
_MOST_WORDS = 7
_ARABIC_JOINED = ("و", "ف", "ب", "ل", "ك")
_TO_CYRILLIC = str.maketrans("abekmhopctyxi", "авекмнорстухі")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of a line, or several that are one.

    Args:
        start: Index of its first sign in the plain line.
        end: Index after its last sign.
        text: What stands there, plainly; of a number that was spoken its digits.
        classes: What it may be, with the value in each case.
        is_glued: Whether it follows the one before without a space.
        is_joined: Whether it begins with an 'and' that its language writes in one with it.
    """

    start: int
    end: int
    text: str
    classes: Classes
    is_glued: bool = False
    is_joined: bool = False

    @property
    def number(self) -> Decimal:
        """The number that it is; only of class ``number``."""
        return Decimal(self.text.replace(",", "."))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language.

    Args:
        language: Its code.
        phrases: Folded words -> what they may be.
    """

    language: str
    phrases: Mapping[Phrase, Classes] = field(default_factory=dict)


def make_lexicon(language: str, tables: Mapping[str, Mapping[str, object]]) -> Lexicon:
    """Make a lexicon of a data file's tables.

    Args:
        language: Its code.
        tables: Table -> key -> phrases; of kinds key -> number -> phrases.

    Returns:
        The lexicon.

    Raises:
        ValueError: A table is none.
    """
    phrases: dict[Phrase, dict[str, str]] = {}
    for table, rows in tables.items():
        for key, row in rows.items():
            forms = row if isinstance(row, Mapping) else {"": row}
            for number, words in forms.items():
                if not isinstance(words, list):
                    raise ValueError(f"{table}.{key} is no list of words")  # noqa: TRY004 - a wrong file, not a wrong call
                for word in words:
                    name = key if table in _AS_CLASS else table
                    value = "" if table in _AS_CLASS else f"{key}:{number}" if number else key
                    phrases.setdefault(_phrase(str(word)), {})[name] = value
    return Lexicon(language, phrases)


def _phrase(words: str) -> Phrase:
    out: list[str] = []
    stroke = ""
    for piece in _PIECE.findall(words):
        if piece[0].isalnum():
            out.append(stroke + fold(piece))
        stroke = "/" if piece == "/" else ""
    return tuple(out)


def choose_words(line: Written, lexicons: Sequence[Lexicon]) -> dict[Phrase, Classes]:
    """Choose the words by which a line is read.

    Languages of other scripts never meet. Of two that share letters the one counts whose own words stand in the line; where both
    have some, a word that means two things is unclear.

    Args:
        line: The line.
        lexicons: All languages, English first.

    Returns:
        Folded words -> what they may be.
    """
    pieces = [fold(piece) for piece in _PIECE.findall(line.plain) if piece.isalpha()]
    base, *others = lexicons
    out: dict[Phrase, Classes] = dict(base.phrases)
    for other in others:
        shared = {p for p in other.phrases if p in base.phrases and other.phrases[p] != base.phrases[p]}
        own = _evidence(pieces, other, base)
        if own and not _evidence(pieces, base, other):
            out.update(other.phrases)
            continue
        out.update(
            {phrase: classes for phrase, classes in other.phrases.items() if phrase not in base.phrases}
        )
        if own:
            out.update({phrase: {"unclear": other.language} for phrase in shared})
        else:
            out.update({phrase: base.phrases[phrase] for phrase in shared})
    return {phrase: _told(classes) for phrase, classes in out.items()}


_NEVER_FILLING = frozenset(
    {
        "least",
        "most",
        "more",
        "less",
        "approx",
        "several",
        "ormore",
        "undetermined",
        "negation",
        "correction",
        "numeral",
    }
)


def _told(classes: Classes) -> Classes:
    """The classes of a word that may bound a number: it is never passed over as filling."""
    if "filler" in classes and _NEVER_FILLING & set(classes):
        return {name: value for name, value in classes.items() if name != "filler"}
    return classes


_TELLING = frozenset(
    {"kind", "means", "from", "to", "and", "course", "filler", "least", "near", "of", "numeral", "month"}
)


def _evidence(pieces: Sequence[str], one: Lexicon, other: Lexicon) -> bool:
    """Whether words stand in the line that only one of two languages has and that are no codes."""
    others = {word for phrase in other.phrases for word in phrase}
    return any(
        piece not in others and len(piece) > 1 and _TELLING & set(one.phrases.get((piece,), ()))
        for piece in pieces
    )


def tokenise(line: Written, phrases: Mapping[Phrase, Classes]) -> list[Token]:
    """Cut a line into words, numbers and signs, and say what each may be.

    Args:
        line: The line.
        phrases: The words by which it is read.

    Returns:
        Its tokens, in order.
    """
    pieces = [(m.start(), m.end(), m[0]) for m in _PIECE.finditer(line.plain)]
    pieces = _cut_months(pieces, phrases)
    is_loud = line.plain == line.plain.upper()
    out: list[Token] = []
    at = 0
    while at < len(pieces):
        token, used = _longest(pieces, at, phrases)
        start = pieces[at][0]
        is_glued = at > 0 and pieces[at - 1][1] == start
        classes = _of_letter(dict(token.classes), token, is_glued=is_glued, is_loud=is_loud)
        if "north" in classes and len(token.text) > 1:
            classes["northword"] = ""
        if token.text == "m" and is_glued:
            classes["minute_letter"] = ""
        if _is_offset_sign(pieces, at, out):
            classes["offset_sign"] = ""
        if is_glued and "hours" in classes and len(token.text) == 1 and _is_between_digits(pieces, at):
            classes["hour_letter"] = ""
        out.append(Token(start, token.end, token.text, classes, is_glued, token.is_joined))
        at += used
    return out


def _is_offset_sign(pieces: Sequence[tuple[int, int, str]], at: int, before: Sequence[Token]) -> bool:
    """Whether a sign at a number of hours follows the name of a time that others are counted from: ``UTC+3``."""
    start, end, sign = pieces[at]
    if (
        sign not in {"+", "-"}
        or not before
        or "offset_base" not in before[-1].classes
        or at + 1 >= len(pieces)
    ):
        return False
    is_at_number = pieces[at + 1][0] == end and pieces[at + 1][2].isdigit()
    return is_at_number and (sign == "+" or before[-1].end == start)


def _is_between_digits(pieces: Sequence[tuple[int, int, str]], at: int) -> bool:
    """Whether a sign stands between digits without a space."""
    around = (at - 1, at + 1)
    if min(around) < 0 or max(around) >= len(pieces) or pieces[at][1] != pieces[at + 1][0]:
        return False
    return all(pieces[one][2].isdigit() for one in around)


def _of_letter(classes: dict[str, str], token: Token, *, is_glued: bool, is_loud: bool) -> dict[str, str]:
    """Take from a single letter what it is only as a capital: small ones and, in loud Russian lines, any are prepositions too."""
    if len(token.text) != 1:
        return classes
    is_cyrillic = "\u0400" <= token.text <= "\u04ff"
    if token.text.islower() or (is_loud and is_cyrillic):
        classes.pop("compass", None)
        classes.pop("compass_letter", None)
        classes.pop("distance", None)
        if not is_glued:
            classes.pop("hemisphere", None)
    return classes


_Pieces = list[tuple[int, int, str]]


def _cut_months(pieces: _Pieces, phrases: Mapping[Phrase, Classes]) -> _Pieces:
    """Cut the letter of a zone from the month that follows it, ``ZNOV``, and that of seconds from a hemisphere, ``sN``."""
    out: _Pieces = []
    for at, (start, end, text) in enumerate(pieces):
        follows = at > 0 and pieces[at - 1][2].isdigit() and pieces[at - 1][1] == start
        word = fold(text)
        if (follows and (word,) not in phrases and "month" in phrases.get((word[1:],), {})) or (
            at > 0 and pieces[at - 1][1] == start and re.fullmatch("s[NSEW]", text)
        ):
            out += [(start, start + 1, text[:1]), (start + 1, end, text[1:])]
        else:
            out.append((start, end, text))
    return out


def _longest(pieces: _Pieces, at: int, phrases: Mapping[Phrase, Classes]) -> tuple[Token, int]:
    start, end, text = pieces[at]
    if not text[0].isalnum():
        return Token(start, end, text, _SIGNS.get(text, {"sign": ""})), 1
    words, ends = [fold(text)], [at]
    marked = [fold(text)]
    for next_ in range(at + 1, len(pieces)):
        piece = pieces[next_][2]
        if piece[0].isalnum():
            words.append(fold(piece))
            marked.append(("/" if pieces[next_ - 1][2] == "/" else "") + fold(piece))
            ends.append(next_)
        elif piece not in {".", "-", "'", "(", "/"}:
            break
        if len(words) == _MOST_WORDS:
            break
    for n in range(len(words), 0, -1):
        for first, is_joined in _variants(words[0]):
            classes = phrases.get((first, *marked[1:n])) or phrases.get((first, *words[1:n]))
            if classes is not None:
                last = ends[n - 1]
                known = dict(classes) if n > 1 or text[0].isdigit() else {**_letters(text), **classes}
                plain = " ".join(words[:n]) if n > 1 else text
                if n == 1 and text[0].isdigit():
                    break
                return Token(start, pieces[last][1], plain, known, is_joined=is_joined), last - at + 1
    return Token(start, end, text, _number(text) if text[0].isdigit() else _letters(text)), 1


def _variants(word: str) -> list[tuple[str, bool]]:
    """The word, and what it is without what its language writes in one with it, or in the letters that look the same."""
    out = [(word, False)]
    if "\u0600" <= word[0] <= "\u06ff":
        out += [
            (fold(word[1:]), word[0] == "و")
            for joined in _ARABIC_JOINED
            if word[0] == joined and len(word) > 2
        ]
        out += [(word[2:], False)] if word.startswith("لل") and len(word) > 4 else []
    elif is_mixed(word):
        out += [(latin(word), False), (word.translate(_TO_CYRILLIC), False)]
    elif not word.isascii():
        out.append((latin(word), False))
    return out


def _letters(text: str) -> dict[str, str]:
    plain = latin(fold(text))
    known = {"word": ""}
    if plain.isascii() and len(plain) <= 3:
        known[f"letters{len(plain)}"] = plain.upper()
    return known


def _number(text: str) -> dict[str, str]:
    if not text.isdigit():
        return {"number": "", "decimal": ""}
    year = {"year4": ""} if re.fullmatch(r"(19|20)\d\d", text) else {}
    return {"number": "", "int": "", f"d{len(text)}": "", **year}
