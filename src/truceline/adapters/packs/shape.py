"""Plain data into the core's dataclasses, every mistake of shape in one pass.

The keys of a pack are the field names of the core, so nothing here knows a file or a theatre. A name may be
written short: ``en: Agdam`` or ``en: [Agdam, Aghdam]`` for forms that no party claims.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import types
import typing
from collections.abc import Mapping
from typing import Any

import msgspec

from truceline.adapters.packs.problems import Path, Problem, spell_path
from truceline.adapters.packs.read import Document
from truceline.core.names import Name

MISSING: Any = object()
"""Stands where a value could not be read."""


@functools.cache
def fields_of(kind: type) -> dict[str, tuple[Any, bool]]:
    """Return field name -> (type, whether it must be given) of a dataclass."""
    hints = typing.get_type_hints(kind)
    return {
        item.name: (
            hints[item.name],
            item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING,
        )
        for item in dataclasses.fields(kind)
    }


@dataclasses.dataclass(slots=True)
class Shaper:
    """Reads one document and remembers where each thing stood.

    Args:
        document: The document.
        problems: Mistakes of shape found so far.
        origin: ``id`` of a made thing -> (document, path).
        made: All made things, in order of reading; keeps them alive, so that ``origin`` stays true.
        spoilt: Slugs of things that could not be made: what names them is not a second mistake.
    """

    document: Document
    problems: list[Problem]
    origin: dict[int, tuple[Document, Path]]
    made: list[Any]
    spoilt: set[str]

    def read(self, value: Any, kind: Any, path: Path) -> Any:
        """Read a value as a type.

        Args:
            value: Plain data.
            kind: A type of the core's fields.
            path: Where it stands.

        Returns:
            The value, or ``MISSING`` where it cannot be read; then a problem is noted.
        """
        origin = typing.get_origin(kind)
        if dataclasses.is_dataclass(kind):
            return self._thing(value, typing.cast("type", kind), path)
        if origin in {typing.Union, types.UnionType}:
            inner = [item for item in typing.get_args(kind) if item is not type(None)]
            return None if value is None else self.read(value, inner[0], path)
        if origin is tuple and typing.get_args(kind)[-1] is Ellipsis:
            return self._many(value, typing.get_args(kind)[0], path)
        if origin in {Mapping, dict} and typing.get_args(kind)[1] is not Any:
            return self._mapping(value, typing.get_args(kind)[1], path)
        return self._leaf(value, kind, path)

    def _leaf(self, value: Any, kind: Any, path: Path) -> Any:
        if kind is str and type(value) is str:
            return value
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            self.note(path, str(error), "write it as docs/reference/mission-pack.md says")
            return MISSING

    def _many(self, value: Any, kind: Any, path: Path) -> Any:
        if kind is Name and not isinstance(value, list):
            value = [value]
        if not isinstance(value, list):
            self.note(path, f"{_word(value)} where a list belongs", "write it as a list")
            return MISSING
        items = [self.read(item, kind, (*path, index)) for index, item in enumerate(value)]
        return tuple(item for item in items if item is not MISSING)

    def _mapping(self, value: Any, kind: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            self.note(path, f"{_word(value)} where keys and values belong", "write it as 'key: value'")
            return MISSING
        pairs = {key: self.read(item, kind, (*path, key)) for key, item in value.items()}
        return {key: item for key, item in pairs.items() if item is not MISSING}

    def _thing(self, value: Any, kind: type, path: Path) -> Any:
        if kind is Name and isinstance(value, str):
            value = {"text": value}
        if not isinstance(value, dict):
            self.note(path, f"{_word(value)} where keys and values belong", "write it as 'key: value'")
            return MISSING
        known = fields_of(kind)
        for key in value.keys() - known.keys():
            close = difflib.get_close_matches(key, known, 1)
            todo = f"did you mean '{close[0]}'?" if close else "known keys: " + ", ".join(known)
            self.note((*path, key), f"unknown key '{key}'", todo, of=value)
        read = {key: self.read(value[key], known[key][0], (*path, key)) for key in known if key in value}
        for key, (_, is_needed) in known.items():
            if is_needed and key not in value:
                self.note(path, f"'{key}' is missing", f"add '{key}:'", of=value)
        if any(item is MISSING for item in read.values()) or any(
            is_needed and key not in read for key, (_, is_needed) in known.items()
        ):
            if isinstance(value.get("id"), str):
                self.spoilt.add(value["id"])
            return MISSING
        made = kind(**read)
        self.origin[id(made)] = (self.document, path)
        self.made.append(made)
        return made

    def note(self, path: Path, what: str, todo: str, of: Any = None) -> None:
        """Note a mistake at a path; ``of`` is the raw thing whose ``id`` names it better than its position."""
        slug = of.get("id") if isinstance(of, dict) else None
        line = self.document.line_of(path)
        where = slug if isinstance(slug, str) else spell_path(path)
        self.problems.append(Problem(self.document.file, line, where, what, todo))


def _word(value: Any) -> str:
    return "nothing" if value is None else f"'{value}'"[:60]
