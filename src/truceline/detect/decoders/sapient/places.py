"""Where a detection report says that something is: by longitude and latitude, or by range and bearing from its node."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from truceline.core.detections import Sighting
from truceline.core.frames import Frame
from truceline.geo.plane import Plane

_METRES_A_DEGREE = 111_320.0
_TRUE = "RANGE_BEARING_DATUM_TRUE"
"""Bearings from the magnetic north, a grid's or the node's own are not turned here: nobody has said by how much."""
_SYSTEM = "LOCATION_COORDINATE_SYSTEM_LAT_LNG_"
_ANGLES = {"DEG_M": 1.0, "RAD_M": 180 / math.pi}
_BEARINGS = {
    "DEGREES_M": (1.0, 1.0), "RADIANS_M": (180 / math.pi, 1.0),
    "DEGREES_KM": (1.0, 1000.0), "RADIANS_KM": (180 / math.pi, 1000.0),
}  # fmt: skip
"""Units of a bearing and a range -> their factors to degrees and metres."""

_Place = tuple[float, float, float | None, float | None]
"""Longitude and latitude in degrees, height and error in metres."""


class Places:
    """Knows where nodes said last that they stand."""

    def __init__(self) -> None:
        self._nodes: dict[str, _Place] = {}

    def of(self, frame: Frame) -> Sighting | None:
        """Return where the thing of a detection report is.

        Args:
            frame: Any message; a status report says where its node stands.

        Returns:
            The sighting; None for other messages, for places in UTM, and for a bearing from a node that has not said where
            it stands.
        """
        node, content = frame.values.get("node_id", ""), frame.values.get(frame.kind, {})
        if frame.kind == "status_report":
            if place := _of_location(content.get("node_location", {})):
                self._nodes[node] = place
            return None
        if frame.kind != "detection_report":
            return None
        place = _of_location(content.get("location", {}))
        if place is None and node in self._nodes:
            place = _of_bearing(content.get("range_bearing", {}), self._nodes[node])
        if place is None:
            return None
        lon, lat, height_m, sigma_m = place
        return Sighting(frame.at_s, lon, lat, sigma_m, height_m, str(content.get("object_id", "")))


def _of_location(location: Mapping[str, Any]) -> _Place | None:
    angle = _ANGLES.get(str(location.get("coordinate_system", "")).removeprefix(_SYSTEM))
    if angle is None:
        return None
    lon, lat = location.get("x", math.nan) * angle, location.get("y", math.nan) * angle
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # NaN is neither
        return None
    errors = (
        location.get("x_error", 0.0) * angle * _METRES_A_DEGREE * math.cos(math.radians(lat)),
        location.get("y_error", 0.0) * angle * _METRES_A_DEGREE,
    )
    sigma_m = max(errors)
    return lon, lat, _finite(location.get("z")), sigma_m if math.isfinite(sigma_m) and sigma_m > 0 else None


def _of_bearing(bearing: Mapping[str, Any], node: _Place) -> _Place | None:
    units = _BEARINGS.get(
        str(bearing.get("coordinate_system", "")).removeprefix("RANGE_BEARING_COORDINATE_SYSTEM_")
    )
    is_true = bearing.get("datum", _TRUE) == _TRUE
    if units is None or "range" not in bearing or not is_true:
        return None
    azimuth = math.radians(bearing.get("azimuth", math.nan) * units[0])
    climb = math.radians(bearing.get("elevation", 0.0) * units[0])
    range_m = bearing["range"] * units[1]
    across_m = range_m * math.cos(climb)
    east_m, north_m = across_m * math.sin(azimuth), across_m * math.cos(azimuth)
    if not (math.hypot(east_m, north_m) < 1e6):  # NaN is not
        return None
    lon, lat = Plane(node[0], node[1]).to_ground(np.array([[east_m, north_m]]))
    height_m = None if node[2] is None or "elevation" not in bearing else node[2] + range_m * math.sin(climb)
    across = (
        abs(bearing.get("range_error", 0.0)) * units[1],
        range_m * math.radians(abs(bearing.get("azimuth_error", 0.0)) * units[0]),
    )
    return float(lon[0]), float(lat[0]), height_m, max(across) or None


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
