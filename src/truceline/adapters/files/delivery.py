"""One file on its way in: its name, bytes, given fields and limits, and how its parts are read in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from truceline.collect.ports import Item, ItemState
from truceline.core.reports import Rejection

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read before it is refused.

    Args:
        file_bytes: Largest file or archive member.
        line_chars: Longest line of a text, in code points.
        text_chars: Longest text, in code points.
        rows: Most rows of a table and most features of a track.
        cell_chars: Longest cell, in code points.
        members: Most members of an archive.
        archive_bytes: Most bytes that an archive may unpack to, all members together.
        ratio: Largest ratio of unpacked to packed bytes of a member above one MiB.
        depth: How many containers may stand inside one another.
        html_depth: How many elements of a page may stand inside one another.
        pages: Most pages of a PDF.
    """

    file_bytes: int = 64 * MIB
    line_chars: int = 1_000_000
    text_chars: int = 5_000_000
    rows: int = 200_000
    cell_chars: int = 200_000
    members: int = 10_000
    archive_bytes: int = 256 * MIB
    ratio: int = 200
    depth: int = 3
    html_depth: int = 500
    pages: int = 2_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file, or a part of one, to be read.

    Args:
        name: Its name inside the inbox, with ``/``.
        data: Its bytes.
        fields: Known fields that the manifest gives for it, or for what holds it.
        extra: Further facts given for it.
        limits: How much may be read.
        decode: Reads a part of it in turn.
        fields_of: Gives the manifest's fields for a part, by name.
        depth: How many containers it stands in.
    """

    name: str
    data: bytes
    limits: Limits
    decode: Callable[[Delivery], Iterator[Item]]
    fields_of: Callable[[str], Mapping[str, str]]
    fields: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    depth: int = 0

    @property
    def suffix(self) -> str:
        """Its name's suffix without the dot, lower case; empty where there is none."""
        stem, dot, suffix = self.name.rpartition("/")[2].rpartition(".")
        return suffix.lower() if dot and stem else ""

    def child(self, name: str, data: bytes, **fields: str) -> Delivery:
        """Return a part of it as a delivery of its own; the manifest's line for the part wins."""
        merged = {**self.fields, **fields, **self.fields_of(name)}
        return replace(self, name=name, data=data, fields=merged, depth=self.depth + 1)

    def item(self, text: str | None = None, **values: Any) -> Item:
        """Return it as an item; ``fields`` and ``extra`` given here are added to its own."""
        values["fields"] = {**self.fields, **values.get("fields", {})}
        values["extra"] = {**self.extra, **values.get("extra", {})}
        values.setdefault("file", self.name)
        values.setdefault("data", self.data)
        return Item(text=text, **values)

    def refused(self, code: str, why: str, todo: str, *, where: str = "", file: str | None = None) -> Item:
        """Return the news that it, or a part of it, is not taken."""
        name = file or self.name
        return Item(name, state="refused", problem=Rejection(name, code, why, todo, where))

    def set_aside(self, state: ItemState, media_type: str, code: str, why: str, todo: str) -> Item:
        """Return it as evidence that nobody has read yet, and the news of that."""
        return self.item(state=state, media_type=media_type, problem=Rejection(self.name, code, why, todo))
