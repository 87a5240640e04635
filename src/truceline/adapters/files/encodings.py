"""Find the encoding of a text by strict decoding and the letters that come out; never by guessing past an error.

Letter shares are rounded from counts over newspaper text; only their order and rough size matter here.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from truceline.core.errors import InputError

_ARABIC = {
    letter: share / 1000
    for share, letters in (
        (130, "ا"),
        (110, "ل"),
        (65, "ي"),
        (60, "نمو"),
        (45, "رت"),
        (38, "ةبهع"),
        (30, "سدفأ"),
    )
    for letter in letters
} | dict.fromkeys("حقكجشصطخزضثغذءئىؤإآظپچژگ،؛؟", 0.01)
_RUSSIAN = {
    letter: share / 1000
    for share, letters in ((109, "о"), (85, "е"), (77, "аи"), (65, "нт"), (50, "србвл"), (32, "кмдпу"))
    for letter in letters
} | dict.fromkeys("яыьгзбчйхжшюцщэфёъі", 0.012)
_TABLES = (("cp1256", _ARABIC, 0.055), ("cp1251", _RUSSIAN, 0.05))
_WESTERN = frozenset("éèàêçôîâùëïûüöäßñáíóúãõåøæœÉÈÀÇÔÖÜÄ")
_TURKISH = frozenset("çğıöşüâîûÇĞİÖŞÜ")
_MARKS = frozenset("«»“”‘’„…–—•·°№№§©®™\xa0€£\u200c\u200d\u200e\u200f€،؛؟ـ") | frozenset(
    map(chr, range(0x64B, 0x653))
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MOJIBAKE = re.compile(
    r"(?:[ØÙÚÛ][\x80-\xbf\u2018-\u2122\u0152-\u0178ˆ˜ƒ€]){3}|(?:[ÐÑ][\x80-\xbf\u2018-\u2122\u0152-\u0178ˆ˜ƒ€]){3}"
)
_FIX = "save it as UTF-8 and put it in again"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the name of the encoding it was found in."""

    text: str
    encoding: str


def decode_text(data: bytes) -> Decoded:
    """Decode bytes strictly.

    Args:
        data: The bytes.

    Returns:
        The text with newlines untouched (a UTF-8 mark stays, so that offsets are those of the file), and one of
        ``utf-8 utf-16-le utf-16-be cp1256 cp1251 cp1254 cp1252``.

    Raises:
        InputError: ``input.binary``, ``input.truncated`` or ``input.encoding``.
    """
    decoded = _utf16(data) or _utf8(data) or _legacy(data)
    if decoded is None:
        raise InputError("input.encoding", f"is no text in a known encoding{_where(data)}", todo=_FIX)
    lost = decoded.text.count("\ufffd")
    if lost > 2 and lost > len(decoded.text) / 100:
        raise InputError(
            "input.encoding", f"{lost} letters were lost before it came here", todo="get the original"
        )
    if _MOJIBAKE.search(decoded.text[:20_000]):
        raise InputError(
            "input.encoding",
            "was decoded wrongly before it came here",
            todo="get the original, or save it as UTF-8",
        )
    if len(_CONTROL.findall(decoded.text[:20_000])) > len(decoded.text[:20_000]) / 50:
        raise InputError("input.binary", "holds control characters, no text", todo="put in a text")
    return decoded


def _where(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f" (not UTF-8 from byte {error.start} on)"
    return ""


def _utf16(data: bytes) -> Decoded | None:
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return Decoded(_strict(data[2:], name), name)
    if b"\x00" not in data[:4096]:
        return None
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = data[start:4096:2]
        if sum(byte in {0, 4, 6, 0x20} for byte in high) > 0.9 * len(high) and len(high) > 1:
            text = _strict(data, name)
            if sum(char.isalnum() or char.isspace() for char in text[:2000]) > 0.7 * len(text[:2000]):
                return Decoded(text, name)
    raise InputError(
        "input.binary",
        "is no text: it holds zero bytes",
        todo="put in a text, or name its kind by its suffix",
    )


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        if error.end >= len(data) - 1:
            raise InputError(
                "input.truncated", "ends in the middle of a character", todo="get the whole file"
            ) from error
        raise InputError("input.encoding", f"is broken at byte {error.start}", todo=_FIX) from error


def _utf8(data: bytes) -> Decoded | None:
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if (
            error.start >= len(data) - 3
            and error.reason == "unexpected end of data"
            and not data[: error.start].isascii()
        ):
            raise InputError(
                "input.truncated", "ends in the middle of a character", todo="get the whole file"
            ) from error
        return None


def _legacy(data: bytes) -> Decoded | None:
    """Try the one-byte encodings of the region; the letters that come out must be those of a language."""
    best: tuple[float, Decoded] | None = None
    for name, table, expected in _TABLES:
        text = _decoded(data, name)
        if text is None:
            continue
        fit = _fit(text, table) / expected
        if fit >= 0.6 and (best is None or fit > best[0]):
            best = (fit, Decoded(text, name))
    return best[1] if best else _latin(data)


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _fit(text: str, table: dict[str, float]) -> float:
    """Return the mean share of the letters beyond ASCII; 0 where they are no text of the language."""
    counts = Counter(char for char in text[:20_000] if char > "\x7f" and char not in _MARKS)
    total = sum(counts.values())
    n_plain = sum(char.isascii() and char.isalpha() for char in text[:20_000])
    if total < 4 or total < n_plain / 4:
        return 0.0
    known = sum(count for char, count in counts.items() if char.lower() in table)
    upper = sum(count for char, count in counts.items() if char.isupper())
    if known < 0.93 * total or upper > 0.6 * total:
        return 0.0
    return sum(table.get(char.lower(), 0.0) * count for char, count in counts.items()) / total


def _latin(data: bytes) -> Decoded | None:
    for name, letters in (("cp1254", _TURKISH), ("cp1252", _WESTERN)):
        text = _decoded(data, name)
        if text is None:
            continue
        high = [char for char in text[:20_000] if char > "\x7f" and char not in _MARKS]
        n_plain = sum(char.isascii() and char.isalpha() for char in text[:20_000])
        n_known = sum(char in letters for char in high)
        is_turkish = name != "cp1254" or any(char in "ğışĞİŞ" for char in high)
        if n_plain > 2 * len(high) and n_known >= 0.97 * len(high) and is_turkish:
            return Decoded(text, name)
    return None
