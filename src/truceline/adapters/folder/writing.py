"""Writes output files so that a reader sees the old one or the new one, never half of one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from truceline.core.errors import InputError


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, each beside its place first and then moved there.

    Args:
        folder: Made where it is not there.
        files: Name inside the folder -> bytes.

    Raises:
        InputError: The folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            target = folder / name
            fresh = target.with_name(f".{target.name}.new")
            fresh.write_bytes(data)
            os.replace(fresh, target)  # noqa: PTH105 - atomic on every system
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            "output.folder", f"cannot be written to: {reason}", where=str(folder), todo="name another folder"
        ) from error
