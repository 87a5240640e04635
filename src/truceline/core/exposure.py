"""What could be seen: posts and sensors, when they were there, what kept them from seeing, and the exposure that comes of it.

Exposure looks back: it says what could have been observed, never where somebody will look (MISSION rule 2). Everything in a
watch book is its owner's and internal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from truceline.core.errors import InputError

Light = Literal["day", "twilight", "night"]
LIGHTS: tuple[Light, ...] = ("day", "twilight", "night")
State = Literal["planned", "set_up", "manned", "unmanned", "withdrawn", "working", "silent"]
OBSERVING = frozenset({"manned", "working"})
"""States in which somebody looks, or a sensor works."""
Watched = Literal["well", "partly", "not_observed"]
"""The three classes in which exposure leaves its owner."""


@dataclass(frozen=True, slots=True)
class Happening:
    """A kind of happening that may be observed.

    Args:
        id: Its word: ``flash``, ``sound``, ``vehicle``, ``aircraft_low``, ``aircraft_high``, ``fire``.
        height_m: How high above the ground what shows of it reaches, metres.
        lasts_s: How long it shows, seconds: an overpass sees what began so long before.
    """

    id: str
    height_m: float
    lasts_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Means:
    """A means of observing: eyes, optics, a thermal camera, ears, a radar.

    Args:
        id: Its word.
        ranges_m: Happening -> how far it is observed by day, in twilight and at night, metres; what is not named is not observed.
        needs_sight: Whether ground between hides.
        is_dimmed: Whether haze and snow shorten it to how far one can see.
        is_drowned: Whether wind shortens it, as `CoverRules.wind` says.
    """

    id: str
    ranges_m: Mapping[str, tuple[float, ...]]
    needs_sight: bool = True
    is_dimmed: bool = False
    is_drowned: bool = False


@dataclass(frozen=True, slots=True)
class Wind:
    """From which wind on how much of a range is left: metres a second, 0 to 1."""

    from_ms: float
    left: float


@dataclass(frozen=True, slots=True)
class CoverRules:
    """``data/cover.toml``: what can be observed by what, how far, and how it is classed.

    Args:
        happenings: Kinds of happening, in the order of reports.
        means: Means of observing.
        wind: How wind drowns sound, from the weakest on.
        well: Least share of a day that is called well observed, 0 to 1.
        partly: Least share that is called partly observed.
        most_points: How many points of a zone are looked at, at most.
        usual_means: What a post has where its owner does not say.
        usual_height_m: How high its observer stands above the ground then, metres.
    """

    happenings: tuple[Happening, ...]
    means: tuple[Means, ...]
    wind: tuple[Wind, ...]
    well: float
    partly: float
    most_points: int
    usual_means: tuple[str, ...]
    usual_height_m: float

    def class_of(self, share: float) -> Watched:
        """Return the class of a share of a day, 0 to 1."""
        if share >= self.well:
            return "well"
        return "partly" if share >= self.partly else "not_observed"


@dataclass(frozen=True, slots=True)
class Equipment:
    """What stands at a post, or a sensor of its own.

    Args:
        id: The post of the pack, or the slug of a feed.
        means: Words of `CoverRules.means`.
        height_m: How high above the ground it looks from, metres.
        sectors: Bearings from true north between which it looks, clockwise, degrees; empty is all round.
        lon: Where it stands, degrees; None is where the pack says.
        lat: Degrees.
        reach_m: How far it looks at most, metres; None is as far as its means do.
    """

    id: str
    means: tuple[str, ...]
    height_m: float
    sectors: tuple[tuple[float, ...], ...] = ()
    lon: float | None = None
    lat: float | None = None
    reach_m: float | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """A line of a roster: in which state a post or sensor was.

    Args:
        id: The post or sensor.
        state: ``planned``, ``set_up``, ``manned``, ``unmanned``, ``withdrawn``; of sensors ``working``, ``silent``.
        start: From when, UTC.
        end: Until when; None is until further notice.
        known_at: When its owner's centre knew; None is from the beginning.
    """

    id: str
    state: State
    start: datetime
    end: datetime | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Where a patrol was when it told.

    Args:
        at: When, UTC.
        lon: Degrees.
        lat: Degrees.
    """

    at: datetime
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Patrol:
    """A patrol that went.

    Args:
        id: ``patrol:<slug>``.
        purpose: What for, in its owner's words.
        means: What it observes with, words of `CoverRules.means`.
        track: Where it told that it was, in order of time.
        every_min: After how many minutes it is to tell again.
        height_m: How high above the ground it looks from, metres.
        assurances: Of whom it asked that it may pass: asked, given or refused, by party.
        end: How it ended; None while it is out.
        reason: Why it turned back.
        known_at: When its owner's centre knew of it; None is as it went.
    """

    id: str
    purpose: str
    means: tuple[str, ...]
    track: tuple[CheckIn, ...]
    every_min: int = 30
    height_m: float = 2.0
    assurances: Mapping[str, Literal["asked", "given", "refused"]] = field(default_factory=dict)
    end: Literal["completed", "turned_back", "recalled"] | None = None
    reason: str = ""
    known_at: datetime | None = None

    def overdue_since(self, at: datetime) -> datetime | None:
        """Return since when nothing was heard of it though it should have told.

        Args:
            at: The moment that is asked about, UTC.

        Returns:
            When it should have told; None where it is not overdue, or has ended.
        """
        told = [point.at for point in self.track if point.at <= at]
        due = max(told) + timedelta(minutes=self.every_min) if told else None
        return due if due is not None and self.end is None and at > due else None


