"""Where posts would see most, what the ones that stand see beside that, and in which hours one aircraft would have added most.

Plans are internal to the owner of the posts, as rosters are. They rest on ground and on hours that are over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point, shape

from truceline.app.covering import Watch, period
from truceline.core.errors import InputError
from truceline.core.exposure import LIGHTS, Light, WatchBook
from truceline.core.times import format_instant
from truceline.cover.points import Points, spread
from truceline.cover.ports import Floats
from truceline.cover.siting import Choice, Demand, Limits, Zone, best_hours, site_posts
from truceline.cover.views import OutsideError, view_of
from truceline.cover.watchers import Watcher, watchers_of
from truceline.geo.plane import Plane

_MOST_POINTS = 1700
"""Of each zone: enough to tell sites apart, few enough for a proof."""
_MOST_S = 120.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of posts.

    Args:
        happening: What they have to observe.
        light: In which light.
        posts: Zone -> how many posts; empty is as many as stand there.
        total: How many together, wherever they are; None is as many as stand.
        least_share: Zone -> share of its area that has to be observed.
        keep: Posts that stay.
        land: GeoJSON of the land on which posts may stand; None is all of the zones.
        line_m: How near to a line of contact a post may stand, metres.
        sites: About how many places are tried.
    """

    happening: str = "flash"
    light: Light = "day"
    posts: Mapping[str, int] | None = None
    total: int | None = None
    least_share: Mapping[str, float] | None = None
    keep: tuple[str, ...] = ()
    land: Path | None = None
    line_m: float = 0.0
    sites: int = 300


@dataclass(frozen=True, eq=False)
class Plan:
    """What was found.

    Args:
        zones: Slugs.
        stand: What the posts that stand observe.
        zoned: The best choice with each zone's own number of posts.
        free: The best choice wherever posts stand.
        places: Longitude and latitude of every site that was tried, degrees; the posts that stand come first.
        names: Post of each site, empty where it is a new one.
        km2: Area that each zone has, square kilometres.
    """

    zones: tuple[str, ...]
    stand: Choice
    zoned: Choice
    free: Choice
    places: tuple[tuple[float, float], ...]
    names: tuple[str, ...]
    km2: tuple[float, ...]


def plan(watch: Watch, wanted: Wanted, tell: Callable[[str], None] = lambda _: None) -> Plan:
    """Choose where posts would observe most.

    Args:
        watch: The mission's watch.
        wanted: What is asked of posts.
        tell: Is told which place is being tried.

    Returns:
        The posts that stand beside the best choice with as many in each zone, and the best of all.

    Raises:
        InputError: There is no such kind of happening or zone, or no place to try.
        MissingExtraError: HiGHS is not installed.
    """
    if wanted.happening not in {item.id for item in watch.rules.happenings}:
        raise InputError(
            "plan.kind", f"'{wanted.happening}' is no kind of happening", todo="see data/cover.toml"
        )
    lines = {line.id: line for line in watch.mission.lines}
    zones = watch.ground.points.zones
    for zone in {*(wanted.posts or {}), *(wanted.least_share or {})} - set(zones):
        raise InputError("plan.zone", f"there is no zone '{zone}'", todo="give one of " + ", ".join(zones))
    points = spread([lines[zone] for zone in zones], _MOST_POINTS)
    posts = [post for post in watch.mission.posts if post.zone in zones]
    for slug in set(wanted.keep) - {post.id for post in posts}:
        raise InputError("plan.keep", f"there is no post '{slug}'")
    usual = WatchBook(
        equipment=tuple(item for item in watch.book.equipment if item.id in {post.id for post in posts})
    )
    sites = [*watchers_of(posts, usual, watch.rules), *_tries(watch, points, wanted)]
    covers = np.zeros((len(sites), len(points.lon)), bool)
    kept = list[int]()
    for n, site in enumerate(sites):
        tell(site.id)
        try:
            view = view_of(site, points, watch.terrain, watch.rules, watch.canopy_m)
        except OutsideError:
            continue
        mask = view.mask(wanted.happening, wanted.light, None, None, frozenset())
        covers[n] = _flags(mask, len(points.lon))
        kept.append(n)
    sites, covers = [sites[n] for n in kept], covers[kept]
    if not sites:
        raise InputError(
            "plan.sites", "no place to try lies in the model of the ground", where=str(watch.terrain.path)
        )
    weight = np.asarray([points.spacing_m[z] ** 2 / 1e6 for z in points.zone])
    site_zone = np.array([zones.index(site.zone) for site in sites])
    is_post = np.array([site.is_post for site in sites])
    counts = {zone: int((is_post & (site_zone == z)).sum()) for z, zone in enumerate(zones)}
    counts = {**counts, **(wanted.posts or {})}
    total = sum(counts.values()) if wanted.total is None else wanted.total
    shares = wanted.least_share or {}
    limits = _limits(watch, sites, is_post, wanted)

    def best(of: tuple[Zone, ...], n: int, more: Limits) -> Choice:
        return site_posts(
            Demand(covers, weight, of, site_zone, points.zone), replace(more, posts=n), most_s=_MOST_S
        )

    plain = tuple(Zone(zone) for zone in zones)
    return Plan(
        zones,
        best(plain, int(is_post.sum()), Limits(0, standing=is_post)),
        best(
            tuple(Zone(z, counts[z], counts[z], shares.get(z, 0.0)) for z in zones),
            sum(counts.values()),
            limits,
        ),
        best(tuple(Zone(z, least_share=shares.get(z, 0.0)) for z in zones), total, limits),
        tuple((round(site.lon, 6), round(site.lat, 6)) for site in sites),
        tuple(site.id if site.is_post else "" for site in sites),
        tuple(float(weight[points.zone == z].sum()) for z in range(len(zones))),
    )


