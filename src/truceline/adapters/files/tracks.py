"""Read things on a map: .geojson .kml .gpx, a feature an item, its position as claimed by the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from truceline.adapters.files.delivery import Delivery
from truceline.adapters.files.encodings import decode_text
from truceline.adapters.files.tables import cell_text, parse_json
from truceline.adapters.files.texts import stated
from truceline.collect.fields import KNOWN_FIELDS
from truceline.collect.ports import Item
from truceline.core.errors import InputError
from truceline.core.reports import Position

_WORDS = ("text", "description", "desc", "cmt")
_GEOMETRY_CHARS = 20_000


def read_geojson(delivery: Delivery) -> Iterator[Item]:
    """Read features: words from ``text`` or ``description``, the first point as position."""
    data = parse_json(decode_text(delivery.data).text.removeprefix("\ufeff"))
    features = data.get("features") if isinstance(data, dict) else None
    if isinstance(data, dict) and data.get("type") == "Feature":
        features = [data]
    if not isinstance(features, list) or not features:
        raise InputError("input.json", "is no GeoJSON with features", todo="export it as a FeatureCollection")
    yield delivery.item(state="container", media_type="application/geo+json")
    for count, feature in enumerate(features[: delivery.limits.rows], start=1):
        name = f"{delivery.name}#{count}"
        if not isinstance(feature, dict):
            yield delivery.refused(
                "input.json", "is no feature", "correct it", where=f"feature {count}", file=name
            )
            continue
        properties = feature.get("properties")
        facts = (
            {key: cell_text(value) for key, value in properties.items()}
            if isinstance(properties, dict)
            else {}
        )
        geometry = feature.get("geometry")
        position = _position(geometry.get("coordinates")) if isinstance(geometry, dict) else None
        if geometry:
            facts["geometry"] = json.dumps(geometry, sort_keys=True)[:_GEOMETRY_CHARS]
        yield _feature(
            delivery, name, facts, position, json.dumps(feature, ensure_ascii=False, sort_keys=True)
        )


def _position(value: Any) -> Position | None:
    """Return the first point of nested coordinates, longitude first; None where it is none on Earth."""
    while isinstance(value, list) and value and isinstance(value[0], list):
        value = value[0]
    if not isinstance(value, list) or len(value) < 2:
        return None
    return point(value[0], value[1])


def point(lon: Any, lat: Any) -> Position | None:
    """Return a position in degrees WGS 84, or None where the figures are none."""
    try:
        lon_deg, lat_deg = float(lon), float(lat)
    except (TypeError, ValueError):
        return None
    is_on_earth = -180 <= lon_deg <= 180 and -90 <= lat_deg <= 90
    return Position(lon_deg, lat_deg, None) if is_on_earth else None


def _feature(
    delivery: Delivery, name: str, facts: dict[str, str], position: Position | None, source: str
) -> Item:
    """Make an item of a feature: words where it has some, else evidence with a position."""
    text = next((facts[key] for key in _WORDS if any(map(str.isalnum, facts.get(key, "")))), None)
    fields = {key: value for key, value in facts.items() if key in KNOWN_FIELDS and value}
    if "name" in facts and "title" not in fields:
        fields["title"] = facts["name"]
    published = stated(facts["time"]) if facts.get("time") else None
    extra = {
        key: value for key, value in facts.items() if key not in KNOWN_FIELDS and key not in _WORDS and value
    }
    return delivery.item(
        text,
        state="text" if text else "kept",
        file=name,
        data=(text or source).encode("utf-8", "surrogatepass"),
        encoding="utf-8",
        media_type="text/plain" if text else "application/geo+json",
        fields=fields,
        extra=extra,
        publication=published,
        position=position,
    )


def read_kml(delivery: Delivery) -> Iterator[Item]:
    """Read placemarks."""
    root = _xml(delivery.data, "KML")
    yield delivery.item(state="container", media_type="application/vnd.google-earth.kml+xml")
    marks = [node for node in root.iter() if _tag(node) == "Placemark"]
    yield from _nodes(delivery, marks, "placemark")


def read_gpx(delivery: Delivery) -> Iterator[Item]:
    """Read way points, and each track as one piece of evidence."""
    root = _xml(delivery.data, "GPX")
    yield delivery.item(state="container", media_type="application/gpx+xml")
    yield from _nodes(
        delivery, [node for node in root.iter() if _tag(node) in {"wpt", "trk", "rte"}], "point or track"
    )


def _nodes(delivery: Delivery, nodes: list[Any], what: str) -> Iterator[Item]:
    if not nodes:
        raise InputError("input.empty", f"holds no {what}", todo="export it anew")
    for count, node in enumerate(nodes[: delivery.limits.rows], start=1):
        facts, position = _facts_of(node)
        name = f"{delivery.name}#{count}"
        yield _feature(delivery, name, facts, position, json.dumps(facts, ensure_ascii=False, sort_keys=True))


def _facts_of(node: Any) -> tuple[dict[str, str], Position | None]:
    facts: dict[str, str] = {}
    position = point(node.get("lon"), node.get("lat"))
    n_points = 0
    for child in node.iter():
        tag, words = _tag(child), (child.text or "").strip()
        if tag in {"trkpt", "rtept"}:
            n_points += 1
            position = position or point(child.get("lon"), child.get("lat"))
        elif tag == "coordinates" and words:
            facts.setdefault("geometry", words[:_GEOMETRY_CHARS])
            position = position or point(*[*words.split()[0].split(","), ""][:2])
        elif tag in {"name", "description", "desc", "cmt"} and words:
            facts.setdefault(tag, words)
        elif tag in {"time", "when"} and words:
            facts.setdefault("time", words)
            facts["time_last"] = words
    if n_points:
        facts["points"] = str(n_points)
    return facts, position


def _tag(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]


def _xml(data: bytes, what: str) -> Any:
    """Parse XML that may hold no entities, no outside references."""
    from defusedxml import DefusedXmlException  # noqa: PLC0415 - only where there is XML
    from defusedxml.ElementTree import ParseError, fromstring  # noqa: PLC0415 - as above

    try:
        return fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise InputError(
            "input.unsafe", f"is {what} with entities of its own", todo="export it anew"
        ) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise InputError("input.damaged", f"cannot be read as {what}", todo="export it anew") from error
