"""A record's entries with who signed each, in order: what conclusions from the record rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from truceline.ledger.authors import AuthorKey, Authors
from truceline.ledger.entry import Leaf, open_leaf, parse_payload
from truceline.ledger.keys import Verifier


@dataclass(frozen=True, slots=True)
class Stated:
    """An entry as it counts.

    Args:
        index: Its place.
        leaf: Its text.
        payload: What it states, or None where the reader does not have it.
        by: Authors that signed it, the log's own key aside.
    """

    index: int
    leaf: Leaf
    payload: dict[str, Any] | None
    by: tuple[AuthorKey, ...]


def stated(
    entries: Iterable[tuple[int, bytes]],
    payload_of: Callable[[Leaf], bytes | None],
    log: Sequence[Verifier],
    authors: Authors,
) -> Iterator[Stated]:
    """Read entries with their signers.

    Args:
        entries: Place and bytes of each, in order; those that bring or end keys must be among them.
        payload_of: Gives a leaf's payload, or None.
        log: The log's keys.
        authors: New; holds in the end whose keys count.

    Yields:
        Each entry.

    Raises:
        InputError: An entry or payload of another form.
        IntegrityError: A signature does not hold, or it was not for its signer to say.
    """
    for index, entry in entries:
        leaf, note = open_leaf(entry)
        data = payload_of(leaf)
        payload = None if data is None else parse_payload(data)
        yield Stated(index, leaf, payload, authors.take(index, leaf.type, note, payload, log))
