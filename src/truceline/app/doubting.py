"""Look through recordings for positions that cannot be true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from truceline.app.decoding import decode_files, decoder_of
from truceline.core.detections import Anomaly, Sighting
from truceline.core.errors import InputError
from truceline.core.frames import Frame
from truceline.detect.integrity import Integrity
from truceline.geo.plane import Plane

SCAN_S = 1.0
"""Sightings within so long are looked at together, as in the service."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """What was found in recordings.

    Args:
        anomalies: Each stretch of time, by when it began.
        n_sightings: Positions with a name and a time, that were looked at.
        n_refused: Messages that could not be read.
        since_s: When the first was said, seconds since 1970; 0 where there is none.
        until_s: When the last was said.
    """

    anomalies: tuple[Anomaly, ...]
    n_sightings: int
    n_refused: int
    since_s: float
    until_s: float


def doubt_files(name: str, paths: Sequence[Path]) -> Doubted:
    """Look through files of one feed.

    Args:
        name: The format's name.
        paths: The files, in the order of time.

    Returns:
        What was found.

    Raises:
        ConfigError: No decoder has this name.
        InputError: A file cannot be read, or the format holds no positions that things say of themselves.
        MissingExtraError: The decoder needs a part that is not installed.
    """
    decoder = decoder_of(name)
    if not decoder.is_dependent:
        raise InputError(
            "integrity.format", f"in '{name}' things do not say themselves where they are", where=name,
            todo="use adsb or cot, for example",
        )  # fmt: skip
    seen, n_refused = list[tuple[float, Sighting]](), 0
    for _, found in decode_files(name, paths, decoder):
        if not isinstance(found, Frame):
            n_refused += 1
        elif (one := decoder.sighting(found)) is not None and one.at_s is not None and one.name:
            seen.append((one.at_s, one))
    if not seen:
        return Doubted((), 0, n_refused, 0.0, 0.0)
    seen.sort(key=lambda pair: pair[0])
    plane = Plane(
        float(np.median([one.lon for _, one in seen])), float(np.median([one.lat for _, one in seen]))
    )
    watch = Integrity()
    scan: list[Sighting] = []
    edge_s = seen[0][0] + SCAN_S
    for at_s, one in [*seen, (np.inf, seen[-1][1])]:
        if at_s >= edge_s:
            _look(watch, edge_s, scan, plane)
            scan, edge_s = [], max(edge_s + SCAN_S, at_s) if np.isfinite(at_s) else edge_s
        scan.append(one)
    return Doubted(tuple(watch.all()), len(seen), n_refused, seen[0][0], seen[-1][0])


def _look(watch: Integrity, now_s: float, scan: Sequence[Sighting], plane: Plane) -> None:
    places = np.array([(one.lon, one.lat) for one in scan]).reshape(-1, 2)
    watch.take(now_s, scan, plane.to_plane(*places.T))
