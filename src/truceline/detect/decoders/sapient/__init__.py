"""SAPIENT messages of BSI Flex 335 v2.0, read and held to all of the standard's rules."""

from __future__ import annotations

from truceline.detect.decoders.sapient.decoder import SapientDecoder, SapientJsonDecoder

__all__ = ["SapientDecoder", "SapientJsonDecoder"]
