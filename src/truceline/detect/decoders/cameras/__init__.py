"""Fixed cameras: whether each is on, off or blocked, and how far it sees by day and by night. Its columns are our own."""

from __future__ import annotations

from truceline.detect.decoders.cameras.decoder import FORMAT, ON, STATES, CamerasDecoder

__all__ = ["FORMAT", "ON", "STATES", "CamerasDecoder"]
