"""The columns by which rows are found, held in memory beside the store: any filter over a million rows in a few milliseconds.

A database index serves one order and one filter; the console's lists are asked by kind, state, zone, two times, a box, words
and a recipient in any combination. So the columns are kept as arrays, sorted as lists are: a list reads them from its end
until its page is full, a tally reads them once; a short time or a small box leaves few rows, and these are looked up. What was changed since they were read comes as small further sheets, which
are merged into larger ones now and then; nothing is read anew as long as the store says what
changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from truceline.core.cursors import NEVER, Key
from truceline.core.errors import InputError
from truceline.core.filters import Filter
from truceline.core.release import may_receive
from truceline.core.rows import Recipient

FACETS = ("kind", "state", "zone", "owner", "release", "realm")
_MARK = 3
"""Where owner, release mark and realm begin in `FACETS`."""
_MOST_KEPT = 1000

_FIRST_BLOCK, _LARGEST_BLOCK = 1024, 65_536
_FEW = 4
"""Rows are looked up rather than gone through where there are so many times fewer of them."""
_MERGE = 4
"""A sheet is merged into the one before where that is not so many times as long."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Record = tuple[Any, ...]
"""Of a row: place, the microseconds of known, start and end, lon, lat, and the words of `FACETS`; None where there are none."""


def microseconds(moment: datetime) -> int:
    """Return an instant as microseconds since 1970."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


class Cells:
    """Numbers for every combination of kind, state, zone, owner, release mark and realm that there is.

    There are few of them, however many rows: what may go to whom, and what is of which kind, is settled once for each.
    """

    def __init__(self) -> None:
        self._number: dict[tuple[str | None, ...], int] = {}
        # each word of kind, state and zone has a code, and each mark, which is owner, release and realm together; 0 of
        # the marks is nobody's
        self._codes: tuple[dict[Any, int], ...] = tuple({None: 0} for _ in range(_MARK + 1))
        self._lines: list[tuple[int, ...]] = [(0,) * (_MARK + 1)]
        self._array = np.zeros((_MARK + 1, 0), dtype=np.intp)
        self._allowed: dict[object, Mask] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def number(self, words: tuple[str | None, ...]) -> int:
        """Return the number of a combination; 0 is nobody's."""
        found = self._number.get(words)
        if found is None:
            found = self._number[words] = len(self._lines)
            parts = (*words[:_MARK], words[_MARK:])
            self._lines.append(
                tuple(
                    codes.setdefault(part, len(codes)) for codes, part in zip(self._codes, parts, strict=True)
                )
            )
            self._allowed.clear()
        return found

    def allowed(self, asked: Filter, recipient: Recipient) -> Mask:
        """Say of each combination whether it was asked for and may be put before a recipient."""
        key = (asked.kinds, asked.states, asked.zones, recipient.word, recipient.realm)
        found = self._allowed.get(key)
        if found is None:
            if len(self._allowed) > _MOST_KEPT:
                self._allowed.clear()
            lines = self._as_array()
            may = [mark is not None and _may_have(mark, recipient) for mark in self._codes[_MARK]]
            found = np.array(may, dtype=np.bool_)[lines[_MARK]]
            for line, wanted in enumerate((asked.kinds, asked.states, asked.zones)):
                if wanted:
                    among = [word in wanted for word in self._codes[line]]
                    found &= np.array(among, dtype=np.bool_)[lines[line]]
            self._allowed[key] = found
        return found

    def by_word(self, by: str, counts: Ints) -> dict[str, int]:
        """Add up counts of combinations by a column; None counts under ``""``."""
        line = FACETS.index(by)
        sums = np.zeros(len(self._codes[line]), dtype=np.int64)
        np.add.at(sums, self._as_array()[line], counts)
        found: dict[str, int] = {}
        for word, n in zip(self._codes[line], sums.tolist(), strict=True):
            if n:
                found[word or ""] = found.get(word or "", 0) + n
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))

    def _as_array(self) -> NDArray[np.intp]:
        """Return the codes of all combinations, a line each of kind, state, zone and mark."""
        if self._array.shape[1] != len(self._lines):
            self._array = np.array(self._lines, dtype=np.intp).T.copy()
        return self._array


