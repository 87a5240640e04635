"""``truceline exercise``: the mission's own pack, in a realm that no live record takes anything from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from truceline.app import wiring
from truceline.cli import serve, truceline
from truceline.core.errors import ConflictError
from truceline.core.release import Realm

INBOX = "Moscow, 12 December 2020\n\nA ceasefire violation was recorded in Hadrut, the Russian Defence Ministry said.\n"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The packaged mission with one bulletin alone, so that it runs at once."""
    folder = wiring.copy_for_exercise("karabakh-2020", tmp_path / "made")
    for path in (folder / "inbox").iterdir():
        path.unlink()
    (folder / "inbox" / "bulletin.txt").write_text(INBOX, encoding="utf-8")
    return folder


def exercise(*words: object) -> str:
    done = CliRunner().invoke(truceline, ["exercise", *map(str, words)])
    if done.exception is not None:
        raise done.exception
    return done.output


def test_the_copy_is_the_same_mission_in_a_realm_of_its_own(tmp_path: Path) -> None:
    folder = wiring.copy_for_exercise("karabakh-2020", tmp_path)
    ours, theirs = wiring.load_mission(str(folder)), wiring.load_mission("karabakh-2020")
    assert (ours.settings.realm, theirs.settings.realm) == (Realm.EXERCISE, Realm.DEMO)
    assert ours.settings.id == theirs.settings.id
    assert len(ours.places) == len(theirs.places)
    listed = (folder / "inbox" / "manifest.jsonl").read_text(encoding="utf-8")
    assert '"demo"' not in listed, "items of another realm would be refused"
    assert listed.count('"exercise"') == len(listed.splitlines())


def test_a_folder_of_another_realm_is_left_alone(tmp_path: Path) -> None:
    folder = wiring.copy_for_exercise("karabakh-2020", tmp_path)
    settings = folder / "mission.toml"
    told = settings.read_text(encoding="utf-8").replace('realm = "exercise"', 'realm = "demo"')
    settings.write_text(told, encoding="utf-8")
    with pytest.raises(ConflictError, match="realm 'demo'"):
        wiring.copy_for_exercise("karabakh-2020", tmp_path)
    assert settings.read_text(encoding="utf-8") == told


def test_it_runs_the_mission_and_its_record_says_what_it_is(tmp_path: Path, pack: Path) -> None:
    folder = tmp_path / "monday"
    assert "1 reports, 1 claims" in exercise(folder, "--mission", pack, "--no-serve")
    checkpoint = (folder / "out" / "record" / "checkpoint").read_text(encoding="utf-8")
    assert checkpoint.startswith("truceline/karabakh-2020/exercise\n")
    (folder / "karabakh-2020" / "inbox" / "later.txt").write_text(INBOX.replace("12", "13"), encoding="utf-8")
    assert "2 reports, 2 claims" in exercise(folder, "--no-serve"), "it goes on where it stood"


def test_it_serves_with_an_officer_of_each_delegation(
    tmp_path: Path, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[Any] = []
    monkeypatch.setattr(serve, "run_service", lambda settings, *_: served.append(settings))
    exercise(tmp_path / "monday", "--mission", pack, "--bind", "localhost:0", "--no-browser")
    (settings,) = served
    assert (settings.is_demo, settings.is_opened) == (True, False)
    assert Path(settings.mission) == tmp_path / "monday" / "karabakh-2020"
