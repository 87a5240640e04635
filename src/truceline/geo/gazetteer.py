"""What lies within what, by the pack's own words first and by shapes where these are silent."""

from __future__ import annotations

from collections.abc import Iterable

from truceline.core.claims import Ref
from truceline.core.mission import Mission
from truceline.core.places import Place
from truceline.geo.points import covers, distance_m, point_for

COARSE = frozenset({"country", "region", "zone", "line", "border", "area"})
"""Kinds of place too wide to tell two happenings of one day apart."""


class Gazetteer:
    """The places of a pack, with questions about where they lie.

    Args:
        mission: The pack.
    """

    def __init__(self, mission: Mission) -> None:
        self._places = mission.place_of
        self._lines = mission.lines
        self._by_label = {
            form.text.casefold(): place.id
            for place in reversed(mission.places)
            for form in reversed(place.names.get("en", ()))
        }
        self._holders: dict[str, frozenset[str]] = {}
        self._points: dict[str, tuple[float, float] | None] = {}

    def place(self, slug: str | None) -> Place | None:
        """Return a place by its slug, or None."""
        return self._places.get(slug) if slug is not None else None

    def slugs(self, refs: Iterable[Ref]) -> tuple[str, ...]:
        """Return the slugs of the places that references name: by id, else by an English name of the pack."""
        found = (ref.id or self._by_label.get(ref.label.casefold()) for ref in refs)
        return tuple(slug for slug in found if slug is not None)

    def holders(self, slug: str) -> frozenset[str]:
        """Return the slugs of everything that holds a place, near or far, itself included."""
        if slug not in self._holders:
            found: set[str] = set()
            open_ = [slug]
            while open_:
                here = open_.pop()
                if here not in found:
                    found.add(here)
                    place = self._places.get(here)
                    open_.extend(place.within if place is not None else ())
            self._holders[slug] = frozenset(found)
        return self._holders[slug]

    def is_within(self, slug: str, holder: str) -> bool:
        """Say whether a place is another one or lies within it."""
        return holder in self.holders(slug)

    def are_nested(self, first: str, second: str) -> bool:
        """Say whether one of two places lies within the other, or they are one."""
        return self.is_within(first, second) or self.is_within(second, first)

    def is_coarse(self, slug: str | None) -> bool:
        """Say whether a place is too wide, or unknown, to tell two happenings of one day apart."""
        place = self.place(slug)
        return place is None or place.kind in COARSE

    def point(self, slug: str) -> tuple[float, float] | None:
        """Return the point that stands for a place, or None where only its name is known."""
        if slug not in self._points:
            place = self.place(slug)
            shaped = place is not None and place.geometry is not None
            self._points[slug] = point_for(place.geometry) if shaped and place and place.geometry else None
        return self._points[slug]

    def gap_m(self, first: str, second: str) -> float | None:
        """Return how far two places surely lie apart: distance less both precisions, at least 0; None unknown."""
        here, there = self.point(first), self.point(second)
        if here is None or there is None:
            return None
        slack = sum(self._places[slug].precision_m for slug in (first, second))
        return max(0.0, distance_m(here, there) - slack)

    def zone_of(self, slug: str) -> str | None:
        """Return the zone or corridor that holds a place: by the pack's words, then by the zones' shapes."""
        named = sorted(s for s in self.holders(slug) if s.startswith(("zone:", "corridor:")))
        if named:
            return named[0]
        point = None if self.is_coarse(slug) else self.point(slug)
        if point is None:
            return None
        for line in self._lines:
            if line.kind in {"zone", "corridor"} and covers(line.geometry, *point):
                return line.id
        return next(
            (
                p.id
                for p in self._places.values()
                if p.kind == "zone" and p.geometry and covers(p.geometry, *point)
            ),
            None,
        )