def _may_have(mark: tuple[str | None, ...], recipient: Recipient) -> bool:
    owner, release, realm = mark
    try:
        return may_receive(
            recipient.word,
            owner=owner or "",
            release=release or "",
            realm=realm or "",
            of_realm=recipient.realm,
        )
    except InputError:
        return False  # a mark that is none lets nothing out; it shall not hide the other rows


class Sheet:
    """Some rows as arrays, sorted by moment of knowledge and place; nothing is changed in it but that rows are struck out.

    Args:
        ints: A line each: place, known, start, last moment, cell.
        floats: A line each: degrees east, degrees north; not a number where there are none.
    """

    def __init__(self, ints: Ints, floats: NDArray[np.float64]) -> None:
        order = np.lexsort((ints[0], ints[1]))
        self.place, self.known, self.start, self.last = (ints[line][order] for line in range(4))
        self.cell = ints[4][order]
        self.lon, self.lat = floats[0][order], floats[1][order]
        moments = np.where(self.start == NEVER, self.known, self.start)
        self.by_happened = np.lexsort((self.place, moments)).astype(np.int32)
        self.happened = moments[self.by_happened]
        has_start = self.start != NEVER
        self._longest = int(np.where(has_start, self.last - self.start, 0).max(initial=0))
        # what has an end and no start may have been so at any time before it: where there is such a row, none is early
        self._has_open_start = bool((~has_start & (self.last != NEVER)).any())
        self._by_lon: NDArray[np.int32] | None = None
        self._lons = self.lon[:0]
        self._by_place: NDArray[np.int32] | None = None
        self._counts: Ints | None = None

    def __len__(self) -> int:
        return len(self.place)

    def strike(self, places: Ints) -> None:
        """Take rows out of sight."""
        if not len(self):
            return
        if self._by_place is None:
            self._by_place = np.argsort(self.place).astype(np.int32)
        at = np.searchsorted(self.place, places, sorter=self._by_place)
        found = self._by_place[np.minimum(at, len(self) - 1)]
        self.cell[found[self.place[found] == places]] = 0
        self._counts = None

    def rows(self) -> tuple[Ints, NDArray[np.float64]]:
        """Return what is left of it, as it was made from."""
        there = self.cell > 0
        ints = np.stack([line[there] for line in (self.place, self.known, self.start, self.last, self.cell)])
        return ints, np.stack([self.lon[there], self.lat[there]])

    def find(self, asked: Filter, sieve: Sieve, after: Key | None) -> Iterator[Key]:
        """Give the places of rows in the order of a list, the newest first."""
        is_entered = asked.order == "entered"
        keys = self.known if is_entered else self.happened
        low, high = self._known_range(sieve) if is_entered else (0, len(self))
        if after is not None:
            high = min(high, self._before(keys, after, is_entered=is_entered))
        few = self._few(sieve, high - low) if is_entered else None
        if few is not None:
            few = np.sort(few)
            low, high = (int(np.searchsorted(few, edge)) for edge in (low, high))
            for start in range(high, low, -_LARGEST_BLOCK):
                rows = few[max(low, start - _LARGEST_BLOCK) : start]
                for row in rows[sieve.holds(self, rows)][::-1].tolist():
                    yield int(self.known[row]), int(self.place[row])
            return
        if not is_entered:
            first, last = self._happened_range(sieve)
            low, high = max(low, first), min(high, last)
        size = _FIRST_BLOCK
        while high > low:
            from_ = max(low, high - size)
            block: Any = slice(from_, high) if is_entered else self.by_happened[from_:high]
            for at in np.flatnonzero(sieve.holds(self, block))[::-1].tolist():
                row = from_ + at if is_entered else int(block[at])
                yield int(keys[from_ + at]), int(self.place[row])
            high, size = from_, min(size * 4, _LARGEST_BLOCK)

    def tally(self, sieve: Sieve, n_cells: int) -> Ints:
        """Count rows by their cells."""
        low, high = self._known_range(sieve)
        if sieve.is_cells_alone:
            if (low, high) != (0, len(self)):
                counts = np.bincount(self.cell[low:high], minlength=n_cells)
            else:
                if self._counts is None or len(self._counts) < n_cells:
                    self._counts = np.bincount(self.cell, minlength=n_cells)
                counts = self._counts
            return np.where(sieve.cells, counts, 0)
        few = self._few(sieve, high - low)
        if few is not None:
            return np.bincount(self.cell[few[sieve.holds(self, few)]], minlength=n_cells)
        counts = np.zeros(n_cells, dtype=np.int64)
        for from_ in range(low, high, _LARGEST_BLOCK):
            block = slice(from_, min(high, from_ + _LARGEST_BLOCK))
            counts += np.bincount(self.cell[block][sieve.holds(self, block)], minlength=n_cells)
        return counts

    def _few(self, sieve: Sieve, n_rows: int) -> NDArray[np.int32] | None:
        """Return the rows that a time or a box leaves, where these are so few that nobody needs to look at the others."""
        found: list[NDArray[np.int32]] = []
        if sieve.since is not None or sieve.until is not None:
            low, high = self._happened_range(sieve)
            found.append(self.by_happened[low:high])
        if sieve.box is not None and sieve.box[0] <= sieve.box[2]:
            if self._by_lon is None:
                self._by_lon = np.argsort(self.lon).astype(np.int32)
                self._lons = self.lon[self._by_lon]
            west, east = sieve.box[0], sieve.box[2]
            low = int(np.searchsorted(self._lons, west, side="left"))
            high = int(np.searchsorted(self._lons, east, side="right"))
            found.append(self._by_lon[low:high])
        few = min(found, key=len, default=None)
        return None if few is None or len(few) * _FEW > n_rows else few

    def _happened_range(self, sieve: Sieve) -> tuple[int, int]:
        """Return between which rows, by when they happened, all lie that a time leaves."""
        low, high = 0, len(self)
        if sieve.since is not None and not self._has_open_start:
            low = int(np.searchsorted(self.happened, sieve.since - self._longest, side="left"))
        if sieve.until is not None:
            high = int(np.searchsorted(self.happened, sieve.until, side="left"))
        return low, high

    def _known_range(self, sieve: Sieve) -> tuple[int, int]:
        if sieve.known_by is None:
            return 0, len(self)
        low, high = np.searchsorted(self.known, [NEVER, sieve.known_by], side="right")
        return int(low), int(high)

    def _before(self, keys: Ints, after: Key, *, is_entered: bool) -> int:
        low, high = (int(np.searchsorted(keys, after[0], side=side)) for side in ("left", "right"))
        same = self.place[low:high] if is_entered else self.place[self.by_happened[low:high]]
        return low + int(np.searchsorted(same, after[1], side="left"))


