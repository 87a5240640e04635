"""Reads the data files of a language and checks them against the shapes of ``extract.language``."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import msgspec
import yaml

from truceline.core.errors import ConfigError
from truceline.extract.language import Dates, LanguageData, Numbers, Office, Rule, Speech
from truceline.extract.search import check_tags

_T = TypeVar("_T")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def readable_languages() -> tuple[str, ...]:
    """Return the codes of the languages that have claim rules, in order."""
    root = _root()
    return tuple(sorted(folder.name for folder in root.iterdir() if (folder / "rules.yaml").is_file()))


def load_language(code: str) -> LanguageData:
    """Read a language.

    Args:
        code: BCP 47 code with a folder of its own.

    Returns:
        The language's data.

    Raises:
        ConfigError: A file is missing or does not have the shape that its reader expects, or rules name tags that
            nothing gives (all are listed).
    """
    folder = _root() / code
    head = _read(folder, "language.yaml", dict[str, Any])
    parts = {
        "words": _read(folder, "words.yaml", dict[str, tuple[str, ...]]),
        "offices": _read(folder, "offices.yaml", dict[str, Office]),
        "speech": _read(folder, "speech.yaml", dict[str, Speech]),
        "dates": _read(folder, "dates.yaml", Dates),
        "numbers": _read(folder, "numbers.yaml", Numbers),
        "rules": _read(folder, "rules.yaml", tuple[Rule, ...]),
    }
    built = {key: msgspec.to_builtins(value) for key, value in parts.items()}
    language = _convert({**head, **built}, LanguageData, code)
    known = {office.tag for office in language.offices.values()} | {
        speech.tag for speech in language.speech.values()
    }
    check_tags(language.rules, frozenset(language.words) | known, f"languages/{code}/rules.yaml")
    return language


def _root() -> Traversable:
    return resources.files("truceline") / "data" / "languages"


def _read(folder: Traversable, name: str, shape: type[_T]) -> _T:
    file = folder / name
    where = f"languages/{folder.name}/{name}"
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, in C
    except FileNotFoundError as error:
        raise ConfigError("language.file", "the file is missing", where=where, todo="add it") from error
    except yaml.YAMLError as error:
        raise ConfigError("language.yaml", f"no YAML: {error}", where=where, todo="mend it") from error
    return _convert(content, shape, where)


def _convert(content: Any, shape: type[_T], where: str) -> _T:
    try:
        return msgspec.convert(content, shape)
    except msgspec.ValidationError as error:
        raise ConfigError(
            "language.shape", str(error), where=where, todo="compare with docs/explanation/extracting.md"
        ) from error
