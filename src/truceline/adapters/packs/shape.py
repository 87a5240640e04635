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
def fields_of(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Return field name -> (type, whether it must be given) of a dataclass."""
    hints = typing.get_type_hints(kind)
    return {
        item.name: (
            hints[item.name],
            item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING,
        )
        for item in dataclasses.fields(kind)
    }


@functools.cache
def _plan(kind: Any) -> tuple[str, Any]:
    """Say how values of a type are read: by which method, and the type inside."""
    origin = typing.get_origin(kind)
    inner = typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return "thing", kind
    if origin in {typing.Union, types.UnionType}:
        return "optional", next(item for item in inner if item is not type(None))
    if origin is tuple and inner[-1] is Ellipsis:
        return "many", inner[0]
    if origin in {Mapping, dict} and inner[1] is not Any:
        return "mapping", inner[1]
    return "leaf", kind


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
        if kind is str and type(value) is str:
            return value
        how, inner = _plan(kind)
        if how == "optional":
            return None if value is None else self.read(value, inner, path)
        if how == "thing":
            return self._thing(value, inner, path)
        if how == "many":
            return self.read_all(value, inner, path)
        if how == "mapping":
            return self._mapping(value, inner, path)
        return self._leaf(value, kind, path)

    def _leaf(self, value: Any, kind: Any, path: Path) -> Any:
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            self.note(path, str(error), "write it as docs/reference/mission-pack.md says")
            return MISSING

    def read_all(self, value: Any, kind: Any, path: Path) -> Any:
        """Read a list of values of a type; those that cannot be read are left out.

        Args:
            value: Plain data.
            kind: The type of each.
            path: Where the list stands.

        Returns:
            A tuple, or ``MISSING`` where it is no list.
        """
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
            return Name(value)
        if not isinstance(value, dict):
            self.note(path, f"{_word(value)} where keys and values belong", "write it as 'key: value'")
            return MISSING
        if isinstance(value.get("id"), str):
            self.document.slugs[path] = value["id"]
        known = fields_of(kind)
        for key in value.keys() - known.keys():
            close = difflib.get_close_matches(key, known, 1)
            todo = f"did you mean '{close[0]}'?" if close else "known keys: " + ", ".join(known)
            self.note((*path, key), f"unknown key '{key}'", todo)
        read = {key: self.read(value[key], known[key][0], (*path, key)) for key in known if key in value}
        for key, (_, is_needed) in known.items():
            if is_needed and key not in value:
                self.note(path, f"'{key}' is missing", f"add '{key}:'")
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

    def note(self, path: Path, what: str, todo: str) -> None:
        """Note a mistake at a path."""
        line = self.document.line_of(path)
        where = spell_path(path, self.document.slugs)
        self.problems.append(Problem(self.document.file, line, where, what, todo))


def _word(value: Any) -> str:
    return "nothing" if value is None else f"'{value}'"[:60]
