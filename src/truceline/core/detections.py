"""Detections: what sensors say is somewhere at a moment, in metres of a local plane, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """Detections that are looked at together: one sweep of a sensor, or all that came in within a short window.

    Args:
        time_s: The scan's moment, seconds; no detection is later.
        at_s: Each detection's own moment, seconds, shape (n,).
        xy_m: Positions east and north in the plane, metres, shape (n, 2).
        sigma_m: Standard deviation of each coordinate, metres, shape (n,); above 0.
        name: Who each detection says itself that it is, as a number, shape (n,); 0 for who does not say; None where nobody does.
    """

    time_s: float
    at_s: Floats
    xy_m: Floats
    sigma_m: Floats
    name: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.at_s)

    def order(self) -> NDArray[np.intp]:
        """Return the order of its detections that does not depend on how they came in: by time, then place, then error."""
        return np.lexsort((self.sigma_m, self.xy_m[:, 1], self.xy_m[:, 0], self.at_s))

    def only(self, which: NDArray[np.intp]) -> Scan:
        """Return some of its detections, in the order that is given."""
        name = None if self.name is None else self.name[which]
        return Scan(self.time_s, self.at_s[which], self.xy_m[which], self.sigma_m[which], name)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one message of a sensor says is somewhere.

    Args:
        at_s: When it was seen, seconds since 1970 (UTC); None where the message does not say.
        lon: Longitude in degrees.
        lat: Latitude in degrees.
        sigma_m: Standard deviation of each coordinate, metres; None where the message does not say.
        height_m: Height, metres, above what the sensor's standard measures from; None where it does not say.
        name: What the sender calls the thing, for example an aircraft's address; empty where it has no name.
        v_mps: Velocity east and north that the thing itself reports, metres a second; None where it does not say.
        containment_m: Radius within which the thing itself says it is for all but certain, metres; infinite where it says
            that it does not know; None where it says nothing about that.
        v_at_s: When it reported that velocity, seconds since 1970, where that was another moment; None: with the position.
    """

    at_s: float | None
    lon: float
    lat: float
    sigma_m: float | None = None
    height_m: float | None = None
    name: str = ""
    v_mps: tuple[float, float] | None = None
    containment_m: float | None = None
    v_at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A stretch of time in which positions that come of satellites give themselves away: deceived, or blinded.

    Args:
        name: What the sender calls the thing.
        kind: A word of `core.feeds.ANOMALIES`.
        since_s: When it began, seconds since 1970.
        until_s: Last moment of which it is known.
        lon: Where the thing said it was when it was noticed, degrees.
        lat: Likewise.
        height_m: Height that it said, metres; None where it said none.
        size: How far off: metres for ``jump`` and ``mismatch``, how many for ``gathering`` and ``degraded``.
    """

    name: str
    kind: str
    since_s: float
    until_s: float
    lon: float
    lat: float
    height_m: float | None
    size: float


@dataclass(frozen=True, slots=True, eq=False)
class DetectionTable:
    """Detections as a file holds them, rows that cannot be used left out.

    Args:
        times: Moments as they came in: instants or seconds, shape (n,), not falling.
        time_type: The name of their type in the file.
        places: Metres east and north, or longitude and latitude in degrees; shape (n, 2).
        is_geographic: Whether they are degrees.
        sigma_m: Standard deviation of each coordinate, metres, shape (n,).
        refused: One line for each row that was left out, the first hundred.
        n_refused: How many were left out.
        sensor: Which sensor saw each, as a number from 0 by the order of their names, shape (n,); None where the table does not say.
    """

    times: NDArray[np.generic]
    time_type: str
    places: Floats
    is_geographic: bool
    sigma_m: Floats
    refused: tuple[str, ...]
    n_refused: int
    sensor: NDArray[np.int64] | None = None

    def seconds(self) -> Floats:
        """Return the moments in seconds since the first one, shape (n,)."""
        if not len(self.times):
            return np.empty(0)
        since = self.times - self.times[0]
        if since.dtype.kind == "m":
            since = since / np.timedelta64(1, "s")
        return np.asarray(since, np.float64)
