from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from truceline.assess import assess
from truceline.core.obligations import ObligationStatus


def one(mission: Any, claims: list[Any], known: Any) -> ObligationStatus:
    return assess(mission, claims, (), known_at=known)[0]


def undated(make: SimpleNamespace, kind: str = "undated", **rest: Any) -> Any:
    evidence = (
        make.bearing("fulfils", "detained_exchange"),
        make.bearing("progresses", "negotiation"),
        make.bearing("breaches", "accusation"),
    )
    both = {
        "duty_bearer": ("party:a", "party:b"),
        "beneficiary": ("party:a", "party:b"),
        "evidence": evidence,
    }
    return make.duty(kind, **(both | rest))


@pytest.mark.parametrize("kind", ["undated", "institution"])
def test_a_duty_without_a_date_is_due_under_way_done_or_not_observed(
    make: SimpleNamespace, kind: str
) -> None:
    watched = make.mission(undated(make, kind))
    paper = make.mission(undated(make, kind, observable=False))
    now = make.at("2020-12-20")
    talks = make.claim("negotiation", day="2020-12-10")
    swap = make.claim("detained_exchange", day="2020-12-14", known="2020-12-15")
    assert one(watched, [], now).status == "not_observed"
    assert one(paper, [], now).status == "due"
    assert one(watched, [talks], now).status == "due"
    assert one(watched, [talks, swap], now).status == "fulfilled_on_time"


def test_an_accusation_makes_a_duty_without_a_date_disputed(make: SimpleNamespace) -> None:
    blame = make.claim("accusation", by="office:b-mod", modality="accused", actors=("party:a",))
    assert one(make.mission(undated(make)), [blame], make.at("2020-12-20")).status == "disputed"


def test_done_stays_disputed_while_the_parties_readings_lead_apart(make: SimpleNamespace) -> None:
    asked = make.question("interp:who", "obl:duty", "all", "only those before", opened_on="2020-12-16")
    mission = make.mission(undated(make), interpretations=(asked,))
    swap = make.claim("detained_exchange", day="2020-12-14", known="2020-12-15")
    assert one(mission, [swap], make.at("2020-12-15")).status == "fulfilled_on_time"
    found = one(mission, [swap], make.at("2020-12-20"))
    assert (found.status, found.reasons[0].code) == ("disputed", "interpretation.may_change")
    assert one(mission, [], make.at("2020-12-20")).status == "not_observed"


def step(make: SimpleNamespace) -> Any:
    moving = make.duty(
        "undated",
        slug="deploy",
        duty_bearer=("party:c",),
        evidence=(
            make.bearing("progresses", "force_deployment", subtypes=("going on",)),
            make.bearing("fulfils", "force_deployment", subtypes=("completed",)),
        ),
    )
    leaving = make.duty(
        "simultaneous",
        slug="leave",
        simultaneous_with="obl:deploy",
        evidence=(
            make.bearing("progresses", "force_withdrawal", subtypes=("going on",)),
            make.bearing("fulfils", "force_withdrawal", subtypes=("completed",)),
            make.bearing("breaches", "accusation"),
        ),
    )
    return make.mission(leaving, moving)


def moves(make: SimpleNamespace, kind: str, subtype: str, day: str) -> Any:
    return make.claim(kind, subtype=subtype, day=day, known=day)


def test_steps_in_parallel_are_judged_only_when_both_are_seen(make: SimpleNamespace) -> None:
    mission, now = step(make), make.at("2020-12-20")
    going = moves(make, "force_deployment", "going on", "2020-11-12")
    came = moves(make, "force_deployment", "completed", "2020-11-20")
    leaving = moves(make, "force_withdrawal", "going on", "2020-11-13")
    left = moves(make, "force_withdrawal", "completed", "2020-11-19")
    assert one(mission, [], now).status == "not_observed"
    half = one(mission, [going, came], now)
    assert (half.status, half.reasons[0].code) == ("not_observed", "step.missing")
    assert one(mission, [going, leaving], now).status == "due"
    assert one(mission, [going, leaving, came, left], now).status == "fulfilled_on_time"


