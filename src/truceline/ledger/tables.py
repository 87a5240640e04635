"""The record as tables: what a backup carries from one store to another, whatever keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias

Cell: TypeAlias = str | int | bytes
Line: TypeAlias = tuple[Cell, ...]
TableReader: TypeAlias = Callable[[str], Iterator[Line]]
"""Gives the rows of a table by its name."""

TABLES: Mapping[str, tuple[str, ...]] = {
    "log_identity": ("only", "origin", "vkey"),
    "log_entries": ("idx", "type", "id", "round", "payload_sha256", "payload_size", "leaf"),
    "log_tiles": ("level", "idx", "hashes"),
    "log_checkpoints": ("size", "note"),
    "log_cosignatures": ("size", "name", "key_id", "signature"),
    "log_hold": ("only", "why"),
    "log_payloads": ("sha256", "bytes"),
    "log_exports": ("recipient", "size", "root"),
    "witness_heads": ("witness", "origin", "size", "root", "note"),
}
"""Every table that no rebuild makes, with its columns in order."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "log_identity": ("only",),
    "log_checkpoints": ("size",),
    "log_cosignatures": ("size", "name", "key_id"),
    "log_hold": ("only",),
    "log_payloads": ("sha256",),
    "log_exports": ("recipient", "size", "root"),
    "witness_heads": ("witness", "origin"),
}
"""The tables that are added to, with what tells their rows apart; entries and tiles are put in place of the old ones."""


class RecordTables(Protocol):
    """Reads and writes the record's tables as a whole."""

    def snapshot(self) -> AbstractContextManager[TableReader]:
        """See all tables as they are at one moment, while others go on writing.

        Returns:
            While it is entered: what gives the rows of a table, one table after the other.

        Raises:
            IntegrityError: The database is damaged.
            UnavailableError: The database does not answer.
        """

    def replace(self, read: TableReader) -> None:
        """Put a record in the place of the one that is here, in one transaction.

        Entries and tiles are replaced. Everything else is added to: a hold stays, a copy that was given out stays
        known, and no witness forgets a longer record for a shorter one.

        Args:
            read: Gives the rows of each table.

        Raises:
            UnavailableError: The database does not answer.
        """
