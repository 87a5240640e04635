"""The features of a picture, each with the stretch of steps it is there, and what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from truceline.core.places import Line
from truceline.publish.desk import Desk
from truceline.publish.edition import runs


@dataclass(frozen=True, slots=True)
class Mapped:
    """A feature and the stretch of steps it is there."""

    first: int
    last: int
    feature: Mapping[str, Any]


def mapped_in(desk: Desk) -> tuple[Mapped, ...]:
    """Gather the features of all steps; one that comes and goes has several stretches."""
    found: dict[str, Mapping[str, Any]] = {}
    present: list[set[str]] = []
    for step in desk.steps:
        here = set()
        for feature in step.features.get("features", ()):
            key = f"{layer_of(feature)}|{ident_of(feature)}"
            found[key] = feature
            here.add(key)
        present.append(here)
    out = []
    for key, feature in found.items():
        out += [
            Mapped(run.first, run.last, feature)
            for run in runs([True if key in here else None for here in present])
        ]
    return tuple(out)


def layer_of(feature: Mapping[str, Any]) -> str:
    """Return the layer of a feature, a word of MODEL, Shapes."""
    return str((feature.get("properties") or {}).get("layer", ""))


def ident_of(feature: Mapping[str, Any]) -> str:
    """Return the id of a feature."""
    return str((feature.get("properties") or {}).get("id", ""))


def name_of(desk: Desk, mapped: Mapped) -> str:
    """Name a feature: by the pack where the pack knows it, else by its label."""
    facts = mapped.feature.get("properties") or {}
    ident = str(facts.get("id", ""))
    if ident in lines_of(desk) or ident in desk.view.mission.place_of:
        return desk.called.slug(ident)
    label = facts.get("label")
    if isinstance(label, Mapping):
        return str(label.get(desk.words.language) or label.get("en") or ident)
    return str(label or ident)


def lines_of(desk: Desk) -> dict[str, Line]:
    """Map slugs to the lines of the pack."""
    return {line.id: line for line in desk.view.mission.lines}
