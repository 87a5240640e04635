"""What a record needs of whoever keeps it. Any database that can write many rows at once may."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from truceline.ledger.keys import Verifier
from truceline.ledger.note import NoteSignature
from truceline.ledger.tiles import Tile

MOVED = "store.moved"
"""Code of the error that says that another process wrote in between."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is kept.

    Args:
        index: Its place in the record, from 0.
        type: A word of the vocabulary.
        id: The thing's id or slug.
        round: Which statement about this id it is.
        payload_sha256: Hex SHA-256 of the payload.
        payload_size: The payload's bytes.
        leaf: The signed note, byte for byte.
    """

    index: int
    type: str
    id: str
    round: int
    payload_sha256: str
    payload_size: int
    leaf: bytes


class LedgerStore(Protocol):
    """Keeps entries, tiles and checkpoints. Every write is on the disk when the call returns, whole or not at all."""

    def bind(self, origin: str, vkey: str) -> None:
        """Make this the store of one log, for ever.

        Args:
            origin: The log's origin line.
            vkey: The log's verifier key.

        Raises:
            ConflictError: It is another log's store.
        """

    def identity(self) -> tuple[str, str] | None:
        """Return the origin and verifier key of the log, or None while the store is new."""

    def size(self) -> int:
        """Return how many entries there are."""

    def append(self, base: int, entries: Sequence[Entry], tiles: Sequence[Tile]) -> None:
        """Write entries at the end, with the tiles that they change, in one transaction.

        Args:
            base: The size that the writer built upon.
            entries: In order, from index ``base``.
            tiles: Each replaces the shorter one of the same place.

        Raises:
            ConflictError: The size is another: somebody else wrote.
        """

    def entry(self, index: int) -> Entry:
        """Return one entry.

        Args:
            index: Its place, from 0.

        Returns:
            The entry.

        Raises:
            InputError: There is none.
        """

    def entries(self, start: int, end: int) -> Iterator[Entry]:
        """Return the entries ``[start, end)`` that there are, in order."""

    def typed(self, types: Collection[str]) -> Iterator[Entry]:
        """Return the entries of some types, in order.

        Args:
            types: Words of the vocabulary.

        Returns:
            The entries.
        """

    def rounds(self, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[int, tuple[str, int]]]:
        """Return what has been stated so far about some things.

        Args:
            names: Type and id of each.

        Returns:
            For each that has entries: round -> (hex SHA-256 of the payload, index).
        """

    def tile(self, level: int, index: int) -> bytes:
        """Return a tile's hashes as long as it is now.

        Args:
            level: 0 = leaf hashes.
            index: Within the level.

        Returns:
            32 bytes each, up to 256.

        Raises:
            InputError: There is none.
        """

    def checkpoint(self) -> bytes | None:
        """Return the last signed checkpoint, or None."""

    def checkpoint_at(self, size: int) -> bytes | None:
        """Return the checkpoint that was signed at one size, or None."""

    def put_checkpoint(self, size: int, note: bytes) -> None:
        """Keep a signed checkpoint; earlier ones stay.

        Args:
            size: Its size.
            note: Its bytes.

        Raises:
            ConflictError: Another one of that size is kept.
        """

    def cosignatures(self, size: int) -> tuple[NoteSignature, ...]:
        """Return the cosignatures of the checkpoint of one size, in the order of their names."""

    def cosigned_size(self, key: Verifier) -> int:
        """Return the size of the last checkpoint that a witness's key cosigned, 0 for none."""

    def put_cosignature(self, size: int, line: NoteSignature) -> None:
        """Keep a cosignature; a later one of the same key over the same checkpoint takes its place.

        Args:
            size: The checkpoint's size.
            line: The signature line, checked before.
        """

    def hold(self, why: str) -> None:
        """Let nothing be written any more until `release`; the first reason stays.

        Args:
            why: One sentence for people.
        """

    def held(self) -> str | None:
        """Return why nothing may be written, or None."""

    def release(self) -> None:
        """Let the record be written again."""


class BlobStore(Protocol):
    """Keeps bytes under their SHA-256: payloads or evidence. What `put` was given is on the disk when it returns."""

    def put(self, blobs: Iterable[bytes]) -> list[str]:
        """Keep some bytes.

        Args:
            blobs: Any number; bytes that are kept already cost nothing.

        Returns:
            Their hex SHA-256, in order.
        """

    def get(self, sha256: str) -> bytes | None:
        """Return the bytes of a hash, or None where they are not (any more) kept.

        Args:
            sha256: 64 hex digits.

        Returns:
            The bytes.

        Raises:
            IntegrityError: What lies there has another hash.
        """


BACKUP = "backup"
"""The recipient of a copy that leaves nothing out."""


@dataclass(frozen=True, slots=True)
class Export:
    """A copy of a record that was given out: to whom, of how many entries, with which root (hex)."""

    recipient: str
    size: int
    root: str


class ExportList(Protocol):
    """Keeps which copies of a record were given out: who asks who ever held a digest finds it there."""

    def add(self, export: Export) -> None:
        """Note a copy; the same one again changes nothing."""

    def all(self) -> list[Export]:
        """Return every copy, by size and recipient."""
