"""What `collect` is given: items as the adapters deliver them, and what the mission knows beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from truceline.collect.chrome import Chrome
from truceline.core.parties import Source
from truceline.core.release import Realm
from truceline.core.reports import Position, Publication, Rejection
from truceline.core.times import ValidAt

ItemState = Literal["text", "kept", "needs reading", "container", "refused"]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing found in an inbox: a file, a row, a message, a member of an archive.

    Args:
        file: Its name: path inside the inbox with ``/``; ``<file>#<row>`` for rows and messages,
            ``<archive>/<member>`` for members.
        state: ``text`` has words to read; ``kept`` is evidence without words; ``needs reading`` must be read by a
            person first; ``container`` held other items and is evidence alone; ``refused`` was not taken.
        data: Its bytes as received; for a row the UTF-8 of its text; empty where they could not be read.
        media_type: IANA media type.
        text: The decoded words, newlines untouched; None where there are none.
        encoding: Encoding found, for texts.
        fields: Known fields as the manifest and the columns give them.
        extra: Further columns and facts, kept as received.
        publication: When it says it was published, from its own header.
        position: Where, as claimed by the file.
        valid_at: When, as claimed by the file.
        problem: Why it was refused or set aside; None where nothing is wrong.
    """

    file: str
    state: ItemState = "text"
    data: bytes = b""
    media_type: str = "application/octet-stream"
    text: str | None = None
    encoding: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    publication: Publication | None = None
    position: Position | None = None
    valid_at: ValidAt | None = None
    problem: Rejection | None = None


@dataclass(frozen=True, slots=True)
class CollectKnowledge:
    """What the mission knows before an item comes in.

    Args:
        chrome: The phrases that set chrome apart from words to read, per language.
        readable: Language codes that have rules.
        realm: The realm of the store; an item of another realm is refused.
        sources: The pack's sources, by slug.
        now: The moment up to which a date can have been; None asks no such question.
    """

    chrome: Chrome
    readable: frozenset[str] = frozenset({"ar", "en"})
    realm: Realm = Realm.DEMO
    sources: Mapping[str, Source] = field(default_factory=dict)
    now: datetime | None = None
