"""A list as a table: what leaves as a file is what the list shows, by the same filter and past the same gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from truceline.app.centre import Centre
from truceline.app.wiring import write_table
from truceline.core.access import ForbiddenError, Viewer
from truceline.core.errors import InputError
from truceline.core.filters import Filter
from truceline.core.tables import Exported, Record

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}
"""Ending -> media type."""

COLUMNS = (
    "id", "kind", "state", "known_at", "start", "end", "due", "place", "zone", "lon", "lat", "precision_m", "value",
    "unit", "words", "owner", "release", "version",
)  # fmt: skip
"""The columns of every file."""
MOST = 50_000
"""Rows of one file."""
_PAGE = 500


@dataclass(frozen=True, slots=True)
class File:
    """A file that leaves: name, media type, bytes."""

    name: str
    media_type: str
    data: bytes


def export(centre: Centre, viewer: Viewer, entity: str, asked: Filter, ending: str) -> File:
    """Write what a list shows to a file.

    Args:
        centre: The centre.
        viewer: Who asks.
        entity: A read model.
        asked: The filter of the list.
        ending: One of `FORMATS`.

    Returns:
        The file.

    Raises:
        ForbiddenError: The role takes nothing out.
        InputError: No such format, or too much at once.
    """
    if ending not in FORMATS:
        raise InputError(
            "export.format", f"'{ending[:20]}' is no format", where="format", todo=f"use {', '.join(FORMATS)}"
        )
    if not viewer.may_do("export"):
        raise ForbiddenError("access.does", f"the role '{viewer.role.name}' does not export")
    records = tuple(record_of(entity, value) for value in everything(centre, viewer, entity, asked))
    table = Exported(entity, COLUMNS, records, centre.clock())
    return File(
        f"{centre.world.mission.settings.id}-{entity}.{ending}", FORMATS[ending], write_table(ending, table)
    )


def everything(centre: Centre, viewer: Viewer, entity: str, asked: Filter) -> Iterator[Mapping[str, Any]]:
    """Give all that a list shows, page by page.

    Args:
        centre: The centre.
        viewer: Who asks.
        entity: A read model.
        asked: The filter of the list.

    Yields:
        The things in the list's order.

    Raises:
        InputError: There is more of it than `MOST`.
    """
    after, n = None, 0
    while True:
        page = centre.find(entity, asked, viewer, after=after, limit=_PAGE)
        n += len(page.values)
        if n > MOST:
            raise InputError("export.large", f"more than {MOST} rows", todo="narrow the filter")
        yield from page.values
        after = page.after
        if after is None:
            return


def record_of(entity: str, value: Mapping[str, Any]) -> Record:
    """Make a row of a file of a thing.

    Args:
        entity: The read model.
        value: The thing.

    Returns:
        The row.
    """
    facts: Mapping[str, Any] = value.get("properties", value) if entity == "features" else value
    valid_at, review = facts.get("valid_at") or {}, facts.get("review") or {}
    place = facts.get("place")
    lon, lat, precision = _spot(facts)
    cells: dict[str, str | float | int | None] = {
        "id": _text(facts.get("id") or facts.get("file")),
        "kind": _text(
            facts.get("type")
            or _first_type(facts)
            or facts.get("layer")
            or facts.get("kind")
            or facts.get("code")
        ),
        "state": _text(review.get("state") or facts.get("state") or facts.get("status")),
        "known_at": _text(facts.get("known_at")),
        "start": _text(valid_at.get("start")),
        "end": _text(valid_at.get("end")),
        "due": _text(facts.get("due")),
        "place": _text(place.get("label") if isinstance(place, Mapping) else place or _places(facts)),
        "zone": _text(facts.get("zone")),
        "lon": lon,
        "lat": lat,
        "precision_m": precision,
        "value": _number(facts.get("value")),
        "unit": _text(facts.get("unit")),
        "words": " | ".join(_words(facts)),
        "owner": _text(facts.get("owner")),
        "release": _text(facts.get("release")),
        "version": int(facts.get("version", 0)),
    }
    geometry = value.get("geometry") if entity == "features" else None
    if geometry is None and lon is not None and lat is not None:
        geometry = {"type": "Point", "coordinates": [lon, lat]}
    return Record(cells, geometry)


def _first_type(facts: Mapping[str, Any]) -> str | None:
    """Return what an incident most of all is: its types stand with their estimates, a feature's as words."""
    first = next(iter(facts.get("types") or ()), None)
    return first.get("type") if isinstance(first, Mapping) else first


def _spot(facts: Mapping[str, Any]) -> tuple[float | None, float | None, float | None]:
    spot = facts.get("location")
    if isinstance(spot, Mapping):
        return spot.get("lon"), spot.get("lat"), spot.get("precision_m")
    spot = facts.get("position")
    if isinstance(spot, Mapping):
        return spot.get("lon_deg"), spot.get("lat_deg"), spot.get("precision_m")
    return None, None, None


def _places(facts: Mapping[str, Any]) -> str:
    return ", ".join(
        str(one.get("label", "")) for one in facts.get("places") or () if isinstance(one, Mapping)
    )


def _words(facts: Mapping[str, Any]) -> Iterator[str]:
    evidence, entered, words = facts.get("evidence"), facts.get("entered"), facts.get("words")
    if isinstance(evidence, Mapping):
        yield str(evidence.get("text", ""))
    if isinstance(entered, Mapping):
        yield str(entered.get("what", ""))
    if isinstance(words, Mapping):
        yield str(words.get("en", ""))
    for name in ("label", "title", "why"):
        if isinstance(facts.get(name), str):
            yield facts[name]
    for side in facts.get("sides") or ():
        yield from (f"{side.get('party')}: {text}" for text in side.get("says", ()))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
