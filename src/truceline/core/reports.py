"""Reports: items received, with where they come from and what in them is text to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from truceline.core.ids import ReportId
from truceline.core.release import CENTRE, PUBLIC, Realm
from truceline.core.times import KnownBasis, ValidAt, parse_known_at

SegmentKind = Literal[
    "title",
    "heading",
    "body",
    "dateline",
    "byline",
    "caption",
    "repeat",
    "masthead",
    "section",
    "share",
    "read_also",
    "comment",
    "footer",
    "counters",
]
READ_KINDS: frozenset[str] = frozenset({"title", "heading", "body"})
"""The kinds of segment that claims may come from; everything else is noise or metadata."""

ReadState = Literal["readable", "not read yet", "needs reading", "kept"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of an item's text and what it is: code points ``[start, end)`` of the original text."""

    start: int
    end: int
    kind: SegmentKind


@dataclass(frozen=True, slots=True)
class Position:
    """A place that a file claims for itself (EXIF, chat, GPX): degrees WGS 84, radius in metres."""

    lon_deg: float
    lat_deg: float
    precision_m: float | None
    basis: str = "as claimed by the file"


@dataclass(frozen=True, slots=True)
class Publication:
    """When an item says it was published.

    Args:
        value: ``YYYY-MM-DD``, or an instant in UTC where the item or manifest gives one.
        basis: ``explicit`` (stated), ``inferred`` (worked out, for example from weekdays), ``manifest`` or ``given``.
        text: The words it rests on.
    """

    value: str
    basis: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """An item received.

    Args:
        id: From the hash of the bytes and the source slug.
        doc: File name (for a row of a table ``<file>#<row>``).
        kind: ``article`` for texts; the word of its schema for what people enter.
        sha256: Hex SHA-256 of the bytes as received.
        size: Bytes.
        media_type: IANA media type.
        encoding: Encoding found, for texts.
        language: BCP 47 language code, or ``und``.
        text: The text to be read, code points as decoded, newlines untouched; None where there is none.
        segments: The text's runs and what each is, in order, without overlap.
        read_state: Whether rules can read it.
        source: Slug of the pack's source, or None.
        publisher: Who published it, as known.
        wire: The agency whose text it carries, as known.
        title: Title given by a manifest or a table.
        url: Where it was found.
        publication: When it was published, once known.
        received: When the mission received it, by the manifest.
        known_at: When the mission could know it; None where nothing says.
        known_basis: How ``known_at`` was found.
        valid_at: When it was so, for entered kinds.
        position: Where, as claimed by the file.
        copy_of: The earliest report with the same text, where this is a copy or reprint.
        copy_kind: ``exact`` or ``reprint``.
        realm: The world it belongs to.
        owner: Delegation, contingent, ``centre`` or outside body.
        release: Release mark.
        extra: Further columns, kept as received.
    """

    id: ReportId
    doc: str
    kind: str
    sha256: str
    size: int
    media_type: str
    encoding: str | None = None
    language: str = "und"
    text: str | None = None
    segments: tuple[Segment, ...] = ()
    read_state: ReadState = "readable"
    source: str | None = None
    publisher: str | None = None
    wire: str | None = None
    title: str | None = None
    url: str | None = None
    publication: Publication | None = None
    received: str | None = None
    known_at: datetime | None = None
    known_basis: KnownBasis | None = None
    valid_at: ValidAt | None = None
    position: Position | None = None
    copy_of: ReportId | None = None
    copy_kind: Literal["exact", "reprint"] | None = None
    realm: Realm = Realm.DEMO
    owner: str = CENTRE
    release: str = PUBLIC
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejection:
    """An item that was not taken, and why.

    Args:
        file: Its path inside the inbox.
        code: Stable dotted word, for example ``input.empty``.
        why: One sentence.
        todo: What to do.
        where: Line, row or field inside the file, where known.
    """

    file: str
    code: str
    why: str
    todo: str
    where: str = ""


def known_from(report: Report, publication: Publication | None) -> Report:
    """Settle when the mission could know an item, from its publication.

    A live item's moment of receipt stands. Else the publication counts, a bare date as the last second of that
    day in UTC; else the manifest's ``received``; else the item stays without a moment (MODEL, Times).

    Args:
        report: The item; its own publication, as given by a manifest, comes first.
        publication: What reading the text found, or None.

    Returns:
        The item with ``publication``, ``known_at`` and ``known_basis`` settled.
    """
    if report.known_at is not None:
        return replace(report, publication=report.publication or publication)
    found = report.publication or publication
    if found is not None:
        basis: KnownBasis = "inferred" if found.basis == "inferred" else "published"
        return replace(report, publication=found, known_at=parse_known_at(found.value), known_basis=basis)
    if report.received is not None:
        return replace(report, known_at=parse_known_at(report.received), known_basis="received")
    return report
