"""Write files so that they are whole or not there, and still there after the power went."""

from __future__ import annotations

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_synced(path: Path, data: bytes) -> None:
    """Write a file and bring its bytes to the disk; its name is not yet safe until its folder is synced.

    Args:
        path: The file; an older one is replaced in place.
        data: Its bytes.
    """
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, data: bytes) -> None:
    """Put a file in place in one step: readers see the old one or the new one. Sync its folder afterwards.

    Args:
        path: The file.
        data: Its bytes.
    """
    # The process number keeps two writers of the same bytes from emptying each other's half-made file.
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    write_synced(temporary, data)
    temporary.replace(path)
