"""Reading entries a chunk at a time: signatures, payloads, form. Chunks know nothing of each other, so they can be shared out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from truceline.core.errors import IntegrityError, TrucelineError
from truceline.ledger.authors import KEYED
from truceline.ledger.entry import Leaf, open_leaf, parse_payload, sha256_hex
from truceline.ledger.keys import Verifier, parse_vkey
from truceline.ledger.note import Note, verified_by
from truceline.ledger.tiles import MAX_ENTRY_BYTES, WIDTH, decode_entries, entries_path, row_shapes

CHUNK = 2048
"""Entries that are read in one go."""

MAX_BUNDLE = WIDTH * (MAX_ENTRY_BYTES + 2)
"""The longest file of entries, in bytes."""
OTHER_PAYLOAD = "the payload is not the one that the entry names"


class BundleReader(Protocol):
    """Gives the files of a bundle."""

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file's bytes.

        Args:
            path: Inside the bundle, with ``/``.
            limit: How long the file may be; of a longer one at least one byte more is returned.

        Returns:
            The bytes, or None where there is no such plain file.
        """

    def paths(self) -> Iterable[str]:
        """Return the path of everything in the bundle that is no folder."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Entries to read: the bundle, the record's origin, the first one's place, their bytes, and the keys to try."""

    reader: BundleReader
    origin: str
    start: int
    entries: list[bytes]
    vkeys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryReading:
    """What one entry turned out to be.

    Args:
        leaf: Its text, or None where it is no statement.
        signed: Places of the keys whose signatures hold, in the note's order; None where one does not.
        payload: Its payload; of types that bring no keys only the owner.
        is_right: Whether the payload is there and is the right one.
        problems: What does not hold.
    """

    leaf: Leaf | None
    signed: tuple[int, ...] | None
    payload: dict[str, Any] | None
    is_right: bool
    problems: tuple[str, ...]


Many = Callable[[Callable[[Chunk], list[EntryReading]], Iterable[Chunk]], Iterable[list[EntryReading]]]
"""Does a function for many chunks, in their order."""


def payload_path(sha256: str) -> str:
    """Return where a payload lies: ``payloads/<2 hex>/<sha256>``."""
    return f"payloads/{sha256[:2]}/{sha256}"


def read_chunk(chunk: Chunk) -> list[EntryReading]:
    """Read the entries of a chunk.

    Args:
        chunk: The entries.

    Returns:
        One reading an entry, in order.
    """
    keys = {parse_vkey(vkey): at for at, vkey in enumerate(chunk.vkeys)}
    return [_read(entry, chunk, keys) for entry in chunk.entries]


def _read(entry: bytes, chunk: Chunk, keys: dict[Verifier, int]) -> EntryReading:
    try:
        leaf, note = open_leaf(entry)
    except TrucelineError as error:
        return EntryReading(None, None, None, is_right=False, problems=(error.what,))
    problems: list[str] = []
    signed = _signers(note, keys, problems)
    payload = _payload(leaf, chunk, problems)
    is_right = payload is not None
    if payload is not None and leaf.type not in KEYED:
        payload = {"owner": payload["owner"]}
    return EntryReading(leaf, signed, payload, is_right, tuple(problems))


def _signers(note: Note, keys: dict[Verifier, int], problems: list[str]) -> tuple[int, ...] | None:
    try:
        return tuple(keys[key] for key in verified_by(note, tuple(keys)))
    except TrucelineError as error:
        problems.append(error.what)
        return None


def _payload(leaf: Leaf, chunk: Chunk, problems: list[str]) -> dict[str, Any] | None:
    """Return an entry's payload, or None where it is not in the bundle or not right."""
    data = chunk.reader.read(payload_path(leaf.payload_sha256), leaf.payload_size)
    if data is None:
        return None
    if len(data) != leaf.payload_size or sha256_hex(data) != leaf.payload_sha256:
        problems.append(OTHER_PAYLOAD)
        return None
    try:
        payload = parse_payload(data)
    except TrucelineError as error:
        problems.append(f"payload: {error.what}")
        return None
    origin = f"truceline/{payload['mission']}/{payload['realm']}"
    if (payload["schema"], payload["id"], origin) != (f"{leaf.type}/1", leaf.id, chunk.origin):
        problems.append("the payload is about something else than its entry")
        return None
    return payload


def entries_of(reader: BundleReader, size: int) -> Iterator[bytes]:
    """Give the entries of a bundle that was verified before, in order.

    Args:
        reader: The bundle's files.
        size: How many entries its checkpoint covers.

    Yields:
        Each entry's bytes.

    Raises:
        IntegrityError: Some are missing.
    """
    for shape in row_shapes(size):
        path = entries_path(shape.index, shape.width)
        data = reader.read(path, MAX_BUNDLE)
        entries, is_whole = decode_entries(data or b"")
        if len(entries) != shape.width or not is_whole:
            raise IntegrityError(
                "record.entries", "entries are missing", where=path, todo="verify the bundle"
            )
        yield from entries
