from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest

_PATH = Path(__file__).parents[1] / "assess" / "conftest.py"


@pytest.fixture
def make() -> SimpleNamespace:
    """Return the builders of the small mission."""
    spec = importlib.util.spec_from_file_location("small_mission", _PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return SimpleNamespace(**vars(module))
