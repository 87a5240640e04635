"""Rows of every shape, filters and recipients for them, and what must be found: worked out row by row, without any store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from truceline.core.filters import ORDERS, Filter, split_words
from truceline.core.release import CENTRE, DELEGATIONS, JOINT, OWNER_ONLY, PUBLIC, Realm, may_receive
from truceline.core.rows import Recipient, Row

PARTIES = ("party:armenia", "party:azerbaijan")
OWNERS = (CENTRE, *DELEGATIONS, *PARTIES)
MARKS = (OWNER_ONLY, JOINT, PUBLIC, *PARTIES)
RECIPIENTS = (PUBLIC, JOINT, *DELEGATIONS, *PARTIES)
SENTENCES = (
    "Fire near the village of Qubadlı, two soldiers wounded",
    "أُطلقت النار قرب كَلبَجَر، وأُصيب جنديان",
    "Обстрел у села Мадагиз; трое раненых в Ждановском",
    "Կրակոցներ Մարտունիի մոտ, երկու վիրավոր",
    "Kəlbəcər istiqamətində atəş açılıb, iki yaralı var",
    "fire_reported: 13:40Z «calm since»",
)
"""A sentence each in the languages of the articles, and one with marks that are no letters."""
PIECES = (
    "fire",
    "sol",
    "النار",
    "كلبجر",
    "обстре",
    "ждан",
    "մարտուն",
    "kelbecer",
    "yaral",
    "13",
    "no-such word",
)
"""What somebody might look for: words, beginnings of words, other spellings, and nothing that is there."""

_START = datetime(2020, 11, 10, tzinfo=UTC)
_NONE = datetime.min.replace(tzinfo=UTC)

moments = st.builds(
    lambda hours, micros: _START + timedelta(hours=hours, microseconds=micros),
    st.integers(0, 8),
    st.sampled_from((0, 0, 1, 500_000)),
)
"""Instants of one night, so close that many are the same."""
kinds = st.sampled_from(("clash", "shelling", "casualties"))
states = st.sampled_from(("machine-read", "accepted", "rejected"))
zones = st.sampled_from(("north", "corridor"))
lons = st.sampled_from((-179.5, 0.0, 46.0, 46.25, 46.5, 179.5))
lats = st.sampled_from((-10.0, 39.5, 40.0, 40.25))
rows = st.builds(
    Row,
    id=st.integers(0, 40).map("id_{:02d}".format),
    kind=kinds,
    value=st.just({}),
    known_at=st.none() | moments,
    start_at=st.none() | moments,
    end_at=st.none() | moments,
    lon=st.none() | lons,
    lat=lats,
    zone=st.none() | zones,
    state=st.none() | states,
    owner=st.sampled_from(OWNERS),
    release=st.sampled_from(MARKS),
    realm=st.sampled_from((Realm.DEMO, Realm.DEMO, Realm.DEMO, Realm.LIVE)),
    words=st.sampled_from(SENTENCES),
).map(
    lambda row: replace(row, value={"id": row.id, "kind": row.kind}, lat=None if row.lon is None else row.lat)
)
"""Rows of every mark; ids come again."""
boxes = st.builds(
    lambda west, east, edges: (west, min(edges), east, max(edges)), lons, lons, st.tuples(lats, lats)
)
"""Boxes whose edges go through points; some lie across the antimeridian."""
filters = st.builds(
    Filter,
    kinds=st.just(()) | st.lists(kinds, max_size=2, unique=True).map(tuple),
    states=st.just(()) | st.lists(states, max_size=2, unique=True).map(tuple),
    zones=st.just(()) | st.lists(zones, max_size=1).map(tuple),
    since=st.none() | moments,
    until=st.none() | moments,
    known_at=st.none() | moments,
    box=st.none() | boxes,
    words=st.just("") | st.lists(st.sampled_from(PIECES), min_size=1, max_size=2).map(" ".join),
    order=st.sampled_from(ORDERS),
)
recipients = st.builds(
    Recipient, st.sampled_from(RECIPIENTS), st.sampled_from((Realm.DEMO, Realm.LIVE)), st.none() | moments
)


def distinct(several: Sequence[Row]) -> list[Row]:
    """Return rows of different ids: of those with one id the last, where the first one stood."""
    return list({row.id: row for row in several}.values())


def may_have(row: Row, recipient: Recipient) -> bool:
    """Say whether a row may be put before a recipient."""
    is_late = recipient.known_by is not None and (row.known_at is None or row.known_at > recipient.known_by)
    return not is_late and may_receive(
        recipient.word, owner=row.owner, release=row.release, realm=row.realm, of_realm=recipient.realm
    )


def is_asked_for(row: Row, asked: Filter) -> bool:
    """Say whether a row is what a filter asks for."""
    among = ((asked.kinds, row.kind), (asked.states, row.state), (asked.zones, row.zone))
    if any(words and word not in words for words, word in among):
        return False
    if asked.known_at is not None and (row.known_at is None or row.known_at > asked.known_at):
        return False
    last = row.end_at or row.start_at
    if asked.since is not None and (last is None or last < asked.since):
        return False
    if asked.until is not None and (row.start_at is None or row.start_at >= asked.until):
        return False
    return _is_inside(row, asked.box) and _has_words(row, asked.words)


def _is_inside(row: Row, box: tuple[float, float, float, float] | None) -> bool:
    if box is None:
        return True
    if row.lon is None or row.lat is None:
        return False
    west, south, east, north = box
    is_between = west <= row.lon <= east if west <= east else row.lon >= west or row.lon <= east
    return is_between and south <= row.lat <= north


def _has_words(row: Row, words: str) -> bool:
    if not words:
        return True
    there, wanted = split_words(row.words), split_words(words)
    return bool(wanted) and all(any(word.startswith(part) for word in there) for part in wanted)


def expected(kept: Sequence[Row], asked: Filter, recipient: Recipient) -> list[Row]:
    """Return what must be found, in order.

    Args:
        kept: The rows of a model, in the order of their places.
        asked: The filter.
        recipient: Who it is put before.

    Returns:
        The rows, newest first; of the same moment the last one put first.
    """
    found = [
        (_moment_of(row, asked.order), place, row)
        for place, row in enumerate(kept)
        if is_asked_for(row, asked) and may_have(row, recipient)
    ]
    return [row for _, _, row in sorted(found, key=lambda one: one[:2], reverse=True)]


def expected_tally(kept: Sequence[Row], asked: Filter, recipient: Recipient, by: str) -> dict[str, int]:
    """Return what must be counted, by a column."""
    return dict(Counter(getattr(row, by) or "" for row in expected(kept, asked, recipient)))


def _moment_of(row: Row, order: str) -> datetime:
    first = row.start_at if order == "happened" else None
    return first or row.known_at or _NONE
