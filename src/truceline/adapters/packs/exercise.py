"""A mission's pack copied for an exercise: the same theatre, in a realm of its own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from truceline.adapters.packs.load import load_mission, mission_folder
from truceline.core.errors import ConflictError
from truceline.core.release import Realm

_REALM = re.compile(r"^realm\s*=.*$", re.MULTILINE)
_ITEM_REALM = re.compile(r'("realm"\s*:\s*)"[a-z]+"')
_SETTINGS = "mission.toml"


def copy_for_exercise(mission: str, folder: Path) -> Path:
    """Copy a pack, and say in the copy that it is an exercise; where one is there already, it goes on.

    Args:
        mission: A packaged mission's name, or a pack's folder.
        folder: Where the exercise is kept; the copy becomes a folder in it, called as the mission is.

    Returns:
        The copy's folder.

    Raises:
        ConflictError: A pack of another realm lies there.
    """
    found = sorted(path.parent for path in folder.glob(f"*/{_SETTINGS}"))
    copy = found[0] if found else folder / load_mission(mission).settings.id
    if not found:
        shutil.copytree(mission_folder(mission), copy, dirs_exist_ok=True)
        settings = copy / _SETTINGS
        line = f'realm = "{Realm.EXERCISE}"'
        told = settings.read_text(encoding="utf-8")
        _move_items(copy / "inbox" / "manifest.jsonl")
        settings.write_text(
            _REALM.sub(line, told, count=1) if _REALM.search(told) else f"{line}\n{told}", encoding="utf-8"
        )
    realm = load_mission(str(copy)).settings.realm
    if realm is not Realm.EXERCISE:
        raise ConflictError(
            "exercise.realm", f"the pack there is of the realm '{realm}'", where=str(copy),
            todo="name a folder that holds no mission yet",
        )  # fmt: skip
    return copy


def _move_items(manifest: Path) -> None:
    """Say in the copy of an inbox that its items belong to the exercise."""
    if manifest.is_file():
        told = manifest.read_text(encoding="utf-8")
        manifest.write_text(_ITEM_REALM.sub(rf'\1"{Realm.EXERCISE}"', told), encoding="utf-8")
