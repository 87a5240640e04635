"""Reads what people may enter: states, phrases, schemas, kinds of things. Touches: ``states/``, ``schemas/``, ``notices.yaml``, ``imagery.toml``."""

from __future__ import annotations

import json
import tomllib
from importlib import resources

import yaml

from truceline.core.imagery import read_seen_kinds
from truceline.core.lives import Forms, read_life, read_phrases


def load_forms() -> Forms:
    """Read the tables of states, the phrases of notices and the schemas of what people enter."""
    data = resources.files("truceline") / "data"
    lives = {
        file.name.removesuffix(".toml"): read_life(
            file.name.removesuffix(".toml"), tomllib.loads(file.read_text(encoding="utf-8"))
        )
        for file in sorted((data / "states").iterdir(), key=lambda one: one.name)
        if file.name.endswith(".toml")
    }
    schemas = {
        file.name.removesuffix(".json"): json.loads(file.read_text(encoding="utf-8"))
        for file in sorted((data / "schemas").iterdir(), key=lambda one: one.name)
        if file.name.endswith(".json")
    }
    phrases = read_phrases(yaml.safe_load((data / "notices.yaml").read_text(encoding="utf-8")))
    seen = read_seen_kinds(tomllib.loads((data / "imagery.toml").read_text(encoding="utf-8")))
    return Forms(lives, phrases, schemas, seen)
