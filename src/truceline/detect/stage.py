"""The stage: scans of detections in, pictures of tracks out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from truceline.core.detections import Scan
from truceline.core.tracks import TrackPicture
from truceline.detect.tracking.fusing import Fused
from truceline.detect.tracking.settings import DEFAULTS, Settings
from truceline.detect.tracking.tracker import Tracker


def detect(scans: Iterable[Scan], settings: Settings = DEFAULTS) -> Iterator[TrackPicture]:
    """Follow what moves.

    Args:
        scans: In the order of time; each is taken when it comes, so that a live feed can be followed.
        settings: What is assumed of motion and of sensors; one default serves all.

    Yields:
        The picture after each scan. The same scans give the same pictures and the same ids.

    Raises:
        InputError: A scan is older than the one before it.
    """
    tracker = Tracker(settings)
    for scan in scans:
        yield tracker.take(scan)


def fuse(
    windows: Iterable[tuple[float, Mapping[int, Scan]]], settings: Settings = DEFAULTS
) -> Iterator[TrackPicture]:
    """Follow what several sensors see.

    Args:
        windows: Moments in their order, each with the scan of every sensor that saw something.
        settings: What is assumed.

    Yields:
        The picture after each window; see `detect`.

    Raises:
        InputError: A window is older than the one before it.
    """
    fused = Fused(settings)
    for time_s, scans in windows:
        yield fused.take(time_s, scans)
