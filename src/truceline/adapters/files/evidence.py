"""Bytes kept under their SHA-256 beside a store: the evidence. Source: MODEL, The record."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from truceline.adapters.files.durable import replace_file, sync_folder
from truceline.core.errors import InputError, IntegrityError

_HEX = re.compile(r"[0-9a-f]{64}\Z")


class FileBlobs:
    """Keeps bytes at ``<root>/<2 hex>/<sha256>``; what `put` was given is on the disk when it returns.

    Args:
        root: The folder; it is made when something is put there.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._safe: set[Path] = set()

    def path(self, sha256: str) -> Path:
        """Return where the bytes of a hash lie, whether they do or not.

        Args:
            sha256: 64 hex digits.

        Returns:
            The file's path.

        Raises:
            InputError: The word is no hash.
        """
        if not _HEX.match(sha256):
            raise InputError("input.sha256", f"{sha256[:80]!r} is no SHA-256 in hex")
        return self.root / sha256[:2] / sha256

    def paths(self) -> Iterator[Path]:
        """Give the file of every hash that is kept, in their order; one that is destroyed meanwhile is passed over."""
        for path in sorted(self.root.glob("??/*")):
            if _HEX.match(path.name) and path.parent.name == path.name[:2] and path.is_file():
                yield path

    def put(self, blobs: Iterable[bytes]) -> list[str]:
        """Keep some bytes.

        Args:
            blobs: Any number; whole files of the same name stay as they are.

        Returns:
            Their hex SHA-256, in order.
        """
        hashes: list[str] = []
        folders: set[Path] = set()
        for data in blobs:
            sha256 = hashlib.sha256(data).hexdigest()
            hashes.append(sha256)
            path = self.path(sha256)
            if path.parent not in folders:
                path.parent.mkdir(parents=True, exist_ok=True)
                folders.add(path.parent)
            # A file that is there may have been renamed by a run that was stopped before it synced the folder:
            # so the folder is synced in any case. Bytes that have gone bad are put right.
            if not path.is_file() or path.read_bytes() != data:
                replace_file(path, data)
        self._sync(folders)
        return hashes

    def _sync(self, folders: set[Path]) -> None:
        for folder in sorted(folders):
            sync_folder(folder)
        # A folder's own name is safe once the folder above was synced by us: once a process is enough.
        if not folders <= self._safe:
            sync_folder(self.root)
            sync_folder(self.root.parent)
            self._safe |= folders

    def get(self, sha256: str) -> bytes | None:
        """Return the bytes of a hash, or None where they are not kept.

        Args:
            sha256: 64 hex digits.

        Returns:
            The bytes.

        Raises:
            IntegrityError: What lies there has another hash.
        """
        path = self.path(sha256)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise IntegrityError(
                "blob.changed",
                "the bytes are not those of this hash",
                where=str(path),
                todo="heal from a mirror",
            )
        return data

    def destroy(self, sha256: str) -> bool:
        """Remove the bytes of a hash; the record's entry stays and still verifies.

        Args:
            sha256: 64 hex digits.

        Returns:
            Whether there was anything to remove.
        """
        path = self.path(sha256)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        sync_folder(path.parent)
        return True