class Sieve:
    """What a filter and a recipient ask of rows.

    Args:
        asked: The filter.
        recipient: Who rows are put before.
        cells: Which combinations are asked for and allowed.
        hits: Of each place whether the words were found there; None where none were asked for.
    """

    def __init__(self, asked: Filter, recipient: Recipient, cells: Mask, hits: Mask | None) -> None:
        limits = [at for at in (asked.known_at, recipient.known_by) if at is not None]
        self.known_by = microseconds(min(limits)) if limits else None
        self.cells = cells
        self._hits = hits
        self.since = None if asked.since is None else microseconds(asked.since)
        self.until = None if asked.until is None else microseconds(asked.until)
        self.box = asked.box
        self._is_by_known = asked.order == "entered"
        self.is_cells_alone = (
            hits is None and asked.since is None and asked.until is None and asked.box is None
        )

    def holds(self, sheet: Sheet, block: Any) -> Mask:
        """Say of each row of a block whether it is asked for and allowed."""
        mask: Mask = self.cells[sheet.cell[block]]
        if self.known_by is not None and not isinstance(block, slice):
            known = sheet.known[block]
            mask &= (known <= self.known_by) & (known != NEVER)
        if self.since is not None:
            mask &= sheet.last[block] >= self.since
        if self.until is not None:
            start = sheet.start[block]
            mask &= (start < self.until) & (start != NEVER)
        if self.box is not None:
            mask &= _inside(sheet.lon[block], sheet.lat[block], self.box)
        if self._hits is not None:
            mask &= self._hits[sheet.place[block]]
        return mask


