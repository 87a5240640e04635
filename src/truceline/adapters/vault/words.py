"""Why a value may be destroyed and what it may be shown for: words of a data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def protection_words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Read the words.

    Returns:
        ``reasons`` and ``purposes``: word -> language -> what it means.
    """
    text = (resources.files("truceline") / "data" / "protection.toml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(text)
    return found
