"""The one typed formatter of machine tokens: days, moments, ranges, places on the Earth, ids, figures with their unit.

Every token comes out inside an isolate (Unicode UAX 9), so that nothing of it swaps places in a text of the other
direction: ``U+2066`` for tokens read left to right, ``U+2067`` for those that hold words of a right-to-left language,
``U+2068`` for quoted words of any language. ``U+2069`` ends each. Pages turn the marks into ``<bdi>``; paper keeps them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from truceline.publish.catalogue import Catalogue

LTR = "\u2066"
RTL = "\u2067"
AUTO = "\u2068"
END = "\u2069"
MARKS = LTR + RTL + AUTO + END
NARROW = "\u202f"
"""Space inside a token that no line breaks at."""
_NEAR_M = 1_000
"""Radius below which a place is written in metres."""


def ltr(text: str) -> str:
    """Isolate a token that is read from left to right, whatever stands around it."""
    return f"{LTR}{text}{END}"


def quoted(text: str) -> str:
    """Isolate words of any language: they take the direction of their own first letter."""
    return f"{AUTO}{text}{END}"


def bare(text: str) -> str:
    """Take the isolates away, for places that hold nothing but one token or one name, such as labels of a drawing."""
    return text.translate(dict.fromkeys(map(ord, MARKS)))


def balanced(text: str) -> bool:
    """Say whether every isolate of a text is closed, in order."""
    depth = 0
    for letter in text:
        depth += letter in (LTR, RTL, AUTO)
        depth -= letter == END
        if depth < 0:
            return False
    return depth == 0


_LOOSE = re.compile(r"\d[\d.,:/–-]*\d|\d")


def loose_figures(text: str) -> list[str]:
    """List the figures of a text that stand outside every isolate; a printed right-to-left text has none."""
    depth = 0
    outside = []
    for letter in text:
        if letter in (LTR, RTL, AUTO):
            depth += 1
        elif letter == END:
            depth -= 1
        outside.append(letter if depth == 0 and letter != END else " ")
    return _LOOSE.findall("".join(outside))


@dataclass(frozen=True, slots=True)
class Tokens:
    """Writes tokens in one language and one time zone.

    Args:
        words: The language's catalogue.
        zone: The mission's time zone, in which days and moments are printed.
    """

    words: Catalogue
    zone: ZoneInfo

    def _worded(self, text: str) -> str:
        return f"{RTL if self.words.direction == 'rtl' else LTR}{text}{END}"

    def _day(self, day: date, key: str = "join.day") -> str:
        month = self.words.say(f"month.{day.month}")
        return self.words.say(key, day=str(day.day), month=month, year=str(day.year))

    def day(self, value: date | str | None) -> str:
        """Write a calendar day, for example ``25 Nov 2020``; a dash where there is none."""
        day = _as_day(value)
        return "—" if day is None else self._worded(self._day(day))

    def short_day(self, value: date | str | None) -> str:
        """Write a day without its year, for axes that say the year elsewhere."""
        day = _as_day(value)
        return "—" if day is None else self._worded(self._day(day, "join.short_day"))

    def month(self, value: date) -> str:
        """Write a month and its year."""
        return self._worded(self._day(value, "join.month_year"))

    def days(self, start: date | str | None, end: date | str | None) -> str:
        """Write a range of days, both inclusive, as one token."""
        first, last = _as_day(start), _as_day(end)
        if first is None or last is None or first == last:
            return self.day(first or last)
        return self._worded(self.words.say("join.range", start=self._day(first), end=self._day(last)))

    def local_day(self, value: datetime | None) -> str:
        """Write the day of an instant in the mission's time zone."""
        return "—" if value is None else self.day(value.astimezone(self.zone).date())

    def clock(self, value: datetime) -> str:
        """Write the time of day of an instant with the zone's offset, for example ``12:00 UTC+4``."""
        local = value.astimezone(self.zone)
        return ltr(f"{local:%H:%M}{NARROW}{offset(local)}")

    def instant(self, value: datetime | None) -> str:
        """Write day and time of an instant in the mission's time zone; a dash where there is none."""
        if value is None:
            return "—"
        return self.words.say("join.instant", day=self.local_day(value), clock=self.clock(value))

    def known(self, value: datetime | None) -> str:
        """Write a moment of knowledge; the last second of a day in UTC is a bare date and is written as one."""
        if value is None or not is_bare_date(value):
            return self.instant(value)
        return self.words.say("known.day", day=self.day(value.astimezone(UTC).date()))

    def known_day(self, value: datetime | None) -> str:
        """Write the day of a moment of knowledge; a bare date keeps the day it bears."""
        if value is None or not is_bare_date(value):
            return self.local_day(value)
        return self.day(value.astimezone(UTC).date())

    def machine_instant(self, value: datetime) -> str:
        """Write an instant as machines do, ``2020-11-22T08:00:00Z``."""
        return ltr(value.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def hours(self, text: str) -> str:
        """Write a time of day that the pack gives as ``HH:MM``."""
        return ltr(text)

    def figure(self, value: Decimal | int, op: str = "=") -> str:
        """Write a figure with groups of three, its sign inside, and how exact it is.

        Args:
            value: The figure.
            op: ``=``, ``~``, ``>``, ``<``, ``>=``.

        Returns:
            The figure, isolated.
        """
        return self.words.say(f"op.{op}", n=ltr(plain_figure(value)))

    def quantity(self, value: Decimal | int, unit: str, op: str = "=") -> str:
        """Write a figure with its unit in the form that the number asks for."""
        if unit == "share_of_territory":
            share = ltr(f"{plain_figure(value)}{NARROW}%")
            return self.words.count("unit.share_of_territory", value, self.words.say(f"op.{op}", n=share))
        figure = self.figure(value, op)
        if f"unit.{unit}.other" in self.words.words:
            return self.words.count(f"unit.{unit}", value, figure)
        return self.words.count("unit.other", value, figure, unit=quoted(unit.replace("_", " ")))

    def count(self, key: str, number: int, **values: str) -> str:
        """Write a counted noun of the catalogue, for example ``board.reports``."""
        return self.words.count(key, number, ltr(plain_figure(number)), **values)

    def coordinate(self, lon: float, lat: float, precision_m: float | None = None) -> str:
        """Write a place on the Earth: two decimals of a degree, four within a kilometre, and the radius in which it lies.

        Args:
            lon: Degrees east.
            lat: Degrees north.
            precision_m: Radius in metres, or None.

        Returns:
            One token, for example ``39.62°N, 46.12°E ±7 km``.
        """
        is_near = precision_m is not None and precision_m < _NEAR_M
        digits = 4 if is_near else 2
        north = f"{abs(lat):.{digits}f}°{'N' if lat >= 0 else 'S'}"
        east = f"{abs(lon):.{digits}f}°{'E' if lon >= 0 else 'W'}"
        radius = (
            ""
            if precision_m is None
            else f" ±{precision_m:.0f}{NARROW}m"
            if is_near
            else f" ±{_km(precision_m)}"
        )
        return ltr(f"{north}, {east}{radius}")

    def distance(self, metres: float) -> str:
        """Write a distance in kilometres."""
        return ltr(_km(metres))

    def precision(self, metres: float) -> str:
        """Write the radius within which a place lies, the sign inside the token."""
        return ltr(f"±{_km(metres)}")

    def ident(self, text: str) -> str:
        """Write an id, code or file name."""
        return ltr(text)

    def hash(self, text: str) -> str:
        """Write a hash in groups of eight, so that two can be compared by eye."""
        return ltr(" ".join(text[at : at + 8] for at in range(0, len(text), 8)))


def plain_figure(value: Decimal | int) -> str:
    """Write a number with groups of three and without an exponent or trailing zeros."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{Decimal(value).normalize():,f}"


def offset(local: datetime) -> str:
    """Write the offset of an aware time from UTC, for example ``UTC+4`` or ``UTC+3:30``."""
    delta = local.utcoffset()
    minutes = 0 if delta is None else int(delta.total_seconds()) // 60
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    tail = f":{rest:02d}" if rest else ""
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{tail}"


def is_bare_date(value: datetime) -> bool:
    """Say whether a moment stands for a bare date: the last second of a day in UTC (MODEL, Times)."""
    moment = value.astimezone(UTC)
    return (moment.hour, moment.minute, moment.second) == (23, 59, 59)


def _km(metres: float) -> str:
    value = metres / 1000
    digits = f"{value:.1f}".rstrip("0").rstrip(".") if value < 10 else f"{value:.0f}"
    return f"{digits}{NARROW}km"


def _as_day(value: date | str | None) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    return value
