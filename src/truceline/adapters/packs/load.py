"""A pack's folder into a mission: find it, read its files, shape them, check what they say about each other."""

from __future__ import annotations

import functools
import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any

from truceline.adapters.packs.check import Readable, check_meaning
from truceline.adapters.packs.problems import Problem
from truceline.adapters.packs.read import Document, read_document
from truceline.adapters.packs.shape import MISSING, Shaper
from truceline.core.errors import ConfigError
from truceline.core.feeds import AlertRule, Feed, Fence
from truceline.core.mission import Mission, MissionSettings, Procedure
from truceline.core.obligations import Amendment, Instrument, Interpretation, Obligation
from truceline.core.parties import Delegation, Holder, Office, Party, Source
from truceline.core.places import Line, Place, Post

WHOLE_FILES: dict[str, tuple[str, Any]] = {
    "mission.toml": ("settings", MissionSettings),
    "procedure.toml": ("procedure", Procedure),
}
"""File -> field of ``Mission`` and its type, for files that say one thing; a pack must have them."""

LIST_FILES: dict[str, dict[str, Any]] = {
    "instruments.yaml": {"instruments": Instrument},
    "amendments.yaml": {"amendments": Amendment},
    "interpretations.yaml": {"interpretations": Interpretation},
    "parties.yaml": {"parties": Party, "delegations": Delegation, "offices": Office, "holders": Holder},
    "posts.yaml": {"posts": Post},
    "sources.yaml": {"sources": Source},
    "sensors.yaml": {"feeds": Feed, "fences": Fence, "alerts": AlertRule},
}
"""File -> key -> type of the things in its list; a pack may leave out what it does not need."""

FEATURE_FILES: dict[str, tuple[str, Any]] = {
    "places.geojson": ("places", Place),
    "lines.geojson": ("lines", Line),
}
"""File -> field of ``Mission`` and its type, for FeatureCollections."""

LEXICON = "lexicon"

_FILE_ORDER = (*WHOLE_FILES, *LIST_FILES, *FEATURE_FILES)


def packaged_missions() -> tuple[str, ...]:
    """Name the missions that the package brings, in order of the alphabet."""
    root = _packaged_root()
    return tuple(sorted(path.name for path in root.iterdir() if (path / "mission.toml").is_file()))


def mission_folder(name_or_folder: str) -> Path:
    """Find a mission's folder.

    Args:
        name_or_folder: A packaged mission's name, or the path of a folder that holds ``mission.toml``.

    Returns:
        The folder.

    Raises:
        ConfigError: There is neither.
    """
    packaged = _packaged_root() / name_or_folder
    is_plain = Path(name_or_folder).name == name_or_folder
    if is_plain and (packaged / "mission.toml").is_file():
        return packaged
    folder = Path(name_or_folder)
    if not (folder / "mission.toml").is_file():
        names = ", ".join(packaged_missions())
        raise ConfigError(
            "config.mission",
            f"no mission '{name_or_folder}'",
            todo=f"give one of {names}, or a folder that holds mission.toml",
        )
    return folder


def check_mission(name_or_folder: str) -> tuple[Problem, ...]:
    """Find every mistake of a pack in one pass.

    Args:
        name_or_folder: A packaged mission's name or a folder.

    Returns:
        The mistakes by file and line; empty where the pack is sound.

    Raises:
        ConfigError: There is no such mission.
    """
    return _read_folder(mission_folder(name_or_folder))[1]


def load_mission(name_or_folder: str) -> Mission:
    """Read a pack.

    Args:
        name_or_folder: A packaged mission's name or a folder.

    Returns:
        The mission; the same folder with the same bytes is read once a process.

    Raises:
        ConfigError: There is no such mission, or the pack has mistakes: the message lists them all.
    """
    folder = mission_folder(name_or_folder)
    mission, problems = _read_folder(folder)
    if mission is None or problems:
        listing = "\n".join(f"  {problem}" for problem in problems)
        count = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        raise ConfigError(
            "config.pack",
            f"the pack has {count}:\n{listing}\n",
            where=folder.name,
            todo="mend them and try again",
            problems=problems,
        )
    return mission


def _packaged_root() -> Path:
    return Path(str(files("truceline"))) / "data" / "missions"


def _read_folder(folder: Path) -> tuple[Mission | None, tuple[Problem, ...]]:
    """Read the files' bytes, so that a changed file is a new mission to the cache."""
    lexicon = sorted(path.name for path in (folder / LEXICON).glob("*.yaml"))
    names = [*_FILE_ORDER, *(f"{LEXICON}/{name}" for name in lexicon)]
    raw = tuple((name, (folder / name).read_bytes()) for name in names if (folder / name).is_file())
    return _read_pack(folder.resolve().name, raw)


