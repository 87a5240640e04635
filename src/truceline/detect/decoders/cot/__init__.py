"""Cursor on Target: events in XML, read and never sent. Source: MITRE, Cursor-on-Target Message Router User's Guide; event 2.0."""

from __future__ import annotations

from truceline.detect.decoders.cot.decoder import CotDecoder

__all__ = ["CotDecoder"]
