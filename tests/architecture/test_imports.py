"""Imports go down only, the contracts in .importlinter hold, and they cover every package that there is."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest
from importlinter import cli

ROOT = Path(__file__).resolve().parents[2]
EDGES = {"cli", "serve", "testing", "app", "adapters", "data"}


def contract(name: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser[f"importlinter:contract:{name}"]


def packages() -> set[str]:
    return {path.parent.name for path in (ROOT / "src" / "truceline").glob("*/__init__.py")}


def test_import_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True, no_logo=True)
    assert code == 0, capsys.readouterr().out


def test_every_pure_package_is_under_the_contract_on_input_and_output() -> None:
    pure = set(contract("pure")["source_modules"].split())
    assert pure == {f"truceline.{name}" for name in packages() - EDGES}


def test_every_package_has_its_layer() -> None:
    layers = contract("layers")["layers"].replace("|", " ").replace("(", " ").replace(")", " ").split()
    assert packages() - {"data"} == set(layers)
