"""Which passwords will do: long ones that nobody would guess first. What they are made of is their owners' business.

Source: NIST SP 800-63B-4, section 3.1.1.
"""

from __future__ import annotations

import re
import unicodedata

from truceline.core.errors import InputError

_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "йцукенгшщзхъ",
    "фывапролджэ",
)
_SHORTEST_RUN = 3
_LEFT_OVER = 5
"""Different characters that must be left of a password once its guessable parts are gone."""
_DISGUISED = "@$!"
"""Signs that stand for letters."""
_DISGUISES = str.maketrans(
    {"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t"}
)


def normal_password(text: str) -> str:
    """Bring a password into the one form that is hashed: composed letters, nothing cut off."""
    return unicodedata.normalize("NFC", text)


def check_password(text: str, number: str, least: int, most: int, blocked: tuple[str, ...]) -> None:
    """Refuse a password that is too short, too long or easy to guess; what it is made of is nobody's business.

    Args:
        text: The password.
        number: The duty number that it is for.
        least: Characters that it has at least.
        most: Characters that it has at most.
        blocked: Parts that make it easy to guess, folded, the longest first.

    Raises:
        InputError: It will not do; the code says why: ``password.short``, ``password.long`` or ``password.common``.
    """
    password = normal_password(text)
    if len(password) < least:
        raise InputError(
            "password.short",
            f"a password has at least {least} characters",
            todo="use several words that do not belong together",
        )
    if len(password) > most:
        raise InputError("password.long", f"a password has at most {most} characters")
    signs = {letter for letter in password if not letter.isalnum() and not letter.isspace()} - set(_DISGUISED)
    if len(signs | set(_without_guessable(password, number, blocked))) < _LEFT_OVER:
        raise InputError(
            "password.common", "this password is among the first that anybody would guess",
            todo="use several words that do not belong together",
        )  # fmt: skip


def _without_guessable(password: str, number: str, blocked: tuple[str, ...]) -> str:
    left = fold_password(password)
    own = fold_password(number)
    for disguised in (False, True):
        text = left.translate(_DISGUISES) if disguised else left
        for part in (own, own[-4:], *blocked):
            if part:
                text = text.replace(part, "")
        rest = _without_runs(text)
        if len(set(rest)) < _LEFT_OVER:
            return rest
    return rest


def _without_runs(text: str) -> str:
    """Take away keys that lie beside each other and characters that repeat, both ways."""
    out, at = "", 0
    while at < len(text):
        length = max(_run_at(text, at), 1)
        if length < _SHORTEST_RUN:
            out += text[at]
            length = 1
        at += length
    return re.sub(r"[0-9]{2,}", "", out)


def _run_at(text: str, at: int) -> int:
    longest = len(text) - len(text[at:].lstrip(text[at])) - at
    for keys in _RUNS:
        for line in (keys, keys[::-1]):
            start = line.find(text[at])
            length = 0
            while (
                start >= 0
                and at + length < len(text)
                and start + length < len(line)
                and text[at + length] == line[start + length]
            ):
                length += 1
            longest = max(longest, length)
    return longest


def fold_password(text: str) -> str:
    """Return a text as guesses are compared: small letters without marks, digits, and signs that stand for letters."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum() or letter in _DISGUISED)
