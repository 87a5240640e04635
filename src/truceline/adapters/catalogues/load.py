"""Catalogues from the package's data files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

import yaml

from truceline.core.errors import ConfigError
from truceline.publish.catalogue import Catalogue, flatten

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C reads the words ten times as fast


def load_tree(language: str) -> Mapping[str, Any]:
    """Read the words of a language as they are nested in its file.

    Args:
        language: Name of a folder in ``data/languages``.

    Returns:
        The nested words.

    Raises:
        ConfigError: There is no such file, or it holds no mapping.
    """
    file = resources.files("truceline") / "data" / "languages" / language / "interface.yaml"
    try:
        tree = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
    except FileNotFoundError as error:
        raise ConfigError(
            "config.language",
            f"there are no words for the language '{language}'",
            where=f"data/languages/{language}/interface.yaml",
            todo="write the file with the keys of data/languages/en/interface.yaml",
        ) from error
    except yaml.YAMLError as error:
        raise ConfigError(
            "config.language", f"the words cannot be read: {error}", where=f"{language}/interface.yaml"
        ) from error
    if not isinstance(tree, Mapping):
        raise ConfigError("config.language", "the words are no mapping", where=f"{language}/interface.yaml")
    return tree


def load_catalogue(language: str) -> Catalogue:
    """Read the words of one language."""
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
