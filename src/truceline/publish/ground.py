"""The sheet that a map is drawn on: a local projection, paths, and room for labels that do not collide."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

KM_PER_DEGREE = 111.32
"""Kilometres of one degree of latitude, WGS 84, at middle latitudes."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A local equal-distance projection on units of the drawing.

    Args:
        west: Left edge, degrees.
        north: Upper edge, degrees.
        east: Right edge, degrees.
        south: Lower edge, degrees.
        width: Width of the drawing in units.
    """

    west: float
    north: float
    east: float
    south: float
    width: float = 1000.0

    @property
    def _squeeze(self) -> float:
        return math.cos(math.radians((self.north + self.south) / 2))

    @property
    def per_degree(self) -> float:
        """Units of one degree of latitude."""
        return self.width / ((self.east - self.west) * self._squeeze)

    @property
    def height(self) -> float:
        """Height of the drawing in units."""
        return (self.north - self.south) * self.per_degree

    @property
    def km_per_unit(self) -> float:
        """Kilometres of one unit."""
        return KM_PER_DEGREE / self.per_degree

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """Place a point: degrees in, units from the upper left corner out."""
        return (lon - self.west) * self._squeeze * self.per_degree, (self.north - lat) * self.per_degree


def sheet_round(
    points: Sequence[tuple[float, float]], box: tuple[float, float, float, float], width: float = 1000.0
) -> Sheet:
    """Choose the sheet that shows some points with room around them, never narrower than tall.

    Args:
        points: Longitude and latitude in degrees; none takes the whole box.
        box: West, south, east, north of the mission.
        width: Width of the drawing in units; letters keep their size, so a smaller sheet shows larger words.

    Returns:
        The sheet.
    """
    west, south, east, north = box
    if points:
        lons, lats = [p[0] for p in points], [p[1] for p in points]
        pad = 0.12 * max(max(lons) - min(lons), max(lats) - min(lats), 0.4)
        west, east = max(west, min(lons) - pad), min(east, max(lons) + pad)
        south, north = max(south, min(lats) - pad), min(north, max(lats) + pad)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, tall = (east - west) * squeeze, north - south
    if wide < tall * 1.25:
        grow = (tall * 1.25 - wide) / squeeze / 2
        west, east = west - grow, east + grow
    elif tall < wide * 0.6:
        grow = (wide * 0.6 - tall) / 2
        south, north = south - grow, north + grow
    return Sheet(west, north, east, south, width)


def points_of(geometry: Mapping[str, Any] | None) -> Iterator[tuple[float, float]]:
    """List the points of any GeoJSON geometry."""
    if not geometry:
        return
    stack: list[Any] = [geometry.get("coordinates", ())]
    while stack:
        item = stack.pop()
        if len(item) >= 2 and isinstance(item[0], int | float):
            yield float(item[0]), float(item[1])
        else:
            stack.extend(reversed(item))


def middle(geometry: Mapping[str, Any] | None) -> tuple[float, float] | None:
    """Find the middle of a geometry's extent, for its label; None where it has no point."""
    points = list(points_of(geometry))
    if not points:
        return None
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def path(sheet: Sheet, geometry: Mapping[str, Any] | None) -> str:
    """Write the lines or outlines of a geometry as an SVG path; empty where it has none."""
    if not geometry:
        return ""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates", ())
    if kind == "LineString":
        return _line(sheet, coordinates)
    if kind == "MultiLineString":
        return "".join(_line(sheet, line) for line in coordinates)
    if kind == "Polygon":
        return "".join(_line(sheet, ring) + "Z" for ring in coordinates)
    if kind == "MultiPolygon":
        return "".join(_line(sheet, ring) + "Z" for polygon in coordinates for ring in polygon)
    return ""


def _line(sheet: Sheet, points: Iterable[Sequence[float]]) -> str:
    out: list[str] = []
    before: tuple[float, float] | None = None
    for point in points:
        x, y = sheet.xy(point[0], point[1])
        now = (round(x, 1), round(y, 1))
        if now != before:
            out.append(f"{'L' if out else 'M'}{now[0]:g} {now[1]:g}")
            before = now
    return "".join(out)


@dataclass(slots=True)
class Room:
    """Room for labels: boxes that are taken, in units."""

    width: float
    height: float
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def take(self, x: float, y: float, half_width: float, half_height: float) -> None:
        """Mark a box round a point as taken."""
        self.taken.append((x - half_width, y - half_height, x + half_width, y + half_height))

    def find(
        self, x: float, y: float, width: float, size: float, gap: float
    ) -> tuple[float, float, str] | None:
        """Find a free place for a label beside a point.

        Args:
            x: The point.
            y: The point.
            width: Width of the words, in units.
            size: Height of the letters.
            gap: Room between point and words; 0 puts the words on the point.

        Returns:
            Where the words begin (x, baseline y) and their anchor, or None where all places are taken.
        """
        rise = size * 0.36
        places = [(x, y + rise, "middle")]
        if gap:
            places = [
                (x + gap, y + rise, "start"),
                (x - gap, y + rise, "end"),
                (x, y - gap, "middle"),
                (x, y + gap + size * 0.8, "middle"),
                (x + gap * 0.7, y - gap * 0.7, "start"),
                (x + gap * 0.7, y + gap * 0.7 + size * 0.6, "start"),
                (x - gap * 0.7, y - gap * 0.7, "end"),
                (x - gap * 0.7, y + gap * 0.7 + size * 0.6, "end"),
                (x + gap * 0.7, y - gap * 0.7 - size, "start"),
                (x - gap * 0.7, y - gap * 0.7 - size, "end"),
            ]
        for px, py, anchor in places:
            left = {"start": px, "end": px - width, "middle": px - width / 2}[anchor]
            box = (left - 2, py - size, left + width + 2, py + size * 0.35)
            if self._is_free(box):
                self.taken.append(box)
                return px, py, anchor
        return None

    def _is_free(self, box: tuple[float, float, float, float]) -> bool:
        if box[0] < 0 or box[1] < 0 or box[2] > self.width or box[3] > self.height:
            return False
        return all(
            box[2] <= other[0] or box[0] >= other[2] or box[3] <= other[1] or box[1] >= other[3]
            for other in self.taken
        )


def text_width(text: str, size: float) -> float:
    """Estimate the width of words: letters of joined scripts run narrower than Latin capitals."""
    return sum(
        size * (0.5 if "\u0600" <= letter <= "\u06ff" else 0.7 if letter.isupper() else 0.6)
        for letter in text
    )
