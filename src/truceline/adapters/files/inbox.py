"""Walk inboxes and read every file in them: what cannot be read becomes one line that says why, and the run goes on."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from truceline.adapters.files.archives import is_hidden, read_zip
from truceline.adapters.files.delivery import DEFAULT_LIMITS, MIB, Delivery, Limits
from truceline.adapters.files.formats import decode
from truceline.adapters.files.images import MEDIA_TYPES, read_media
from truceline.adapters.files.manifest import MANIFEST, Manifest, read_manifest
from truceline.collect.ports import Item
from truceline.core.errors import InputError
from truceline.core.reports import Rejection

_PROBE = 1 << 20
_MOST_NAME = 120

Progress = Callable[[str], None]
"""Called with each item's name as it is delivered."""


def read_inboxes(
    paths: Iterable[Path], *, limits: Limits = DEFAULT_LIMITS, progress: Progress | None = None
) -> Iterator[Item]:
    """Read all items of some inboxes, in sorted order of their names.

    Args:
        paths: Folders, each with its own ``manifest.jsonl`` or none; a single file is an inbox of one.
        limits: How much of a file is read.
        progress: Told each item's name; None where nobody watches.

    Yields:
        Items; a file that cannot be taken comes as one with a ``problem``.

    Raises:
        InputError: An inbox does not exist.
    """
    for path in paths:
        for item in _read_inbox(Path(path), limits):
            if progress is not None:
                progress(item.file)
            yield item


def read_handed(name: str, data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Item]:
    """Read the items of one file that came as bytes.

    Args:
        name: The name that it was given; of a path the last part alone counts.
        data: Its bytes.
        limits: How much of it is read.

    Yields:
        Items, as `read_inboxes` does.
    """
    shown = "".join(letter for letter in re.split(r"[/\\]", name)[-1] if letter.isprintable()).strip()
    shown = shown.lstrip(".")[-_MOST_NAME:] or "unnamed"
    manifest = Manifest()
    yield from decode(Delivery(shown, data, limits, decode, manifest.fields_of))


def read_parts(name: str, data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Item]:
    """Read the files of an archive as they are, each in its bytes; what is no archive is one file.

    Args:
        name: Its name; of a path the last part alone counts.
        data: Its bytes.
        limits: How much of it is read.

    Yields:
        An item for each file, and for each that cannot be unpacked the news of that.
    """

    def as_it_is(delivery: Delivery) -> Iterator[Item]:
        try:
            if delivery.suffix == "zip":
                yield from read_zip(delivery)
            elif delivery.suffix in MEDIA_TYPES:
                yield from read_media(delivery)
            else:
                yield delivery.item(state="kept", media_type="application/octet-stream")
        except InputError as error:
            yield delivery.refused(error.code, error.what, error.todo)

    yield from as_it_is(Delivery(Path(name).name, data, limits, as_it_is, Manifest().fields_of))


def _read_inbox(root: Path, limits: Limits) -> Iterator[Item]:
    if not root.exists():
        raise InputError(
            "input.inbox", "does not exist", where=str(root), todo="check the path, or make the folder"
        )
    if root.is_file():
        yield from _read_file(root, root.name, Manifest(), limits)
        return
    manifest = _manifest_of(root)
    for problem in manifest.problems:
        yield Item(MANIFEST, state="refused", problem=problem)
    seen: set[str] = set()
    closed: list[Rejection] = []
    for path, name in _walk(root, closed):
        seen.add(name)
        yield from _read_file(path, name, manifest, limits, root=root)
    for problem in closed:
        yield Item(problem.file, state="refused", problem=problem)
    for name in sorted({*manifest.rows, *manifest.wrong} - seen - manifest.asked):
        yield Item(
            name,
            state="refused",
            problem=Rejection(
                name,
                "input.missing",
                f"stands in {MANIFEST} but not in the inbox",
                "put it in, or remove its line",
            ),
        )


def _manifest_of(root: Path) -> Manifest:
    path = root / MANIFEST
    try:
        return read_manifest(path.read_bytes()) if path.is_file() else Manifest()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problem = Rejection(
            MANIFEST, "input.unreadable", f"cannot be read: {reason}", "give leave to read it"
        )
        return Manifest(problems=[problem])


def _walk(root: Path, problems: list[Rejection]) -> Iterator[tuple[Path, str]]:
    """Give files with their names inside the inbox, sorted; folders that cannot be entered are problems."""
    found: list[tuple[str, Path]] = []

    def closed(error: OSError) -> None:
        name = Path(error.filename).relative_to(root).as_posix()
        reason = error.strerror or type(error).__name__
        problems.append(
            Rejection(name, "input.folder", f"cannot be entered: {reason}", "give leave to read it")
        )

    for folder, folders, files in os.walk(root, onerror=closed):
        folders[:] = [name for name in folders if not is_hidden(name)]
        for name in (name for name in folders if (Path(folder) / name).is_symlink()):
            shown = (Path(folder) / name).relative_to(root).as_posix()
            problems.append(
                Rejection(shown, "input.path", "is a link to a folder", "put in the folder itself")
            )
        for name in files:
            path = Path(folder) / name
            found.append((path.relative_to(root).as_posix(), path))
    for name, path in sorted(found):
        if name != MANIFEST and not is_hidden(name):
            yield path, name


def _read_file(
    path: Path, name: str, manifest: Manifest, limits: Limits, *, root: Path | None = None
) -> Iterator[Item]:
    shown = name.encode("utf-8", "replace").decode("utf-8")
    if shown in manifest.wrong:
        yield Item(shown, state="refused", problem=manifest.wrong[shown])
        return
    try:
        data = _bounded(path, limits, root)
    except InputError as error:
        yield Item(shown, state="refused", problem=Rejection(shown, error.code, error.what, error.todo))
        return
    is_listed = shown in manifest.rows
    fields = manifest.fields_of(shown) if is_listed else manifest.unlisted()
    yield from decode(
        Delivery(
            name=shown,
            data=data,
            limits=limits,
            decode=decode,
            fields_of=manifest.fields_of,
            fields=fields,
            extra=manifest.extra.get(shown, {}),
        )
    )


def _bounded(path: Path, limits: Limits, root: Path | None) -> bytes:
    """Read a file's bytes, at most as many as are allowed.

    Raises:
        InputError: It went away, may not be read, is no plain file, leads outside, or is too large.
    """
    try:
        if root is not None and path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
            raise InputError(
                "input.path", "is a link that leads outside the inbox", todo="put in the file itself"
            )
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError("input.kind", "is no plain file", todo="remove it")
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
    except FileNotFoundError as error:
        raise InputError(
            "input.vanished", "went away while the inbox was read", todo="put it in again"
        ) from error
    except RuntimeError as error:  # a link to itself, on Python before 3.13
        raise InputError(
            "input.path", "is a link that leads in a circle", todo="put in the file itself"
        ) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            "input.unreadable", f"cannot be read: {reason}", todo="give leave to read it"
        ) from error
    if len(data) > limits.file_bytes:
        raise _too_large(data, limits)
    return data


def _too_large(data: bytes, limits: Limits) -> InputError:
    most = f"the most is {limits.file_bytes // MIB} MiB"
    if b"\n" not in data[:_PROBE] and b"\x00" not in data[:_PROBE]:
        return InputError(
            "input.line_too_long",
            f"is one line of more than {len(data) // MIB} MiB; {most}",
            todo="split it into items; this is no article",
        )
    return InputError("input.too_large", f"is larger than can be read at once; {most}", todo="split it")
