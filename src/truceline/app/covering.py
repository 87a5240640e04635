"""Exposure of a mission: its posts and their owner's watch book over a model of the ground, into files that are internal to the owner."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from truceline.app import wiring
from truceline.core.errors import InputError, MissingExtraError
from truceline.core.exposure import (
    CoverRules,
    Look,
    Restriction,
    Stay,
    WatchBook,
    Weather,
    check_book,
)
from truceline.core.mission import Mission
from truceline.core.places import Line
from truceline.core.times import day_end, format_instant
from truceline.picture.counting import period_start

try:
    from truceline.cover import cover
    from truceline.cover.points import spread
    from truceline.cover.stage import HOUR, Exposure, Ground
    from truceline.cover.views import OutsideError, seen_cells, view_of
    from truceline.cover.watchers import Span, patrol_watchers, spans_of, watchers_of
except ImportError as error:  # numba is of the extra
    raise MissingExtraError(
        "extra.cover", "exposure needs the extra 'cover'", todo='pip install "truceline[cover]"'
    ) from error

_ZONES = frozenset({"zone", "corridor"})
_NOBODY = 255


@dataclass(frozen=True, slots=True)
class Asked:
    """What exposure is asked for.

    Args:
        mission: A packaged mission's name, or a folder.
        dem: The model of the ground; None takes the example's coarse one where the pack has one.
        book: The watch book; None takes the example's where the pack has one.
        rules: The mission's own figures; None takes the package's.
        at: As known at, and until when; None is the latest moment of the book.
        days: How many of the mission's days, the last being the one of ``at``.
        canopy_m: How high woods and houses stand on the ground, metres.
    """

    mission: str
    dem: Path | None = None
    book: Path | None = None
    rules: Path | None = None
    at: datetime | None = None
    days: int = 1
    canopy_m: float = 0.0


@dataclass(frozen=True, eq=False)
class Watch:
    """A mission's watch, ready to be asked about any hours.

    Args:
        mission: The pack.
        rules: What is observed how far.
        book: What was known at ``at``.
        terrain: The model of the ground.
        ground: What each watcher can see.
        at: As known at, UTC.
        notes: What was assumed or left out, one sentence each.
        stretches: Stretch of a patrol's way -> when it was gone.
        canopy_m: How high woods and houses stand on the ground, metres.
    """

    mission: Mission
    rules: CoverRules
    book: WatchBook
    terrain: wiring.TerrainFile
    ground: Ground
    at: datetime
    notes: tuple[str, ...]
    stretches: Mapping[str, Span]
    canopy_m: float = 0.0

    def expose(
        self, within: Span, book: WatchBook | None = None, without: str = ""
    ) -> tuple[Exposure, tuple[str, ...]]:
        """Work out what could have been observed.

        Args:
            within: Whole hours, UTC.
            book: Another book than the watch's own, known at another time or changed.
            without: A post or sensor that is taken away.

        Returns:
            The exposure, and what was assumed.

        Raises:
            InputError: The hours are not over yet: exposure looks back.
        """
        if within[1] > self.at:
            raise InputError(
                "cover.forward",
                "exposure looks back, never forward",
                where=format_instant(within[1]),
                todo="give a later --at",
            )
        book = self.book if book is None else book
        spans, notes = self._spans(book, within)
        kept = {slug: own for slug, own in spans.items() if slug.partition("#")[0] != without}
        return cover(self.ground, kept, book, within), tuple(notes)

    def observing(self) -> frozenset[str]:
        """Return who observed at the watch's moment."""
        spans, _ = self._spans(self.book, (self.at - HOUR, self.at))
        return frozenset(slug for slug, own in spans.items() if own and own[-1][0] <= self.at <= own[-1][1])

    @property
    def is_illustrative(self) -> bool:
        """Whether any of it is made up for an example: the book, or where posts stand."""
        return self.book.is_illustrative or any(post.illustrative for post in self.mission.posts)

    def _spans(self, book: WatchBook, within: Span) -> tuple[dict[str, list[Span]], list[str]]:
        """When each watcher observed, and what was assumed."""
        posts = {post.id: post for post in self.mission.posts}
        spans, notes = dict[str, list[Span]](), list[str]()
        for slug in dict.fromkeys(view.watcher.id for view in self.ground.views):
            if slug in self.stretches:
                spans[slug] = [self.stretches[slug]]
            else:
                spans[slug], said = spans_of(slug, posts.get(slug), book.roster, within, self.mission.zone)
                notes += said
        return spans, notes


