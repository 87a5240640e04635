from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from truceline.assess import assess
from truceline.core.claims import Review
from truceline.core.obligations import ObligationStatus, Relative

HANDED = "territorial_control"


def hand_over(make: SimpleNamespace, **rest: Any) -> Any:
    evidence = (
        make.bearing("fulfils", HANDED, places=("place:district",)),
        make.bearing("progresses", "force_withdrawal"),
        make.bearing("breaches", "accusation"),
    )
    return make.duty(
        "dated", **({"due": "2020-11-15", "place": "place:district", "evidence": evidence} | rest)
    )


def one(make: SimpleNamespace, mission: Any, claims: list[Any], known: str) -> ObligationStatus:
    return assess(mission, claims, (), known_at=make.at(known))[0]


def done(make: SimpleNamespace, day: str | None, **rest: Any) -> Any:
    base = {"by": "office:b-mod", "at_": ("place:district",), "known": "2020-11-30"} | rest
    return make.claim(HANDED, day=day, **base)


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ("2020-11-13", "not_yet_due"),
        ("2020-11-14T20:00:00Z", "due"),
        ("2020-11-15T19:59:59Z", "due"),
        ("2020-11-15T20:00:00Z", "not_observed"),
    ],
)
def test_an_inclusive_deadline_runs_to_24_00_of_its_day_in_the_missions_zone(
    make: SimpleNamespace, known: str, status: str
) -> None:
    assert one(make, make.mission(hand_over(make)), [], known).status == status


@pytest.mark.parametrize(
    ("known", "status"),
    [("2020-11-14T19:59:59Z", "due"), ("2020-11-14T20:00:00Z", "not_observed")],
)
def test_an_exclusive_deadline_ends_at_00_00_of_its_day(
    make: SimpleNamespace, known: str, status: str
) -> None:
    assert one(make, make.mission(hand_over(make, reading="exclusive")), [], known).status == status


@pytest.mark.parametrize(
    ("day", "status"), [("2020-11-14", "fulfilled_on_time"), ("2020-11-15", "fulfilled_on_time"), ("2020-11-16", "fulfilled_late")]
)  # fmt: skip
def test_done_is_on_time_or_late_by_its_day(make: SimpleNamespace, day: str, status: str) -> None:
    assert one(make, make.mission(hand_over(make)), [done(make, day)], "2020-12-01").status == status


def test_done_on_the_named_day_is_disputed_while_the_reading_is_an_open_question(
    make: SimpleNamespace,
) -> None:
    asked = make.question("interp:by", "obl:duty", "inclusive", "exclusive")
    mission = make.mission(hand_over(make, readings_open=("interp:by",)), interpretations=(asked,))
    found = one(make, mission, [done(make, "2020-11-15")], "2020-12-01")
    assert found.status == "disputed"
    assert found.disputes == ("interp:by",)
    facts = dict(found.reasons[0].facts)
    assert (facts["inclusive"], facts["exclusive"]) == ("fulfilled_on_time", "fulfilled_late")


def test_an_open_reading_that_changes_nothing_disputes_nothing(make: SimpleNamespace) -> None:
    asked = make.question("interp:by", "obl:duty", "inclusive", "exclusive")
    mission = make.mission(hand_over(make), interpretations=(asked,))
    assert one(make, mission, [done(make, "2020-11-13")], "2020-12-01").status == "fulfilled_on_time"
    assert one(make, mission, [], "2020-11-14T12:00:00Z").status == "not_yet_due"


def test_a_question_opened_later_is_not_known_earlier(make: SimpleNamespace) -> None:
    asked = make.question("interp:by", "obl:duty", "inclusive", "exclusive", opened_on="2020-11-25")
    mission = make.mission(hand_over(make), interpretations=(asked,))
    claims = [done(make, "2020-11-15", known="2020-11-16")]
    assert one(make, mission, claims, "2020-11-20").status == "fulfilled_on_time"
    assert one(make, mission, claims, "2020-11-26").status == "disputed"


def test_the_word_of_the_party_that_owes_it_does_not_establish_that_it_was_done(
    make: SimpleNamespace,
) -> None:
    own = done(make, "2020-11-14", by="office:a-mod")
    found = one(make, make.mission(hand_over(make)), [own], "2020-12-01")
    assert found.status == "not_observed"
    assert found.reasons[-1].code == "fulfilment.own_word_only"


def test_a_former_officers_word_establishes_nothing(make: SimpleNamespace) -> None:
    private = done(make, "2020-11-14", capacity=("former", "in office"))
    assert one(make, make.mission(hand_over(make)), [private], "2020-12-01").status == "not_observed"


def test_a_plan_or_a_duty_is_not_the_deed(make: SimpleNamespace) -> None:
    for modality in ("planned", "obligated", "urged", "opinion"):
        found = one(
            make, make.mission(hand_over(make)), [done(make, "2020-11-14", modality=modality)], "2020-12-01"
        )
        assert found.status == "not_observed"


