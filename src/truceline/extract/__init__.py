"""Texts to claims.

Takes: reports with text and segments, the pack, languages as data.
Gives: attributed claims, each with the words it rests on and the rule that found it.
May never: read a clock, a file or a network; name an article; merge what two speakers say.
"""

from truceline.extract.stage import Extraction, Reader, extract

__all__ = ["Extraction", "Reader", "extract"]
