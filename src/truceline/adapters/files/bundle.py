"""The record as a folder: written whole, read back without trust. Formats: C2SP tlog-tiles, tlog-policy."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from truceline.adapters.files.durable import sync_folder, write_synced
from truceline.core.errors import InputError
from truceline.core.release import JOINT
from truceline.ledger.export import CHECKPOINT, GUIDE, POLICY, bundle_files
from truceline.ledger.policy import Policy
from truceline.ledger.reading import Chunk, EntryReading
from truceline.ledger.store import BlobStore, LedgerStore
from truceline.ledger.tiles import WIDTH, parse_tile_path
from truceline.ledger.tree import HASH_SIZE
from truceline.ledger.verify import VerificationReport, verify

_CLOCK_S = 300
"""How far another machine's clock may go ahead of ours, in seconds."""
_MANY = 4
"""From so many chunks on it pays to start further processes."""

_PARTS = frozenset({CHECKPOINT, POLICY, GUIDE, "tile", "payloads"})


class DirectoryReader:
    """Reads a bundle's files and follows no links.

    Args:
        root: The bundle's folder.

    Raises:
        InputError: It is no folder.
    """

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise InputError("record.missing", "this is no folder with a record", where=str(root))
        self.root = root

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a plain file's bytes, at most one more than ``limit``; None where there is no such file."""
        try:
            handle = os.open(self.root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            return None
        with os.fdopen(handle, "rb") as file:
            return file.read(limit + 1)

    def paths(self) -> Iterator[str]:
        """Give the path of everything that is no plain folder, links included."""
        for folder, inner, files in os.walk(self.root):
            here = Path(folder)
            links = [name for name in inner if (here / name).is_symlink()]
            for name in [*files, *links]:
                yield (here / name).relative_to(self.root).as_posix()


def _refuse_foreign(directory: Path) -> None:
    """Stop before a folder that holds something else is replaced."""
    if directory.is_symlink() or (directory.exists() and not directory.is_dir()):
        raise InputError("record.target", "this is no folder to write a record to", where=str(directory))
    found = {path.name for path in directory.iterdir()} if directory.exists() else set()
    if found and (CHECKPOINT not in found or found - _PARTS):
        raise InputError(
            "record.target",
            "the folder holds something else than a record",
            where=str(directory),
            todo="name an empty folder or a new one",
        )


def write_bundle(
    directory: Path,
    store: LedgerStore,
    payloads: BlobStore,
    *,
    recipient: str = JOINT,
    guide: Callable[[DirectoryReader], bytes] | None = None,
) -> int:
    """Write a record as a folder; what stood there before stays until the new one is whole and on the disk.

    Args:
        directory: A new or empty folder, or one with an older bundle, which is replaced as a whole: so nothing that
            an earlier, wider recipient was given stays behind.
        store: Where entries, tiles and checkpoints lie.
        payloads: Where payloads lie.
        recipient: ``joint``, ``public``, ``party:<slug>`` or a delegation; see `ledger.export.may_receive`.
        guide: Makes the page for people out of the other files; None writes none.

    Returns:
        How many files were written.

    Raises:
        InputError: The folder holds something else, nothing has been recorded, or the recipient is nobody.
        IntegrityError: A payload's bytes are not what its entry says.
    """
    directory = directory.absolute()
    _refuse_foreign(directory)
    parent = directory.parent
    parent.mkdir(parents=True, exist_ok=True)
    fresh, old = parent / f".{directory.name}.new", parent / f".{directory.name}.old"
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir()
    n_files, folders = 0, {fresh}
    for path, data in bundle_files(store, payloads, recipient=recipient):
        target = fresh / path
        target.parent.mkdir(parents=True, exist_ok=True)
        write_synced(target, data)
        folders.update(parent for parent in target.parents if parent.is_relative_to(fresh))
        n_files += 1
    if guide is not None:
        write_synced(fresh / GUIDE, guide(DirectoryReader(fresh)))
        n_files += 1
    for folder in sorted(folders, reverse=True):
        sync_folder(folder)
    if directory.exists():
        directory.rename(old)
    fresh.rename(directory)
    sync_folder(parent)
    shutil.rmtree(old, ignore_errors=True)
    return n_files


def bundle_store(directory: Path) -> Callable[[int, int], bytes]:
    """Return a reader of a bundle's hash tiles, as `ledger.tiles.node_reader` wants one; nothing is checked.

    Args:
        directory: The bundle's folder.

    Returns:
        Level and index -> hashes, as many as there are.

    Raises:
        InputError: There is no such folder.
    """
    reader = DirectoryReader(directory)
    shapes: dict[tuple[int, int], str] = {}
    for path in sorted(reader.paths()):
        shape = parse_tile_path(path)
        if shape is not None and (shape.level, shape.index) not in shapes:
            shapes[shape.level, shape.index] = path

    def read(level: int, index: int) -> bytes:
        path = shapes.get((level, index))
        data = None if path is None else reader.read(path, WIDTH * HASH_SIZE)
        if data is None:
            raise InputError("record.tile", f"the bundle has no tile {level}/{index}", where=str(directory))
        return data

    return read


def verify_bundle(
    directory: Path, *, against: Sequence[bytes] = (), trusted: Policy | None = None
) -> VerificationReport:
    """Check an exported record: no network, no database.

    Args:
        directory: The bundle's folder.
        against: Older signed checkpoints that the record must continue.
        trusted: The reader's own policy; without it the bundle's own is taken.

    Returns:
        What was found; a cosignature of the future does not hold.

    Raises:
        InputError: There is no such folder.
    """
    reader, now_s = DirectoryReader(directory), int(time.time())
    return verify(reader, against=against, trusted=trusted, latest_s=now_s + _CLOCK_S, many=_share_out)


def _share_out(
    function: Callable[[Chunk], list[EntryReading]], chunks: Iterable[Chunk]
) -> Iterator[list[EntryReading]]:
    """Do a function for many chunks, on all processors where there is enough to do."""
    work = list(chunks)
    if len(work) < _MANY or (os.cpu_count() or 1) < 2:
        yield from map(function, work)
        return
    with ProcessPoolExecutor() as pool:
        yield from pool.map(function, work)
