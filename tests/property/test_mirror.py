"""Swapping the two bound parties everywhere in claims and pack swaps the outputs and changes nothing else."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from hypothesis import HealthCheck, given, settings

from truceline.assess import assess
from truceline.link import link
from truceline.picture import picture


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


strategies = _load("claims_of_any_kind")

_SWAP = {
    "party:a": "party:b", "office:a-": "office:b-", "person:a-": "person:b-", "Ashland": "Birchland",
    "Ashlander": "Birchlander", "A Mod": "B Mod", "A General": "B General", "General Ash": "General Birch",
}  # fmt: skip
_BOTH = _SWAP | {there: here for here, there in _SWAP.items()}
_WORDS = re.compile(
    "|".join(sorted(map(re.escape, _BOTH), key=len, reverse=True)) + r"|(?<![\w.])[AB](?=$|[ ,;])"
)


def _swap_text(text: str) -> str:
    return _WORDS.sub(lambda m: _BOTH.get(m.group(), {"A": "B", "B": "A"}.get(m.group(), m.group())), text)


def swapped(value: Any) -> Any:
    """Return a value with the two parties exchanged in every string, keys included."""
    if isinstance(value, str) and type(value) is str:
        return _swap_text(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: swapped(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    if isinstance(value, Mapping):
        return {swapped(key): swapped(entry) for key, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(swapped(entry) for entry in value)
    if isinstance(value, frozenset):
        return frozenset(swapped(entry) for entry in value)
    return value


def outputs(mission: Any, claims: list[Any], known_at: Any) -> tuple[Any, Any, Any]:
    incidents = link(claims, mission, known_at=known_at)
    statuses = assess(mission, claims, incidents, known_at=known_at)
    return incidents, statuses, picture(mission, claims, incidents, statuses, known_at=known_at)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(claims=strategies.some_claims(), known_at=strategies.moments())
def test_swapping_the_parties_swaps_the_outputs_and_changes_nothing_else(
    claims: list[Any], known_at: Any
) -> None:
    mission = strategies.MISSION
    mirrored = outputs(swapped(mission), swapped(claims), known_at)
    assert mirrored == swapped(outputs(mission, claims, known_at))


def test_the_swap_of_a_swap_is_the_pack_itself() -> None:
    once = swapped(strategies.MISSION)
    assert once != strategies.MISSION
    assert once.bound_parties == ("party:b", "party:a")
    assert swapped(once) == strategies.MISSION
