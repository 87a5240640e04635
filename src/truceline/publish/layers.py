"""The map as layers of features, every word ready: what the console draws, past the same gate as every edition.

Coordinates are degrees (WGS 84, longitude first). ``ground`` holds what does not change within a day (land, lines, zones,
names of places); ``marks`` what is picked and filtered (incidents, restrictions, posts). Source: DESIGN, Map symbology.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shapely.geometry import mapping

from truceline.core.incidents import Incident
from truceline.core.places import Place
from truceline.publish.charting import DOTTED, RANKS, band_of, kept_clear
from truceline.publish.desk import Desk
from truceline.publish.ground import Sheet, middle
from truceline.publish.incidents import title_of, when_of
from truceline.publish.mapped import Mapped, ident_of, layer_of, lines_of, mapped_in, name_of
from truceline.publish.marks import kind_of
from truceline.publish.tokens import bare

Feature = dict[str, Any]
_PLAIN = frozenset({"country", "district", "river"})


def ground_of(desk: Desk) -> Feature:
    """Gather the ground: land, borders, rivers, disputed lines, zones, corridor, names of places.

    Args:
        desk: What is known, past the gate, with words and names.

    Returns:
        A GeoJSON FeatureCollection; ``layer`` is ``land``, ``border``, ``line``, ``zone``, ``corridor``, ``centre``
        or ``place``. Labels hold no brackets and no isolates: a map's engine mirrors neither.
    """
    features = [
        _line(desk, one.kind, one.geometry, one.id) for one in desk.view.mission.lines if one.kind in _PLAIN
    ]
    for item in mapped_in(desk):
        features += _drawn(desk, item)
    features += [one for place in desk.view.mission.places if (one := _place(desk, place))]
    return _collection(features)


def marks_of(desk: Desk, incidents: Iterable[Incident], features: Iterable[Mapping[str, Any]]) -> Feature:
    """Gather the marks: incidents, restrictions, posts.

    Args:
        desk: Words and names.
        incidents: The incidents to show, past the gate; those without a place are left to the list.
        features: Features of a picture, past the gate; posts and restrictions are taken from them.

    Returns:
        A GeoJSON FeatureCollection; ``layer`` is ``incident``, ``restriction`` or ``post``. An incident bears its
        ``title``, ``when``, ``kind`` (a shape), ``letter``, ``state`` and ``radius_m``.
    """
    out = [one for incident in incidents if (one := _incident(desk, incident))]
    for feature in features:
        layer, facts = layer_of(feature), feature.get("properties") or {}
        if layer == "post":
            code = str(facts.get("label", ""))
            out.append(
                _feature(
                    layer,
                    feature["geometry"],
                    ident_of(feature),
                    code=code,
                    is_manned=bool(facts.get("manned")),
                )
            )
        elif layer == "restriction":
            letter = desk.words.say("map.letter_restriction")
            title = bare(desk.words.say("map.restriction"))
            out.append(
                _feature(
                    layer, feature["geometry"], ident_of(feature), kind=layer, letter=letter, title=title
                )
            )
    return _collection(out)


def _collection(features: Iterable[Feature]) -> Feature:
    return {"type": "FeatureCollection", "features": list(features)}


def _feature(layer: str, geometry: Mapping[str, Any] | None, ident: str, **facts: object) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": {"layer": layer, "id": ident, **facts}}


def _line(desk: Desk, kind: str, geometry: Mapping[str, Any], ident: str) -> Feature:
    layer = "land" if str(geometry.get("type", "")).endswith("Polygon") else "border"
    return _feature(layer, geometry, ident, kind=kind, label=bare(desk.called.slug(ident)))


def _drawn(desk: Desk, item: Mapped) -> list[Feature]:
    layer, ident = layer_of(item.feature), ident_of(item.feature)
    geometry = item.feature.get("geometry") or {}
    line = lines_of(desk).get(ident)
    if layer == "zone":
        posts = sum(post.zone == ident for post in desk.view.mission.posts)
        label = bare(
            desk.words.say("join.comma").join(
                (name_of(desk, item), desk.tokens.count("exposure.posts", posts))
            )
        )
        return [_feature("zone", geometry, ident, label=label, at=middle(geometry))]
    if layer == "corridor" and line is not None:
        west, south, east, north = desk.view.mission.settings.box
        sheet = Sheet(west, north, east, south)  # a local projection, on which the band has its true width
        band = band_of(sheet, line.geometry, float(line.width_km or 0), kept_clear(desk))
        shape = _degrees(sheet, mapping(band)) if band is not None else None
        label = bare(name_of(desk, item))
        return [
            _feature("corridor", shape, ident, label=label),
            _feature("centre", line.geometry, ident, label=label),
        ]
    if layer == "line" and line is not None and line.kind not in _PLAIN:
        caption = bare(desk.words.say("map.disputed_says", name=name_of(desk, item), source=line.source))
        return [
            _feature(
                "line", geometry, ident, kind=line.kind, label=bare(name_of(desk, item)), caption=caption
            )
        ]
    return []


def _degrees(sheet: Sheet, geometry: Mapping[str, Any]) -> Feature:
    """Bring a shape of the sheet back to degrees."""
    squeeze = sheet.xy(sheet.west + 1, sheet.north)[0]
    down = sheet.xy(sheet.west, sheet.north - 1)[1]

    def back(value: Any) -> Any:
        if isinstance(value[0], int | float):
            return [round(sheet.west + value[0] / squeeze, 6), round(sheet.north - value[1] / down, 6)]
        return [back(one) for one in value]

    return {"type": geometry["type"], "coordinates": back(geometry["coordinates"])}


def _place(desk: Desk, place: Place) -> Feature | None:
    spot = middle(place.geometry) if place.kind in RANKS else None
    if spot is None:
        return None
    facts = {
        "label": bare(desk.called.place_names(place.names)),
        "rank": RANKS[place.kind],
        "kind": place.kind,
    }
    return _feature(
        "place", {"type": "Point", "coordinates": list(spot)}, place.id, has_dot=place.kind in DOTTED, **facts
    )


def _incident(desk: Desk, incident: Incident) -> Feature | None:
    if incident.location is None:
        return None
    kind = kind_of(tuple(estimate.type for estimate in incident.types))
    point = {"type": "Point", "coordinates": [incident.location.lon, incident.location.lat]}
    return _feature(
        "incident", point, incident.id, kind=kind, letter=desk.words.say(f"map.letter_{kind}"), state=incident.state,
        title=bare(title_of(desk, incident)), when=bare(when_of(desk, incident)), radius_m=incident.location.precision_m,
        precision=bare(desk.tokens.precision(incident.location.precision_m)),
    )  # fmt: skip
