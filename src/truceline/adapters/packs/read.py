"""Bytes of a pack's files into plain data, each value with the line it stands on."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec
import yaml

from truceline.adapters.packs.problems import Path, Problem

_MAX_DEPTH = 40


@dataclass(slots=True)
class Document:
    """A file as data.

    Args:
        file: File name inside the pack.
        data: What it says; None where it could not be read.
        problems: Mistakes in its writing.
        lines: Path -> line, for YAML.
        slugs: Path -> slug of the thing that stands there, noted while it is shaped.
        text: The text, for formats whose lines are looked up only when needed.
    """

    file: str
    data: Any = None
    problems: list[Problem] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)
    slugs: dict[Path, str] = field(default_factory=dict)
    text: str = ""

    def line_of(self, path: Path) -> int:
        """Return the line of a value, or of the nearest thing that holds it; 0 unknown."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        if self.file.endswith(".toml"):
            return _toml_line(self.text, path)
        return self._feature_line(path) if path[:1] == ("features",) else 0

    def _feature_line(self, path: Path) -> int:
        """Find the line of a GeoJSON feature by the slug in its properties; 0 where it has none."""
        try:
            slug = self.data["features"][path[1]]["properties"]["id"]
        except (LookupError, TypeError):
            return 0
        match = re.search(rf'"id"\s*:\s*"{re.escape(str(slug))}"', self.text)
        return self.text.count("\n", 0, match.start()) + 1 if match else 0


class _Loader(yaml.CSafeLoader):
    """YAML whose dates stay words and whose only truth values are ``true`` and ``false``."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own class attribute


for _tag, _pattern, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", list("tf")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?[0-9]*\.[0-9]+(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), _first)

_SCALARS: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:null": lambda _: None,
    "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
}


def read_document(file: str, raw: bytes) -> Document:
    """Read one file of a pack.

    Args:
        file: File name inside the pack; its ending says the format.
        raw: Its bytes.

    Returns:
        The document; ``data`` is None where it could not be read, and ``problems`` says why.
    """
    document = Document(file)
    try:
        document.text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        document.problems.append(Problem(file, line, "", "not UTF-8", "save the file as UTF-8"))
        return document
    if file.endswith(".toml"):
        _read_toml(document)
    elif file.endswith(".yaml"):
        _read_yaml(document)
    else:
        _read_json(document, raw)
    return document


def _read_toml(document: Document) -> None:
    try:
        document.data = _plain(tomllib.loads(document.text))
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"line (\d+)", str(error))
        line = int(match[1]) if match else document.text.count("\n") + 1
        document.problems.append(Problem(document.file, line, "", f"no TOML: {error}", "mend the line"))


def _plain(value: Any) -> Any:
    """Turn TOML's dates into words, so that every format gives the same data."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def _toml_line(text: str, path: Path) -> int:
    """Find the line of a value of a TOML file by its table headers and key; 0 where it is not found."""
    spot = 0
    table: list[str] = []
    for index, step in enumerate(path):
        if isinstance(step, int):
            headers = list(re.finditer(rf"^\[\[{re.escape('.'.join(table))}\]\]", text, re.MULTILINE))
            spot = headers[step].start() if step < len(headers) else spot
            continue
        table.append(step)
        header = re.compile(rf"^\[+{re.escape('.'.join(table))}[\].]", re.MULTILINE).search(text, spot)
        if header and not (index + 1 < len(path) and isinstance(path[index + 1], int)):
            spot = header.start()
            continue
        key = re.compile(rf"^\s*{re.escape(step)}\s*=", re.MULTILINE).search(text, spot)
        spot = key.end() if key else spot
    return text.count("\n", 0, spot) + 1 if spot else 0


def _read_json(document: Document, raw: bytes) -> None:
    try:
        document.data = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"))
    except msgspec.DecodeError as error:
        line, what = 0, str(error)
        try:
            json.loads(document.text)
        except json.JSONDecodeError as exact:
            line, what = exact.lineno, exact.msg
        document.problems.append(Problem(document.file, line, "", f"no JSON: {what}", "mend the line"))


def _read_yaml(document: Document) -> None:
    try:
        node = yaml.compose(document.text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        what = f"no YAML: {error.problem}"
        document.problems.append(Problem(document.file, line, "", what, "mend the line; mind the indent"))
        return
    except yaml.YAMLError as error:
        what = "no YAML: " + str(error).splitlines()[0]
        document.problems.append(Problem(document.file, 0, "", what, "mend the file"))
        return
    if node is not None:
        document.data = _Builder(document).build(node, (), 0)


class _Builder:
    """YAML nodes into plain data, noting lines and keys that stand twice."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._built: dict[int, Any] = {}

    def build(self, node: Any, path: Path, depth: int) -> Any:
        """Turn a node into data; an alias gives the same data again."""
        if id(node) in self._built:
            return self._built[id(node)]
        line = node.start_mark.line + 1
        self._document.lines[path] = line
        if depth > _MAX_DEPTH:
            self._problem(line, path, "nested too deep", "remove the loop or flatten it")
            return None
        data: Any
        if isinstance(node, yaml.ScalarNode):
            return _SCALARS.get(node.tag, str)(node.value)
        if isinstance(node, yaml.SequenceNode):
            data = [self.build(item, (*path, index), depth + 1) for index, item in enumerate(node.value)]
        else:
            data = self._mapping(node, path, depth)
        self._built[id(node)] = data
        return data

    def _mapping(self, node: Any, path: Path, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in data:
                self._problem(line, (*path, key), f"'{key}' stands twice", "keep one of the two")
                continue
            data[key] = self.build(value_node, (*path, key), depth + 1)
            self._document.lines[*path, key] = line
        return data

    def _problem(self, line: int, path: Path, what: str, todo: str) -> None:
        self._document.problems.append(
            Problem(self._document.file, line, ".".join(map(str, path)), what, todo)
        )
