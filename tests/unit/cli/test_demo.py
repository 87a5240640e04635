"""``truceline demo``: simulated traffic never meets a record of another realm."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from truceline.app import wiring
from truceline.cli.demo import command
from truceline.core.errors import ConflictError


@pytest.mark.parametrize("words", [[], ["--live"]])
def test_a_mission_of_another_realm_is_refused(tmp_path: Path, words: list[str]) -> None:
    pack = wiring.copy_for_exercise("karabakh-2020", tmp_path)
    done = CliRunner().invoke(command, ["--mission", str(pack), "--out", str(tmp_path / "out"), *words])
    assert isinstance(done.exception, ConflictError)
    assert "never meets a live record" in done.exception.todo
    assert not (tmp_path / "out").exists()