@pytest.mark.parametrize("is_observable", [True, False])
def test_after_the_day_silence_is_not_observed_and_never_overdue_whether_posts_watch_it_or_not(
    make: SimpleNamespace,
    is_observable: bool,
) -> None:
    mission = make.mission(hand_over(make, observable=is_observable))
    for claims in ([], [make.posts()]):
        found = one(make, mission, claims, "2020-11-17")
        assert found.status == "not_observed"
        assert found.since == make.at("2020-11-15T20:00:00Z")
        assert [r.code for r in found.reasons[:2]] == ["deadline.passed", "nothing_on_record"]
        assert found.reasons[1].text == "nothing read says that it was done"


def test_an_act_on_paper_is_overdue_once_somebody_says_that_it_was_not_done(make: SimpleNamespace) -> None:
    no = done(make, "2020-11-16", by="office:c-mod", polarity="negated", known="2020-11-17")
    found = one(make, make.mission(hand_over(make, observable=False)), [no], "2020-11-18")
    assert (found.status, found.exposure.state) == ("overdue", "not a watched duty")


def test_begun_before_the_day_leaves_it_not_observed_and_still_going_on_after_it_overdue(
    make: SimpleNamespace,
) -> None:
    begun = make.claim("force_withdrawal", day="2020-11-12", known="2020-11-12")
    still = make.claim("force_withdrawal", day="2020-11-16", known="2020-11-16", n=1)
    mission = make.mission(hand_over(make))
    assert one(make, mission, [begun], "2020-11-13").status == "due"
    silent = one(make, mission, [begun], "2020-11-17")
    assert (silent.status, silent.reasons[2].claim) == ("not_observed", begun.id)
    assert one(make, mission, [begun, still], "2020-11-17").status == "overdue"


def test_an_accusation_alone_is_disputed_and_never_breached_nor_overdue(make: SimpleNamespace) -> None:
    blame = make.claim(
        "accusation", by="office:b-mod", modality="accused", known="2020-11-17", day="2020-11-17"
    )
    found = one(make, make.mission(hand_over(make)), [blame], "2020-11-18")
    assert found.status == "disputed"
    assert found.reasons[-1].claim == blame.id


def test_a_neutral_word_that_it_was_not_done_is_overdue(make: SimpleNamespace) -> None:
    no = done(make, "2020-11-16", by="office:c-mod", polarity="negated", known="2020-11-17")
    assert one(make, make.mission(hand_over(make)), [no], "2020-11-18").status == "overdue"


def test_done_and_then_contradicted_is_disputed_and_older_news_is_not_a_contradiction(
    make: SimpleNamespace,
) -> None:
    yes = done(make, "2020-11-15", known="2020-11-16")
    later = done(make, "2020-11-17", by="office:a-mod", polarity="negated", known="2020-11-18", n=1)
    earlier = done(make, "2020-11-13", by="office:c-mod", polarity="negated", known="2020-11-13", n=2)
    mission = make.mission(hand_over(make))
    assert one(make, mission, [yes, later], "2020-11-20").status == "disputed"
    assert one(make, mission, [yes, earlier], "2020-11-20").status == "fulfilled_on_time"


def test_done_without_a_day_and_told_after_the_deadline_leaves_its_time_open(make: SimpleNamespace) -> None:
    mission = make.mission(hand_over(make))
    told_late = one(make, mission, [done(make, None, known="2020-11-18")], "2020-11-20")
    told_early = one(make, mission, [done(make, None, known="2020-11-14")], "2020-11-20")
    assert (told_late.status, told_late.reasons[0].code) == ("disputed", "fulfilled.time_open")
    assert told_early.status == "fulfilled_on_time"


def extended(make: SimpleNamespace, **rest: Any) -> Any:
    base = {
        "due": "2020-11-25",
        "modality": "obligated",
        "by": "person:b-general",
        "known": "2020-11-21",
    } | rest
    return make.claim("deadline_extended", day="2020-11-15", at_=("place:district",), **base)


def test_an_amendment_waits_for_the_first_claim_that_states_it(make: SimpleNamespace) -> None:
    mission = make.mission(hand_over(make), amendments=(make.amendment("obl:duty", "2020-11-25"),))
    before = one(make, mission, [extended(make)], "2020-11-16")
    after = one(make, mission, [extended(make)], "2020-11-22")
    assert (before.due, len(before.due_history)) == ("2020-11-15", 1)
    assert (after.due, after.status) == ("2020-11-25", "not_yet_due")
    assert [(s.due, s.amendment) for s in after.due_history] == [
        ("2020-11-15", None),
        ("2020-11-25", "amend:2020-11-25"),
    ]
    assert after.due_history[1].known_at == make.at("2020-11-21")


