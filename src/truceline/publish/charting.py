"""The map: the picture's features and the pack's ground as one drawing, and the same content as a list."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from shapely.geometry import LineString, Point, mapping, shape

from truceline.core.incidents import Incident
from truceline.core.places import Place, Post
from truceline.publish.desk import Desk
from truceline.publish.edition import Drawing, MapView, runs
from truceline.publish.ground import Room, Sheet, middle, path, points_of, sheet_round, text_width
from truceline.publish.incidents import title_of, when_of
from truceline.publish.listing import incident_table, line_table, post_table
from truceline.publish.mapped import Mapped, ident_of, layer_of, lines_of, mapped_in, name_of
from truceline.publish.marks import SHAPES, kind_of, sign
from truceline.publish.tokens import bare, quoted

_GROUND = (("country", "g-country"), ("district", "g-district"), ("river", "g-river"))
RANKS = {"city": 1, "district": 2, "town": 3, "region": 4, "mountain": 5, "village": 6}
"""Kinds of places that have a name on the map, and whose name gives way to whose: the smaller stays."""
DOTTED = frozenset({"city", "town", "village", "mountain"})
"""Kinds of places that are a point on this map."""
_SIZES = {"city": 14.0, "town": 12.5, "district": 12.5}
_CLEAR_KM = 1.2
"""Room kept free of the corridor's band around a place that it must not touch, kilometres."""
_HALO_FULL = 90.0
"""Up to this radius, in units, an uncertain area is drawn at full strength."""
_IN_A_ROW, _STEP = 5, 23
"""Incidents at one point stand side by side, so many in a row, so many units apart."""


def map_of(desk: Desk) -> MapView:
    """Draw the map of an edition and list the same content."""
    sheet = sheet_of(desk)
    say = desk.words.say
    disputed = [line for line in desk.view.mission.lines if line.disputed]
    captions = [
        say("map.disputed_says", name=name, source=quoted(source))
        for name, source in dict.fromkeys((desk.called.place_names(x.names), x.source) for x in disputed)
    ]
    if any(post.illustrative for post in desk.view.mission.posts):
        captions.append(say("map.post_illustrative"))
    captions.append(say("map.indicative"))
    return MapView(
        title=say("map.title"),
        drawing=draw(desk, sheet),
        tables=(incident_table(desk), post_table(desk), line_table(desk)),
        tallies=runs([desk.tokens.count("map.incidents", len(step.incidents)) for step in desk.steps]),
        captions=tuple(captions),
        km_per_unit=round(sheet.km_per_unit, 6),
        kinds=tuple((say(f"map.{k}"), sign(k, say(f"map.letter_{k}"), "reported")) for k in SHAPES),
    )


def sheet_of(desk: Desk, width: float = 1000.0) -> Sheet:
    """Choose the sheet: round zones, posts, corridor and incidents, inside the mission's box."""
    points: list[tuple[float, float]] = []
    for mapped in mapped_in(desk):
        if layer_of(mapped.feature) in {"zone", "post", "corridor", "incident"}:
            points += points_of(mapped.feature.get("geometry"))
    west, south, east, north = desk.view.mission.settings.box
    inside = [p for p in points if west <= p[0] <= east and south <= p[1] <= north]
    return sheet_round(inside, desk.view.mission.settings.box, width)


def draw(desk: Desk, sheet: Sheet) -> Drawing:
    """Draw land, rivers, borders, zones, corridor, disputed lines, names, posts, incidents, in this order."""
    room = Room(sheet.width, sheet.height)
    mapped = mapped_in(desk)
    _take_posts(sheet, mapped, room)
    marks = _posts(desk, sheet, mapped, room) + _incidents(desk, sheet, mapped, room)
    inner = "".join(
        (
            f'<g class="ground">{_ground(desk, sheet)}</g>',
            f'<g class="zones">{_areas(desk, sheet, mapped)}</g>',
            f'<g class="corridors">{_corridors(desk, sheet, mapped)}</g>',
            f'<g class="lines">{_lines(desk, sheet, mapped)}</g>',
            f'<g class="names">{_names(desk, sheet, mapped, room)}</g>',
            f'<g class="marks">{marks}</g>',
        )
    )
    return Drawing(sheet.width, round(sheet.height, 1), inner, desk.words.say("map.title"))


