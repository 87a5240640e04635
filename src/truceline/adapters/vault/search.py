"""Looking for a value in every file of some folders, in every shape in which programs write it down."""

from __future__ import annotations

import base64
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pypdfium2

_INFLATE_LIMIT = 1 << 28
_STREAM = re.compile(rb"stream\r?\n")


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a value was found: the file, and in which shape."""

    path: Path
    shape: str


def shapes_of(value: str) -> dict[str, bytes]:
    """Return how a value may stand in a file.

    Args:
        value: The value.

    Returns:
        Name of the shape -> bytes. Base64 at each of its three alignments, without the letters that depend on what
        stands around it.
    """
    found = {}
    for name, text in (("", value), (", small letters", value.casefold()), (", capitals", value.upper())):
        plain = text.encode("utf-8")
        found[f"UTF-8{name}"] = plain
        found[f"UTF-16LE{name}"] = text.encode("utf-16-le")
        found[f"UTF-16BE{name}"] = text.encode("utf-16-be")
        found[f"JSON{name}"] = json.dumps(text)[1:-1].encode()
        found[f"URL{name}"] = quote(text).encode()
        found[f"hex{name}"] = plain.hex().encode()
        for shift in range(3):
            coded = base64.b64encode(bytes(shift) + plain)
            start, end = (shift * 8 + 5) // 6, (shift + len(plain)) * 8 // 6
            found[f"base64 {shift}{name}"] = coded[start:end]
            found[f"base64url {shift}{name}"] = coded[start:end].translate(bytes.maketrans(b"+/", b"-_"))
    return {name: data for name, data in found.items() if len(data) > 2}


def find_value(value: str, folders: Iterable[Path]) -> Iterator[Trace]:
    """Look for a value in every file below some folders, in what is packed inside them, and in their names.

    Args:
        value: The value; of fewer than three bytes nothing can be told.
        folders: Folders or files. Links are not followed.

    Yields:
        Each file that holds it, once.
    """
    shapes = shapes_of(value)
    for folder in folders:
        paths = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
        for path in paths:
            if path.is_symlink() or not path.is_file():
                continue
            shape = _shape_in(path, shapes) or ("its name" if value in path.name else "")
            if shape:
                yield Trace(path, shape)


def _shape_in(path: Path, shapes: dict[str, bytes]) -> str:
    data = path.read_bytes()
    for inside, part in _parts(path, data):
        for name, wanted in shapes.items():
            if wanted in part:
                return f"{name}{inside}"
    return ""


def _parts(path: Path, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Give a file's bytes, and whatever is packed inside it, unpacked."""
    yield "", data
    if data.startswith(b"%PDF"):
        yield " in the text of a PDF", _pdf_text(path).encode("utf-8")
        for match in _STREAM.finditer(data):
            yield " in a stream of a PDF", _inflated(data[match.end() :])
    if data.startswith(b"PK"):
        try:
            with zipfile.ZipFile(path) as packed:
                for name in packed.namelist():
                    if packed.getinfo(name).file_size <= _INFLATE_LIMIT:
                        yield f" in {name}", packed.read(name)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
            return


def _pdf_text(path: Path) -> str:
    try:
        document = pypdfium2.PdfDocument(path)
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    except pypdfium2.PdfiumError:
        return ""


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _INFLATE_LIMIT)
    except zlib.error:
        return b""
