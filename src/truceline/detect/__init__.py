"""Detect: what sensors say again and again about one moving thing becomes one track.

Takes: scans of detections, in the order of time.
Gives: at each scan the picture of confirmed tracks, each with its own uncertainty.
May never: point at what to do about a track, make certain what is not, depend on the order inside a scan.
"""

from __future__ import annotations

from truceline.detect.stage import detect

__all__ = ["detect"]
