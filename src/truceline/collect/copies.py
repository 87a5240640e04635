"""Tie together texts that are one text: exact copies and reprints of a wire, so that none counts twice.

Shingles of five words are hashed and compared with those of the earlier texts that are no copies themselves
(Broder, 1997: resemblance and containment). An inverted index over the shingles keeps the work near-linear. What is
late is the copy: order is by ``known_at``, then id, never by file name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zlib import crc32

from truceline.collect.chrome import words_of
from truceline.core.ids import ReportId
from truceline.core.release import PUBLIC
from truceline.core.reports import READ_KINDS, Report

_SHINGLE = 5
_LEAST_SHINGLES = 12
_CONTAINED = 0.7
_CONTAINS = 0.8
_LONGER = 1.5
_CROWDED = 64
_APART_DAYS = 7
_LATE = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Print:
    """What of a text is compared."""

    exact: str
    shingles: frozenset[int]
    figures: frozenset[str]


def tie_copies(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Say of each report whether it is a copy of an earlier one.

    Args:
        reports: Reports in any order. What they say about copies already is settled anew.

    Returns:
        The same reports by ``known_at`` (unknown last), then id, with ``copy_of`` and ``copy_kind``.
    """
    index = _Index()
    return tuple(index.place(report) for report in sorted(reports, key=_order))


def _order(report: Report) -> tuple[datetime, str]:
    return (report.known_at or _LATE, report.id)


class _Index:
    """The originals so far, by exact text and by shingle."""

    def __init__(self) -> None:
        self._by_text: dict[str, list[ReportId]] = defaultdict(list)
        self._by_shingle: dict[int, list[ReportId]] = defaultdict(list)
        self._prints: dict[ReportId, _Print] = {}
        self._reports: dict[ReportId, Report] = {}

    def place(self, report: Report) -> Report:
        """Return the report as copy or original, and remember it where it is an original."""
        if not report.text:
            return replace(report, copy_of=None, copy_kind=None)
        mine = _print_of(report)
        for other in self._by_text[mine.exact]:
            if _may_copy(report, self._reports[other]):
                return replace(report, copy_of=other, copy_kind="exact")
        original = self._reprinted(report, mine)
        if original is not None:
            return replace(report, copy_of=original, copy_kind="reprint")
        self._remember(report, mine)
        return replace(report, copy_of=None, copy_kind=None)

    def _remember(self, report: Report, mine: _Print) -> None:
        self._reports[report.id] = report
        self._prints[report.id] = mine
        self._by_text[mine.exact].append(report.id)
        if len(mine.shingles) >= _LEAST_SHINGLES:
            for shingle in mine.shingles:
                self._by_shingle[shingle].append(report.id)

    def _reprinted(self, report: Report, mine: _Print) -> ReportId | None:
        if len(mine.shingles) < _LEAST_SHINGLES:
            return None
        shared: Counter[ReportId] = Counter()
        for shingle in mine.shingles:
            holders = self._by_shingle.get(shingle, ())
            if len(holders) <= _CROWDED:
                shared.update(holders)
        for other, count in sorted(
            shared.items(), key=lambda pair: (-pair[1], _order(self._reports[pair[0]]))
        ):
            if _is_reprint(mine, self._prints[other], count) and _may_copy(report, self._reports[other]):
                return other
        return None


def _print_of(report: Report) -> _Print:
    text = report.text or ""
    read = [text[one.start : one.end] for one in report.segments if one.kind in READ_KINDS] or [text]
    words = words_of(" ".join(read))
    grams = zip(*(words[start:] for start in range(_SHINGLE)), strict=False)
    return _Print(
        exact=" ".join(text.split()),
        shingles=frozenset(crc32(" ".join(gram).encode()) for gram in grams),
        figures=frozenset(word for word in words if word.isdigit()),
    )


def _is_reprint(late: _Print, early: _Print, shared: int) -> bool:
    """Whether the late text is mostly the early one, or the early one with little around it.

    A reprint leaves figures out or adds some; a day's bulletin is the last one's words with other figures in their
    places, and that is no reprint.
    """
    if not (late.figures <= early.figures or early.figures <= late.figures):
        return False
    if shared >= _CONTAINED * len(late.shingles):
        return True
    return shared >= _CONTAINS * len(early.shingles) and len(late.shingles) <= _LONGER * len(early.shingles)


def _may_copy(late: Report, early: Report) -> bool:
    """Whether two equal texts can be one.

    Not where one source says the same again on another day, and never where the early one is kept closer than the
    late one: what is open would then hang on what is not.
    """
    if early.release != PUBLIC and (early.release, early.owner) != (late.release, late.owner):
        return False
    if late.publication is None or early.publication is None:
        return True
    mine, theirs = late.publication.value[:10], early.publication.value[:10]
    if mine == theirs:
        return True
    by_same = late.source is not None and late.source == early.source
    days = abs((datetime.fromisoformat(mine) - datetime.fromisoformat(theirs)).days)
    return not by_same and days <= _APART_DAYS
