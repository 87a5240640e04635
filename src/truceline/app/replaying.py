"""Tracks of an earlier moment, followed anew from the messages that were kept: segments of the record, and the spool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from truceline.app import wiring
from truceline.app.alerting import recorded
from truceline.app.decoding import decoder_of
from truceline.app.gaps import HELD_S
from truceline.app.hearing import Hearing, feed_names
from truceline.app.wiring import Store
from truceline.core.errors import InputError
from truceline.core.feeds import Feed
from truceline.core.frames import Frame, Heard
from truceline.core.sensed import Replay, Way
from truceline.detect.decoders.cameras import FORMAT as CAMERAS
from truceline.detect.decoders.movements import FORMAT as MOVEMENTS
from truceline.geo.plane import Plane

WARM_S = 120.0
"""How long before its beginning messages are followed already, so that tracks stand when it begins."""
STEP_S = 5.0
"""How far apart its pictures are."""
LONGEST_S = 3600.0
MOST = 400_000
"""Messages that are followed for one replay at most."""
RECALLED = frozenset({CAMERAS, MOVEMENTS})
"""Formats whose messages hold on after the service that heard them has ended."""
_SCAN_S = 0.8


def replay(
    store: Store, feeds: Sequence[Feed], plane: Plane, spool: Path, since_s: float, until_s: float
) -> Replay:
    """Follow what feeds said in a stretch of time.

    Args:
        store: The record and its evidence.
        feeds: The feeds.
        plane: The plane that tracks are followed in.
        spool: Where what is not sealed yet lies.
        since_s: Beginning, seconds since 1970.
        until_s: End.

    Returns:
        A picture every `STEP_S`, the last one at the end. Its tracks' ids are its own: what was heard longer ago is not followed.

    Raises:
        InputError: It is longer than an hour, or there are too many messages in it.
    """
    if not 0 <= until_s - since_s <= LONGEST_S:
        raise InputError("replay.long", "a replay is an hour at most", todo="ask for fewer minutes")
    n_steps = int((until_s - since_s) // STEP_S)
    moments = [until_s - STEP_S * (n_steps - n) for n in range(n_steps + 1)]
    pictures: list[list[Way]] = [[] for _ in moments]
    heard, n_left = list[str](), MOST
    for feed in feeds:
        messages = list(_kept(store, spool, feed, since_s - WARM_S, until_s))
        n_left -= len(messages)
        if n_left < 0:
            raise InputError(
                "replay.many",
                f"more than {MOST} messages were kept of that time",
                todo="ask for fewer minutes",
            )
        if messages:
            heard.append(feed.id)
            for n, ways in enumerate(_followed(feed, plane, messages, moments)):
                pictures[n] += ways
    return Replay(tuple(moments), tuple(tuple(ways) for ways in pictures), tuple(heard))


def _kept(store: Store, spool: Path, feed: Feed, since_s: float, until_s: float) -> Iterator[Heard]:
    """Give the messages of a feed that were received in a stretch of time, in their order."""
    since_us, until_us = round(since_s * 1e6), round(until_s * 1e6)
    for item in recorded(store, {"segment"}):
        body = (item.payload or {})["body"]
        if body["feed"] != feed.id or body["until_us"] < since_us or body["from_us"] > until_us:
            continue
        path = store.evidence.path(str(body["sha256"]))
        if path.is_file():  # what was destroyed by order is not followed
            yield from (one for one in wiring.read_segment(path) if since_us <= one.received_us <= until_us)
    names = feed_names([feed])
    for name, from_us, path in wiring.spools(spool):
        if name in names and from_us <= until_us:
            yield from (one for one in wiring.read_spool(path) if since_us <= one.received_us <= until_us)


def _followed(
    feed: Feed, plane: Plane, messages: Sequence[Heard], moments: Sequence[float]
) -> Iterator[tuple[Way, ...]]:
    """Hear messages as they were heard, and give the tracks at each moment."""
    hearing = Hearing(feed, decoder_of(feed.format), plane, (), None)
    at, scan_s = 0, max(feed.revisit_s, _SCAN_S)
    now_s = messages[0].received_us / 1e6
    for moment in moments:
        while now_s <= moment:
            while at < len(messages) and messages[at].received_us <= now_s * 1e6:
                hearing.hear(messages[at].data, messages[at].received_us / 1e6)
                at += 1
            hearing.look(now_s)
            now_s += scan_s
        yield hearing.ways


def recalled(body: Mapping[str, Any], segment: Path, now_s: float) -> Iterator[Frame]:
    """Give the messages of a segment of the record again, of feeds that speak seldom and whose word holds on.

    Args:
        body: What the record says of the segment.
        segment: Where its bytes lie; where they were destroyed by order nothing is given.
        now_s: The time, seconds since 1970; what lies too far back holds no more.

    Yields:
        Its messages that could be read.
    """
    is_old = body["format"] == MOVEMENTS and now_s - int(body["until_us"]) / 1e6 > HELD_S
    if body["format"] not in RECALLED or is_old or not segment.is_file():
        return
    decoder = decoder_of(str(body["format"]))
    for message in wiring.read_segment(segment):
        yield from (one for one in decoder.decode(message.data) if isinstance(one, Frame))
