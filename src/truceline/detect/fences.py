"""Fences: which track entered or left which area, said only where its own uncertainty leaves little doubt.

A track is inside with the probability that its error leaves: the edge is taken as straight near it. It has entered above
`core.feeds.Fence.sure`, has left below one less that, and in between is where it was: no alarm on a coin's edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erf, sqrt

import numpy as np

from truceline.core.detections import Floats
from truceline.core.feeds import Fence, Happening
from truceline.core.tracks import TrackPicture
from truceline.geo.areas import Area
from truceline.geo.plane import Plane

_erf = np.vectorize(erf, otypes=[np.float64])


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a track beside where it is.

    Args:
        height_m: Its last height, or None.
        name: What a sensor calls it; empty where it has no name.
    """

    height_m: float | None = None
    name: str = ""


NOTHING = Known()


class Fences:
    """Watches the areas of a mission.

    Args:
        fences: Each fence and its area.
        plane: The plane of areas and tracks.
    """

    def __init__(self, fences: Sequence[tuple[Fence, Area]], plane: Plane) -> None:
        self._fences = tuple(fences)
        self._plane = plane
        self._inside = [set[str]() for _ in fences]
        self._outside = [set[str]() for _ in fences]

    def take(self, picture: TrackPicture, known: Mapping[str, Known]) -> list[Happening]:
        """Look at a picture.

        Args:
            picture: Confirmed tracks, in the plane, time in seconds since 1970.
            known: Id of a track -> what else is known of it.

        Returns:
            What entered and what left since the picture before. A track that ends inside is let go without a word: that
            nobody sees it any more is not that it left.
        """
        found = list[Happening]()
        there = set(picture.ids)
        lon, lat = self._plane.to_ground(picture.xy_m)
        for (fence, area), inside, outside in zip(self._fences, self._inside, self._outside, strict=True):
            inside.intersection_update(there)  # what ended is let go
            outside.intersection_update(there)
            p = p_inside(area, picture)
            for n, track in enumerate(picture.ids):
                what = known.get(track, NOTHING)
                side = _side(fence, float(p[n]), what.height_m)
                if side > 0 and track not in inside:
                    way = "enter" if track in outside else "appear"
                    inside.add(track)
                    outside.discard(track)
                elif side < 0 and track not in outside:
                    way = "exit" if track in inside else ""
                    inside.discard(track)
                    outside.add(track)
                else:
                    continue
                if way:
                    found.append(
                        Happening(
                            fence.id, track, picture.time_s, way, float(p[n]), float(lon[n]), float(lat[n]),
                            float(picture.sigma_m[n]), what.height_m, what.name,
                        )
                    )  # fmt: skip
        return found

    def inside(self) -> dict[str, tuple[str, ...]]:
        """Return the fences that each track is inside of, by the track's id; none is left out."""
        found = dict[str, tuple[str, ...]]()
        for (fence, _), tracks in zip(self._fences, self._inside, strict=True):
            for track in tracks:
                found[track] = (*found.get(track, ()), fence.id)
        return found


def p_inside(area: Area, picture: TrackPicture) -> Floats:
    """Return the probability that each track is inside an area, shape (n,)."""
    if not picture.ids:
        return np.empty(0)
    deep = area.depth_m(picture.xy_m) / np.maximum(picture.sigma_m, 1e-9)
    found: Floats = (1 + _erf(deep / sqrt(2))) / 2
    return found


def _side(fence: Fence, p: float, height_m: float | None) -> int:
    """Say on which side a track is: 1 inside, -1 outside, 0 where nobody is sure.

    Whose height nobody knows counts at every height.
    """
    is_off_band = height_m is not None and (
        (fence.floor_m is not None and height_m < fence.floor_m)
        or (fence.ceiling_m is not None and height_m > fence.ceiling_m)
    )
    if is_off_band or p < 1 - fence.sure:
        return -1
    return int(p > fence.sure)
