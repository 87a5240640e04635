"""Read chat exports: WhatsApp's .txt and Telegram's .json, a message an item. Who wrote stands as a number only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from truceline.adapters.files.delivery import Delivery
from truceline.adapters.files.tables import parse_json, row_item
from truceline.collect.ports import Item
from truceline.core.errors import InputError
from truceline.core.reports import Publication
from truceline.core.times import format_instant

_HEAD = re.compile(
    r"^[\u200e\u200f\u202a-\u202c\ufeff]*\[?[\u200e\u200f]*(\d{1,4})[./\u200f-]+(\d{1,2})[./\u200f-]+(\d{2,4})[,،]?\s+"
    r"\d{1,2}:\d{2}(?::\d{2})?[\s\u202f]?(?:[AaPp]\.?\s?[Mm]\.?|[صم])?\]?\s*(?:[-–—]\s+|(?<=\])\s*)",
)
_SENDER = re.compile(r"^[\u200e\u200f\u202a-\u202c]*([^:\n]{1,60}):\s")
_MEDIA = re.compile(
    r"^[\u200e\u200f]*(?:<[^>]{3,60}>|[\w .()-]+\.(?:jpe?g|png|webp|mp4|opus|ogg|pdf|vcf|docx?)\s*\([^)]*\)?)\s*$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Message:
    """One message as it stands in the file."""

    day: tuple[int, int, int]
    sender: str
    text: str


def is_whatsapp(text: str) -> bool:
    """Whether a text is a chat export: its first filled line and another of the first thirty open as messages."""
    lines = [line for line in text[:8000].split("\n") if line.strip()][:30]
    heads = [bool(_HEAD.match(line)) for line in lines]
    return bool(heads) and heads[0] and sum(heads) >= 2


def read_whatsapp(delivery: Delivery, text: str, encoding: str) -> Iterator[Item]:
    """Read an export; a day that can be read in two orders is left open."""
    messages = list(_messages_of(text))
    order = _order_of(messages)
    numbers: dict[str, int] = {}
    yield delivery.item(state="container", media_type="text/plain", encoding=encoding)
    for count, message in enumerate(messages, start=1):
        number = numbers.setdefault(message.sender, len(numbers) + 1)
        if _MEDIA.match(message.text) or not any(map(str.isalnum, message.text)):
            continue
        published = _day(message.day, order)
        yield delivery.item(
            message.text,
            file=f"{delivery.name}#{count}",
            data=message.text.encode("utf-8", "surrogatepass"),
            encoding="utf-8",
            media_type="text/plain",
            extra={"chat": "whatsapp", "sender": f"sender {number}"},
            publication=published,
        )


def _messages_of(text: str) -> Iterator[_Message]:
    current: _Message | None = None
    for line in text.splitlines():
        head = _HEAD.match(line)
        if head is None:
            if current is not None:
                current.text += "\n" + line
            continue
        if current is not None:
            yield current
        rest = line[head.end() :]
        sender = _SENDER.match(rest)
        day = (int(head.group(1)), int(head.group(2)), int(head.group(3)))
        current = _Message(day, sender.group(1), rest[sender.end() :]) if sender else None
    if current is not None:
        yield current


def _order_of(messages: list[_Message]) -> str | None:
    """Tell the order of day and month from the whole file; None where every date fits both."""
    if any(message.day[0] > 31 for message in messages):
        return "ymd"
    if any(message.day[0] > 12 for message in messages):
        return "dmy"
    return "mdy" if any(message.day[1] > 12 for message in messages) else None


def _day(parts: tuple[int, int, int], order: str | None) -> Publication | None:
    if order is None:
        return None
    first, second, third = parts
    year, month, day = {
        "ymd": (first, second, third),
        "dmy": (third, second, first),
        "mdy": (third, first, second),
    }[order]
    try:
        value = date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
    return Publication(value.isoformat(), "explicit", f"{first}/{second}/{third}")


def read_json(delivery: Delivery) -> Iterator[Item]:
    """Read Telegram's export, or a list of objects as a table.

    Args:
        delivery: The file.

    Yields:
        A message or row an item.

    Raises:
        InputError: It is neither.
    """
    from truceline.adapters.files.encodings import decode_text  # noqa: PLC0415 - keeps the order of modules plain

    data = parse_json(decode_text(delivery.data).text.removeprefix("\ufeff"))
    if isinstance(data, list) and data and all(isinstance(row, dict) for row in data):
        yield delivery.item(state="container", media_type="application/json")
        for count, row in enumerate(data[: delivery.limits.rows], start=1):
            yield row_item(delivery, f"{delivery.name}#{count}", row, where=f"entry {count}")
        return
    chats = list(_telegram_chats(data))
    if not chats:
        raise InputError(
            "input.json",
            "is neither a Telegram export nor a list of objects with 'text'",
            todo="see docs/reference/inbox.md",
        )
    yield delivery.item(state="container", media_type="application/json")
    for prefix, chat in chats:
        yield from _telegram(delivery, prefix, chat)


def _telegram_chats(data: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the one chat of an export, or each of the many that a whole account holds."""
    if not isinstance(data, dict):
        return
    if isinstance(data.get("messages"), list):
        yield "", data
        return
    several = data.get("chats")
    for number, chat in enumerate(several.get("list", []) if isinstance(several, dict) else [], start=1):
        if isinstance(chat, dict) and isinstance(chat.get("messages"), list):
            yield f"{number}!", chat


def _telegram(delivery: Delivery, prefix: str, chat: Mapping[str, Any]) -> Iterator[Item]:
    numbers: dict[str, int] = {}
    is_channel = "channel" in str(chat.get("type", ""))
    for count, message in enumerate(chat["messages"], start=1):
        if not isinstance(message, dict) or message.get("type", "message") != "message":
            continue
        sender = str(message.get("from_id") or message.get("from") or "")
        number = numbers.setdefault(sender, len(numbers) + 1)
        text = _telegram_text(message.get("text"))
        if not any(map(str.isalnum, text)):
            continue
        fields = {"publisher": str(chat["name"])} if is_channel and chat.get("name") else {}
        yield delivery.item(
            text,
            file=f"{delivery.name}#{prefix}{message.get('id', count)}",
            data=text.encode("utf-8", "surrogatepass"),
            encoding="utf-8",
            media_type="text/plain",
            fields={**fields, **delivery.fields},
            extra={"chat": "telegram", "sender": f"sender {number}"},
            publication=_telegram_time(message),
        )


def _telegram_text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(part if isinstance(part, str) else str(part.get("text", "")) for part in value if part)
    return value if isinstance(value, str) else ""


def _telegram_time(message: Mapping[str, Any]) -> Publication | None:
    """Return the moment of a message; its local time without a zone counts as its day."""
    stamp, written = str(message.get("date_unixtime", "")), str(message.get("date", ""))
    if stamp.isdigit() and len(stamp) <= 11:
        return Publication(format_instant(datetime.fromtimestamp(int(stamp), UTC)), "explicit", written)
    try:
        return Publication(date.fromisoformat(written[:10]).isoformat(), "explicit", written)
    except ValueError:
        return None
