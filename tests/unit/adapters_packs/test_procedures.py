"""A procedure is data: what it says is what a record is founded with, and one that cannot be followed is refused."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from truceline.adapters.packs import check_mission, load_mission, mission_folder
from truceline.core.mission import CLOCKS_H, Mission
from truceline.determine.rules import Rules, read_rules, stated_rules

THREE = Path(__file__).parent / "three"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The blank pack with three delegations."""
    path = tmp_path / "three"
    shutil.copytree(mission_folder("blank"), path)
    mission = path / "mission.toml"
    mission.write_text(mission.read_text(encoding="utf-8").replace('id = "blank"', 'id = "three"'), "utf-8")
    shutil.copy(THREE / "parties.yaml", path)
    return path


def with_procedure(folder: Path, name: str) -> Mission:
    shutil.copy(THREE / f"{name}.toml", folder / "procedure.toml")
    return load_mission(str(folder))


def rules_of(mission: Mission) -> Rules:
    return read_rules(stated_rules(mission))


def test_two_of_three_is_a_matter_of_data(folder: Path) -> None:
    rules = rules_of(with_procedure(folder, "k-of-n"))
    assert (rules.determiners, rules.quorum, rules.chair) == (("A", "B", "C"), 2, "")
    assert rules.four_eyes
    assert rules.levels == {"preliminary": ("duty", "head"), "confirmed": ("head",)}
    assert rules.clocks == {"urgent": timedelta(hours=1), "routine": timedelta(hours=48)}


def test_a_chair_is_a_matter_of_data_and_the_rest_has_its_defaults(folder: Path) -> None:
    rules = rules_of(with_procedure(folder, "chair"))
    assert (rules.chair, rules.quorum, rules.four_eyes) == ("C", 2, False)
    assert rules.clocks == {word: timedelta(hours=hours) for word, hours in CLOCKS_H.items()}


def test_the_packaged_procedures_are_founded_with_what_they_say() -> None:
    joint, single = rules_of(load_mission("karabakh-2020")), rules_of(load_mission("blank"))
    assert (joint.determiners, joint.quorum) == (("A", "B"), 2)
    assert set(joint.confirmed_for) == {"responsibility", "casualties", "weapons", "public"}
    assert joint.clocks["urgent"] == timedelta(hours=2)
    assert (single.determiners, single.quorum) == (("A",), 1)


@pytest.mark.parametrize(
    ("name", "old", "new", "what"),
    [
        ("k-of-n", "quorum = 2", "quorum = 1", "would speak for all"),
        ("k-of-n", "quorum = 2", "quorum = 4", "cannot be met"),
        ("k-of-n", 'kind = "k-of-n"', 'kind = "two-key"', "two delegations and both of them"),
        ("k-of-n", 'kind = "k-of-n"', 'kind = "single"', "one body"),
        ("k-of-n", 'kind = "k-of-n"', 'kind = "chair"', "a chair belongs to the kind chair"),
        ("chair", 'chair = "delegation:coast"', 'chair = "delegation:nobody"', "nobody"),
        ("k-of-n", 'confirmed = ["head"]', "confirmed = []", "each level needs its roles"),
        ("k-of-n", '"public"]', '"weather"]', "unknown matter 'weather'"),
        ("k-of-n", "urgent = 1", "urgent = 0", "at least an hour"),
        ("k-of-n", "four_eyes = true", 'escrow = "observer"', "is no cosigner"),
        ("k-of-n", "four_eyes = true", 'release = "everybody"', "unknown mark"),
        ("k-of-n", '"delegation:south", "delegation:coast"]', '"delegation:north"]', "stands twice"),
    ],
)
def test_a_procedure_that_cannot_be_followed_is_named(
    folder: Path, name: str, old: str, new: str, what: str
) -> None:
    text = (THREE / f"{name}.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "procedure.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    found = check_mission(str(folder))
    assert [p for p in found if what in p.what and p.file == "procedure.toml" and p.todo], found