def _ground(desk: Desk, sheet: Sheet) -> str:
    out = []
    for kind, style in _GROUND:
        for line in desk.view.mission.lines:
            d = path(sheet, line.geometry) if line.kind == kind else ""
            if d:
                closed = " land" if line.geometry.get("type", "").endswith("Polygon") else ""
                out.append(f'<path class="{style}{closed}" d="{d}"/>')
    return "".join(out)


def _stretch(mapped: Mapped, desk: Desk) -> str:
    if mapped.first == 0 and mapped.last == len(desk.steps) - 1:
        return ""
    hidden = "" if mapped.last == len(desk.steps) - 1 else ' hidden="hidden"'
    return f' data-from="{mapped.first}" data-to="{mapped.last}"{hidden}'


def _areas(desk: Desk, sheet: Sheet, mapped: tuple[Mapped, ...]) -> str:
    return "".join(
        f'<path class="zone" d="{path(sheet, m.feature.get("geometry"))}"{_stretch(m, desk)}>'
        f"<title>{escape(bare(name_of(desk, m)))}</title></path>"
        for m in mapped
        if layer_of(m.feature) == "zone"
    )


def _corridors(desk: Desk, sheet: Sheet, mapped: tuple[Mapped, ...]) -> str:
    out = []
    for item in mapped:
        if layer_of(item.feature) != "corridor":
            continue
        line = lines_of(desk).get(ident_of(item.feature))
        geometry = item.feature.get("geometry") or {}
        width = (item.feature.get("properties") or {}).get("width_km") or (line.width_km if line else None)
        band = geometry if str(geometry.get("type", "")).endswith("Polygon") else None
        centre = line.geometry if line and str(line.geometry.get("type", "")).endswith("LineString") else None
        centre = centre or (None if band else geometry)
        if band is None and width:
            d = band_path(sheet, geometry, float(width), kept_clear(desk))
        else:
            d = path(sheet, band)
        title = f"<title>{escape(bare(name_of(desk, item)))}</title>"
        out.append(f'<g{_stretch(item, desk)}>{title}<path class="band" d="{d}"/>')
        out.append(f'<path class="centre" d="{path(sheet, centre)}"/></g>' if centre else "</g>")
    return "".join(out)


def kept_clear(desk: Desk) -> tuple[tuple[float, float], ...]:
    """List the places that a corridor must not touch, as points in degrees."""
    slugs = {slug for duty in desk.view.mission.obligations for slug in duty.must_not_touch}
    points = [
        middle(desk.view.mission.place_of[s].geometry)
        for s in sorted(slugs)
        if s in desk.view.mission.place_of
    ]
    return tuple(point for point in points if point)


def band_path(
    sheet: Sheet, centre: Mapping[str, Any], width_km: float, clear: tuple[tuple[float, float], ...]
) -> str:
    """Draw the outline of a corridor at its true width as an SVG path; see `band_of`."""
    band = band_of(sheet, centre, width_km, clear)
    return "" if band is None else _flat_path(mapping(band))


def band_of(
    sheet: Sheet, centre: Mapping[str, Any], width_km: float, clear: tuple[tuple[float, float], ...]
) -> Any:
    """Shape a corridor at its true width, leaving the marks of places alone that it must not touch.

    Args:
        sheet: The projection.
        centre: Its centre line, GeoJSON in degrees.
        width_km: Full width.
        clear: Points in degrees that keep free.

    Returns:
        The band as a shape in units of the sheet, or None where the line has no part.
    """
    lines = shape(centre)
    parts = lines.geoms if hasattr(lines, "geoms") else (lines,)
    half = width_km / 2 / sheet.km_per_unit
    band = None
    for part in parts:
        piece = LineString([sheet.xy(*point[:2]) for point in part.coords]).buffer(half, cap_style="flat")
        band = piece if band is None else band.union(piece)
    for lon, lat in clear:
        if band is not None:
            band = band.difference(Point(*sheet.xy(lon, lat)).buffer(_CLEAR_KM / sheet.km_per_unit))
    return band


