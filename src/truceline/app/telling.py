"""What changed, for consoles: of each entry its type, id and place, past the release gate, and nothing of what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from truceline.app.wiring import Store
from truceline.core.release import may_receive
from truceline.core.rows import Recipient
from truceline.core.times import parse_instant
from truceline.ledger.log import RecordItem, read_log

MOST_AT_ONCE = 5_000
"""Whoever was away for longer than so many entries looks at everything anew."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An entry as consoles are told of it."""

    index: int
    type: str
    id: str


def changed(items: Iterable[RecordItem], recipient: Recipient) -> Iterator[Changed]:
    """Give the entries that may be put before a recipient.

    Args:
        items: Entries.
        recipient: Who is told.

    Yields:
        Type, id and place of each; an entry whose payload is gone is passed over.
    """
    for item in items:
        payload = item.payload
        if payload is None:
            continue
        # what the log writes for a delegation is that delegation's too
        whose = payload["body"].get("of")
        owners = {payload["owner"], whose if isinstance(whose, str) else payload["owner"]}
        if recipient.known_by is not None and (
            payload["known_at"] is None or parse_instant(payload["known_at"]) > recipient.known_by
        ):
            continue
        if any(
            may_receive(
                recipient.word, owner=owner, release=payload["release"], realm=payload["realm"],
                of_realm=recipient.realm,
            )
            for owner in owners
        ):  # fmt: skip
            yield Changed(item.index, item.type, item.id)


def since(store: Store, index: int, recipient: Recipient) -> tuple[list[Changed], bool]:
    """Return what changed since an entry.

    Args:
        store: An open store.
        index: The last entry that was told.
        recipient: Who is told.

    Returns:
        What changed, and whether that is all of it; where it is not, everything must be looked at anew.
    """
    size = store.models.upto()
    if index >= size or index + 1 + MOST_AT_ONCE < size:
        return [], index < size
    items = (item for item in read_log(store.ledger, store.payloads, index + 1) if item.index < size)
    return list(changed(items, recipient)), True
