"""A store as lines of text that two people can compare: read models, then the record."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.adapters.sqlite.read_models import ReadModels
from truceline.ledger.canonical import jcs_bytes


def dump(connection: sqlite3.Connection) -> Iterator[bytes]:
    """Give a store's content as lines of canonical JSON, the same for the same content.

    Args:
        connection: The store's connection.

    Yields:
        A line a row of each read model, a line an entry of the record in order, and the last checkpoint; without
        newlines, and without any time of a clock.
    """
    yield from ReadModels(connection).lines()
    store = SqliteLedgerStore(connection)
    for entry in store.entries(0, store.size()):
        yield jcs_bytes({"model": "record", "index": entry.index, "leaf": entry.leaf.decode("utf-8")})
    checkpoint = store.checkpoint()
    if checkpoint is not None:
        yield jcs_bytes({"model": "checkpoint", "note": checkpoint.decode("utf-8")})
