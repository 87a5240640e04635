"""Read documents: .docx and the text layer of .pdf. A scan is set aside until a person has read it."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any

from truceline.adapters.files.archives import check_members
from truceline.adapters.files.delivery import Delivery
from truceline.adapters.files.texts import check_text
from truceline.collect.ports import Item
from truceline.core.errors import InputError

_OLE = b"\xd0\xcf\x11\xe0"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FORMS = re.compile(r"[\ufb50-\ufdff\ufe70-\ufefc\ufb00-\ufb06]+")
_LETTERS_A_PAGE = 15
_PDF_PASSWORD = 4


def read_docx(delivery: Delivery) -> Iterator[Item]:
    """Read paragraphs and tables of a document in their order, a line each."""
    if delivery.data.startswith(_OLE):
        raise InputError(
            "input.locked", "is protected by a password, or an old .doc", todo="save it as plain .docx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(delivery.data)) as archive:
            check_members(archive, delivery.limits)
    except zipfile.BadZipFile as error:
        raise _damaged("a document") from error
    import docx  # noqa: PLC0415 - a quarter of a second

    try:
        document = docx.Document(io.BytesIO(delivery.data))
        text = "\n".join(_lines_of(document))
        title = str(document.core_properties.title or "").strip()
    except InputError:
        raise
    except Exception as error:
        raise _damaged("a document") from error
    check_text(text, delivery.limits)
    fields = {"title": title} if title and "title" not in delivery.fields else {}
    yield delivery.item(text, encoding="utf-8", media_type=_DOCX, fields=fields)


def _lines_of(document: Any) -> Iterator[str]:
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield "\t".join(dict.fromkeys(cell.text.replace("\n", " ") for cell in row.cells))
        else:
            yield block.text


def _damaged(what: str) -> InputError:
    return InputError(
        "input.damaged", f"cannot be opened as {what}", todo="get the whole file, or save it anew"
    )


def read_pdf(delivery: Delivery) -> Iterator[Item]:
    """Read the text layer of a PDF; without one it waits for a reader."""
    import pypdfium2 as pdfium  # noqa: PLC0415 - only where there is a PDF

    if not delivery.data.lstrip()[:1024].startswith(b"%PDF") and b"%PDF" not in delivery.data[:1024]:
        raise _damaged("a PDF")
    try:
        document = pdfium.PdfDocument(delivery.data)
        pages = [_page_text(document[index]) for index in range(min(len(document), delivery.limits.pages))]
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PDF_PASSWORD or "password" in str(error).lower():
            yield delivery.set_aside(
                "needs reading",
                "application/pdf",
                "input.locked",
                "is protected by a password; kept as evidence",
                "save it without one and put it in again",
            )
            return
        raise _damaged("a PDF") from error
    text = "\n".join(pages)
    n_letters = sum(map(str.isalpha, text))
    if n_letters < _LETTERS_A_PAGE * max(1, min(len(pages), 3)):
        yield delivery.set_aside(
            "needs reading",
            "application/pdf",
            "input.needs_reading",
            f"is a scan: {len(pages)} page(s) without a text layer; kept as evidence",
            "have it read and put in the text beside it",
        )
        return
    check_text(text, delivery.limits)
    yield delivery.item(
        text, encoding="utf-8", media_type="application/pdf", extra={"pages": str(len(pages))}
    )


def _page_text(page: Any) -> str:
    """Return a page's text with plain newlines, and letters instead of the shapes that printing gave them."""
    text = str(page.get_textpage().get_text_range()).replace("\r\n", "\n").replace("\ufffe", "-")
    return _FORMS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
