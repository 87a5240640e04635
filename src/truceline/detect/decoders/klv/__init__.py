"""Metadata of unmanned aircraft: MISB ST 0601 in KLV, as packets or within an MPEG transport stream. Source: MISB ST 0601, ST 1402."""

from __future__ import annotations

from truceline.detect.decoders.klv.decoder import KlvDecoder, footprint

__all__ = ["KlvDecoder", "footprint"]
