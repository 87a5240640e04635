"""Choose the reader of a file by its suffix, and make one line of whatever goes wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from truceline.adapters.files import archives, chats, documents, images, mail, tables, texts, tracks
from truceline.adapters.files.delivery import Delivery
from truceline.adapters.files.encodings import decode_text
from truceline.collect.ports import Item
from truceline.core.errors import InputError

_MAGIC = (
    (b"%PDF", "a PDF", "pdf"),
    (b"PK\x03\x04", "an archive or an office document", "zip"),
    (b"\xff\xd8\xff", "a picture", "jpg"),
    (b"\x89PNG", "a picture", "png"),
    (b"\xd0\xcf\x11\xe0", "an old office document", "docx"),
    (b"\x7fELF", "a program", ""),
    (b"MZ\x90", "a program", ""),
    (b"\x1f\x8b", "a packed file", ""),
)


def _read_plain(delivery: Delivery) -> Iterator[Item]:
    """Read a text, or the chat export that calls itself one."""
    decoded = decode_text(delivery.data)
    if chats.is_whatsapp(decoded.text):
        return chats.read_whatsapp(delivery, decoded.text, decoded.encoding)
    return texts.read_text(delivery)


_READERS: dict[str, Callable[[Delivery], Iterator[Item]]] = {
    "txt": _read_plain,
    "text": texts.read_text,
    "md": texts.read_text,
    "html": texts.read_html,
    "htm": texts.read_html,
    "xhtml": texts.read_html,
    "eml": mail.read_message,
    "mbox": mail.read_mbox,
    "csv": tables.read_delimited,
    "tsv": tables.read_delimited,
    "jsonl": tables.read_json_lines,
    "ndjson": tables.read_json_lines,
    "json": chats.read_json,
    "xlsx": tables.read_workbook,
    "ods": tables.read_workbook,
    "parquet": tables.read_parquet,
    "docx": documents.read_docx,
    "pdf": documents.read_pdf,
    "geojson": tracks.read_geojson,
    "kml": tracks.read_kml,
    "gpx": tracks.read_gpx,
    "zip": archives.read_zip,
    **dict.fromkeys(images.MEDIA_TYPES, images.read_media),
}

SUFFIXES = tuple(sorted(_READERS))
"""Every suffix that an inbox may hold."""

_TEXTUAL = frozenset(("txt", "text", "md", "html", "htm", "xhtml", "csv", "tsv", "jsonl", "ndjson", "json"))


def decode(delivery: Delivery) -> Iterator[Item]:
    """Read a file by its suffix.

    Args:
        delivery: The file.

    Yields:
        Its items; one refused item where it cannot be read. Items delivered before something broke stay.
    """
    try:
        _check_kind(delivery)
        yield from _READERS[delivery.suffix](delivery)
    except InputError as error:
        yield delivery.refused(error.code, error.what, error.todo, where=error.where)
    except (MemoryError, RecursionError):
        yield delivery.refused("input.too_large", "needs more memory than a file may", "split it")
    except Exception as error:  # noqa: BLE001 - one broken file never stops a run, whatever its library throws
        yield delivery.refused(
            "input.damaged",
            f"cannot be read ({type(error).__name__})",
            "open it, save it anew, put it in again",
        )


def _check_kind(delivery: Delivery) -> None:
    if not delivery.data:
        raise InputError("input.empty", "is empty", todo="put in the whole file, or remove it")
    if delivery.suffix not in _READERS:
        shown = f".{delivery.suffix}" if delivery.suffix else "no suffix"
        raise InputError(
            "input.kind",
            f"is of a kind that is not read ({shown})",
            todo="save it as .txt, .docx, .pdf or .xlsx",
        )
    if delivery.suffix in _TEXTUAL:
        for mark, what, suffix in _MAGIC:
            if delivery.data.startswith(mark):
                todo = f"name it .{suffix}" if suffix else "remove it"
                raise InputError("input.binary", f"is {what}, no .{delivery.suffix}", todo=todo)
