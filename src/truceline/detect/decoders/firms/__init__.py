"""Satellite hot spots of NASA FIRMS: tables of MODIS and VIIRS, in all their variants of columns. Source: FIRMS, attribute fields."""

from __future__ import annotations

from truceline.detect.decoders.firms.decoder import FirmsDecoder

__all__ = ["FirmsDecoder"]
