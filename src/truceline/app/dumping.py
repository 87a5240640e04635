"""A store as lines of text that two people can compare: read models, then the record."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.core.rows import ReadModels
from truceline.ledger.canonical import jcs_bytes
from truceline.ledger.store import LedgerStore


def dump(models: ReadModels, ledger: LedgerStore) -> Iterator[bytes]:
    """Give a store's content as lines of canonical JSON, the same for the same content, whatever keeps it.

    Args:
        models: Its read models.
        ledger: Its record.

    Yields:
        A line a row of each read model, a line an entry of the record in order, and the last checkpoint; without
        newlines, and without any time of a clock.
    """
    yield from models.lines()
    for entry in ledger.entries(0, ledger.size()):
        yield jcs_bytes({"model": "record", "index": entry.index, "leaf": entry.leaf.decode("utf-8")})
    checkpoint = ledger.checkpoint()
    if checkpoint is not None:
        yield jcs_bytes({"model": "checkpoint", "note": checkpoint.decode("utf-8")})