@functools.lru_cache(maxsize=8)
def _read_pack(folder: str, raw: tuple[tuple[str, bytes], ...]) -> tuple[Mission | None, tuple[Problem, ...]]:
    """Read a pack from its bytes: the mission, or None, and all mistakes in order."""
    reading = _Reading()
    for name, data in raw:
        reading.take(name, data)
    for name in WHOLE_FILES:
        if name not in dict(raw):
            reading.problems.append(Problem(name, 0, "", "the file is missing", "add it to the pack"))
    mission = reading.mission(pack_version(raw))
    if mission is not None:
        reading.problems.extend(reading.check(mission, folder))
    return mission, tuple(sorted(set(reading.problems)))


def pack_version(raw: tuple[tuple[str, bytes], ...]) -> str:
    """Return hex SHA-256 over the names and hashes of a pack's files, its inbox left out."""
    whole = hashlib.sha256()
    for name, data in sorted(raw):
        whole.update(f"{hashlib.sha256(data).hexdigest()}  {name}\n".encode())
    return whole.hexdigest()


class _Reading:
    """What has been read of a pack so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.origin: dict[int, tuple[Document, tuple[str | int, ...]]] = {}
        self.made: list[Any] = []
        self.spoilt: set[str] = set()
        self._parts: dict[str, Any] = {key: () for kinds in LIST_FILES.values() for key in kinds}
        self._parts |= {key: () for key, _ in FEATURE_FILES.values()}
        self._lexicon: dict[str, Any] = {}
        self._broken: list[str] = []

    def check(self, mission: Mission, folder: str) -> list[Problem]:
        """Check what the parts say about each other; what could not be read is not called unknown."""
        readable = Readable(tuple(self.made), self.origin, self._unread(), frozenset(self.spoilt))
        return check_meaning(mission, folder, readable)

    def _unread(self) -> frozenset[type]:
        kinds = {file: frozenset(types.values()) for file, types in LIST_FILES.items()}
        kinds |= {file: frozenset({kind}) for file, (_, kind) in FEATURE_FILES.items()}
        found = frozenset().union(*(kinds.get(file, frozenset()) for file in self._broken))
        return found | {Obligation} if Instrument in found else found

    def take(self, file: str, raw: bytes) -> None:
        """Read one file."""
        document = read_document(file, raw)
        self.problems.extend(document.problems)
        if document.data is None:
            self._broken.append(file)
            return
        shaper = Shaper(document, self.problems, self.origin, self.made, self.spoilt)
        if file in WHOLE_FILES:
            key, kind = WHOLE_FILES[file]
            self._parts[key] = shaper.read(document.data, kind, ())
        elif file in LIST_FILES:
            self._take_lists(document, shaper)
        elif file in FEATURE_FILES:
            key, kind = FEATURE_FILES[file]
            self._parts[key] = _features(document, shaper, kind)
        else:
            language = file.removeprefix(f"{LEXICON}/").removesuffix(".yaml")
            words = shaper.read(document.data, dict[str, tuple[str, ...]], ())
            self._lexicon[language] = {} if words is MISSING else words

    def _take_lists(self, document: Document, shaper: Shaper) -> None:
        kinds = LIST_FILES[document.file]
        if not isinstance(document.data, dict):
            shaper.note((), "a list where keys belong", "begin the file with " + " or ".join(kinds))
            return
        for key, rows in document.data.items():
            if key not in kinds:
                shaper.note((key,), f"unknown key '{key}'", "known keys: " + ", ".join(kinds))
            elif rows is not None:
                things = shaper.read_all(rows, kinds[key], (key,))
                self._parts[key] = () if things is MISSING else things

    def mission(self, version: str) -> Mission | None:
        """Put the mission together; None where one of its two main files could not be read."""
        if any(self._parts.get(key, MISSING) is MISSING for key, _ in WHOLE_FILES.values()):
            return None
        parts = dict(self._parts)
        parts["instruments"] = tuple(sorted(parts["instruments"], key=lambda item: item.dated_on))
        return Mission(**parts, lexicon=self._lexicon, version=version)


def _features(document: Document, shaper: Shaper, kind: Any) -> tuple[Any, ...]:
    """Read a FeatureCollection: the properties are the fields, the geometry is the field ``geometry``."""
    rows = document.data.get("features") if isinstance(document.data, dict) else None
    if not isinstance(rows, list):
        shaper.note((), "no FeatureCollection", 'write {"type": "FeatureCollection", "features": [...]}')
        return ()
    things = []
    for index, row in enumerate(rows):
        flat = (
            {**row.get("properties", {}), "geometry": row.get("geometry")} if isinstance(row, dict) else row
        )
        things.append(shaper.read(flat, kind, ("features", index)))
    return tuple(thing for thing in things if thing is not MISSING)
