"""The packaged mission, run once for all tests that look at what came of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from truceline.cli import truceline


def call(*words: str) -> Result:
    """Call the command line in this process; its errors stay exceptions."""
    return CliRunner().invoke(truceline, list(words), catch_exceptions=True)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a run of the packaged mission wrote."""
    out = tmp_path_factory.mktemp("demo") / "karabakh-2020"
    result = call("run", "--mission", "karabakh-2020", "--out", str(out))
    assert result.exit_code == 0, result.output
    return out


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    """The folder that a run of the five public articles alone wrote."""
    out = tmp_path_factory.mktemp("seeds") / "karabakh-2020"
    result = call("run", "--mission", "karabakh-2020", "--inbox", str(shared / "seeds"), "--out", str(out))
    assert result.exit_code == 0, result.output
    return out
