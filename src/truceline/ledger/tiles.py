"""Tiles: the tree's hashes and entries cut into files of 256. Source: C2SP tlog-tiles."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from truceline.core.errors import InputError
from truceline.ledger.tree import HASH_SIZE, NodeReader, fold, range_hash, root_of

HEIGHT = 8
WIDTH = 1 << HEIGHT
MAX_ENTRY_BYTES = 65_535

_TILE_PATH = re.compile(r"tile/(\d{1,2})/((?:x\d{3}/)*\d{3})(?:\.p/(\d{1,3}))?")

TileReader = Callable[[int, int], bytes]
"""Gives the hashes of a tile by level and index: at least as many as the tree has there."""


@dataclass(frozen=True, slots=True)
class TileShape:
    """A tile's place: level (0 = leaf hashes), index within the level, and how many hashes it holds (1 to 256)."""

    level: int
    index: int
    width: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile's place and its hashes, 32 bytes each."""

    level: int
    index: int
    hashes: bytes


def _numbered(index: int, width: int) -> str:
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.append(f"x{index % 1000:03d}")
    return "/".join(reversed(groups)) + ("" if width == WIDTH else f".p/{width}")


def tile_path(shape: TileShape) -> str:
    """Return where a tile lies: ``tile/<L>/<N>[.p/<W>]``."""
    return f"tile/{shape.level}/{_numbered(shape.index, shape.width)}"


def parse_tile_path(path: str) -> TileShape | None:
    """Read the path of a hash tile.

    Args:
        path: As `tile_path` writes it.

    Returns:
        The tile's place, or None where the path is another file's.
    """
    found = _TILE_PATH.fullmatch(path)
    if found is None:
        return None
    level, number, width = found.groups()
    index = int("".join(part.removeprefix("x") for part in number.split("/")))
    shape = TileShape(int(level), index, int(width or WIDTH))
    return shape if shape.width and tile_path(shape) == path else None


def entries_path(index: int, width: int) -> str:
    """Return where an entry bundle lies: ``tile/entries/<N>[.p/<W>]``."""
    return f"tile/entries/{_numbered(index, width)}"


