"""Arrivals of sound and shaking at posts: a table that a post's recorder or an observer writes. Its columns are our own."""

from __future__ import annotations

from truceline.detect.decoders.arrivals.decoder import FORMAT, ArrivalsDecoder

__all__ = ["FORMAT", "ArrivalsDecoder"]