def open_watch(asked: Asked, tell: Callable[[str], None] = lambda _: None) -> Watch:
    """Read everything and look over the ground.

    Args:
        asked: What is asked for.
        tell: Is told what is being looked at.

    Returns:
        The watch.

    Raises:
        ConfigError: The pack, the rules or the book cannot be used.
        InputError: The model of the ground cannot be, or no post stands in it.
    """
    mission = wiring.load_mission(asked.mission)
    rules = wiring.load_cover_rules(asked.rules)
    book_file = asked.book or wiring.packaged_book(asked.mission)
    book = wiring.load_watch_book(book_file) if book_file else WatchBook()
    zones = _zones(mission)
    if not zones:
        raise InputError(
            "cover.zones", "the pack has no zone or corridor to watch", where=mission.settings.id
        )
    slugs = frozenset(post.id for post in mission.posts) | {feed.id for feed in mission.feeds}
    if mistakes := check_book(book, rules, slugs, frozenset(line.id for line in zones)):
        where = "watch book" if book_file is None else book_file.name
        raise InputError(
            "cover.book",
            "cannot be used:\n  " + "\n  ".join(mistakes) + "\n",
            where=where,
            todo="mend it and try again",
        )
    at = asked.at or _latest(book, mission)
    dem = asked.dem or wiring.packaged_terrain(asked.mission)
    if dem is None:
        raise InputError("cover.dem", "the pack brings no model of the ground", todo="give --dem FILE.tif")
    terrain = wiring.TerrainFile(dem)
    notes = list(terrain.notes)
    if book_file is None:
        notes.append("no watch book: posts have the usual means, " + ", ".join(rules.usual_means))
    if asked.at is None:
        notes.append(f"no --at: as known at {format_instant(at)}, the latest moment of the book")
    known = book.known_by(at)
    begins = period_start(at, mission) - timedelta(days=asked.days - 1)
    stretches = [(who, span) for who, span in patrol_watchers(known.patrols, rules) if span[1] > begins]
    watchers = (*watchers_of(mission.posts, book, rules), *(who for who, _ in stretches))
    points = spread(zones, rules.most_points)
    views = []
    for watcher in watchers:
        tell(watcher.id)
        try:
            views.append(view_of(watcher, points, terrain, rules, asked.canopy_m))
        except OutsideError as error:
            notes.append(f"{error}; left out")
    notes += [
        f"{patrol.id}: overdue since {format_instant(since)}: it should have told where it was"
        for patrol in known.patrols
        if (since := patrol.overdue_since(at)) is not None
    ]
    if not views:
        raise InputError(
            "cover.outside",
            "no post stands in the model of the ground",
            where=str(dem),
            todo="give a model of the mission's box",
        )
    coarse_m = max(terrain.cell_m(terrain.shape[0] / 2, terrain.shape[1] / 2))
    if coarse_m > _FINE_M:
        notes.append(
            f"cells of {coarse_m:.0f} m are too coarse for a true line of sight: what is seen is indicative"
        )
    return Watch(
        mission,
        rules,
        known,
        terrain,
        Ground(points, views, rules),
        at,
        tuple(notes),
        {who.id: span for who, span in stretches},
        asked.canopy_m,
    )


_FINE_M = 100.0
"""Coarser models do not hold the ridges and hollows that hide people and vehicles."""


def period(watch: Watch, days: int) -> Span:
    """Return the hours of the mission's days that are over, the last being that of the watch's moment."""
    start = period_start(watch.at, watch.mission) - timedelta(days=days - 1)
    return start, start + int((watch.at - start) / HOUR) * HOUR


def exposure_file(watch: Watch, found: Exposure, notes: Sequence[str]) -> dict[str, Any]:
    """Return ``exposure.json``.

    Args:
        watch: The watch.
        found: Its exposure.
        notes: What was assumed.

    Returns:
        Plain data; shares of 0 to 1 with four digits.
    """
    return {
        "mission": watch.mission.settings.id,
        "owner": watch.book.owner or "contingent",
        "release": "owner",
        "illustrative": watch.is_illustrative,
        "known_at": format_instant(watch.at),
        "start": format_instant(found.starts[0]) if found.starts else None,
        "happenings": list(found.happenings),
        "assumptions": [*watch.notes, *notes],
        "zones": [
            {"zone": zone, "points": int((watch.ground.points.zone == z).sum()), "hours": list(_hours(found, z)), "days": list(_days(watch, found, z))}
            for z, zone in enumerate(found.zones)
        ],
    }  # fmt: skip


def _hours(found: Exposure, z: int) -> Iterator[dict[str, Any]]:
    for h, start in enumerate(found.starts):
        yield {
            "start": format_instant(start),
            "share": _by_word(found, found.share[z, h]),
            "post_hours": round(float(found.post_hours[z, h]), 4),
            "light": {word: round(float(part), 4) for word, part in zip(("day", "twilight", "night"), found.light[z, h], strict=True)},
            "restricted": round(float(found.restricted[z, h]), 4),
        }  # fmt: skip


def _days(watch: Watch, found: Exposure, z: int) -> Iterator[dict[str, Any]]:
    """The mission's days: observed hours of each kind, and the class in which a day leaves its owner."""
    starts = np.array([period_start(start + HOUR, watch.mission).timestamp() for start in found.starts])
    for began in np.unique(starts):
        hours = found.share[z, starts == began]
        observed = hours.sum(axis=0)
        share = hours.mean(axis=0)
        yield {
            "start": format_instant(datetime.fromtimestamp(began, UTC)),
            "hours": len(hours),
            "observed_hours": _by_word(found, observed),
            "post_hours": round(float(found.post_hours[z, starts == began].sum()), 4),
            "class": {word: watch.rules.class_of(float(part)) for word, part in zip(found.happenings, share, strict=True)},
        }  # fmt: skip


