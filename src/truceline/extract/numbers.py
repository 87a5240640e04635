"""Figures: number words, fractions, ranges and how exact the text says they are."""

from __future__ import annotations

from decimal import Decimal

from truceline.extract.units import Unit

_NUM = frozenset({"NUM"})
_WORD = frozenset({"W"})
_SPAN = frozenset({"W", "SPAN"})
_CLOCK = frozenset({"CLOCK"})


_NAMES_A_NUMBER = frozenset({"CLAUSE_N", "NUMBER_MARK"})
_FIGURES = frozenset({"NUM", "NUMWORD", "FRACTION"})


def join_numbers(units: list[Unit]) -> list[Unit]:
    """Join number words into figures and attach what says how exact they are.

    ``values`` of a figure: ``number`` (Decimal), ``op`` (``= ~ > < >=``), and ``to`` for the upper end of a range.

    Args:
        units: Units of a sentence.

    Returns:
        The units with each figure as one unit of tag ``NUM``.
    """
    out: list[Unit] = []
    at = 0
    while at < len(units):
        unit = units[at]
        if unit.tags.isdisjoint(_FIGURES):
            out.append(unit)
            at += 1
            continue
        if unit.tags == _NUM and at + 2 < len(units):
            tags = _SPAN if _is_compound(units, at) else _CLOCK if _is_clock(units, at) else None
            if tags is not None:
                out.append(Unit(unit.start, units[at + 2].end, tags, unit.values, form=unit.form))
                at += 3
                continue
        if unit.has("NUMWORD") and not unit.has("PLACE"):
            joined, at = _words(units, at)
        elif unit.has("FRACTION"):
            joined, at = _single(unit, Decimal(unit.values["fraction"])), at + 1
        elif unit.has("NUM") and out and out[-1].tags & _NAMES_A_NUMBER:
            # "clause 8" and "post no. 4" count nothing
            if out[-1].has("NUMBER_MARK"):
                out[-1].tags = _WORD
            out.append(Unit(unit.start, unit.end, _WORD, form=unit.form))
            at += 1
            continue
        elif unit.has("NUM"):
            joined, at = unit, at + 1
            if at < len(units) and units[at].has("NUMWORD") and units[at].values["number"] >= 1000:
                factor = Decimal(units[at].values["number"])
                joined = _merge([unit, units[at]], (unit.values["number"] or Decimal(0)) * factor)
                at += 1
                if at < len(units) and _adds(units[at], factor):
                    joined = _merge([unit, units[at]], joined.values["number"] + units[at].values["number"])
                    at += 1
        else:
            out.append(unit)
            at += 1
            continue
        if joined.has("FRACTION") and "and" in joined.flags and _add_fraction(out, joined):
            continue
        out.append(_exactness(joined, out))
        _mark_range(out)
    return out


def _adds(unit: Unit, factor: Decimal) -> bool:
    """As in "18 thousand and 312", written in figures."""
    number = unit.values.get("number")
    return unit.tags == _NUM and "and" in unit.flags and number is not None and number < factor


def _add_fraction(out: list[Unit], fraction: Unit) -> bool:
    """As in "Three kilometres and a half": the half belongs to the figure before it."""
    for at in (len(out) - 1, len(out) - 2):
        if (
            at >= 0
            and out[at].has("NUM")
            and not out[at].has("FRACTION")
            and out[at].values.get("number") is not None
        ):
            whole = out[at]
            out[at] = _single(whole, whole.values["number"] + fraction.values["number"])
            return True
    return False


def _mark_range(out: list[Unit]) -> None:
    """As in "Between 40 and 50" is one figure with two ends; the second end is no figure of its own."""
    if len(out) > 3 and out[-2].has("JOIN") and out[-3].has("NUM") and out[-4].has("BETWEEN"):
        del out[-2]
    elif len(out) < 3 or not out[-2].has("NUM") or "and" not in out[-1].flags or not out[-3].has("BETWEEN"):
        return
    low, high = out[-2].values.get("number"), out[-1].values.get("number")
    if low is None or high is None or not low < high:
        return
    first, second = out[-2], out.pop()
    out[-1] = Unit(
        first.start, second.end, first.tags, {**first.values, "op": "~", "to": high}, first.flags, first.form
    )


def _is_compound(units: list[Unit], at: int) -> bool:
    """Whether a figure is only part of a word: "a 45-year-old", "the 44-day war"."""
    figure, dash, word = units[at : at + 3]
    glued = figure.end == dash.start and dash.end == word.start
    return glued and figure.tags == _NUM and dash.has("DASH") and word.tags == _WORD


def _is_clock(units: list[Unit], at: int) -> bool:
    """Whether "18:30" stands here: it is no figure, and its colon ends no clause."""
    hour, colon, minute = units[at : at + 3]
    return (
        hour.tags == minute.tags == _NUM
        and colon.has("COLON")
        and hour.end == colon.start
        and colon.end == minute.start
    )


def _single(unit: Unit, value: Decimal) -> Unit:
    return Unit(
        unit.start, unit.end, unit.tags | _NUM, {**unit.values, "number": value}, unit.flags, unit.form
    )


def _merge(parts: list[Unit], value: Decimal) -> Unit:
    return Unit(parts[0].start, parts[-1].end, _NUM, {"number": value}, parts[0].flags, parts[0].form)


def _words(units: list[Unit], at: int) -> tuple[Unit, int]:
    total = Decimal(0)
    current = Decimal(0)
    parts: list[Unit] = []
    while at < len(units) and units[at].has("NUMWORD"):
        value = Decimal(units[at].values["number"])
        if (
            parts
            and value < 100
            and current
            and current % 10
            and "and" not in units[at].flags
            and value >= 10
        ):
            break
        if value >= 1000:
            total += max(current, Decimal(1)) * value
            current = Decimal(0)
        elif value == 100 and 0 < current < 10:
            current *= 100
        else:
            current += value
        parts.append(units[at])
        at += 1
        if at + 1 < len(units) and units[at].has("JOIN") and units[at + 1].has("NUMWORD"):
            at += 1
    merged = _merge(parts, total + current)
    if len(parts) == 1:
        merged.tags = parts[0].tags | _NUM
        merged.values = {**parts[0].values, "number": total + current}
    return merged, at


def _exactness(figure: Unit, before: list[Unit]) -> Unit:
    op = "="
    for previous in reversed(before[-2:]):
        if previous.has("OP"):
            op = previous.values["op"]
            previous.tags -= {"ABOUT"}
            break
        if not previous.has("W"):
            break
    if op != "=":
        figure.values = {**figure.values, "op": op}
    return figure
