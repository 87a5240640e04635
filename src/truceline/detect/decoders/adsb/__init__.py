"""ADS-B: extended squitters of Mode S (downlink formats 17 and 18). Source: RTCA DO-260B; ICAO Doc 9871."""

from __future__ import annotations

from truceline.detect.decoders.adsb.decoder import AdsbDecoder

__all__ = ["AdsbDecoder"]