def _inside(
    lon: NDArray[np.float64], lat: NDArray[np.float64], box: tuple[float, float, float, float]
) -> Mask:
    west, south, east, north = box
    is_between = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    return is_between & (lat >= south) & (lat <= north)


class Columns:
    """The columns of one read model.

    Args:
        records: All rows.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        self._cells = Cells()
        self._sheets = [self._sheet(records)]
        self.last_place = int(self._sheets[0].place.max()) if len(self._sheets[0]) else 0

    def change(self, places: Sequence[int], records: Sequence[Record]) -> None:
        """Take rows out, and put in what they are now.

        Args:
            places: Of all rows that were changed, added or dropped.
            records: Those of them that are there.
        """
        gone = np.unique(np.array(places, dtype=np.int64))
        for sheet in self._sheets:
            sheet.strike(gone)
        if records:
            self._sheets.append(self._sheet(records))
            self.last_place = max(self.last_place, int(self._sheets[-1].place.max()))
        while len(self._sheets) > 1 and len(self._sheets[-2]) <= _MERGE * len(self._sheets[-1]):
            parts = [sheet.rows() for sheet in self._sheets[-2:]]
            merged = Sheet(
                np.concatenate([ints for ints, _ in parts], axis=1),
                np.concatenate([floats for _, floats in parts], axis=1),
            )
            self._sheets[-2:] = [merged]

    def find(
        self, asked: Filter, recipient: Recipient, hits: Mask | None, after: Key | None, limit: int
    ) -> list[Key]:
        """Return where the rows of a page stand, the newest first.

        Args:
            asked: The filter.
            recipient: Who it is put before.
            hits: Of each place whether the words were found there.
            after: Where the last page ended.
            limit: How many at most.

        Returns:
            Moment and place of each.
        """
        sieve = Sieve(asked, recipient, self._cells.allowed(asked, recipient), hits)
        streams = [sheet.find(asked, sieve, after) for sheet in self._sheets]
        return list(islice(merge(*streams, reverse=True), limit))

    def tally(self, asked: Filter, recipient: Recipient, hits: Mask | None, by: str) -> dict[str, int]:
        """Count what `find` would give, by a column."""
        sieve = Sieve(asked, recipient, self._cells.allowed(asked, recipient), hits)
        counts = sum(
            (sheet.tally(sieve, len(self._cells)) for sheet in self._sheets),
            start=np.zeros(len(self._cells), dtype=np.int64),
        )
        return self._cells.by_word(by, counts)

    def _sheet(self, records: Iterable[Record]) -> Sheet:
        parts: list[tuple[Ints, NDArray[np.float64]]] = []
        stream = iter(records)
        while chunk := list(islice(stream, _LARGEST_BLOCK)):
            place, known, start, end, lon, lat, *facets = zip(*chunk, strict=True)
            cells = [self._cells.number(words) for words in zip(*facets, strict=True)]
            last = [first if end_ is None else end_ for first, end_ in zip(start, end, strict=True)]
            moments = [_moments(line) for line in (known, start, last)]
            parts.append(
                (np.array([place, *moments, cells], dtype=np.int64), np.array([lon, lat], dtype=np.float64))
            )
        if not parts:
            return Sheet(np.zeros((5, 0), dtype=np.int64), np.zeros((2, 0)))
        return Sheet(
            np.concatenate([ints for ints, _ in parts], axis=1),
            np.concatenate([floats for _, floats in parts], axis=1),
        )


def _moments(line: Sequence[int | None]) -> list[int]:
    return [NEVER if moment is None else moment for moment in line]
