"""Languages as data: reads ``data/languages/<code>/`` into what the extract stage knows of a language."""

from truceline.adapters.languages.loader import load_language, readable_languages

__all__ = ["load_language", "readable_languages"]
