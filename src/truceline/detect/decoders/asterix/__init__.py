"""ASTERIX of EUROCONTROL: categories 021, 034, 048, 062, 065. Source: SUR.ET1.ST05.2000-STD-01 and the parts of each category.

What bits mean follows from the public specifications by way of libasterix; which values matter here, and what is refused, is ours.
"""

from __future__ import annotations

from truceline.detect.decoders.asterix.decoder import AsterixDecoder

__all__ = ["AsterixDecoder"]
