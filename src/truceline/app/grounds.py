"""From what the record says of a frame to the ground that it shows: places of pixels with their errors, what two frames share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from truceline.core.imagery import TakenFrame
from truceline.core.reports import Position
from truceline.geo.footprints import Ground
from truceline.geo.points import distance_m

_POINTED_PX = 4.0
"""How exactly a thing is pointed at, pixels."""


def ground_of(facts: Mapping[str, Any]) -> Ground | None:
    """Return the ground that a frame shows; None where nobody knows."""
    corners = facts.get("coordinates")
    if not corners:
        return None
    return Ground([(lon, lat) for lon, lat in corners], facts["width_px"], facts["height_px"])


def ground_in(taken: TakenFrame) -> Ground | None:
    """Return the ground that a picture shows which came in; None where nobody knows."""
    if taken.footprint is None:
        return None
    return Ground(taken.footprint.corners, taken.width_px, taken.height_px)


def position_in(facts: Mapping[str, Any], x_px: int, y_px: int) -> Position | None:
    """Return where a pixel of a frame lies, with its error; None where nobody knows what ground the frame shows."""
    ground = ground_of(facts)
    if ground is None:
        return None
    lon, lat = ground.at(x_px + 0.5, y_px + 0.5)
    error_m = math.hypot(float(facts["error_m"]), _POINTED_PX * ground.pixel_m(x_px + 0.5, y_px + 0.5))
    return Position(round(lon, 7), round(lat, 7), float(math.ceil(error_m)), basis="footprint")


def shared(after: Mapping[str, Any], before: Mapping[str, Any]) -> float:
    """Return which share of a frame's ground another shows too; 0 where nobody knows what one shows."""
    grounds = ground_of(after), ground_of(before)
    if grounds[0] is None or grounds[1] is None:
        return 0.0
    return round(grounds[0].shared(grounds[1]), 6)


def middle_of(taken: TakenFrame) -> Position | None:
    """Return the middle of the ground that a picture shows, and how far its corners lie; None where nobody knows."""
    ground = ground_in(taken)
    if ground is None or taken.footprint is None:
        return None
    lon, lat = ground.at(taken.width_px / 2, taken.height_px / 2)
    far_m = max(distance_m((lon, lat), corner) for corner in taken.footprint.corners)
    return Position(
        round(lon, 7), round(lat, 7), float(math.ceil(far_m + taken.footprint.error_m)), basis="footprint"
    )
