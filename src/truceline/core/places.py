"""Places, lines, zones and posts of a mission: what they are called and where they lie. WGS 84, lon before lat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from truceline.core.names import Names

PlaceKind = Literal[
    "country",
    "region",
    "district",
    "city",
    "town",
    "village",
    "mountain",
    "river",
    "pass",
    "road",
    "corridor",
    "zone",
    "line",
    "border",
    "site",
    "area",
]


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer.

    Args:
        id: ``place:<slug>``, ``zone:<slug>``, kept for ever.
        kind: What it is.
        names: Its names per language and party.
        geometry: GeoJSON geometry, or None where only the name is known.
        precision_m: Radius within which the named place lies, metres.
        within: Slugs of the places that hold it, the smallest first.
        party: Slug of the party whose internationally recognised territory it is, or None.
        scope: ``agreement`` inside the area of the instruments, ``border`` on the state border, ``outside``.
        illustrative: Whether its position is made up for the example.
        note: Source and reservations.
    """

    id: str
    kind: PlaceKind
    names: Names
    geometry: Mapping[str, Any] | None = None
    precision_m: float = 5000.0
    within: tuple[str, ...] = ()
    party: str | None = None
    scope: Literal["agreement", "border", "outside"] = "agreement"
    illustrative: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A dated line: line of contact, corridor, old border, zone outline.

    Args:
        id: ``line:<slug>``, ``corridor:<slug>``, ``zone:<slug>``.
        kind: ``contact_line``, ``corridor``, ``administrative``, ``zone``, ``country``, ``district``, ``river``.
        names: Its names.
        geometry: GeoJSON geometry.
        valid_from: First day, ``YYYY-MM-DD``, or None.
        valid_to: Last day, or None.
        disputed: Whether anyone disputes it: then it is always dashed and captioned.
        source: Where the geometry comes from.
        width_km: True width, for corridors.
        illustrative: Whether the geometry is made up for the example.
    """

    id: str
    kind: str
    names: Names
    geometry: Mapping[str, Any]
    source: str
    valid_from: str | None = None
    valid_to: str | None = None
    disputed: bool = False
    width_km: float | None = None
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """An observation post.

    Args:
        id: ``post:<code>``.
        code: Short code, for example ``N1``.
        zone: Slug of its zone or corridor.
        status: ``permanent`` or ``temporary``.
        lon: Degrees.
        lat: Degrees.
        illustrative: True while the real position is not public.
        since: First day manned, or None.
        until: Last day manned, or None.
    """

    id: str
    code: str
    zone: str
    status: Literal["permanent", "temporary"]
    lon: float
    lat: float
    illustrative: bool
    since: str | None = None
    until: str | None = None
