"""Catalogues from the package's data files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from truceline.core.errors import ConfigError
from truceline.publish.catalogue import Catalogue, flatten

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C reads the words ten times as fast


def load_tree(language: str) -> Mapping[str, Any]:
    """Read the words of a language as they are nested in its files: pages and paper, and under ``console`` the console's.

    Args:
        language: Name of a folder in ``data/languages``.

    Returns:
        The nested words.

    Raises:
        ConfigError: There is no such file, or it holds no mapping.
    """
    folder = resources.files("truceline") / "data" / "languages" / language
    console = folder / "console.yaml"
    words = _read(language, folder / "interface.yaml")
    return {**words, "console": _read(language, console)} if console.is_file() else words


def _read(language: str, file: Traversable) -> Mapping[str, Any]:
    try:
        tree = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
    except FileNotFoundError as error:
        raise ConfigError(
            "config.language",
            f"there are no words for the language '{language}'",
            where=f"data/languages/{language}/{file.name}",
            todo=f"write the file with the keys of data/languages/en/{file.name}",
        ) from error
    except yaml.YAMLError as error:
        raise ConfigError(
            "config.language", f"the words cannot be read: {error}", where=f"{language}/{file.name}"
        ) from error
    if not isinstance(tree, Mapping):
        raise ConfigError("config.language", "the words are no mapping", where=f"{language}/{file.name}")
    return tree


@cache
def load_catalogue(language: str) -> Catalogue:
    """Read the words of one language; they are the package's own and stay as they are while it runs."""
    words = flatten(load_tree(language))
    return Catalogue(words.get("meta.language", language), words.get("meta.direction", "ltr"), words)


def load_catalogues(languages: Iterable[str]) -> dict[str, Catalogue]:
    """Read the words of several languages."""
    return {language: load_catalogue(language) for language in languages}


def catalogue_languages() -> tuple[str, ...]:
    """List the languages that have words for pages and paper, in the order of their codes from English on."""
    folders = (resources.files("truceline") / "data" / "languages").iterdir()
    codes = [folder.name for folder in folders if (folder / "interface.yaml").is_file()]
    return tuple(sorted(codes, key=lambda code: (code != "en", code)))
