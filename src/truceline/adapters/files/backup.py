"""A backup as one file or one folder: what lies in it, each file's hash beside, whole or not there.

Form: ``record.db``, ``access.db`` where there are accounts, ``evidence/<2 hex>/<sha256>``, ``manifest.json``.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

import msgspec

from truceline.adapters.files.durable import sync_folder
from truceline.core.errors import InputError, IntegrityError, UnavailableError

MANIFEST = "manifest.json"
RECORD = "record.db"
ACCOUNTS = "access.db"
EVIDENCE = "evidence/"
_NAMES = re.compile(r"record\.db|access\.db|evidence/([0-9a-f]{2})/\1[0-9a-f]{62}", re.ASCII)
_MOST_MANIFEST = 1 << 28
_PIECE = 1 << 20
_OWNER_ALONE = 0o600
_UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a backup: its path in it, its size in bytes and its SHA-256 in hex."""

    path: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup says of itself: whose record it holds, how many entries, their root in hex, when it was made, its files."""

    form: Literal["truceline-backup-1"]
    origin: str
    entries: int
    root: str
    made_at: str
    files: tuple[Listed, ...]


class BackupWriter:
    """Puts files into a backup that is being made.

    Args:
        scratch: A folder for what is made only to be put in; it goes with the writer.
        put: Opens a file of the backup for writing.
    """

    def __init__(self, scratch: Path, put: _Target) -> None:
        self.scratch = scratch
        self._put = put
        self._files: list[Listed] = []

    def add(self, path: str, source: Path) -> str:
        """Put a file in.

        Args:
            path: Its path in the backup.
            source: Where its bytes are.

        Returns:
            Their SHA-256, in hex.
        """
        size, digest = 0, hashlib.sha256()
        with source.open("rb") as file, self._put.open(path) as target:
            while piece := file.read(_PIECE):
                size += len(piece)
                digest.update(piece)
                target.write(piece)
        self._files.append(Listed(path, size, digest.hexdigest()))
        return digest.hexdigest()

    def finish(self, origin: str, entries: int, root: str, made_at: str) -> Manifest:
        """Write the manifest, the last file of a backup; without it there is none."""
        files = tuple(sorted(self._files, key=lambda one: one.path))
        manifest = Manifest("truceline-backup-1", origin, entries, root, made_at, files)
        with self._put.open(MANIFEST) as file:
            file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
        return manifest


class _Target:
    """Where the files of a backup go: a zip file, or a folder."""

    def __init__(self, zipped: zipfile.ZipFile | None, folder: Path) -> None:
        self._zip = zipped
        self._folder = folder

    @contextmanager
    def open(self, path: str) -> Iterator[IO[bytes]]:
        if self._zip is not None:
            # no clock: two backups of one record with the same files are the same but for the manifest
            info = zipfile.ZipInfo(path)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = _OWNER_ALONE << 16
            with self._zip.open(info, "w", force_zip64=True) as file:
                yield file
            return
        place = self._folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with _private(place) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ALONE), "wb")


@contextmanager
def write_backup(target: Path) -> Iterator[BackupWriter]:
    """Make a backup: beside its place first, and in its place once it is whole; only its owner reads it.

    Args:
        target: ``FILE.zip``, or a folder that is not there yet.

    Yields:
        What files are put in with; whatever is raised inside leaves no backup.

    Raises:
        InputError: Something is there already.
        UnavailableError: It can not be written.
    """
    if target.exists() or target.is_symlink():
        raise InputError(
            "backup.there",
            "something is there already",
            where=str(target),
            todo="name another file or folder",
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            made = scratch / "made"
            if target.suffix == ".zip":
                with _private(made) as file:
                    with zipfile.ZipFile(file, "w", compresslevel=3) as zipped:
                        yield BackupWriter(scratch, _Target(zipped, scratch))
                    file.flush()
                    os.fsync(file.fileno())
            else:
                made.mkdir(mode=0o700)
                yield BackupWriter(scratch, _Target(None, made))
                for folder, _, _ in os.walk(made):
                    sync_folder(Path(folder))
            made.rename(target)
            sync_folder(target.parent)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnavailableError(
            "backup.write",
            f"the backup can not be written: {reason}",
            where=str(target),
            todo="make room, or name another place",
        ) from error


class BackupReader:
    """Reads a backup that may come from anywhere; nothing of it is written anywhere by its own name.

    Args:
        source: The file or folder.
        zipped: The open file; None for a folder.
        scratch: A folder for what is taken out to be looked at; it goes with the reader.
    """

    def __init__(self, source: Path, zipped: zipfile.ZipFile | None, scratch: Path) -> None:
        self._source = source
        self._zip = zipped
        self.scratch = scratch
        self.manifest = self._read_manifest()
        self._listed = {one.path: one for one in self.manifest.files}

    def check(self) -> None:
        """Hold the backup to its manifest: these files, each with its hash, and no other.

        Raises:
            IntegrityError: One is missing, changed or too many.
        """
        there = self._paths()
        if sorted(there) != sorted([*self._listed, MANIFEST]) or len(self._listed) != len(
            self.manifest.files
        ):
            odd = sorted(set(there) ^ {*self._listed, MANIFEST})
            raise self._broken(
                f"its files are not those of its manifest: {', '.join(odd[:3]) or 'one is there twice'}"
            )
        for path in self._listed:
            if not _NAMES.fullmatch(path):
                raise self._broken(f"no backup holds a file {path[:80]!r}")
            for _ in self._pieces(path):
                pass

    def has(self, path: str) -> bool:
        """Say whether the manifest lists a file."""
        return path in self._listed

    def take(self, path: str, target: Path) -> None:
        """Take a file out, once its hash is right, for its owner's eyes alone.

        Args:
            path: Its path in the backup.
            target: Where to; a new file.

        Raises:
            IntegrityError: It is not what the manifest lists.
        """
        temporary = self.scratch / "taken"
        with _private(temporary) as file:
            for piece in self._pieces(path):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        shutil.move(temporary, target)

    def evidence(self) -> Iterator[bytes]:
        """Give the bytes of every piece of evidence, one at a time."""
        for path in self._listed:
            if path.startswith(EVIDENCE):
                yield b"".join(self._pieces(path))

    def _pieces(self, path: str) -> Iterator[bytes]:
        """Give a file in pieces; what is not as listed is told at the end, so use nothing before."""
        listed, size, digest = self._listed[path], 0, hashlib.sha256()
        try:
            with self._open(path) as file:
                while piece := file.read(_PIECE):
                    size += len(piece)
                    if size > listed.size:
                        break
                    digest.update(piece)
                    yield piece
        except _UNREADABLE as error:
            raise self._broken(f"{path} can not be read") from error
        if (size, digest.hexdigest()) != (listed.size, listed.sha256):
            raise self._broken(f"{path} is not what the manifest says")

    def _open(self, path: str) -> IO[bytes]:
        if self._zip is not None:
            return self._zip.open(path)
        return os.fdopen(os.open(self._source / path, os.O_RDONLY | os.O_NOFOLLOW), "rb")

    def _paths(self) -> list[str]:
        if self._zip is not None:
            return self._zip.namelist()
        return [
            (Path(folder) / name).relative_to(self._source).as_posix()
            for folder, _, names in os.walk(self._source)
            for name in names
        ]

    def _read_manifest(self) -> Manifest:
        try:
            with self._open(MANIFEST) as file:
                data = file.read(_MOST_MANIFEST + 1)
            return msgspec.json.decode(data, type=Manifest)
        except (*_UNREADABLE, KeyError, msgspec.DecodeError) as error:
            raise self._broken("it has no manifest that can be read") from error

    def _broken(self, what: str) -> IntegrityError:
        return IntegrityError(
            "backup.broken",
            f"the backup is broken: {what}",
            where=str(self._source),
            todo="nothing was restored; take another copy",
        )


@contextmanager
def read_backup(source: Path) -> Iterator[BackupReader]:
    """Open a backup.

    Args:
        source: The file or folder.

    Yields:
        What reads it.

    Raises:
        InputError: There is none.
        IntegrityError: It is broken.
    """
    if not source.exists():
        raise InputError("backup.missing", "there is no such backup", where=str(source))
    with tempfile.TemporaryDirectory(prefix="truceline-") as scratch:
        if source.is_dir():
            yield BackupReader(source, None, Path(scratch))
            return
        try:
            zipped = zipfile.ZipFile(source)
        except _UNREADABLE as error:
            raise IntegrityError(
                "backup.broken",
                "the backup is broken: it is no zip file",
                where=str(source),
                todo="nothing was restored; take another copy",
            ) from error
        with zipped:
            yield BackupReader(source, zipped, Path(scratch))
