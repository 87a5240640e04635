from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from truceline.publish import PublishInput


def _example() -> object:
    spec = importlib.util.spec_from_file_location("edition_example", Path(__file__).with_name("example.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["edition_example"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def example_module() -> object:
    return sys.modules.get("edition_example") or _example()


@pytest.fixture(scope="session")
def example(example_module: object) -> PublishInput:
    return example_module.example()  # type: ignore[attr-defined,no-any-return]
