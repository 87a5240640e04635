"""What lies in the store about one case beside its claims: the texts round its words, and its entries of the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from truceline.app.shaping import is_outside
from truceline.app.telling import changed
from truceline.app.wiring import Store
from truceline.core.claims import Claim
from truceline.core.determinations import Determination
from truceline.core.errors import IntegrityError
from truceline.core.reports import Report
from truceline.core.rows import Recipient
from truceline.core.times import parse_instant
from truceline.determine.events import side_id
from truceline.ledger.entry import parse_payload
from truceline.ledger.log import RecordItem
from truceline.publish.case import Entered

AROUND = 160
"""Code points that are shown before and after words on which a claim rests, to the end of their word."""
MOST_WHOLE = 1_200
"""A text up to this length is shown whole."""
_MOST_ENTRIES = 60


def texts_around(
    store: Store, reports: Mapping[str, Report], claims: Iterable[Claim], recipient: Recipient
) -> dict[str, tuple[int, str]]:
    """Read the texts round the words of claims.

    Args:
        store: The open store.
        reports: Id -> report, those that the recipient may have.
        claims: The claims.
        recipient: Who looks; outside the centre a claim's own words are all that is shown.

    Returns:
        Report's id -> where the stretch begins, and the stretch: from before the first words to after the last.
        Left out is what cannot be read, or does not hold the words where the claim says.
    """
    if is_outside(recipient.word):
        return {}
    by_report: dict[str, list[Claim]] = {}
    for claim in claims:
        by_report.setdefault(claim.report, []).append(claim)
    found = {}
    for id_, own in by_report.items():
        report = reports.get(id_)
        text = None if report is None else _text_of(store, report)
        if text is None or any(text[c.evidence.start : c.evidence.end] != c.evidence.text for c in own):
            continue
        found[id_] = _stretch(text, min(c.evidence.start for c in own), max(c.evidence.end for c in own))
    return found


def _text_of(store: Store, report: Report) -> str | None:
    if report.encoding is None or "#" in report.doc:
        return None
    try:
        data = store.evidence.get(report.sha256)
        return None if data is None else data.decode(report.encoding)
    except (IntegrityError, LookupError, UnicodeDecodeError):
        return None


def _stretch(text: str, start: int, end: int) -> tuple[int, str]:
    if len(text) <= MOST_WHOLE:
        return 0, text
    begin, last = max(start - AROUND, 0), min(end + AROUND, len(text))
    while begin and not text[begin - 1].isspace():
        begin -= 1
    while last < len(text) and not text[last].isspace():
        last += 1
    return begin, text[begin:last]


def entries_about(
    store: Store,
    claims: Sequence[Claim],
    rounds: Sequence[Determination],
    letter: str,
    recipient: Recipient,
    known_at: datetime | None = None,
) -> tuple[Entered, ...]:
    """List the entries of the record about a case that a recipient may know of, in order.

    Of a round that goes on, the other delegation's steps stay unsaid: not even that there is one (MISSION rule 4).

    Args:
        store: The open store.
        claims: Its claims that the recipient may have.
        rounds: Its rounds that the recipient may read.
        letter: The recipient's delegation, or empty.
        recipient: Who looks.
        known_at: Nothing later; None is now.

    Returns:
        At most the last sixty.
    """
    reports = dict.fromkeys(claim.report for claim in claims)
    names: list[tuple[str, str]] = [("report", one) for one in reports]
    names += [("claim", claim.id) for claim in claims]
    for one in rounds:
        names.append(("determination", one.id))
        sides = [side.letter for side in one.sides if one.end is not None or side.letter == letter]
        names += [(type_, side_id(one.id, side)) for side in sides for type_ in ("commitment", "position")]
    places = sorted({index for found in store.ledger.rounds(names).values() for _, index in found.values()})
    items = [item for item in _items(store, places[-_MOST_ENTRIES:]) if _is_by(item, known_at)]
    shown = {one.index for one in changed(items, recipient)}
    return tuple(_entered(store, item) for item in items if item.index in shown)


def _items(store: Store, places: Iterable[int]) -> Iterator[RecordItem]:
    for index in places:
        entry = store.ledger.entry(index)
        blob = store.payloads.get(entry.payload_sha256)
        payload = None if blob is None else parse_payload(blob)
        yield RecordItem(index, entry.type, entry.id, entry.round, payload)


def _is_by(item: RecordItem, known_at: datetime | None) -> bool:
    if known_at is None or item.payload is None:
        return True
    at = item.payload["known_at"]
    return at is not None and parse_instant(at) <= known_at


def _entered(store: Store, item: RecordItem) -> Entered:
    payload = item.payload or {}
    known_at = payload.get("known_at")
    return Entered(
        index=item.index,
        type=item.type,
        step=str(payload.get("body", {}).get("step", "")),
        owner=str(payload.get("owner", "")),
        sha256=store.ledger.entry(item.index).payload_sha256,
        known_at=parse_instant(known_at) if known_at else None,
    )
