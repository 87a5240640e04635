"""``truceline start``: a mission of one's own on this machine, in the console where it is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from truceline.app import wiring
from truceline.cli import serve, truceline
from truceline.core.errors import InputError
from truceline.serve.main import Settings

FREE = "localhost:0"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What would be served, and never is."""
    found: list[Any] = []
    monkeypatch.setattr(serve, "run_service", lambda settings, *_: found.append(settings))
    monkeypatch.setattr(wiring, "serve_folder", lambda folder, *_: found.append(folder))
    return found


def start(*words: object) -> str:
    done = CliRunner().invoke(truceline, ["start", *map(str, words)])
    if done.exception is not None:
        raise done.exception
    return done.output


def test_it_makes_a_folder_with_an_inbox_and_opens_the_console(tmp_path: Path, served: list[Any]) -> None:
    told = start(tmp_path / "ours", "--bind", FREE)
    assert f"put files into {tmp_path / 'ours' / 'inbox'} and start again" in told
    assert (tmp_path / "ours" / "inbox").is_dir()
    (settings,) = served
    assert isinstance(settings, Settings)
    assert (settings.mission, settings.is_demo, settings.is_opened) == ("blank", True, True)
    assert Path(settings.store) == tmp_path / "ours" / "out" / "store.db"


def test_what_is_put_into_the_inbox_is_taken_in(tmp_path: Path, served: list[Any]) -> None:
    start(tmp_path / "ours", "--bind", FREE, "--no-browser", "--mission", "karabakh-2020")
    text = "Moscow, 12 December 2020\n\nA ceasefire violation was recorded in Hadrut, the Russian Defence Ministry said.\n"
    (tmp_path / "ours" / "inbox" / "bulletin.txt").write_text(text, encoding="utf-8")
    told = start(tmp_path / "ours", "--bind", FREE, "--no-browser", "--mission", "karabakh-2020")
    assert "1 reports, 1 claims" in told
    assert [one.is_opened for one in served] == [False, False]


def test_without_the_service_its_pages_are_served(
    tmp_path: Path, served: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "has_service", lambda: False)
    assert 'pip install "truceline[serve]"' in start(tmp_path / "ours", "--bind", FREE)
    assert served == [tmp_path / "ours" / "out"]


def test_it_serves_this_machine_alone(tmp_path: Path, served: list[Any]) -> None:
    with pytest.raises(InputError, match="this machine alone"):
        start(tmp_path / "ours", "--bind", "0.0.0.0:8460")
    assert served == []


def test_it_can_be_made_without_being_served(tmp_path: Path, served: list[Any]) -> None:
    start(tmp_path / "ours", "--no-serve")
    assert served == []
