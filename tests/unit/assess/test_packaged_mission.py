"""The packaged mission with a handful of claims: what the five articles alone must give."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from truceline.adapters.packs import load_mission
from truceline.assess import assess
from truceline.core.mission import Mission
from truceline.core.obligations import ObligationStatus
from truceline.link import link

KELBAJAR = "obl:2020-6-kelbajar"


@pytest.fixture(scope="module")
def mission() -> Mission:
    return load_mission("karabakh-2020")


def told(make: SimpleNamespace) -> list[Any]:
    """What three articles say of the hand-over, and one of the fighting a year later."""
    deadline = {"at_": ("place:kelbajar",), "modality": "obligated", "targets": ("party:azerbaijan",)}
    border = {
        "day": "2021-11-16",
        "known": "2021-11-17",
        "report": "r4",
        "at_": ("place:armenia-azerbaijan-border",),
    }
    both = ("party:armenia", "party:azerbaijan")
    return [
        make.claim("handover_deadline", due="2020-11-15", known="2020-11-13", report="r1", by="person:ilham-aliyev", **deadline),
        make.claim("observation_posts", day="2020-11-15", known="2020-11-16", report="r2", at_=("zone:north",), figure=("9", "observation_post")),
        make.claim("deadline_extended", day="2020-11-15", due="2020-11-25", known="2020-11-21", report="r3", by="person:hikmet-hajiyev", **deadline),
        make.claim("clash", actors=both, span=(833, 906), by="src:sputnik", **border),
        make.claim("hostilities_ended", actors=both, span=(660, 748), **{**border, "at_": ("place:mount-kilisali",)}),
        make.claim("prisoners", targets=("party:armenia",), modality="admitted", by="office:armenia-defence_ministry",
                   figure=("12", "prisoner"), span=(1031, 1076), **border),
        make.claim("position_lost", targets=("party:armenia",), modality="admitted", by="office:armenia-defence_ministry",
                   figure=("2", "combat_position"), span=(1078, 1102), **border),
    ]  # fmt: skip


def at(make: SimpleNamespace, mission: Mission, known: str) -> dict[str, ObligationStatus]:
    claims, moment = told(make), make.at(known)
    incidents = link(claims, mission, known_at=moment)
    return {s.id: s for s in assess(mission, claims, incidents, known_at=moment)}


def test_kelbajar_is_due_on_15_november_as_known_on_the_16th_and_on_the_25th_as_known_on_the_22nd(
    make: SimpleNamespace, mission: Mission
) -> None:
    early, late = at(make, mission, "2020-11-16")[KELBAJAR], at(make, mission, "2020-11-22")[KELBAJAR]
    assert (early.due, len(early.due_history)) == ("2020-11-15", 1)
    assert (late.due, late.status) == ("2020-11-25", "not_yet_due")
    assert [step.due for step in late.due_history] == ["2020-11-15", "2020-11-25"]
    assert late.due_history[1].known_at == make.at("2020-11-21")


def test_the_demo_has_at_least_twelve_obligations_of_at_least_seven_kinds(
    make: SimpleNamespace, mission: Mission
) -> None:
    found = at(make, mission, "2021-11-18").values()
    assert len(found) >= 12
    assert len({status.kind for status in found}) >= 7


def test_the_fighting_of_16_november_2021_is_one_incident_of_disputed_scope(
    make: SimpleNamespace, mission: Mission
) -> None:
    found = link(told(make), mission)
    assert len(found) == 1
    assert (found[0].scope, len(found[0].claims)) == ("disputed", 4)
    side = next(s for s in found[0].sides if s.party == "party:armenia")
    assert "12 prisoner" in " ".join(side.says)
    assert "2 combat position" in " ".join(side.says)
    ceasefire = at(make, mission, "2021-11-18")["obl:2020-1-ceasefire"]
    assert (ceasefire.status, ceasefire.scope) == ("disputed", "disputed")


def test_agdam_entered_on_the_named_day_is_met_by_one_reading_and_late_by_the_other(
    make: SimpleNamespace, mission: Mission
) -> None:
    entered = make.claim("territorial_control", day="2020-11-20", known="2020-11-20", at_=("place:agdam",),
                         actors=("party:azerbaijan",), by="office:azerbaijan-defence_ministry")  # fmt: skip
    found = {s.id: s for s in assess(mission, [entered], (), known_at=make.at("2020-11-22"))}[
        "obl:2020-2-agdam"
    ]
    assert found.status == "disputed"
    assert dict(found.reasons[0].facts)["inclusive"] == "fulfilled_on_time"
    assert dict(found.reasons[0].facts)["exclusive"] == "fulfilled_late"


def test_the_border_of_1991_is_outside_the_mandate(make: SimpleNamespace, mission: Mission) -> None:
    assert at(make, mission, "2021-11-18")["obl:1991-1-border"].status == "outside_mandate"


def test_nothing_accepted_leaves_the_accepted_reading_beside_it(
    make: SimpleNamespace, mission: Mission
) -> None:
    late = at(make, mission, "2020-11-22")[KELBAJAR]
    assert late.accepted_would_be is not None
    assert late.accepted_would_be.due == "2020-11-15"
    claims = [make.accepted(c) if c.type == "deadline_extended" else c for c in told(make)]
    claims = [replace(c, review=replace(c.review, known_at=make.at("2020-11-21"))) for c in claims]
    found = {s.id: s for s in assess(mission, claims, (), known_at=make.at("2020-11-22"))}
    assert found[KELBAJAR].accepted_would_be is None