def test_steps_that_never_met_are_disputed(make: SimpleNamespace) -> None:
    came = moves(make, "force_deployment", "completed", "2020-11-20")
    left = moves(make, "force_withdrawal", "completed", "2020-12-10")
    found = one(step(make), [came, left], make.at("2020-12-20"))
    assert (found.status, found.reasons[0].code) == ("disputed", "step.out")


def test_blame_over_a_parallel_step_is_disputed_and_an_admission_breached(make: SimpleNamespace) -> None:
    blame = make.claim("accusation", by="office:b-mod", modality="accused", actors=("party:a",))
    own = make.claim("accusation", by="office:a-mod", modality="admitted", actors=("party:a",), n=1)
    assert one(step(make), [blame], make.at("2020-12-20")).status == "disputed"
    assert one(step(make), [blame, own], make.at("2020-12-20")).status == "breached"


KINDS = [
    "continuing",
    "dated",
    "relative",
    "simultaneous",
    "cap",
    "corridor",
    "renewing",
    "undated",
    "institution",
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_outside_the_mandate_says_so_and_no_more(make: SimpleNamespace, kind: str) -> None:
    found = one(make.mission(make.duty(kind, in_mandate=False)), [], make.at("2020-11-16"))
    assert (found.status, [r.code for r in found.reasons]) == ("outside_mandate", ["mandate.outside"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_ends_with_its_instrument(make: SimpleNamespace, kind: str) -> None:
    mission = make.mission(instruments=(make.instrument([make.duty(kind)], ended_at="2024-04-26"),))
    assert one(mission, [], make.at("2024-04-27")).status == "expired"
    assert one(mission, [], make.at("2024-04-24")).status != "expired"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_not_yet_due_before_its_instrument_takes_effect(
    make: SimpleNamespace, kind: str
) -> None:
    mission = make.mission(
        instruments=(make.instrument([make.duty(kind)], published_at="2020-11-09T18:00:00Z"),)
    )
    assert one(mission, [], make.at("2020-11-09T20:59:59Z")).status == "not_yet_due"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_superseded_once_the_later_instrument_is_in_effect(
    make: SimpleNamespace, kind: str
) -> None:
    old = make.instrument([make.duty(kind, superseded_by="obl:new")])
    new = replace(
        make.instrument([make.duty("undated", slug="new")]),
        id="instrument:later", dated_on="2021-01-11", published_at="2021-01-11T15:00:00Z", effective_at=None,
    )  # fmt: skip
    mission = make.mission(instruments=(old, new))
    assert one(mission, [], make.at("2021-01-10")).status != "superseded"
    assert one(mission, [], make.at("2021-01-12")).status == "superseded"


def test_an_instrument_that_was_not_public_yet_has_no_obligations_yet(make: SimpleNamespace) -> None:
    mission = make.mission(make.duty("undated"))
    assert assess(mission, (), (), known_at=make.at("2020-11-09T21:59:59Z")) == ()
    assert len(assess(mission, (), (), known_at=make.at("2020-11-09T22:00:00Z"))) == 1


def test_every_reason_that_rests_on_a_claim_names_it_with_its_review(make: SimpleNamespace) -> None:
    talks = make.claim("negotiation", day="2020-12-10")
    swap = make.accepted(make.claim("detained_exchange", day="2020-12-14", known="2020-12-15"))
    found = one(make.mission(undated(make)), [talks, swap], make.at("2020-12-20"))
    assert [(r.claim, r.review) for r in found.reasons] == [(swap.id, "accepted")]
    assert all(r.code for r in found.reasons)


def test_a_copy_adds_no_second_reason(make: SimpleNamespace) -> None:
    swap = make.claim("detained_exchange", day="2020-12-14", known="2020-12-15", report="r1")
    copy = make.claim("detained_exchange", day="2020-12-14", known="2020-12-16", report="r2")
    mission = make.mission(undated(make))
    found = assess(mission, [swap, copy], (), known_at=make.at("2020-12-20"), copies={copy.report})[0]
    assert [r.claim for r in found.reasons] == [swap.id]