def _flat_path(geometry: Mapping[str, Any]) -> str:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for polygon in polygons for ring in polygon
    )


def _lines(desk: Desk, sheet: Sheet, mapped: tuple[Mapped, ...]) -> str:
    out = []
    for item in mapped:
        if layer_of(item.feature) != "line":
            continue
        line = lines_of(desk).get(ident_of(item.feature))
        kind = line.kind if line else "contact_line"
        if kind in {"country", "district", "river"}:
            continue
        style = "l-dotted" if kind == "administrative" else "l-dashed"
        caption = bare(f"{name_of(desk, item)} — {line.source}" if line else name_of(desk, item))
        d = path(sheet, item.feature.get("geometry"))
        out.append(
            f'<path class="{style}" d="{d}"{_stretch(item, desk)}><title>{escape(caption)}</title></path>'
        )
    return "".join(out)


def _names(desk: Desk, sheet: Sheet, mapped: tuple[Mapped, ...], room: Room) -> str:
    out = []
    places = [p for p in desk.view.mission.places if p.kind in RANKS and p.geometry]
    inside = []
    for place in places:
        spot = middle(place.geometry)
        if spot is None:
            continue
        x, y = sheet.xy(*spot)
        if 0 <= x <= sheet.width and 0 <= y <= sheet.height:
            inside.append((RANKS[place.kind], place, x, y))
    for _, place, x, y in inside:
        if place.kind in DOTTED:
            room.take(x, y, 3, 3)
    for rank, place, x, y in sorted(inside, key=lambda item: (item[0], item[1].id)):
        out.append(_place_label(desk, room, rank, place, x, y))
    zones = (item for item in mapped if layer_of(item.feature) == "zone")
    out += [_zone_label(desk, sheet, item, room) for item in zones]
    return "".join(out)


def _place_label(desk: Desk, room: Room, rank: int, place: Place, x: float, y: float) -> str:
    profiles = desk.view.mission.settings.naming_profiles
    text = bare(desk.called.place_names(place.names))
    variants = "".join(
        f' data-n{i}="{escape(bare(desk.called.place_names(place.names, p)))}"'
        for i, p in enumerate(profiles)
    )
    size = _SIZES.get(place.kind, 11.5)
    dot = "" if place.kind not in DOTTED else f'<circle class="dot" r="{2.6 if rank < 5 else 1.8}"/>'
    return label(x, y, text, size, room, style=f"n-{place.kind}", rank=rank, dot=dot, extra=variants)


def label(
    x: float,
    y: float,
    text: str,
    size: float,
    room: Room,
    *,
    style: str,
    rank: int,
    dot: str = "",
    extra: str = "",
    gap: float | None = None,
) -> str:
    """Write words beside a point where there is room; without room they stay in the drawing, hidden.

    Args:
        x: The point.
        y: The point.
        text: The words.
        size: Height of the letters.
        room: What is taken.
        style: Class of the words.
        rank: Who goes first when the drawing is zoomed.
        dot: Mark of the point, or empty.
        extra: Further attributes.
        gap: Room between point and words; by default 7 beside a mark and none without.

    Returns:
        The label as SVG.
    """
    away = (7.0 if dot else 0.0) if gap is None else gap
    place = room.find(x, y, text_width(text, size), size, away)
    px, py, anchor = place or (x, y, "middle")
    off = "" if place else " off"
    return (
        f'<g class="at" transform="translate({x:.1f} {y:.1f})"><g class="k">{dot}'
        f'<text class="lb {style}{off}" data-rank="{rank}" data-gap="{away:g}" x="{px - x:.1f}" y="{py - y:.1f}" '
        f'font-size="{size:g}" text-anchor="{anchor}"{extra}>{escape(text)}</text></g></g>'
    )