def plan_file(found: Plan, watch: Watch, wanted: Wanted) -> dict[str, Any]:
    """Return a plan as plain data; it is its owner's."""

    def told(choice: Choice) -> dict[str, Any]:
        if choice.why_not:
            return {"why_not": choice.why_not}
        return {
            "observed_km2": round(choice.covered, 3),
            "share": {zone: round(share, 4) for zone, share in zip(found.zones, choice.shares, strict=True)},
            "gap": choice.gap,
            "sites": [
                {"post": found.names[n] or None, "lon": found.places[n][0], "lat": found.places[n][1]} for n in choice.sites
            ],
        }  # fmt: skip

    return {
        "mission": watch.mission.settings.id,
        "owner": watch.book.owner or "contingent",
        "release": "owner",
        "illustrative": watch.is_illustrative,
        "happening": wanted.happening,
        "light": wanted.light,
        "assumptions": list(watch.notes),
        "tried": len(found.places),
        "stand": told(found.stand),
        "each_zone": told(found.zoned),
        "anywhere": told(found.free),
    }


def write_plan(out: Path, said: Mapping[str, Any]) -> None:
    """Write a plan as JSON.

    Args:
        out: The file.
        said: The plan.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Flown:
    """Hours that would have added most.

    Args:
        starts: First hour of each flight, UTC.
        added: Hours of the zone's whole area that only the flights would have observed.
        unseen: Hours of it that nobody observed.
    """

    starts: tuple[datetime, ...]
    added: float
    unseen: float


def best_flights(
    watch: Watch, days: int, zone: str, happening: str, flight_h: int, flights_a_day: int, rest_h: int
) -> Flown:
    """Choose the hours in which one aircraft would have added most to what posts and sensors observed.

    Args:
        watch: The mission's watch.
        days: How many of the mission's days.
        zone: Where it flies.
        happening: What it can tell.
        flight_h: How long it flies, hours.
        flights_a_day: How many flights begin on one day.
        rest_h: Hours between landing and the next start.

    Returns:
        The flights.

    Raises:
        InputError: There is no such zone or kind, or a length is none.
    """
    found, _ = watch.expose(period(watch, days))
    if zone not in found.zones or happening not in found.happenings:
        raise InputError(
            "plan.zone",
            f"there is no zone '{zone}' or no kind '{happening}'",
            todo="give one of " + ", ".join((*found.zones, *found.happenings)),
        )
    share = found.share[found.zones.index(zone), :, found.happenings.index(happening)][:, None]
    try:
        flights = best_hours(share, np.ones(1), flight_h=flight_h, flights_a_day=flights_a_day, rest_h=rest_h)
    except ValueError as error:
        raise InputError("plan.flights", str(error)) from error
    return Flown(tuple(found.starts[hour] for hour in flights.hours), flights.added, float((1 - share).sum()))


def tell_flights(flown: Flown) -> list[str]:
    """Return the lines that tell of flights."""
    share = flown.added / flown.unseen if flown.unseen else 0.0
    head = f"{len(flown.starts)} flights would have added {flown.added:.1f} of {flown.unseen:.1f} hours that nobody observed ({share:.0%})"
    return [head, *(f"  from {format_instant(start)}" for start in flown.starts)]


def _tries(watch: Watch, points: Points, wanted: Wanted) -> list[Watcher]:
    """The highest place of each square of a zone, on the land that may be taken."""
    land = _land(wanted.land)
    means = {item.id: item for item in watch.rules.means}
    usual = tuple(means[word] for word in watch.rules.usual_means)
    n_each = max(1, wanted.sites // len(points.zones))
    found = list[Watcher]()
    for z, zone in enumerate(points.zones):
        own = points.zone == z
        plane = Plane(*points.middles[z])
        xy = plane.to_plane(points.lon[own], points.lat[own])
        side = float(np.sqrt(own.sum() * points.spacing_m[z] ** 2 / n_each))
        squares = np.floor(xy / side).astype(int)
        heights = _heights(watch, points.lon[own], points.lat[own])
        lon, lat = points.lon[own], points.lat[own]
        for square in np.unique(squares, axis=0):
            inside = np.flatnonzero((squares == square).all(axis=1) & ~np.isnan(heights))
            for n in inside[np.argsort(-heights[inside], kind="stable")]:
                if land is None or land.covers(Point(lon[n], lat[n])):
                    slug = f"site:{zone.split(':')[-1]}-{len(found) + 1}"
                    found.append(
                        Watcher(
                            slug,
                            zone,
                            float(lon[n]),
                            float(lat[n]),
                            watch.rules.usual_height_m,
                            usual,
                            group="sites",
                        )
                    )
                    break
    return found


def _heights(watch: Watch, lon: Floats, lat: Floats) -> Floats:
    rows, columns = watch.terrain.cells_at(*watch.terrain.places(lon, lat))
    n_rows, n_columns = watch.terrain.shape
    i, j = np.floor(rows).astype(int), np.floor(columns).astype(int)
    is_inside = (i >= 0) & (j >= 0) & (i < n_rows) & (j < n_columns)
    found = np.full(len(lon), np.nan)
    if is_inside.any():
        top, left = int(i[is_inside].min()), int(j[is_inside].min())
        part = watch.terrain.part((top, int(i[is_inside].max()) + 1), (left, int(j[is_inside].max()) + 1))
        found[is_inside] = part[i[is_inside] - top, j[is_inside] - left]
    return found


def _land(file: Path | None) -> Any:
    if file is None:
        return None
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        parts = (
            [item["geometry"] for item in said["features"]]
            if said["type"] == "FeatureCollection"
            else [said.get("geometry", said)]
        )
        shapes = [shape(part) for part in parts]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError("plan.land", f"is no GeoJSON of areas: {error}"[:200], where=str(file)) from error
    return shapely.union_all(shapes)


def _limits(watch: Watch, sites: Sequence[Watcher], is_post: np.ndarray, wanted: Wanted) -> Limits:
    standing = np.array([site.id in wanted.keep for site in sites])
    allowed = ~is_post | standing
    if wanted.land is None:
        allowed = np.ones(len(sites), bool)
    return Limits(
        0, allowed=allowed, standing=standing, line_m=_from_line(watch, sites), least_line_m=wanted.line_m
    )


def _from_line(watch: Watch, sites: Sequence[Watcher]) -> Floats:
    """How far each site is from the line of contact of that time, metres; infinite where there is none."""
    day = watch.at.astimezone(watch.mission.zone).date().isoformat()
    lines = [
        line for line in watch.mission.lines
        if line.kind == "contact_line" and (line.valid_from or "") <= day < (line.valid_to or "9999")
    ]  # fmt: skip
    found = np.full(len(sites), np.inf)
    for n, site in enumerate(sites):
        plane = Plane(site.lon, site.lat)

        for line in lines:
            flat = shapely.transform(
                shape(line.geometry), lambda pairs, plane=plane: plane.to_plane(*pairs.T)
            )
            found[n] = min(found[n], float(flat.distance(Point(0, 0))))
    return found


def _flags(mask: int, n: int) -> np.ndarray:
    data = np.frombuffer(mask.to_bytes(-(-n // 8), "little"), np.uint8)
    return np.unpackbits(data, bitorder="little")[:n].astype(bool)


def light_of(word: str) -> Light:
    """Return the light that a word names.

    Args:
        word: ``day``, ``twilight`` or ``night``.

    Returns:
        The light.

    Raises:
        InputError: It names none.
    """
    for light in LIGHTS:
        if word == light:
            return light
    raise InputError("plan.light", f"'{word}' is no light", todo="give day, twilight or night")
