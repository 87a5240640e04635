"""Exchange what the rules must not know: parties, districts, figures, days and months of the five articles and gold.

What the articles say stays as true of the exchanged text as it was of the first: every word is replaced throughout,
spans and gold follow. Who holds which office is then contradicted by the mission pack.
"""

from __future__ import annotations

import copy
import random
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

_ENDINGS = ("يتين", "يتان", "يين", "يون", "يان", "يات", "ية", "ي")
_STEMS = {
    "أذربيجان": "أرمين", "اذربيجان": "ارمين", "أذر": "أرمن", "آذر": "أرمن", "اذر": "ارمن",
    "أرمين": "أذربيجان", "ارمين": "اذربيجان", "أرمن": "أذر", "ارمن": "اذر",
}  # fmt: skip
_NOUNS = {
    "أرمينيا": "أذربيجان", "ارمينيا": "اذربيجان", "أذربيجان": "أرمينيا", "أذربيحان": "أرمينيا", "اذربيجان": "ارمينيا",
    "أرمن": "أذريين",
}  # fmt: skip
_GLUED = "(?:[وف]?(?:ال|لل|[بلك]ال|[بلك])?)"
_ENGLISH = {
    "ARM": "AZE", "AZE": "ARM", "Armenia": "Azerbaijan", "Azerbaijan": "Armenia", "Armenian": "Azerbaijani",
    "Azerbaijani": "Armenian",
}  # fmt: skip
_DISTRICTS = {"أغدام": "Agdam", "لاتشين": "Lachin", "كلبجار": "Kelbajar"}
_PEOPLE = {"نيكول": "إلهام", "باشينيان": "علييف", "إلهام": "نيكول", "علييف": "باشينيان"}
_PEOPLE_EN = {"Nikol": "Ilham", "Pashinyan": "Aliyev", "Ilham": "Nikol", "Aliyev": "Pashinyan"}
_MONTHS = (
    ("يناير", "كانون الثاني"), ("فبراير", "شباط"), ("مارس", "آذار"), ("أبريل", "نيسان"), ("مايو", "أيار"),
    ("يونيو", "حزيران"), ("يوليو", "تموز"), ("أغسطس", "آب"), ("سبتمبر", "أيلول"), ("أكتوبر", "تشرين الأول"),
    ("نوفمبر", "تشرين الثاني"), ("ديسمبر", "كانون الأول"),
)  # fmt: skip
_OTHER_NAMES = {"تشرين ثان": 11, "كانون أول": 12}
_MONTH_OF = {name: at for at, names in enumerate(_MONTHS, 1) for name in names} | _OTHER_NAMES
_WEEKDAYS = ("الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
_WEEKDAY_OF = {name: at for at, name in enumerate(_WEEKDAYS)} | {"الاثنين": 0}
_FEMININE = {5: "خمس", 6: "ست", 7: "سبع", 8: "ثمان", 9: "تسع"}

_month = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_DATE = re.compile(
    rf"(?P<day>\d{{1,2}})(?P<span>-\d{{1,2}})?(?P<of>\s+(?:من\s+)?)(?P<first>{_month})"
    rf"(?:(?P<stroke>/\s*)(?P<second>{_month}))?(?P<gap>\s+)?(?(gap)(?P<year>\d{{4}})?)"
)
_NUMERIC = re.compile(r"\b(?P<a>\d{1,2})(?P<mark>[-/])(?P<b>\d{1,2})(?P=mark)(?P<year>20\d\d)\b")
_SAME_MONTH = re.compile(r"(?P<day>\d{1,2})(?P<rest> من الشهر نفسه)")
_FIGURE = re.compile(r"(?<![\d.,/:-])\d{1,3}(?![\d.,/:-])")


@dataclass
class Exchange:
    """One drawing: which word becomes which.

    Args:
        seed: Chooses figures, districts, days and months.
        people: Whether the two leaders change places too.
    """

    seed: int
    people: bool = False
    months_back: int = 0
    days: dict[int, int] = field(default_factory=dict)
    figures: dict[int, int] = field(default_factory=dict)
    districts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        draw = random.Random(self.seed)  # noqa: S311 - a drawing that can be repeated, no secret
        self.months_back = draw.randint(1, 7)
        known = [1, 9, 10, 11, 12, 13, 15, 16, 17, 20, 21, 25, 27]
        self.days = dict(zip(known, sorted(draw.sample(range(1, 29), len(known))), strict=True))
        old = list(_DISTRICTS)
        turn = draw.randint(1, len(old) - 1)
        self.districts = dict(zip(old, old[turn:] + old[:turn], strict=True))
        self.figures = {
            25: draw.randint(26, 60), 7: draw.choice([5, 6, 8]), 9: draw.choice([4, 5, 6, 8]),
            118: draw.randint(120, 400), 12: draw.randint(13, 60), 91: draw.randint(101, 300),
            404: draw.randint(410, 900), 3: draw.choice([4, 5, 6]),
        }  # fmt: skip

    def day(self, when: date) -> date:
        """Return the day that a day becomes: months back, days by an order-keeping table."""
        index = when.year * 12 + when.month - 1 - self.months_back
        return date(index // 12, index % 12 + 1, self.days.get(when.day, min(when.day, 28)))

    def month(self, month: int) -> int:
        """Return the month that a month becomes."""
        return (month - 1 - self.months_back) % 12 + 1


def exchange_document(text: str, gold: dict[str, Any], how: Exchange) -> tuple[str, dict[str, Any]]:
    """Exchange one article and its gold.

    Args:
        text: The article.
        gold: Its entry of the gold file.
        how: The drawing.

    Returns:
        The new text, and the gold with spans, labels, figures and dates that hold for it.
    """
    stated = (gold.get("publish_date") or {}).get("value")
    published = date.fromisoformat(stated) if stated else None
    edits = sorted(_edits(text, published, how), key=lambda edit: edit[0])
    starts: list[int] = []
    shifts: list[tuple[int, int, int]] = []
    out: list[str] = []
    at = moved = 0
    for start, end, new in edits:
        if start < at:
            continue
        out += [text[at:start], new]
        moved += len(new) - (end - start)
        starts.append(start)
        shifts.append((end, moved, len(new) - (end - start)))
        at = end
    out.append(text[at:])
    result = "".join(out)

    def place(offset: int) -> int:
        index = bisect_right(starts, offset - 1) - 1
        if index < 0:
            return offset
        end, total, _ = shifts[index]
        return offset + total if offset >= end else end + total

    return result, _gold(gold, result, place, published, how)


def _edits(text: str, published: date | None, how: Exchange) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []

    def taken(start: int, end: int) -> bool:
        return any(start < other_end and other_start < end for other_start, other_end, _ in found)

    def add(start: int, end: int, new: str) -> None:
        if not taken(start, end):
            found.append((start, end, new))

    for match in _DATE.finditer(text):
        add(match.start(), match.end(), _written_date(match, published, how))
    for match in _NUMERIC.finditer(text):
        add(match.start(), match.end(), _numeric_date(match, how))
    for match in _SAME_MONTH.finditer(text):
        add(match.start(), match.end(), f"{how.days.get(int(match['day']), match['day'])}{match['rest']}")
    if published is not None:
        turn = how.day(published).weekday() - published.weekday()
        for name, at in _WEEKDAY_OF.items():
            for match in re.finditer(rf"(?<![\w]){_GLUED}?({name})(?!\w)", text):
                add(match.start(1), match.end(1), _WEEKDAYS[(at + turn) % 7])
    for match in _FIGURE.finditer(text):
        if int(match.group()) in how.figures:
            add(match.start(), match.end(), str(how.figures[int(match.group())]))
    for match in re.finditer(r"(?<!\w)سبع(?= نقاط)", text):
        add(match.start(), match.end(), _FEMININE[how.figures[7]])
    words = dict(how.districts)
    if how.people:
        words |= _PEOPLE
    for old, new in words.items():
        for match in re.finditer(rf"(?<!\w)([وبلف]?)({old})(?!\w)", text):
            add(match.start(2), match.end(2), new)
    for match in re.finditer(rf"(?<!\w)({_GLUED})({'|'.join(_STEMS)})({'|'.join(_ENDINGS)})(?!\w)", text):
        add(match.start(2), match.end(2), _STEMS[match[2]])
    for match in re.finditer(rf"(?<!\w)({_GLUED})({'|'.join(_NOUNS)})(?!\w)", text):
        add(match.start(2), match.end(2), _NOUNS[match[2]])
    return found


def _written_date(match: re.Match[str], published: date | None, how: Exchange) -> str:
    month = _MONTH_OF[match["second"] or match["first"]]
    year = int(match["year"]) if match["year"] else (published or date(2020, 1, 1)).year
    new = how.day(date(year, month, int(match["day"])))
    names = [_new_name(match["first"], how)]
    if match["second"]:
        names.append(_new_name(match["second"], how))
    span = ""
    if match["span"]:
        last = int(match["span"][1:])
        span = f"-{how.days.get(last, last)}"
    tail = (match["gap"] or "") + (str(new.year) if match["year"] else "")
    return f"{new.day}{span}{match['of']}{(match['stroke'] or '').join(names)}{tail}"


def _new_name(name: str, how: Exchange) -> str:
    column = 1 if " " in name or name in {names[1] for names in _MONTHS} else 0
    return _MONTHS[how.month(_MONTH_OF[name]) - 1][column]


def _numeric_date(match: re.Match[str], how: Exchange) -> str:
    a, b, year = int(match["a"]), int(match["b"]), int(match["year"])
    american = b > 12
    new = how.day(date(year, a, b) if american else date(year, b, a))
    # an order that the first text settles stays settled
    first, second = (new.month, new.day) if american else (new.day, new.month)
    return f"{first}{match['mark']}{second}{match['mark']}{new.year}"


def _gold(
    gold: dict[str, Any], text: str, place: Any, published: date | None, how: Exchange
) -> dict[str, Any]:
    new = copy.deepcopy(gold)
    for claim in new["claims"]:
        claim["evidence_span"] = [place(offset) for offset in claim["evidence_span"]]
        claim["evidence"] = text[slice(*claim["evidence_span"])]
        claim["repeated_at"] = [[place(offset) for offset in span] for span in claim.get("repeated_at", [])]
        for slot in ("actor", "target", "place", "attribution"):
            claim[slot] = [_label(label, how) for label in claim.get(slot) or []]
        for quantity in claim.get("quantity") or []:
            if quantity["value"] in how.figures:
                quantity["value"] = how.figures[quantity["value"]]
        if (claim.get("deadline") or {}).get("value"):
            claim["deadline"]["value"] = how.day(date.fromisoformat(claim["deadline"]["value"])).isoformat()
        stated = claim.get("date") or {}
        if stated.get("value") and stated.get("precision") == "day":
            stated["value"] = _gold_day(stated, published, how)
    for key in ("noise", "off_topic"):
        for entry in new.get(key) or []:
            entry["span"] = [place(offset) for offset in entry["span"]]
    return new


def _gold_day(stated: dict[str, Any], published: date | None, how: Exchange) -> str:
    old = date.fromisoformat(stated["value"])
    relative = published is not None and not re.search(r"\d", stated.get("text") or "")
    if relative and published is not None and abs((published - old).days) < 7:
        return (how.day(published) - timedelta(days=(published - old).days)).isoformat()
    return how.day(old).isoformat()


def _label(label: str, how: Exchange) -> str:
    districts = {_DISTRICTS[old]: _DISTRICTS[new] for old, new in how.districts.items()}
    table = _ENGLISH | districts | (_PEOPLE_EN if how.people else {})
    return re.sub(r"[A-Za-z]+", lambda match: table.get(match.group(), match.group()), label)