def _zone_label(desk: Desk, sheet: Sheet, item: Mapped, room: Room) -> str:
    spot = middle(item.feature.get("geometry"))
    if spot is None:
        return ""
    x, y = sheet.xy(*spot)
    name = bare(name_of(desk, item))
    count = sum(post.zone == ident_of(item.feature) for post in desk.view.mission.posts)
    posts = f" · {bare(desk.tokens.count('exposure.posts', count))}" if count else ""
    return label(x, y, name[:1].upper() + name[1:] + posts, 12, room, style="n-zone", rank=4)


def _take_posts(sheet: Sheet, mapped: tuple[Mapped, ...], room: Room) -> None:
    for item in mapped:
        spot = middle(item.feature.get("geometry")) if layer_of(item.feature) == "post" else None
        if spot is not None:
            room.take(*sheet.xy(*spot), 4, 4)


def _posts(desk: Desk, sheet: Sheet, mapped: tuple[Mapped, ...], room: Room) -> str:
    posts = {post.id: post for post in desk.view.mission.posts}
    out = []
    for item in mapped:
        if layer_of(item.feature) != "post":
            continue
        spot = middle(item.feature.get("geometry"))
        post = posts.get(ident_of(item.feature))
        if spot is None:
            continue
        x, y = sheet.xy(*spot)
        out.append(_post(desk, item, post, x, y, room))
    return "".join(out)


def _post(desk: Desk, item: Mapped, post: Post | None, x: float, y: float, room: Room) -> str:
    code = post.code if post else ident_of(item.feature).partition(":")[2]
    hollow = " hollow" if (item.feature.get("properties") or {}).get("manned") is False else ""
    dot = f'<path class="post{hollow}" d="M-3.6 -3.6H3.6V3.6H-3.6Z"/>'
    words = label(x, y, code, 10.5, room, style="n-post", rank=3, dot=dot)
    title = f"{desk.words.say('map.post')} {code}"
    return f"<g{_stretch(item, desk)}><title>{escape(title)}</title>{words}</g>"


def _incidents(desk: Desk, sheet: Sheet, mapped: tuple[Mapped, ...], room: Room) -> str:
    known = {incident.id: incident for step in desk.steps for incident in step.incidents}
    out = []
    crowd: dict[tuple[float, float], int] = {}
    for item in mapped:
        incident = known.get(ident_of(item.feature))  # type: ignore[call-overload]
        spot = middle(item.feature.get("geometry"))
        if layer_of(item.feature) != "incident" or spot is None or incident is None:
            continue
        x, y = sheet.xy(*spot)
        beside = crowd.get((x, y), 0)
        crowd[(x, y)] = beside + 1
        shift = (beside % _IN_A_ROW * _STEP, beside // _IN_A_ROW * _STEP)
        room.take(x + shift[0], y + shift[1], 11, 11)
        out.append(_incident(desk, sheet, item, incident, (x, y), shift))
    return "".join(out)


def _faint(radius: float) -> float:
    """A wide soft area is fainter than a narrow one, so that it never hides the ground."""
    return round(min(1.0, _HALO_FULL / max(radius, 1.0)), 2)


def _incident(
    desk: Desk,
    sheet: Sheet,
    item: Mapped,
    incident: Incident,
    spot: tuple[float, float],
    shift: tuple[int, int],
) -> str:
    kind = kind_of(tuple(t.type for t in incident.types))
    letter = desk.words.say(f"map.letter_{kind}")
    radius = 0.0 if incident.location is None else incident.location.precision_m / 1000 / sheet.km_per_unit
    soft = incident.location is not None and incident.location.precision_m >= 1000
    halo = (
        f'<circle class="halo" r="{radius:.1f}" fill="url(#halo)" fill-opacity="{_faint(radius)}"/>'
        if soft
        else ""
    )
    title = bare(desk.words.say("join.comma").join((title_of(desk, incident), when_of(desk, incident))))
    return (
        f'<g class="inc" tabindex="0" role="button" data-id="{incident.id}"{_stretch(item, desk)} '
        f'transform="translate({spot[0]:.1f} {spot[1]:.1f})"><title>{escape(title)}</title>{halo}'
        f'<g class="k"><g transform="translate({shift[0]} {shift[1]})">{sign(kind, letter, incident.state)}</g></g></g>'
    )
