"""Exposure: of each zone, hour and kind of happening, the share that could have been observed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np

from truceline.core.exposure import LIGHTS, CoverRules, Light, Look, WatchBook
from truceline.cover.points import Points, bits
from truceline.cover.ports import Floats
from truceline.cover.views import View
from truceline.cover.watchers import Span
from truceline.geo.areas import Area
from truceline.geo.plane import Plane
from truceline.geo.points import point_for
from truceline.geo.sun import lights

HOUR = timedelta(hours=1)


@dataclass(frozen=True, eq=False)
class Exposure:
    """What could have been observed.

    Args:
        zones: Slugs, Z of them.
        starts: Beginning of each hour, UTC, H of them.
        happenings: Words, K of them.
        share: Share of the zone and hour, 0 to 1, shape (Z, H, K).
        post_hours: Hours of manned posts that stand in the zone, shape (Z, H).
        light: Share of each hour in day, twilight and night, shape (Z, H, 3).
        restricted: Share of each hour in which a restriction held, shape (Z, H).
    """

    zones: tuple[str, ...]
    starts: tuple[datetime, ...]
    happenings: tuple[str, ...]
    share: Floats
    post_hours: Floats
    light: Floats
    restricted: Floats


class _State(NamedTuple):
    """What an exposure depends on, apart from the hour: whatever recurs is worked out once."""

    zone: int
    light: Light
    active: bytes
    visibility_m: float | None
    wind_ms: float | None
    without: frozenset[str]


@dataclass(eq=False)
class Ground:
    """What is worked out once over the ground, and the states that have been met.

    Args:
        points: The points.
        views: One of each watcher.
        rules: The rules.
        known: States that have been met: their shares.
        footprints: Looks that have been met: their footprints, and the points in them.
    """

    points: Points
    views: Sequence[View]
    rules: CoverRules
    known: dict[_State, Floats] = field(default_factory=dict)
    footprints: dict[str, tuple[Mapping[str, Any], int]] = field(default_factory=dict)

    def footprint(self, look: Look) -> int:
        """Return the points in the footprint of a look."""
        key = look.id + look.start.isoformat()
        found = self.footprints.get(key)
        if found is None or found[0] != look.footprint:
            plane = Plane(*point_for(look.footprint))
            inside = Area(look.footprint, plane).depth_m(plane.to_plane(self.points.lon, self.points.lat)) > 0
            found = look.footprint, bits(inside)
            self.footprints[key] = found
        return found[1]


def cover(ground: Ground, spans: Mapping[str, Sequence[Span]], book: WatchBook, within: Span) -> Exposure:
    """Work out what could have been observed.

    Args:
        ground: What the watchers can see.
        spans: Watcher -> when it observed, in order and without overlap.
        book: Restrictions, weather and looks, as known.
        within: From the beginning of an hour to the beginning of another, UTC.

    Returns:
        The exposure.
    """
    start, end = within
    n_zones, n_hours = len(ground.points.zones), round((end - start) / HOUR)
    kinds = tuple(item.id for item in ground.rules.happenings)
    found = Exposure(
        ground.points.zones, tuple(start + n * HOUR for n in range(n_hours)), kinds,
        np.zeros((n_zones, n_hours, len(kinds))), np.zeros((n_zones, n_hours)), np.zeros((n_zones, n_hours, 3)),
        np.zeros((n_zones, n_hours)),
    )  # fmt: skip
    counted = _counted(ground.views)
    for index, zone in enumerate(ground.points.zones):
        for piece in _pieces(ground, index, spans, book, within):
            state = piece.state
            found.share[index, piece.hour] += piece.length_h * _known_shares(ground, piece)
            found.light[index, piece.hour, LIGHTS.index(state.light)] += piece.length_h
            found.restricted[index, piece.hour] += piece.length_h * bool(state.without)
            found.post_hours[index, piece.hour] += piece.length_h * sum(
                view.watcher.zone == zone and is_counted and not _is_kept_out(view, state.without)
                for view, is_active, is_counted in zip(ground.views, piece.active, counted, strict=True)
                if is_active
            )
    return found


class _Piece(NamedTuple):
    """A part of an hour in which nothing changes."""

    hour: int
    length_h: float
    state: _State
    active: np.ndarray
    looks: Sequence[tuple[Look, str]]


def _pieces(
    ground: Ground, index: int, spans: Mapping[str, Sequence[Span]], book: WatchBook, within: Span
) -> Iterator[_Piece]:
    """Cut the hours of a zone wherever anything changes."""
    start, end = within
    zone = ground.points.zones[index]
    sun = lights(start, end, *ground.points.middles[index])
    weather = [item for item in book.weather if not item.zones or zone in item.zones]
    restrictions = [item for item in book.restrictions if zone in item.zones]
    lasts = {item.id: timedelta(seconds=item.lasts_s) for item in ground.rules.happenings}
    looks = [(look, word) for look in book.looks for word in look.happenings]
    in_sun: list[Span] = [piece[:2] for piece in sun]
    in_weather: list[Span] = [(item.start, item.end) for item in weather]
    in_restriction: list[Span] = [(item.start, item.end or end) for item in restrictions]
    # what shows for a while is seen by a look that comes while it shows
    in_look: list[Span] = [(look.start - lasts[word], look.end) for look, word in looks]
    n_hours = round((end - start) / HOUR)
    edges = {start + n * HOUR for n in range(n_hours + 1)}
    for group in (in_sun, in_weather, in_restriction, in_look, *spans.values()):
        edges |= {edge for span in group for edge in span}
    at_s = np.array(sorted((edge - start).total_seconds() for edge in edges if start <= edge <= end))
    middle_s, length_h = (at_s[1:] + at_s[:-1]) / 2, np.diff(at_s) / 3600
    active = _table([spans.get(view.watcher.id, ()) for view in ground.views], middle_s, start)
    shut = _table([(span,) for span in in_restriction], middle_s, start)
    seen = _table([(span,) for span in in_look], middle_s, start)
    light, air = _last_of(in_sun, middle_s, start), _last_of(in_weather, middle_s, start)
    for n, middle in enumerate(middle_s):
        without = frozenset(word for k in np.flatnonzero(shut[:, n]) for word in restrictions[int(k)].means)
        state = _State(
            index, sun[light[n]][2], np.packbits(active[:, n]).tobytes(),
            None if air[n] < 0 else weather[air[n]].visibility_m, None if air[n] < 0 else weather[air[n]].wind_ms, without,
        )  # fmt: skip
        own = [looks[int(k)] for k in np.flatnonzero(seen[:, n])]
        yield _Piece(min(int(middle // 3600), n_hours - 1), float(length_h[n]), state, active[:, n], own)


def _known_shares(ground: Ground, piece: _Piece) -> Floats:
    if piece.looks:  # flights differ each time
        return _shares(ground, piece)
    if piece.state not in ground.known:
        ground.known[piece.state] = _shares(ground, piece)
    return ground.known[piece.state]


def _shares(ground: Ground, piece: _Piece) -> Floats:
    """For one state of things the share of a zone at which each kind of happening could be observed.

    A look through cloud adds what it shows beyond all others, as far as the cloud leaves it: where two clouded looks overlap, the
    second adds nothing, so that the share is never too high.
    """
    state = piece.state
    zone = ground.points.masks[state.zone]
    views = [
        view
        for view, is_active in zip(ground.views, piece.active, strict=True)
        if is_active and not _is_kept_out(view, state.without)
    ]
    shares = np.zeros(len(ground.rules.happenings))
    for k, happening in enumerate(ground.rules.happenings):
        seen = 0
        for view in views:
            seen |= view.mask(happening.id, state.light, state.visibility_m, state.wind_ms, state.without)
        seen &= zone
        count = float(seen.bit_count())
        for look, word in sorted(piece.looks, key=lambda item: item[0].cloud):
            if word == happening.id and not state.without & {"all", "flights", look.id}:
                more = ground.footprint(look) & zone & ~seen
                count += (1 - look.cloud) * more.bit_count()
                seen |= more
        shares[k] = count / zone.bit_count()
    return shares


def _is_kept_out(view: View, without: frozenset[str]) -> bool:
    return bool(without & {"all", view.watcher.id, view.watcher.group})


def _counted(views: Sequence[View]) -> list[bool]:
    """Whose hours count as a post's: sensors' do not, and of a post with several lines of equipment the first does."""
    first = {view.watcher.id: n for n, view in reversed(list(enumerate(views)))}
    return [view.watcher.is_post and first[view.watcher.id] == n for n, view in enumerate(views)]


def _table(groups: Sequence[Sequence[Span]], at_s: Floats, start: datetime) -> np.ndarray:
    """Whether each moment lies in a span of each group, shape (groups, moments)."""
    found = np.zeros((len(groups), len(at_s)), bool)
    for row, group in zip(found, groups, strict=True):
        if group:
            begins = np.array([(span[0] - start).total_seconds() for span in group])
            ends = np.array([(span[1] - start).total_seconds() for span in group])
            n = np.searchsorted(begins, at_s, side="right") - 1
            row[:] = (n >= 0) & (at_s < ends[np.maximum(n, 0)])
    return found


def _last_of(spans: Sequence[Span], at_s: Floats, start: datetime) -> list[int]:
    """Which span each moment lies in, the last where several; -1 is none."""
    inside = _table([(span,) for span in spans], at_s, start)
    return [int(np.flatnonzero(column)[-1]) if column.any() else -1 for column in inside.T]
