"""The map's layers as GeoJSON: zone, line, corridor, post, incident, exposure, restriction (MODEL, Shapes)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from truceline.core.claims import Claim
from truceline.core.incidents import Incident
from truceline.core.knowledge import span_of
from truceline.core.mission import Mission
from truceline.core.movement import is_refusal
from truceline.core.names import Names, both_names, name_in
from truceline.core.obligations import EXPOSURE_UNKNOWN, POSTS_PRESENT, ObligationStatus
from truceline.core.places import Line, Place
from truceline.core.release import CENTRE, OWNER_ONLY, PUBLIC
from truceline.core.statements import statement
from truceline.core.times import ValidAt, day_end, day_start, format_instant
from truceline.geo.gazetteer import Gazetteer
from truceline.geo.points import round_degrees

ACCESS = frozenset({"freedom_of_movement", "jamming"})
_OF_LINE = {"zone": "zone", "corridor": "corridor"}


class Layers:
    """Draws one moment.

    Args:
        mission: The pack.
        at: The valid time.
    """

    def __init__(self, mission: Mission, at: datetime) -> None:
        self._mission = mission
        self._at = at
        self._gazetteer = Gazetteer(mission)
        profile = mission.settings.naming_profiles
        self._parties = profile[0].parties if profile else mission.bound_parties

    def collection(
        self, claims: Sequence[Claim], incidents: Iterable[Incident], statuses: Iterable[ObligationStatus]
    ) -> dict[str, Any]:
        """Return all layers, in the drawing order of the map.

        Args:
            claims: Known claims, in order.
            incidents: Known incidents.
            statuses: Assessed obligations: what they say of exposure.

        Returns:
            A GeoJSON FeatureCollection; coordinates rounded to 1e-7 degree.
        """
        seen = _seen(statuses)
        features = [
            *self._zones(),
            *self._lines(),
            *self._exposure(seen),
            *self._posts(seen),
            *self._restrictions(claims),
            *(self._incident(i) for i in incidents if self._has_happened(i)),
        ]
        return {"type": "FeatureCollection", "features": features}

    def _zones(self) -> list[dict[str, Any]]:
        drawn = {line.id for line in self._mission.lines}
        return [
            self._feature(
                "zone", place.id, self._label(place.names), place.geometry, None, place.illustrative
            )
            for place in self._mission.places
            if _is_area(place) and place.id not in drawn
        ]

    def _lines(self) -> list[dict[str, Any]]:
        return [
            self._line(line) for line in self._mission.lines if self._is_valid(line.valid_from, line.valid_to)
        ]

    def _line(self, line: Line) -> dict[str, Any]:
        span = self._days(line.valid_from, line.valid_to)
        feature = self._feature(
            _OF_LINE.get(line.kind, "line"),
            line.id,
            self._label(line.names),
            line.geometry,
            span,
            line.illustrative,
        )
        feature["properties"] |= {"kind": line.kind, "disputed": line.disputed, "source": line.source}
        if line.width_km is not None:
            feature["properties"]["width_km"] = line.width_km
        return feature

    def _posts(self, seen: Mapping[str, ObligationStatus]) -> list[dict[str, Any]]:
        """Posts of the pack; real positions never leave their owner, made-up ones may be shown."""
        features = []
        for post in self._mission.posts:
            if not self._is_valid(post.since, post.until):
                continue
            shape = {"type": "Point", "coordinates": [post.lon, post.lat]}
            span = self._days(post.since, post.until)
            feature = self._feature("post", post.id, post.code, shape, span, post.illustrative)
            state = seen[post.zone].exposure.state if post.zone in seen else EXPOSURE_UNKNOWN
            feature["properties"] |= {
                "zone": post.zone,
                "status": post.status,
                "manned": state == POSTS_PRESENT,
                "release": PUBLIC if post.illustrative else OWNER_ONLY,
            }
            features.append(feature)
        return features

    def _exposure(self, seen: Mapping[str, ObligationStatus]) -> list[dict[str, Any]]:
        """What could be seen, zone by zone: internal to the centre (MISSION rule 2)."""
        features = []
        for slug, status in seen.items():
            place = self._gazetteer.place(slug)
            line = next((item for item in self._mission.lines if item.id == slug), None)
            shape = place.geometry if place is not None else line.geometry if line is not None else None
            found = place or line
            label = self._label(found.names) if found is not None else slug
            feature = self._feature("exposure", f"exposure:{slug}", label, shape, None, illustrative=False)
            feature["properties"] |= {"zone": slug, "state": status.exposure.state, "release": OWNER_ONLY}
            features.append(feature)
        return features

    def _restrictions(self, claims: Sequence[Claim]) -> list[dict[str, Any]]:
        features = []
        for claim in claims:
            span = span_of(claim, self._mission.zone)
            if (
                claim.type not in ACCESS
                or not is_refusal(claim)
                or claim.modality
                in {
                    "planned",
                    "obligated",
                    "urged",
                    "opinion",
                    "denied",
                }
            ):
                continue
            if span is not None and span.start is not None and span.start > self._at:
                continue
            slug = next(iter(self._gazetteer.slugs(claim.places)), None)
            shape = self._point(slug)
            feature = self._feature(
                "restriction", claim.id, statement(claim), shape, span, illustrative=False
            )
            feature["properties"] |= {
                "type": claim.type,
                "place": slug,
                "review": claim.review.state,
                "release": claim.release,
                "owner": claim.owner,
            }
            features.append(feature)
        return features

    def _incident(self, incident: Incident) -> dict[str, Any]:
        spot = incident.location
        shape = {"type": "Point", "coordinates": [spot.lon, spot.lat]} if spot is not None else None
        place = self._gazetteer.place(incident.place.id) if incident.place is not None else None
        label = (
            self._label(place.names) if place is not None else incident.place.label if incident.place else ""
        )
        feature = self._feature("incident", incident.id, label, shape, incident.valid_at, illustrative=False)
        feature["properties"] |= {
            "types": [kind.type for kind in incident.types],
            "place": incident.place.id if incident.place is not None else None,
            "precision_m": spot.precision_m if spot is not None else None,
            "zone": incident.zone,
            "scope": incident.scope,
            "state": incident.state,
            "stages": list(incident.stages),
            "n_independent": incident.n_independent,
            "release": incident.release,
            "owner": incident.owner,
        }
        return feature

    def _feature(
        self,
        layer: str,
        ident: str,
        label: str,
        geometry: Mapping[str, Any] | None,
        span: ValidAt | None,
        illustrative: bool,
    ) -> dict[str, Any]:
        return {
            "type": "Feature",
            "geometry": _rounded(geometry),
            "properties": {
                "layer": layer,
                "id": ident,
                "label": label,
                "valid_at": _span(span),
                "illustrative": illustrative,
                "release": PUBLIC,
                "owner": CENTRE,
            },
        }

    def _label(self, names: Names) -> str:
        return both_names(names, "en", self._parties) or name_in(names, "en")

    def _point(self, slug: str | None) -> dict[str, Any] | None:
        point = self._gazetteer.point(slug) if slug is not None else None
        return {"type": "Point", "coordinates": list(point)} if point is not None else None

    def _has_happened(self, incident: Incident) -> bool:
        span = incident.valid_at
        return span is None or span.start is None or span.start <= self._at

    def _days(self, first: str | None, last: str | None) -> ValidAt | None:
        if first is None and last is None:
            return None
        zone = self._mission.zone
        start = day_start(date.fromisoformat(first), zone) if first is not None else None
        end = day_end(date.fromisoformat(last), zone) if last is not None else None
        return ValidAt(start, end, "day", "pack")

    def _is_valid(self, first: str | None, last: str | None) -> bool:
        span = self._days(first, last)
        if span is None:
            return True
        return (span.start is None or span.start <= self._at) and (span.end is None or self._at < span.end)


def _seen(statuses: Iterable[ObligationStatus]) -> dict[str, ObligationStatus]:
    """Zone -> an obligation whose exposure speaks of that zone alone where there is one, else of it among others."""
    found: dict[str, ObligationStatus] = {}
    for status in statuses:
        for zone in status.exposure.zones:
            known = found.get(zone)
            if known is None or len(status.exposure.zones) < len(known.exposure.zones):
                found[zone] = status
    return found


def _is_area(place: Place) -> bool:
    return place.kind == "zone" and place.geometry is not None and place.geometry.get("type") != "Point"


def _span(span: ValidAt | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {
        "start": format_instant(span.start) if span.start is not None else None,
        "end": format_instant(span.end) if span.end is not None else None,
        "precision": span.precision,
        "basis": span.basis,
    }


def _rounded(geometry: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if geometry is None:
        return None
    if geometry.get("type") == "GeometryCollection":
        parts = [_rounded(part) for part in geometry["geometries"]]
        return {"type": "GeometryCollection", "geometries": parts}
    return {"type": geometry["type"], "coordinates": _rounded_numbers(geometry["coordinates"])}


def _rounded_numbers(value: Any) -> Any:
    if isinstance(value, (int, float)):
        return round_degrees(float(value))
    return [_rounded_numbers(part) for part in value]
