"""Who watches: posts of the pack and sensors of their owner, and when each of them did."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from truceline.core.exposure import OBSERVING, CoverRules, Equipment, Means, Patrol, Stay, WatchBook
from truceline.core.places import Post
from truceline.core.times import day_end, day_start

Span = tuple[datetime, datetime]
_STRETCH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Watcher:
    """A post or a sensor.

    Args:
        id: Its slug.
        zone: Its zone; empty where the pack does not say.
        lon: Degrees.
        lat: Degrees.
        height_m: How high above the ground it looks from, metres.
        means: What it observes with.
        sectors: Bearings between which it looks; empty is all round.
        reach_m: How far at most, metres; None is as far as its means do.
        group: ``posts``, where people watch; ``sensors``; ``patrols``, each a stretch of a way; ``sites``, which are only tried.
    """

    id: str
    zone: str
    lon: float
    lat: float
    height_m: float
    means: tuple[Means, ...]
    sectors: tuple[tuple[float, ...], ...] = ()
    reach_m: float | None = None
    group: Literal["posts", "sensors", "patrols", "sites"] = "posts"

    @property
    def is_post(self) -> bool:
        """Whether people watch there."""
        return self.group == "posts"


def watchers_of(posts: Sequence[Post], book: WatchBook, rules: CoverRules) -> tuple[Watcher, ...]:
    """Return who watches.

    Args:
        posts: Posts of the pack.
        book: What their owner keeps; a post that it does not equip has the usual means.
        rules: The rules.

    Returns:
        Posts in order of the pack, then sensors in order of the book. A post with several lines of equipment is one watcher a line.
    """
    means = {item.id: item for item in rules.means}
    by_id = {post.id: post for post in posts}
    equipped = {item.id for item in book.equipment}
    usual = [
        Equipment(post.id, rules.usual_means, rules.usual_height_m)
        for post in posts
        if post.id not in equipped
    ]
    order = {post.id: n for n, post in enumerate(posts)}
    found = list[Watcher]()
    for item in sorted((*usual, *book.equipment), key=lambda item: order.get(item.id, len(order))):
        post = by_id.get(item.id)
        lon, lat = (item.lon, item.lat) if post is None or item.lon is not None else (post.lon, post.lat)
        if lon is None or lat is None:
            continue
        found.append(
            Watcher(
                item.id,
                "" if post is None else post.zone,
                lon,
                lat,
                item.height_m,
                tuple(means[word] for word in item.means),
                item.sectors,
                item.reach_m,
                "sensors" if post is None else "posts",
            )
        )
    return tuple(found)


def patrol_watchers(patrols: Sequence[Patrol], rules: CoverRules) -> tuple[tuple[Watcher, Span], ...]:
    """Return the stretches of patrols' ways: where each looked from, and when.

    Args:
        patrols: Who went where.
        rules: The rules.

    Returns:
        A watcher for at most ten minutes of the way between two check-ins, in the middle of it. Of a while in which a patrol did not
        tell though it should have, nothing is assumed.
    """
    means = {item.id: item for item in rules.means}
    found = list[tuple[Watcher, Span]]()
    for patrol in patrols:
        own = tuple(means[word] for word in patrol.means)
        for one, other in pairwise(patrol.track):
            if other.at - one.at > timedelta(minutes=patrol.every_min):
                continue
            n = max(1, math.ceil((other.at - one.at) / _STRETCH))
            # the short way round, also across the antimeridian
            east = (other.lon - one.lon + 180) % 360 - 180
            for k in range(n):
                share = (k + 0.5) / n
                lon = (one.lon + share * east + 180) % 360 - 180
                lat = one.lat + share * (other.lat - one.lat)
                span = one.at + (other.at - one.at) * k / n, one.at + (other.at - one.at) * (k + 1) / n
                slug = f"{patrol.id}#{len(found)}"
                found.append((Watcher(slug, "", lon, lat, patrol.height_m, own, group="patrols"), span))
    return tuple(found)


def spans_of(
    slug: str, post: Post | None, stays: Sequence[Stay], within: Span, zone: ZoneInfo
) -> tuple[list[Span], list[str]]:
    """Return when a post or sensor observed.

    Args:
        slug: The post or sensor.
        post: The post of the pack; None for sensors.
        stays: Lines of its roster, as known.
        within: The period.
        zone: The time zone that the pack's days are in.

    Returns:
        Spans in order, without overlap, and what was assumed. The line that became known last counts; of two that became known
        together and contradict each other neither does. Without any line a post counts as manned in the pack's days.
    """
    own = [stay for stay in stays if stay.id == slug]
    if not own:
        first, last = within
        if post is not None and post.since:
            first = max(first, day_start(date.fromisoformat(post.since), zone))
        if post is not None and post.until:
            last = min(last, day_end(date.fromisoformat(post.until), zone))
        return ([(first, last)] if first < last else []), [
            f"{slug}: no roster; taken for observing throughout"
        ]
    edges = sorted(
        {
            within[0],
            within[1],
            *(
                edge
                for stay in own
                for edge in (stay.start, stay.end)
                if edge is not None and within[0] < edge < within[1]
            ),
        }
    )
    spans, notes = list[Span](), list[str]()
    for start, end in pairwise(edges):
        covering = [stay for stay in own if stay.start <= start and (stay.end is None or stay.end >= end)]
        if not covering:
            continue
        last_known = max(_known(stay) for stay in covering)
        latest = [stay for stay in covering if _known(stay) == last_known]
        # of lines without an end the one that begins last has replaced those before
        newest = max(stay.start for stay in latest)
        latest = [stay for stay in latest if stay.end is not None or stay.start == newest]
        is_observing = {stay.state in OBSERVING for stay in latest}
        if len(is_observing) > 1:
            notes.append(
                f"{slug}: lines of the roster contradict each other from {start:%Y-%m-%d %H:%M}; taken for not observing"
            )
        elif is_observing == {True}:
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    return spans, notes


def _known(stay: Stay) -> datetime:
    return stay.known_at or datetime.min.replace(tzinfo=UTC)
