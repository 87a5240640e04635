"""A store whose pages were torn is refused as what it is, never by a stumble of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from truceline.core.errors import IntegrityError
from truceline.ledger.store import Entry
from truceline.testing.ledger_store import MemoryBlobs, MemoryLedgerStore, make_statements, open_log


class Torn(MemoryLedgerStore):
    """Gives nothing for the bytes of an entry, as a page does that a power cut tore."""

    is_torn = False

    def entries(self, start: int, end: int) -> Iterator[Entry]:
        """Give the entries."""
        nothing: Any = None
        for entry in super().entries(start, end):
            yield replace(entry, leaf=nothing) if self.is_torn and entry.index == 2 else entry


def test_an_entry_without_its_bytes_is_named() -> None:
    store, payloads = Torn(), MemoryBlobs()
    open_log(store, payloads).append(make_statements(0, 5))
    store.is_torn = True
    with pytest.raises(IntegrityError, match="entry 2 is not what its hash says"):
        open_log(store, payloads)
