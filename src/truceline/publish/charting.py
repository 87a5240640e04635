"""The map: the picture's features and the pack's ground as one drawing, and the same content as a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from shapely.geometry import LineString, Point, mapping, shape

from truceline.core.incidents import Incident
from truceline.core.places import Line, Place, Post
from truceline.publish.desk import Desk
from truceline.publish.edition import Drawing, ListRow, ListTable, MapView, runs
from truceline.publish.ground import Room, Sheet, middle, path, points_of, sheet_round, text_width
from truceline.publish.incidents import cover_of, place_of, says_of, state_of, title_of, when_of
from truceline.publish.marks import SHAPES, kind_of, sign
from truceline.publish.tokens import bare, ltr, quoted

_GROUND = (("country", "g-country"), ("district", "g-district"), ("river", "g-river"))
_RANKS = {"city": 1, "district": 2, "town": 3, "region": 4, "mountain": 5, "village": 6}
_SIZES = {"city": 14.0, "town": 12.5, "district": 12.5}
_CLEAR_KM = 1.2
"""Room kept free of the corridor's band around a place that it must not touch, kilometres."""
_IN_A_ROW, _STEP = 5, 23
"""Incidents at one point stand side by side, so many in a row, so many units apart."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A feature and the stretch of steps it is there."""

    first: int
    last: int
    feature: Mapping[str, Any]


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
        tables=(_incident_table(desk), _post_table(desk), _line_table(desk)),
        tallies=runs([desk.tokens.count("map.incidents", len(step.incidents)) for step in desk.steps]),
        captions=tuple(captions),
        km_per_unit=round(sheet.km_per_unit, 6),
        kinds=tuple((say(f"map.{k}"), sign(k, say(f"map.letter_{k}"), "reported")) for k in SHAPES),
    )


def sheet_of(desk: Desk, width: float = 1000.0) -> Sheet:
    """Choose the sheet: round zones, posts, corridor and incidents, inside the mission's box."""
    points: list[tuple[float, float]] = []
    for mapped in _mapped(desk):
        if _layer(mapped.feature) in {"zone", "post", "corridor", "incident"}:
            points += points_of(mapped.feature.get("geometry"))
    west, south, east, north = desk.view.mission.settings.box
    inside = [p for p in points if west <= p[0] <= east and south <= p[1] <= north]
    return sheet_round(inside, desk.view.mission.settings.box, width)


def _mapped(desk: Desk) -> tuple[Mapped, ...]:
    found: dict[str, Mapping[str, Any]] = {}
    present: list[set[str]] = []
    for step in desk.steps:
        here = set()
        for feature in step.features.get("features", ()):
            key = f"{_layer(feature)}|{_ident(feature)}"
            found[key] = feature
            here.add(key)
        present.append(here)
    out = []
    for key, feature in found.items():
        out += [
            Mapped(run.first, run.last, feature)
            for run in runs([True if key in here else None for here in present])
        ]
    return tuple(out)


def _layer(feature: Mapping[str, Any]) -> str:
    return str((feature.get("properties") or {}).get("layer", ""))


def _ident(feature: Mapping[str, Any]) -> str:
    return str((feature.get("properties") or {}).get("id", ""))


def draw(desk: Desk, sheet: Sheet) -> Drawing:
    """Draw land, rivers, borders, zones, corridor, disputed lines, names, posts, incidents, in this order."""
    room = Room(sheet.width, sheet.height)
    mapped = _mapped(desk)
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
        f"<title>{escape(bare(_name(desk, m)))}</title></path>"
        for m in mapped
        if _layer(m.feature) == "zone"
    )


def _name(desk: Desk, mapped: Mapped) -> str:
    facts = mapped.feature.get("properties") or {}
    ident = str(facts.get("id", ""))
    if ident in _line_of(desk) or ident in desk.view.mission.place_of:
        return desk.called.slug(ident)
    label = facts.get("label")
    if isinstance(label, Mapping):
        return str(label.get(desk.words.language) or label.get("en") or ident)
    return str(label or ident)


def _line_of(desk: Desk) -> dict[str, Line]:
    return {line.id: line for line in desk.view.mission.lines}


def _corridors(desk: Desk, sheet: Sheet, mapped: tuple[Mapped, ...]) -> str:
    out = []
    for item in mapped:
        if _layer(item.feature) != "corridor":
            continue
        line = _line_of(desk).get(_ident(item.feature))
        geometry = item.feature.get("geometry") or {}
        width = (item.feature.get("properties") or {}).get("width_km") or (line.width_km if line else None)
        band = geometry if str(geometry.get("type", "")).endswith("Polygon") else None
        centre = line.geometry if line and str(line.geometry.get("type", "")).endswith("LineString") else None
        centre = centre or (None if band else geometry)
        if band is None and width:
            d = band_path(sheet, geometry, float(width), kept_clear(desk))
        else:
            d = path(sheet, band)
        title = f"<title>{escape(bare(_name(desk, item)))}</title>"
        out.append(f'<g{_stretch(item, desk)}>{title}<path class="band" d="{d}"/>')
        out.append(f'<path class="centre" d="{path(sheet, centre)}"/></g>' if centre else "</g>")
    return "".join(out)