@dataclass(frozen=True, slots=True)
class Restriction:
    """What kept observers from seeing, or from being there.

    Args:
        id: ``restriction:<slug>``.
        kind: ``denied``, ``delayed``, ``conditional``, ``impeded``.
        cause: ``order``, ``fire``, ``mines``, ``jamming``, ``weather``, ``other``.
        by: Who did it, a party's slug; ``unknown`` is a value.
        territory: Whose territory it was on: a party's slug, or ``unknown``. It has to be said.
        zones: Zones and corridors in which it held.
        means: What it touched: means of `CoverRules`, ids of posts and sensors, or ``all``.
        start: From when, UTC.
        end: Until when; None is until further notice.
        known_at: When the centre knew; None is from the beginning.
    """

    id: str
    kind: Literal["denied", "delayed", "conditional", "impeded"]
    cause: Literal["order", "fire", "mines", "jamming", "weather", "other"]
    by: str
    territory: str
    zones: tuple[str, ...]
    means: tuple[str, ...]
    start: datetime
    end: datetime | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Weather:
    """The weather of a while.

    Args:
        start: From when, UTC.
        end: Until when.
        visibility_m: How far one can see, metres; None is unknown, and then nothing is shortened.
        wind_ms: Wind, metres a second; None is unknown.
        zones: Where; empty is everywhere.
        known_at: When the centre knew; None is from the beginning.
    """

    start: datetime
    end: datetime
    visibility_m: float | None = None
    wind_ms: float | None = None
    zones: tuple[str, ...] = ()
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a flight or an overpass really looked at.

    Args:
        id: The sortie, or the satellite's name.
        footprint: GeoJSON polygon of the ground in the picture.
        happenings: What can be told in it.
        start: From when, UTC.
        end: Until when; an overpass has the same.
        cloud: Share of the footprint under cloud, 0 to 1.
        known_at: When the centre had it; None is from the beginning.
    """

    id: str
    footprint: Mapping[str, Any]
    happenings: tuple[str, ...]
    start: datetime
    end: datetime
    cloud: float = 0.0
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WatchBook:
    """What the owner of posts keeps about them, internal to it.

    Args:
        owner: Whose it is.
        equipment: What stands where.
        roster: Who was there.
        patrols: Who went where.
        restrictions: What kept them from seeing.
        weather: The weather.
        looks: Flights and overpasses.
        is_illustrative: Whether it is made up for an example.
    """

    owner: str = ""
    equipment: tuple[Equipment, ...] = ()
    roster: tuple[Stay, ...] = ()
    patrols: tuple[Patrol, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    weather: tuple[Weather, ...] = ()
    looks: tuple[Look, ...] = ()
    is_illustrative: bool = False

    def known_by(self, at: datetime) -> WatchBook:
        """Return what of it was known at a moment; equipment is taken as it stands."""
        # where a patrol was is known as it tells
        patrols = tuple(
            replace(patrol, track=tuple(point for point in patrol.track if point.at <= at))
            for patrol in self.patrols
        )

        def kept(lines: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(line for line in lines if line.known_at is None or line.known_at <= at)

        return WatchBook(
            self.owner, self.equipment, kept(self.roster),
            kept(patrols), kept(self.restrictions), kept(self.weather),
            kept(self.looks), self.is_illustrative,
        )  # fmt: skip


def check_rules(rules: CoverRules) -> None:
    """Refuse rules that contradict themselves.

    Args:
        rules: The rules.

    Raises:
        InputError: A range is negative or not one for each light, or a word is not declared.
    """
    happenings = {item.id for item in rules.happenings}
    for means in rules.means:
        for word, ranges in means.ranges_m.items():
            if word not in happenings:
                raise InputError(
                    "cover.word",
                    f"'{word}' is no happening",
                    where=means.id,
                    todo="declare it under happenings",
                )
            if len(ranges) != len(LIGHTS) or min(ranges) < 0:
                raise InputError(
                    "cover.range",
                    f"the ranges of '{word}' are not three lengths from 0 on: day, twilight, night",
                    where=means.id,
                )
    if not 0 < rules.partly <= rules.well <= 1:
        raise InputError(
            "cover.class", "the classes do not rise: 0 < partly <= well <= 1", where="data/cover.toml"
        )


def check_book(book: WatchBook, rules: CoverRules, known: frozenset[str], zones: frozenset[str]) -> list[str]:
    """Find what a watch book says that cannot be.

    Args:
        book: The book.
        rules: The rules.
        known: Posts and feeds of the pack.
        zones: Its zones and corridors.

    Returns:
        One sentence for each mistake, the line it is about first; empty where it is sound.
    """
    said = list[str]()
    means = {item.id for item in rules.means}
    own = known | {item.id for item in book.equipment}
    for item in book.equipment:
        where = f"equipment {item.id}"
        said += [
            f"{where}: '{word}' is no means of data/cover.toml" for word in item.means if word not in means
        ]
        if item.id not in known and (item.lon is None or item.lat is None):
            said.append(f"{where}: the pack has no such post or feed: give lon and lat")
        if item.height_m < 0 or (item.reach_m is not None and item.reach_m <= 0):
            said.append(f"{where}: height and reach are not negative")
        if any(len(pair) != 2 or not all(0 <= edge <= 360 for edge in pair) for pair in item.sectors):
            said.append(f"{where}: a sector is two bearings from 0 to 360, clockwise, as [300, 60]")
    lines: tuple[Stay | Restriction | Weather | Look, ...] = (
        *book.roster, *book.restrictions, *book.weather, *book.looks,
    )  # fmt: skip
    for line in lines:
        name = getattr(line, "id", "weather")
        where = f"{type(line).__name__.lower()} {name} from {line.start:%Y-%m-%d %H:%M}"
        if line.start.tzinfo is None or (line.end is not None and line.end.tzinfo is None):
            said.append(f"{where}: its time has no zone: write 2020-11-14T05:00Z")
        elif line.end is not None and line.end < line.start:
            said.append(f"{where}: it ends before it begins")
        if isinstance(line, Stay) and line.id not in own:
            said.append(f"{where}: the pack has no such post or feed")
        if isinstance(line, Restriction) and not line.territory:
            said.append(f"{where}: say on whose territory it was; 'unknown' is an answer")
        said += [f"{where}: the pack has no zone '{z}'" for z in getattr(line, "zones", ()) if z not in zones]
    said += [
        f"weather from {air.start:%Y-%m-%d %H:%M}: visibility and wind are not negative"
        for air in book.weather
        if (air.visibility_m or 0) < 0 or (air.wind_ms or 0) < 0
    ]
    for patrol in book.patrols:
        where = f"patrol {patrol.id}"
        said += [
            f"{where}: '{word}' is no means of data/cover.toml" for word in patrol.means if word not in means
        ]
        if any(point.at.tzinfo is None for point in patrol.track):
            said.append(f"{where}: a time has no zone: write 2020-11-14T05:00Z")
        elif any(one.at >= other.at for one, other in pairwise(patrol.track)):
            said.append(f"{where}: its check-ins are not in order of time")
        if any(abs(point.lat) > 90 or abs(point.lon) > 180 for point in patrol.track):
            said.append(f"{where}: a place is none: lon comes before lat")
        if patrol.every_min <= 0 or patrol.height_m < 0:
            said.append(f"{where}: heights and times are not negative")
        if patrol.end == "turned_back" and not patrol.reason:
            said.append(f"{where}: say why it turned back")
    happenings = {item.id for item in rules.happenings}
    said += [
        f"look {look.id}: '{word}' is no happening of data/cover.toml"
        for look in book.looks
        for word in look.happenings
        if word not in happenings
    ]
    said += [
        f"look {look.id}: cloud is a share from 0 to 1" for look in book.looks if not 0 <= look.cloud <= 1
    ]
    return said
