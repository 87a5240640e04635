"""Read an inbox's manifest.jsonl: what is known about each file beside its bytes."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from truceline.collect.fields import KNOWN_FIELDS
from truceline.core.release import OWNER_ONLY
from truceline.core.reports import Rejection

MANIFEST = "manifest.jsonl"
_GUARDED = ("release", "owner", "realm")
_NAME = re.compile(r"\"file\"\s*:\s*\"((?:[^\"\\]|\\.)*)\"")
_FIX = "correct the line; CONTRACT's fields are file, source, publisher, wire, published, received, language, owner, release, realm"


@dataclass(slots=True)
class Manifest:
    """The lines of a manifest.

    Args:
        rows: File name -> fields.
        extra: File name -> fields that are not known, kept as given.
        wrong: File name -> why its line cannot be used; the file is then not taken.
        problems: Lines that name no file.
        asked: Names that were asked for.
    """

    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    extra: dict[str, dict[str, str]] = field(default_factory=dict)
    wrong: dict[str, Rejection] = field(default_factory=dict)
    problems: list[Rejection] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def fields_of(self, name: str) -> Mapping[str, str]:
        """Return the fields given for a file or member; empty where none are."""
        self.asked.add(name)
        return self.rows.get(name, {})

    def unlisted(self) -> Mapping[str, str]:
        """Return what holds for files without a line: where a line is unreadable they stay with their owner."""
        return {"release": OWNER_ONLY} if self.problems else {}


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest; each wrong line is a matter of its own.

    Args:
        data: The file's bytes; empty where there is none.

    Returns:
        The lines by file name.
    """
    manifest = Manifest()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        manifest.problems.append(_problem(f"is not UTF-8 from byte {error.start} on", ""))
        return manifest
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            _read_line(manifest, line, f"line {number}")
    return manifest


def _problem(why: str, where: str, file: str = MANIFEST) -> Rejection:
    return Rejection(file, "input.manifest", why, _FIX, where)


def _read_line(manifest: Manifest, line: str, where: str) -> None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        named = _NAME.search(line)
        if named is None:
            manifest.problems.append(_problem("is no JSON object", where))
        else:
            broken = _plain(named.group(1))
            manifest.wrong[broken] = _problem(f"its line in {MANIFEST} is no JSON object", where, broken)
        return
    name = row.get("file") if isinstance(row, dict) else None
    if not isinstance(name, str) or not name:
        manifest.problems.append(_problem("names no file", where))
        return
    name = name.replace("\\", "/").removeprefix("./")
    why = _fault(manifest, name, row)
    if why:
        manifest.wrong[name] = _problem(f"its line in {MANIFEST} {why}", where, name)
        return
    given = {key: value for key, value in row.items() if isinstance(value, str)}
    manifest.rows[name] = {key: value for key, value in given.items() if key in KNOWN_FIELDS}
    others = {key: _written(value) for key, value in row.items() if key not in KNOWN_FIELDS and key != "file"}
    manifest.extra[name] = {key: value for key, value in others.items() if value}


def _plain(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text


def _written(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _fault(manifest: Manifest, name: str, row: Mapping[str, object]) -> str:
    """Return what is wrong with a line; a mark that is misspelt must not open an item to everyone."""
    if name in manifest.rows or name in manifest.wrong:
        return "stands there twice"
    for key, value in row.items():
        if key in KNOWN_FIELDS:
            if value is not None and not isinstance(value, str):
                return f"has a '{key}' that is no text"
        elif key != "file":
            near = difflib.get_close_matches(key.lower(), _GUARDED, n=1, cutoff=0.75)
            if near:
                return f"has a field '{key}': is '{near[0]}' meant?"
    return ""
