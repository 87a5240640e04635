"""Measures of several words made one number and one unit: halves, a lone unit, kilometres with metres; ordinals made numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from truceline.collect.radio.words import Token

_HALF = Decimal("0.5")


def join_measures(tokens: Sequence[Token]) -> list[Token]:
    """Make one number and one unit of the words of a length, and numbers of ordinals that name a post or an hour.

    Args:
        tokens: The words of a line, spoken numbers already joined.

    Returns:
        The same with ``3 km 500 m``, ``two and a half km``, ``half a mile`` as a number and a unit.
    """
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        length = _length(tokens, at)
        if length is not None:
            made, at = length
            out += made
            continue
        if _is_feet(tokens, at):
            out.append(replace(tokens[at], classes={"unit": "ft"}))
        else:
            out.append(_counted(tokens[at]) if _is_name(tokens, at) else tokens[at])
        at += 1
    return out


def _has(tokens: Sequence[Token], at: int, *classes: str) -> bool:
    return 0 <= at < len(tokens) and bool(set(classes) & set(tokens[at].classes))


def _number(first: Token, last: Token, value: Decimal) -> Token:
    text = str(int(value)) if value == int(value) else str(value.normalize())
    kind = {"int": "", f"d{len(text)}": ""} if text.isdigit() else {"decimal": ""}
    return Token(
        first.start, last.end, text, {"number": "", "spoken": "", **kind}, first.is_glued, first.is_joined
    )


def _is_feet(tokens: Sequence[Token], at: int) -> bool:
    """Whether a stroke behind a number is the sign of feet: the number is a height, and no minutes have as many digits."""
    if not (_has(tokens, at, "minute") and tokens[at].text == "'" and tokens[at].is_glued):
        return False
    is_height = _has(tokens, at - 2, "height") or _has(tokens, at + 1, "above")
    is_last = at + 1 == len(tokens) or not tokens[at + 1].is_glued
    return _has(tokens, at - 1, "number") and tokens[at - 1].number >= 100 and is_height and is_last


def _counted(token: Token) -> Token:
    text = token.classes["ordinal"]
    classes = {"number": "", "int": "", f"d{len(text)}": "", "ordinal": "", "spoken": ""}
    return Token(token.start, token.end, text, classes, token.is_glued, token.is_joined)


def _is_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether an ordinal stands right at the word for a post, or after the one for an hour."""
    return _has(tokens, at, "ordinal") and (
        _has(tokens, at - 1, "observer", "attime")
        or (_has(tokens, at + 1, "observer") and not _has(tokens, at - 1, "number"))
    )


def _length(tokens: Sequence[Token], at: int) -> tuple[list[Token], int] | None:
    """A length of several words that begins at a token, and where it ends; None where there is none."""
    amount = _amount(tokens, at)
    if amount is None:
        return None
    value, unit_at = amount
    unit = tokens[unit_at]
    end = _half_after(tokens, unit_at + 1)
    if end is not None:
        return _made(tokens, at, end - 1, unit, value + _HALF), end
    metres = _metres_after(tokens, at, unit_at, value)
    if metres is not None:
        more, last = metres
        return _made(tokens, at, last, tokens[last], value * 1000 + more), last + 1
    if _has(tokens, at, "unit_before") and unit_at == at and _has(tokens, at + 1, "number"):
        return _made(tokens, at, at + 1, unit, value), at + 2
    is_plain = _has(tokens, at, "number") and unit_at == at + 1
    return None if is_plain else (_made(tokens, at, unit_at, unit, value), unit_at + 1)


def _made(tokens: Sequence[Token], at: int, last: int, unit: Token, value: Decimal) -> list[Token]:
    first, end = tokens[at], tokens[last]
    return [
        _number(first, end, value),
        Token(first.start, end.end, unit.text, {"unit": unit.classes["unit"]}),
    ]


def _amount(tokens: Sequence[Token], at: int) -> tuple[Decimal, int] | None:
    """How many of a unit, and where the unit stands."""
    if _has(tokens, at, "unit_before") and _has(tokens, at + 1, "number") and not _is_counted(tokens, at):
        return None if _has(tokens, at + 2, "unit", "dash", "to") else (tokens[at + 1].number, at)
    if _has(tokens, at, "number"):
        value, unit_at = tokens[at].number, at + 1
        half = _half_after(tokens, unit_at)
        if half is not None and "int" in tokens[at].classes:
            value, unit_at = value + _HALF, half
    elif _has(tokens, at, "half"):
        value, unit_at = _HALF, at + 1
    elif _has(tokens, at, "article"):
        value, unit_at = Decimal(1), at + 1
    elif _has(tokens, at, "unit_half"):
        return _HALF, at
    elif _has(tokens, at, "unit_one") and not _is_counted(tokens, at):
        return Decimal(1), at
    else:
        return None
    return (value, unit_at) if _is_length(tokens, unit_at) else None


def _is_counted(tokens: Sequence[Token], at: int) -> bool:
    return _has(tokens, at - 1, "number", "half", "article")


def _is_length(tokens: Sequence[Token], at: int) -> bool:
    return _has(tokens, at, "unit") and tokens[at].text != "M"


def _half_after(tokens: Sequence[Token], at: int) -> int | None:
    """Where 'and a half' ends that stands at a token; None where it does not."""
    is_and = _has(tokens, at, "and") and not _has(tokens, at, "half")
    if _has(tokens, at + is_and, "half") and not _has(tokens, at + is_and + 1, "hours"):
        return at + is_and + 1
    return None


def _metres_after(
    tokens: Sequence[Token], first: int, unit_at: int, value: Decimal
) -> tuple[Decimal, int] | None:
    """Metres that stand behind whole kilometres, and where their unit stands; None where they measure something else."""
    is_band = _has(tokens, first - 1, "dash", "to") and _has(tokens, first - 2, "number")
    if tokens[unit_at].classes["unit"] != "km" or value != int(value) or is_band:
        return None
    at = unit_at + 1 + _has(tokens, unit_at + 1, "dot")
    at += _has(tokens, at, "and")
    if not _has(tokens, at, "int") or not _has(tokens, at + 1, "unit") or tokens[at].number >= 1000:
        return None
    unit = tokens[at + 1]
    is_magnetic = unit.text == "M" and tokens[at].number <= 360
    is_height = _has(tokens, at + 2, "above", "height") and not _has(tokens, first - 1, "height")
    if unit.classes["unit"] != "m" or is_magnetic or is_height:
        return None
    return tokens[at].number, at + 1
