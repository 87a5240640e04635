from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from truceline.publish import publish
from truceline.publish.edition import Edition


@pytest.fixture(scope="session")
def editions() -> tuple[Edition, ...]:
    module = sys.modules.get("edition_example")
    if module is None:
        path = Path(__file__).parents[1] / "publish" / "example.py"
        spec = importlib.util.spec_from_file_location("edition_example", path)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules["edition_example"] = module
        spec.loader.exec_module(module)
    view = module.example()
    return tuple(publish(view, language) for language in view.languages)
