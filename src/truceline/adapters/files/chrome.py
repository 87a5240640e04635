"""Read the phrases that set chrome apart, one file a language (``data/languages/<lang>/chrome.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from truceline.collect.chrome import LINE_KINDS, Chrome, ChromeLexicon
from truceline.core.errors import ConfigError

_LISTS = (
    "footers",
    "comment_heads",
    "bylines",
    "read_also",
    "captions",
    "agencies",
    "months",
    "date_words",
)


def packaged_languages() -> Path:
    """Return the folder of the packaged language data."""
    return Path(__file__).resolve().parents[2] / "data" / "languages"


def read_chrome(folder: Path | None = None) -> Chrome:
    """Read all chrome lexicons of a folder of languages.

    Args:
        folder: Holds ``<lang>/chrome.yaml``; None takes the packaged languages.

    Returns:
        The lexicons, ready to be asked.

    Raises:
        ConfigError: A file is no YAML or has a field that is not known.
    """
    import yaml  # noqa: PLC0415 - loaded only where data is read

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    lexicons = {}
    for path in sorted((folder or packaged_languages()).glob("*/chrome.yaml")):
        try:
            data = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - strings only
        except yaml.YAMLError as error:
            raise ConfigError(
                "config.chrome", str(error), where=path.name, todo="correct the file"
            ) from error
        lexicons[path.parent.name] = _lexicon(data or {}, f"{path.parent.name}/{path.name}")
    return Chrome(lexicons)


def _lexicon(data: Mapping[str, Any], where: str) -> ChromeLexicon:
    for name in data:
        if name not in {*_LISTS, "lines", "starts"}:
            raise ConfigError(
                "config.chrome", f"'{name}' is no field", where=where, todo="see ar/chrome.yaml"
            )
    by_kind = {}
    for name in ("lines", "starts"):
        by_kind[name] = {kind: _phrases(value, where) for kind, value in data.get(name, {}).items()}
        for kind in by_kind[name]:
            if kind not in LINE_KINDS:
                raise ConfigError(
                    "config.chrome", f"'{kind}' is no kind of line", where=where, todo=str(LINE_KINDS)
                )
    lists = {name: _phrases(data.get(name, []), where) for name in _LISTS}
    return ChromeLexicon(lines=by_kind["lines"], starts=by_kind["starts"], **lists)


def _phrases(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ConfigError(
            "config.chrome", "a list of phrases is missing", where=where, todo="write [one, two]"
        )
    return tuple(value)
