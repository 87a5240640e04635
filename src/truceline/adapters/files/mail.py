"""Read mail: .eml and .mbox, the words of each message an item, its attachments items of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from truceline.adapters.files.delivery import Delivery
from truceline.adapters.files.encodings import decode_text
from truceline.adapters.files.texts import article_of, check_text, decode_page
from truceline.collect.ports import Item
from truceline.core.errors import InputError
from truceline.core.reports import Publication
from truceline.core.times import format_instant

_FROM = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]*\r?\n")
_QUOTED_FROM = re.compile(rb"(?m)^>(>*From )")


def read_mbox(delivery: Delivery) -> Iterator[Item]:
    """Read a mailbox, a message an item, numbered from 1."""
    starts = list(_FROM.finditer(delivery.data))
    if not starts:
        raise InputError("input.damaged", "holds no message", todo="export the mailbox anew")
    yield delivery.item(state="container", media_type="application/mbox")
    ends = [*(match.start() for match in starts[1:]), len(delivery.data)]
    for number, (match, end) in enumerate(zip(starts, ends, strict=True), start=1):
        if number > delivery.limits.rows:
            yield delivery.refused("input.too_many_rows", "holds too many messages", "split it")
            return
        data = _QUOTED_FROM.sub(rb"\1", delivery.data[match.end() : end])
        yield from _guarded(delivery.child(f"{delivery.name}#{number}", data))


def _guarded(delivery: Delivery) -> Iterator[Item]:
    """Read one message; what is wrong with it is its own matter."""
    try:
        yield from read_message(delivery)
    except InputError as error:
        yield delivery.refused(error.code, error.what, error.todo, where=error.where)


def read_message(delivery: Delivery) -> Iterator[Item]:
    """Read a message: its words, subject and date, then its attachments."""
    from email import message_from_bytes, policy  # noqa: PLC0415 - only where there is mail

    message: Any = message_from_bytes(delivery.data, policy=policy.default)
    if not message.keys():
        raise InputError("input.damaged", "has no header of a message", todo="save the message anew")
    text, encoding = _words_of(message)
    attachments = list(message.iter_attachments())
    if text is None and not attachments:
        raise InputError("input.empty", "holds no word", todo="nothing, or get the message anew")
    if text is None:
        yield delivery.item(state="container", media_type="message/rfc822")
    else:
        yield _item_of(delivery, message, text, encoding)
    if delivery.depth < delivery.limits.depth:
        for number, part in enumerate(attachments, start=1):
            name = re.sub(r"[/\\\x00-\x1f]", "_", str(part.get_filename() or f"part-{number}.eml"))
            content = part.get_payload(decode=True)
            if part.get_content_type() == "message/rfc822":
                content = part.get_content().as_bytes()
            yield from delivery.decode(delivery.child(f"{delivery.name}/{name}", content or b""))


def _item_of(delivery: Delivery, message: Any, text: str, encoding: str) -> Item:
    check_text(text, delivery.limits)
    fields = {}
    subject = _header(message, "subject")
    if subject and "title" not in delivery.fields:
        fields["title"] = subject
    domain = _header(message, "from").rpartition("@")[2].strip("> ").lower()
    extra = {"from_domain": domain} if domain else {}
    return delivery.item(
        text,
        encoding=encoding,
        media_type="message/rfc822",
        fields=fields,
        extra=extra,
        publication=_sent(message),
    )


def _header(message: Any, name: str) -> str:
    """Return a header's words; one that the sender broke counts as absent."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""


def _words_of(message: Any) -> tuple[str | None, str]:
    """Return the plain words of a message, else those of its page; None where it has neither."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return None, ""
    data = part.get_payload(decode=True) or b""
    if part.get_content_subtype() == "html":
        page, encoding = decode_page(data)
        return article_of(page), encoding
    charset = str(part.get_content_charset() or "utf-8")
    try:
        text = data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        decoded = decode_text(data)
        text, charset = decoded.text, decoded.encoding
    return (text if text.strip() else None), charset


def _sent(message: Any) -> Publication | None:
    """Return when a message says it was sent; a moment without a zone counts as its day."""
    try:
        moment = message["date"].datetime
    except (AttributeError, ValueError, TypeError, IndexError):
        return None
    if not isinstance(moment, datetime):
        return None
    words = _header(message, "date")
    if moment.tzinfo is None:
        return Publication(moment.date().isoformat(), "explicit", words)
    return Publication(format_instant(moment.astimezone(UTC)), "explicit", words)
