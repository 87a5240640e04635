"""Read archives: .zip members in sorted order, within limits, never written to disk."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Iterator

from truceline.adapters.files.delivery import MIB, Delivery, Limits
from truceline.collect.ports import Item
from truceline.core.errors import InputError

_HIDDEN = re.compile(r"(?:^|/)(?:__MACOSX/|\.[^/.][^/]*|Thumbs\.db$|desktop\.ini$|~\$)")
_CHUNK = 1 << 18


def is_hidden(name: str) -> bool:
    """Whether a name is one that systems make for themselves, such as ``.DS_Store`` or ``~$lock.docx``."""
    return _HIDDEN.search(name) is not None


def read_zip(delivery: Delivery) -> Iterator[Item]:
    """Read the members of an archive, each as a file of its own."""
    if delivery.depth >= delivery.limits.depth:
        raise InputError(
            "input.nested",
            f"stands in {delivery.depth} archives already",
            todo="unpack it and put in its files",
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(delivery.data))
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        is_cut = delivery.data.startswith(b"PK")
        raise InputError(
            "input.truncated" if is_cut else "input.damaged",
            "ends before its list of members" if is_cut else "is no archive",
            todo="get the whole file",
        ) from error
    with archive:
        check_members(archive, delivery.limits)
        yield delivery.item(state="container", media_type="application/zip")
        members = sorted((info for info in archive.infolist() if not info.is_dir()), key=_name_of)
        for info in members:
            if not is_hidden(_name_of(info)):
                yield from _member(delivery, archive, info)


def check_members(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse an archive that unpacks to more than anyone means.

    Args:
        archive: The archive, or a document that is one inside.
        limits: Most members and bytes, largest ratio.

    Raises:
        InputError: ``input.bomb``.
    """
    infos = archive.infolist()
    if len(infos) > limits.members:
        raise InputError("input.bomb", f"has {len(infos):,} members", todo="split it")
    total = sum(info.file_size for info in infos)
    if total > limits.archive_bytes:
        raise InputError("input.bomb", f"unpacks to {total // MIB:,} MiB", todo="split it, if it is meant")
    for info in infos:
        if info.file_size > MIB and info.file_size > limits.ratio * max(1, info.compress_size):
            raise InputError(
                "input.bomb",
                f"holds '{_name_of(info)[:80]}', which unpacks to {info.file_size // max(1, info.compress_size):,} times its size",
                todo="look at where it comes from",
            )


def _name_of(info: zipfile.ZipInfo) -> str:
    """Return a member's name; one without the UTF-8 mark is read as UTF-8 where its bytes are."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def _member(delivery: Delivery, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[Item]:
    inner = _name_of(info)
    name = f"{delivery.name}/{inner}"
    if _is_trick(inner) or stat.S_ISLNK(info.external_attr >> 16):
        shown = inner.encode("ascii", "backslashreplace").decode()[:80]
        yield delivery.refused(
            "input.path", f"holds a member that points outside: '{shown}'", "pack it anew", where=shown
        )
        return
    if info.flag_bits & 0x1:
        yield delivery.refused("input.locked", "is protected by a password", "pack it without one", file=name)
        return
    try:
        data = _bounded(archive, info, delivery.limits)
    except InputError as error:
        yield delivery.refused(error.code, error.what, error.todo, file=name)
        return
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        yield delivery.refused(
            "input.damaged",
            f"cannot be unpacked ({type(error).__name__})",
            "get the whole archive",
            file=name,
        )
        return
    yield from delivery.decode(delivery.child(name, data))


def _is_trick(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return (
        name.startswith(("/", "\\"))
        or ".." in parts
        or re.match(r"^[A-Za-z]:", name) is not None
        or "\x00" in name
    )


def _bounded(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    """Read a member, trusting no size that the archive states."""
    parts: list[bytes] = []
    size = 0
    with archive.open(info) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > limits.file_bytes:
                raise InputError(
                    "input.too_large", f"is larger than {limits.file_bytes // MIB} MiB", todo="split it"
                )
            parts.append(chunk)
    return b"".join(parts)