def _by_word(found: Exposure, row: Any) -> dict[str, float]:
    return {word: round(float(part), 4) for word, part in zip(found.happenings, row, strict=True)}


def lost_without(watch: Watch, slug: str, within: Span) -> dict[str, dict[str, float]]:
    """Return what is lost if a post closes.

    Args:
        watch: The watch.
        slug: The post, sensor or patrol.
        within: Whole hours, UTC.

    Returns:
        Zone -> happening -> hours that could be observed with it and could not without.

    Raises:
        InputError: There is no such post, or the hours are not over.
    """
    if slug not in {view.watcher.id.partition("#")[0] for view in watch.ground.views}:
        raise InputError(
            "cover.post",
            f"there is no post '{slug}'",
            todo="give one of the pack's posts, or a sensor of the book",
        )
    whole, _ = watch.expose(within)
    less, _ = watch.expose(within, without=slug)
    # sums of parts of hours differ in their last digits
    lost = np.maximum((whole.share - less.share).sum(axis=1), 0.0).round(6) + 0.0
    return {zone: _by_word(whole, lost[z]) for z, zone in enumerate(whole.zones)}


@dataclass(frozen=True, eq=False)
class Coverage:
    """How many posts and sensors could observe a happening at each cell.

    Args:
        first: Row and column of the model that the first cell is.
        count: Counts; 255 where the model has no height.
    """

    first: tuple[int, int]
    count: np.ndarray


def coverage(watch: Watch, happening: str) -> Coverage:
    """Count how many posts and sensors could observe a happening at each cell of the model, in their best light.

    Args:
        watch: The watch; who did not observe at its moment is not counted.
        happening: The kind.

    Returns:
        Counts over the whole model; of one that is too large to be held the part that anybody looks at.

    Raises:
        InputError: There is no such kind.
    """
    kinds = {item.id: item for item in watch.rules.happenings}
    if happening not in kinds:
        raise InputError(
            "cover.kind", f"'{happening}' is no kind of happening", todo="give one of " + ", ".join(kinds)
        )
    on = watch.observing()
    seen = [
        seen_cells(view.watcher, watch.terrain, kinds[happening], watch.canopy_m)
        for view in watch.ground.views
        if view.watcher.id in on
    ]
    rows, columns = (0, watch.terrain.shape[0]), (0, watch.terrain.shape[1])
    if watch.terrain.is_large and seen:
        rows = min(part[0][0][0] for part in seen), max(part[0][0][1] for part in seen)
        columns = min(part[0][1][0] for part in seen), max(part[0][1][1] for part in seen)
    ground = watch.terrain.part(rows, columns)
    count = np.zeros(ground.shape, np.uint8)
    for (own_rows, own_columns, _), flags in seen:
        top, left = own_rows[0] - rows[0], own_columns[0] - columns[0]
        count[top : top + flags.shape[0], left : left + flags.shape[1]] += flags.astype(np.uint8)
    count[np.isnan(ground)] = _NOBODY
    return Coverage((rows[0], columns[0]), count)


def write_all(
    watch: Watch,
    days: int,
    happening: str,
    out: Path,
    draw: Callable[[Watch, Exposure, Sequence[str], Coverage], bytes],
) -> dict[str, Any]:
    """Write ``exposure.json``, ``coverage.tif`` and ``coverage.png``.

    Args:
        watch: The watch.
        days: How many days.
        happening: Of which kind of happening the map is.
        out: The folder.
        draw: Draws the sheet.

    Returns:
        What ``exposure.json`` holds.
    """
    found, notes = watch.expose(period(watch, days))
    said = exposure_file(watch, found, notes)
    out.mkdir(parents=True, exist_ok=True)
    (out / "exposure.json").write_text(
        json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    seen = coverage(watch, happening)
    (out / "coverage.png").write_bytes(draw(watch, found, notes, seen))
    wiring.write_cells(out / "coverage.tif", seen.count, watch.terrain, _NOBODY, seen.first)
    return said


def _zones(mission: Mission) -> list[Line]:
    """Zones and corridors that have posts, in order of the pack; without posts all of them."""
    zones = [line for line in mission.lines if line.kind in _ZONES]
    manned = {post.zone for post in mission.posts}
    return [line for line in zones if line.id in manned] or zones


def _latest(book: WatchBook, mission: Mission) -> datetime:
    lines: list[Stay | Restriction | Weather | Look] = [
        *book.roster, *book.restrictions, *book.weather, *book.looks,
    ]  # fmt: skip
    edges = [edge for line in lines for edge in (line.start, line.end, line.known_at) if edge is not None]
    days = [date.fromisoformat(day) for post in mission.posts for day in (post.since, post.until) if day]
    edges += [day_end(day, mission.zone) for day in days]
    if not edges:
        raise InputError(
            "cover.at", "neither the pack nor the book says when anybody watched", todo="give --at"
        )
    return max(edges)
