"""Where the rows of a list stand: by columns in memory that follow a store, and by the store's own index of words.

Every store that keeps the rows of the read models on a disk says by `Kept` what changed in it; how rows are found is the
same for all of them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from truceline.core.cursors import Key, read_cursor
from truceline.core.errors import InputError
from truceline.core.filters import Filter
from truceline.core.release import check_recipient
from truceline.core.rows import SEARCHED, Recipient, check_model

if TYPE_CHECKING:
    from truceline.core.columns import Columns, Mask, Record

KEPT_CHANGES = 20_000
"""Changed rows that a model remembers; whoever has missed more reads its columns anew."""

COUNTED = ("kind", "state", "zone")
"""The columns that may be counted by."""

_KEPT_WORDS = 16


class Kept(Protocol):
    """What a store says of the rows that it keeps; all of it at the one moment that is looked at."""

    def head(self, model: str) -> tuple[int, int]:
        """Return the model's epoch, which every replacement of all its rows begins, and the number of its last change."""

    def changed(self, model: str, after: int) -> list[int]:
        """Return the places of the rows that were changed, added or dropped after a change of the same epoch."""

    def records(self, model: str, places: Sequence[int] | None) -> Iterable[Record]:
        """Give the columns of the rows at some places, of all where None; a place without a row gives none."""

    def hits(self, model: str, words: str) -> str | None:
        """Return the places of the rows that hold all words, each by its beginning, with commas; None for none."""


@dataclass
class _Held:
    """The columns of a model as they were at a change of an epoch."""

    epoch: int
    changed: int
    columns: Columns


class Finder:
    """Finds rows of a store.

    Args:
        kept: The store.
    """

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._held: dict[str, _Held] = {}
        self._words: OrderedDict[tuple[object, ...], Mask] = OrderedDict()

    def find(
        self, model: str, asked: Filter, recipient: Recipient, after: str | None, limit: int
    ) -> list[Key]:
        """Return where the rows of a page stand.

        Args:
            model: Model name.
            asked: The filter.
            recipient: Who it is put before.
            after: Where the page begins; None begins.
            limit: How many at most.

        Returns:
            The rows' places in the list, in order.

        Raises:
            InputError: There is no such model or recipient, it is not searched, or ``after`` is no place.
        """
        begins = None if after is None else read_cursor(after)
        held, hits = self._ask(model, asked, recipient)
        return held.columns.find(asked, recipient, hits, begins, limit)

    def tally(self, model: str, asked: Filter, recipient: Recipient, by: str) -> dict[str, int]:
        """Count what `find` would give, by a column.

        Args:
            model: Model name.
            asked: The filter.
            recipient: Who it is put before.
            by: One of `COUNTED`.

        Returns:
            Word -> how many, the most frequent first.

        Raises:
            InputError: There is no such model, recipient or column, or it is not searched.
        """
        if by not in COUNTED:
            raise InputError("filter.by", f"nothing is counted by '{by}'", todo=f"use {', '.join(COUNTED)}")
        held, hits = self._ask(model, asked, recipient)
        return held.columns.tally(asked, recipient, hits, by)

    def _ask(self, model: str, asked: Filter, recipient: Recipient) -> tuple[_Held, Mask | None]:
        check_recipient(recipient.word)
        held = self._current(check_model(model))
        if not asked.words:
            return held, None
        if model not in SEARCHED:
            raise InputError("filter.words", f"'{model}' cannot be searched by words", where="q")
        return held, self._hits(model, held, asked.words)

    def _current(self, model: str) -> _Held:
        """Return the columns as they are now."""
        epoch, changed = self._kept.head(model)
        held = self._held.get(model)
        if held is None or held.epoch != epoch or changed - held.changed > KEPT_CHANGES:
            # arrays are loaded with the first list that is asked for: most verbs ask for none
            from truceline.core.columns import Columns  # noqa: PLC0415

            held = self._held[model] = _Held(epoch, changed, Columns(self._kept.records(model, None)))
        elif held.changed != changed:
            places = self._kept.changed(model, held.changed)
            held.columns.change(places, list(self._kept.records(model, sorted(set(places)))))
            held.changed = changed
        return held

    def _hits(self, model: str, held: _Held, words: str) -> Mask:
        """Say of each place whether the words stand there; kept for the pages and tallies that follow."""
        import numpy as np  # noqa: PLC0415 - see above

        key = (model, held.epoch, held.changed, words)
        hits = self._words.get(key)
        if hits is None:
            # one text of all places is read many times quicker than a row for each
            places = self._kept.hits(model, words)
            hits = np.zeros(held.columns.last_place + 1, dtype=np.bool_)
            if places is not None:
                hits[np.fromstring(places, dtype=np.int64, sep=",")] = True
            self._words[key] = hits
            while len(self._words) > _KEPT_WORDS:
                self._words.popitem(last=False)
        self._words.move_to_end(key)
        return hits