def test_an_earlier_bulletin_brings_the_amendment_forward(make: SimpleNamespace) -> None:
    mission = make.mission(hand_over(make), amendments=(make.amendment("obl:duty", "2020-11-25"),))
    claims = [extended(make), extended(make, known="2020-11-15T18:00:00Z", n=1)]
    found = one(make, mission, claims, "2020-11-16")
    assert found.due == "2020-11-25"
    assert found.due_history[1].known_at == make.at("2020-11-15T18:00:00Z")


def test_a_claim_with_another_date_does_not_state_the_amendment_and_is_shown(make: SimpleNamespace) -> None:
    mission = make.mission(hand_over(make), amendments=(make.amendment("obl:duty", "2020-11-25"),))
    found = one(make, mission, [extended(make, due="2020-11-27")], "2020-11-22")
    assert found.due == "2020-11-15"
    assert [r.code for r in found.reasons if r.claim] == ["due.told_otherwise"]


def test_a_rejected_claim_states_nothing(make: SimpleNamespace) -> None:
    mission = make.mission(hand_over(make), amendments=(make.amendment("obl:duty", "2020-11-25"),))
    rejected = replace(extended(make), review=Review("rejected", "A1", make.at("2020-11-21")))
    assert one(make, mission, [rejected], "2020-11-22").due == "2020-11-15"


def test_an_amendment_that_a_party_refuses_leaves_the_date_disputed(make: SimpleNamespace) -> None:
    refused = make.amendment("obl:duty", "2020-11-25", accepted_by={"party:a": "no", "party:b": "yes"})
    found = one(make, make.mission(hand_over(make), amendments=(refused,)), [extended(make)], "2020-11-22")
    assert found.status == "disputed"
    assert "amend:2020-11-25" in found.disputes


def test_the_accepted_reading_is_given_where_it_differs_and_null_where_equal(make: SimpleNamespace) -> None:
    mission = make.mission(hand_over(make), amendments=(make.amendment("obl:duty", "2020-11-25"),))
    machine = one(make, mission, [extended(make)], "2020-11-22")
    person = one(make, mission, [make.accepted(extended(make))], "2020-11-22")
    assert machine.accepted_would_be is not None
    assert (machine.accepted_would_be.status, machine.accepted_would_be.due) == ("not_observed", "2020-11-15")
    assert person.accepted_would_be is None
    assert machine.reasons[-1].review == "machine-read"


def test_accepted_only_rests_on_accepted_claims(make: SimpleNamespace) -> None:
    mission = make.mission(hand_over(make))
    claims = [done(make, "2020-11-14")]
    found = assess(mission, claims, (), known_at=make.at("2020-12-01"), accepted_only=True)[0]
    assert found.status == "not_observed"


def test_a_deadline_counted_from_effect_is_known_with_the_instrument(make: SimpleNamespace) -> None:
    duty = make.duty("relative", relative=Relative("effective", years=3), observable=False)
    found = one(make, make.mission(duty), [], "2020-11-20")
    assert (found.due, found.status) == ("2023-11-10", "not_yet_due")


def test_a_deadline_counted_from_an_event_waits_for_it(make: SimpleNamespace) -> None:
    evidence = (make.bearing("starts", "contact"), make.bearing("fulfils", "commitment"))
    duty = make.duty("relative", relative=Relative("event:first-meeting", months=1), evidence=evidence)
    mission = make.mission(duty)
    waiting = one(make, mission, [], "2021-01-29")
    assert (waiting.due, waiting.status) == (None, "not_yet_due")
    assert waiting.due_history == ()
    met = make.claim("contact", day="2021-01-30", known="2021-01-31")
    running = one(make, mission, [met], "2021-02-01")
    assert (running.due, running.status) == ("2021-02-28", "not_yet_due")
    assert running.due_history[0].known_at == make.at("2021-01-31")
    assert one(make, mission, [met], "2021-03-01").status == "not_observed"


def test_a_deadline_is_not_counted_from_a_deed_without_a_day_or_a_moment(make: SimpleNamespace) -> None:
    first = hand_over(make)
    later = make.duty("relative", "later", relative=Relative("obl:duty", days=7))
    swap = done(make, None, known=None)
    status = assess(make.mission(first, later), [swap], (), known_at=None)[1]
    assert (status.due, status.status) == (None, "not_yet_due")
    assert all(s.since is None or s.since.year < 9999 for s in (status,))


def test_a_deadline_can_be_counted_from_another_duty_being_done(make: SimpleNamespace) -> None:
    after = make.duty("relative", slug="after", relative=Relative("obl:duty", days=10))
    found = assess(
        make.mission(hand_over(make), after),
        [done(make, "2020-11-14", known="2020-11-15")],
        (),
        known_at=make.at("2020-11-20"),
    )
    assert found[1].due == "2020-11-24"