def kept_clear(desk: Desk) -> tuple[tuple[float, float], ...]:
    """List the places that a corridor must not touch, as points in degrees."""
    slugs = {slug for duty in desk.view.mission.obligations for slug in duty.must_not_touch}
    points = [middle(desk.view.mission.place_of[s].geometry) for s in sorted(slugs) if s in desk.view.mission.place_of]
    return tuple(point for point in points if point)


def band_path(
    sheet: Sheet, centre: Mapping[str, Any], width_km: float, clear: tuple[tuple[float, float], ...]
) -> str:
    """Draw a corridor at its true width, leaving the marks of places alone that it must not touch.

    Args:
        sheet: The projection.
        centre: Its centre line, GeoJSON in degrees.
        width_km: Full width.
        clear: Points in degrees that keep free.
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
    return _flat_path(mapping(band)) if band is not None else ""


def _flat_path(geometry: Mapping[str, Any]) -> str:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for polygon in polygons for ring in polygon
    )


def _lines(desk: Desk, sheet: Sheet, mapped: tuple[Mapped, ...]) -> str:
    out = []
    for item in mapped:
        if _layer(item.feature) != "line":
            continue
        line = _line_of(desk).get(_ident(item.feature))
        kind = line.kind if line else "contact_line"
        if kind in {"country", "district", "river"}:
            continue
        style = "l-dotted" if kind == "administrative" else "l-dashed"
        caption = bare(f"{_name(desk, item)} — {line.source}" if line else _name(desk, item))
        d = path(sheet, item.feature.get("geometry"))
        out.append(f'<path class="{style}" d="{d}"{_stretch(item, desk)}><title>{escape(caption)}</title></path>')
    return "".join(out)


def _names(desk: Desk, sheet: Sheet, mapped: tuple[Mapped, ...], room: Room) -> str:
    out = []
    places = [p for p in desk.view.mission.places if p.kind in _RANKS and p.geometry]
    inside = []
    for place in places:
        spot = middle(place.geometry)
        if spot is None:
            continue
        x, y = sheet.xy(*spot)
        if 0 <= x <= sheet.width and 0 <= y <= sheet.height:
            inside.append((_RANKS[place.kind], place, x, y))
    for rank, place, x, y in sorted(inside, key=lambda item: (item[0], item[1].id)):
        out.append(_place_label(desk, room, rank, place, x, y))
    for item in mapped:
        if _layer(item.feature) == "zone":
            out.append(_zone_label(desk, sheet, item, room))
    return "".join(out)


def _place_label(desk: Desk, room: Room, rank: int, place: Place, x: float, y: float) -> str:
    profiles = desk.view.mission.settings.naming_profiles
    text = bare(desk.called.place_names(place.names))
    variants = "".join(
        f' data-n{i}="{escape(bare(desk.called.place_names(place.names, p)))}"' for i, p in enumerate(profiles)
    )
    size = _SIZES.get(place.kind, 11.5)
    has_dot = place.kind in {"city", "town", "village", "mountain"}
    dot = "" if not has_dot else f'<circle class="dot" r="{2.6 if rank < 5 else 1.8}"/>'  # noqa: PLR2004
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
    name = bare(_name(desk, item))
    count = sum(post.zone == _ident(item.feature) for post in desk.view.mission.posts)
    posts = f" · {bare(desk.tokens.count('exposure.posts', count))}" if count else ""
    return label(x, y, name[:1].upper() + name[1:] + posts, 12, room, style="n-zone", rank=4)


def _posts(desk: Desk, sheet: Sheet, mapped: tuple[Mapped, ...], room: Room) -> str:
    posts = {post.id: post for post in desk.view.mission.posts}
    out = []
    for item in mapped:
        if _layer(item.feature) != "post":
            continue
        spot = middle(item.feature.get("geometry"))
        post = posts.get(_ident(item.feature))
        if spot is None:
            continue
        x, y = sheet.xy(*spot)
        room.take(x, y, 5, 5)
        out.append(_post(desk, item, post, x, y, room))
    return "".join(out)


def _post(desk: Desk, item: Mapped, post: Post | None, x: float, y: float, room: Room) -> str:
    code = post.code if post else _ident(item.feature).partition(":")[2]
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
        incident = known.get(_ident(item.feature))  # type: ignore[call-overload]
        spot = middle(item.feature.get("geometry"))
        if _layer(item.feature) != "incident" or spot is None or incident is None:
            continue
        x, y = sheet.xy(*spot)
        beside = crowd.get((x, y), 0)
        crowd[(x, y)] = beside + 1
        shift = (beside % _IN_A_ROW * _STEP, beside // _IN_A_ROW * _STEP)
        room.take(x + shift[0], y + shift[1], 11, 11)
        out.append(_incident(desk, sheet, item, incident, (x, y), shift))
    return "".join(out)


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
    soft = incident.location is not None and incident.location.precision_m >= 1000  # noqa: PLR2004
    halo = f'<circle class="halo" r="{radius:.1f}" fill="url(#halo)"/>' if soft else ""
    title = bare(desk.words.say("join.comma").join((title_of(desk, incident), when_of(desk, incident))))
    return (
        f'<g class="inc" tabindex="0" role="button" data-id="{incident.id}"{_stretch(item, desk)} '
        f'transform="translate({spot[0]:.1f} {spot[1]:.1f})"><title>{escape(title)}</title>{halo}'
        f'<g class="k"><g transform="translate({shift[0]} {shift[1]})">{sign(kind, letter, incident.state)}</g></g></g>'
    )


def _incident_table(desk: Desk) -> ListTable:
    say = desk.words.say
    known = dict.fromkeys(i.id for step in desk.steps for i in step.incidents)
    rows: list[ListRow] = []
    for ident in known:
        cells = [
            next((_incident_cells(desk, i) for i in step.incidents if i.id == ident), None) for step in desk.steps
        ]
        rows += [ListRow(run.first, run.last, ident, run.value) for run in runs(cells)]
    head = ("map.col_what", "map.col_when", "map.col_where", "map.col_says", "map.col_state")
    return ListTable(
        say("map.list_incidents"), tuple(say(key) for key in head), tuple(rows), say("map.none_incidents")
    )


def _incident_cells(desk: Desk, incident: Incident) -> tuple[str, ...]:
    sides = [
        desk.words.say("join.colon", a=party, b=desk.words.say("join.semicolon").join(says))
        for party, says in says_of(desk, incident)
        if says
    ]
    return (
        title_of(desk, incident),
        when_of(desk, incident),
        _where(desk, incident),
        "\n".join(sides),
        desk.words.say("join.comma").join((state_of(desk, incident), cover_of(desk, incident))),
    )


def _where(desk: Desk, incident: Incident) -> str:
    where = place_of(desk, incident)
    if where and incident.location is None:
        return desk.words.say("join.brackets", a=where, b=desk.words.say("map.no_point"))
    return where or desk.words.say("map.no_place")


def _rows(
    desk: Desk, layers: set[str], cells: Callable[[Mapped], tuple[str, ...] | None]
) -> tuple[ListRow, ...]:
    rows = []
    for item in _mapped(desk):
        if _layer(item.feature) in layers and (found := cells(item)) is not None:
            rows.append(ListRow(item.first, item.last, _ident(item.feature), found))
    return tuple(rows)


def _post_table(desk: Desk) -> ListTable:
    posts = {post.id: post for post in desk.view.mission.posts}

    def cells(item: Mapped) -> tuple[str, ...] | None:
        post = posts.get(_ident(item.feature))
        spot = middle(item.feature.get("geometry"))
        if post is None or spot is None:
            return None
        return ltr(post.code), desk.called.slug(post.zone), desk.tokens.coordinate(*spot)

    head = tuple(desk.words.say(key) for key in ("map.col_code", "map.col_zone", "map.col_where"))
    return ListTable(desk.words.say("map.list_posts"), head, _rows(desk, {"post"}, cells), "—")


def _line_table(desk: Desk) -> ListTable:
    lines = _line_of(desk)

    def cells(item: Mapped) -> tuple[str, ...] | None:
        line = lines.get(_ident(item.feature))
        if line and line.kind in {"country", "district", "river"}:
            return None
        kind = desk.words.say(f"line_kind.{line.kind if line else 'zone'}")
        if line and line.width_km:
            kind = desk.words.say("map.corridor", width=desk.tokens.distance(line.width_km * 1000))
        if line and line.disputed:
            kind = desk.words.say("join.comma").join((kind, desk.words.say("status.disputed")))
        return _name(desk, item), kind, quoted(line.source) if line else "—"

    head = tuple(desk.words.say(key) for key in ("map.col_what", "detail.kind", "map.col_source"))
    rows = _rows(desk, {"zone", "line", "corridor"}, cells)
    return ListTable(desk.words.say("map.list_lines"), head, rows, "—")