def row_shapes(size: int, level: int = 0) -> Iterator[TileShape]:
    """List the tiles of one level of a tree; those of level 0 are also the shapes of its entry bundles.

    Args:
        size: The tree's leaves.
        level: The tiles' level.

    Yields:
        Shapes, left to right; the last may be partial.
    """
    n_hashes = size >> (HEIGHT * level)
    for index in range(n_hashes // WIDTH):
        yield TileShape(level, index, WIDTH)
    if n_hashes % WIDTH:
        yield TileShape(level, n_hashes // WIDTH, n_hashes % WIDTH)


def tile_shapes(size: int) -> Iterator[TileShape]:
    """List every hash tile of a tree, level by level, left to right.

    Args:
        size: The tree's leaves.

    Yields:
        Shapes; none for the empty tree.
    """
    level = 0
    while size >> (HEIGHT * level):
        yield from row_shapes(size, level)
        level += 1


def split_hashes(data: bytes) -> list[bytes]:
    """Cut a tile's bytes into hashes; a remainder shorter than a hash is left off."""
    return [data[at : at + HASH_SIZE] for at in range(0, len(data) - HASH_SIZE + 1, HASH_SIZE)]


def encode_entries(entries: Iterable[bytes]) -> bytes:
    """Write an entry bundle: each entry behind its length as two bytes, big end first.

    Args:
        entries: At most 256, each of at most 65,535 bytes.

    Returns:
        The bundle's bytes.

    Raises:
        InputError: An entry is too long.
    """
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise InputError("entry.size", f"an entry of {len(entry)} bytes is longer than {MAX_ENTRY_BYTES}")
        parts += (struct.pack(">H", len(entry)), entry)
    return b"".join(parts)


def decode_entries(data: bytes) -> tuple[list[bytes], bool]:
    """Read an entry bundle as far as it goes.

    Args:
        data: The bundle's bytes.

    Returns:
        The entries that are whole, and whether they are all that the bytes hold.
    """
    entries: list[bytes] = []
    at = 0
    while at + 2 <= len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        if at + 2 + length > len(data):
            return entries, False
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return entries, at == len(data)


def node_reader(read: TileReader) -> NodeReader:
    """Read the hashes of complete subtrees out of tiles, so that proofs can be made from them.

    Args:
        read: Gives a tile's hashes.

    Returns:
        A reader as `tree` wants it.
    """

    def node(level: int, index: int) -> bytes:
        tile_level, inner = divmod(level, HEIGHT)
        first = index << inner
        hashes = split_hashes(read(tile_level, first // WIDTH))
        start = first % WIDTH
        return root_of(hashes[start : start + (1 << inner)])

    return node


def root_from_tiles(read: TileReader, size: int) -> bytes:
    """Return the root of the first ``size`` leaves of a tree that is kept as tiles."""
    return range_hash(node_reader(read), 0, size)


class TileTree:
    """The right edge of a tree that is kept as tiles: what appending needs to know, and nothing else.

    Args:
        size: Leaves so far.
        edge: For each level, the hashes of its last, partial tile (none where the level ends on a whole tile).
    """

    def __init__(self, size: int = 0, edge: Sequence[Sequence[bytes]] = ()) -> None:
        self.size = size
        self._edge = [list(row) for row in edge]

    @classmethod
    def load(cls, read: TileReader, size: int) -> TileTree:
        """Take up a tree where its tiles end.

        Args:
            read: Gives a tile's hashes.
            size: The tree's leaves.

        Returns:
            The tree's right edge.
        """
        edge: list[list[bytes]] = []
        while size >> (HEIGHT * len(edge)):
            index, width = divmod(size >> (HEIGHT * len(edge)), WIDTH)
            edge.append(split_hashes(read(len(edge), index))[:width] if width else [])
        return cls(size, edge)

    def root(self) -> bytes:
        """Return the tree's root."""
        peaks: list[bytes] = []
        for row in reversed(self._edge):
            start = 0
            for bit in reversed(range(HEIGHT)):
                if len(row) >> bit & 1:
                    peaks.append(root_of(row[start : start + (1 << bit)]))
                    start += 1 << bit
        return fold(peaks)

    def grow(self, hashes: Iterable[bytes]) -> tuple[TileTree, list[Tile]]:
        """Return the tree with more leaves; this one stays as it is, so that a failed write leaves nothing behind.

        Args:
            hashes: Leaf hashes, in order.

        Returns:
            The longer tree, and every tile that is new or longer than before, by level and index.
        """
        grown = TileTree(self.size, self._edge)
        changed: dict[tuple[int, int], bytes] = {}
        for hashed in hashes:
            grown._push(hashed, changed)
        for level, row in enumerate(grown._edge):
            if row:
                changed[level, grown.size >> (HEIGHT * (level + 1))] = b"".join(row)
        tiles = (Tile(level, index, data) for (level, index), data in sorted(changed.items()))
        return grown, [tile for tile in tiles if not self._has(tile)]

    def _push(self, hashed: bytes, full: dict[tuple[int, int], bytes]) -> None:
        self.size += 1
        level = 0
        while True:
            if level == len(self._edge):
                self._edge.append([])
            row = self._edge[level]
            row.append(hashed)
            if len(row) < WIDTH:
                return
            full[level, (self.size >> (HEIGHT * (level + 1))) - 1] = b"".join(row)
            hashed = root_of(row)
            row.clear()
            level += 1

    def _has(self, tile: Tile) -> bool:
        """Say whether a tile was already as long as this before growing."""
        n_hashes = self.size >> (HEIGHT * tile.level)
        return n_hashes >= tile.index * WIDTH + len(tile.hashes) // HASH_SIZE
