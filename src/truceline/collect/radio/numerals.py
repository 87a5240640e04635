"""Numbers that are spoken: words of numbers made one number, digits said one by one made a row of digits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from truceline.collect.radio.words import Token


def join_numerals(tokens: Sequence[Token]) -> list[Token]:
    """Make one number of the words of numbers that stand together.

    Args:
        tokens: The words of a line.

    Returns:
        The same with each spoken number as one token of class ``number``; of digits said one by one ``spelled`` too.
    """
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if "unit_two" in token.classes:
            out.append(
                Token(
                    token.start,
                    token.end,
                    "2",
                    {"number": "", "int": "", "d1": "", "spoken": ""},
                    token.is_glued,
                )
            )
            out.append(Token(token.start, token.end, token.text, {"unit": token.classes["unit_two"]}))
            at += 1
        elif _is_one_unit(tokens, at):
            end = tokens[at + 1].end
            out.append(
                Token(
                    token.start, end, "1", {"number": "", "int": "", "d1": "", "spoken": ""}, token.is_glued
                )
            )
            out.append(Token(token.start, end, token.text, {"unit": token.classes["unit"]}))
            at += 2
        elif _is_multiplied(tokens, at):
            value = token.number * Decimal(tokens[at + 1].classes["numeral"])
            out.append(_made(tokens, at, at + 2, _written(value)))
            at += 2
        elif "numeral" in token.classes:
            end, text, is_spelled = _spoken(tokens, at)
            end, text = _with_fraction(tokens, end, text)
            out.append(_made(tokens, at, end, text, is_spelled=is_spelled))
            at = end
        else:
            out.append(token)
            at += 1
    return out


def _is_one_unit(tokens: Sequence[Token], at: int) -> bool:
    """Whether a unit stands before its 'one', as Arabic has it."""
    is_counted = at > 0 and bool({"number", "numeral"} & set(tokens[at - 1].classes))
    following = tokens[at + 1].classes.get("numeral") if at + 1 < len(tokens) else None
    return (
        "unit" in tokens[at].classes and not tokens[at].text.isascii() and following == "1" and not is_counted
    )


def _is_multiplied(tokens: Sequence[Token], at: int) -> bool:
    following = tokens[at + 1].classes.get("numeral", "") if at + 1 < len(tokens) else ""
    return "number" in tokens[at].classes and following in {"1000", "2000"} and following == "1000"


def _written(value: Decimal) -> str:
    return str(int(value)) if value == int(value) else str(value.normalize())


def _made(tokens: Sequence[Token], at: int, end: int, text: str, *, is_spelled: bool = False) -> Token:
    first = tokens[at]
    kind = {"int": "", f"d{len(text)}": ""} if text.isdigit() else {"decimal": ""}
    more = {"spelled": ""} if is_spelled else {"spoken": ""}
    kept = {
        name: value
        for name, value in first.classes.items()
        if end == at + 1 and name not in {"word", "numeral"}
    }
    return Token(
        first.start,
        tokens[end - 1].end,
        text,
        {**kept, "number": "", **kind, **more},
        first.is_glued,
        first.is_joined,
    )


def _spoken(tokens: Sequence[Token], at: int) -> tuple[int, str, bool]:
    """How far a spoken number goes, its digits, and whether they were said one by one."""
    row = _digits_with_dashes(tokens, at)
    if row:
        return at + 2 * len(row) - 1, row, True
    values: list[tuple[Decimal, bool]] = [(Decimal(tokens[at].classes["numeral"]), False)]
    ends = [at + 1]
    here = at + 1
    while here < len(tokens):
        step = here
        is_joined = tokens[step].is_joined
        if "and" in tokens[step].classes or (
            "dash" in tokens[step].classes and tokens[step].is_glued and values[-1][0] >= 20
        ):
            is_joined = "and" in tokens[step].classes
            step += 1
        if step >= len(tokens) or "numeral" not in tokens[step].classes:
            break
        values.append((Decimal(tokens[step].classes["numeral"]), is_joined))
        ends.append(step + 1)
        here = step + 1
    digits = 0
    while digits < len(values) and values[digits][0] in range(10) and not values[digits][1]:
        digits += 1
    if digits >= 2 and (digits == len(values) or values[digits][0] < 100):
        return ends[digits - 1], "".join(str(value) for value, _ in values[:digits]), True
    used, total = _sum(values)
    return ends[used - 1], _written(total), False


def _digits_with_dashes(tokens: Sequence[Token], at: int) -> str:
    """Three digits or more that are said one by one with dashes between; an empty text where there are none."""
    row = ""
    while at < len(tokens) and len(tokens[at].classes.get("numeral", "10")) == 1:
        row += tokens[at].classes["numeral"]
        if at + 1 >= len(tokens) or "dash" not in tokens[at + 1].classes or not tokens[at + 1].is_glued:
            break
        at += 2
    return row if len(row) >= 3 else ""


def _sum(values: Sequence[tuple[Decimal, bool]]) -> tuple[int, Decimal]:
    """How many of the words make one number, and which."""
    total, current = Decimal(0), Decimal(0)
    for n, (value, is_joined) in enumerate(values):
        low = current % 100
        if value == 1000:
            total, current = total + max(current, Decimal(1)) * value, Decimal(0)
        elif value == 100 and 0 < current < 10:
            current *= 100
        elif (
            n == 0
            or (value >= 100 and current == 0)
            or (10 <= value < 100 and (low == 0 or (is_joined and value >= 20 and low < 10)))
            or (0 < value < 10 and (low == 0 or (low >= 10 and low % 10 == 0)))
        ):
            current += value
        else:
            return n, total + current
    return len(values), total + current


def _with_fraction(tokens: Sequence[Token], end: int, text: str) -> tuple[int, str]:
    """Add what is said after a spoken decimal point."""
    if end + 1 < len(tokens) and "point" in tokens[end].classes and "numeral" in tokens[end + 1].classes:
        last, fraction, _ = _spoken(tokens, end + 1)
        if fraction.isdigit():
            return last, f"{text}.{fraction}"
    return end, text
