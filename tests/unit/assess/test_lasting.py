from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from truceline.assess import assess
from truceline.core.obligations import BORDER_COUNTS, Cap, ObligationStatus, Term


def truce(make: SimpleNamespace, **rest: Any) -> Any:
    evidence = (
        make.bearing("breaches", "ceasefire_violation", "attack", "clash"),
        make.bearing("respects", "ceasefire_respected"),
    )
    both = {"duty_bearer": ("party:a", "party:b"), "beneficiary": (), "evidence": evidence}
    return make.duty("continuing", **(both | rest))


def one(mission: Any, claims: list[Any], known: Any, incidents: tuple[Any, ...] = ()) -> ObligationStatus:
    return assess(mission, claims, incidents, known_at=known)[0]


def fire(make: SimpleNamespace, **rest: Any) -> Any:
    base = {
        "day": "2020-11-13",
        "actors": ("party:a",),
        "targets": ("party:b",),
        "at_": ("place:hill",),
    } | rest
    return make.claim("attack", **base)


def test_nothing_on_record_and_unknown_exposure_is_not_observed(make: SimpleNamespace) -> None:
    found = one(make.mission(truce(make)), [], make.at("2020-11-16"))
    assert (found.status, found.exposure.state) == ("not_observed", "unknown")


def test_nothing_on_record_and_posts_present_is_kept_with_coverage_not_computed(
    make: SimpleNamespace,
) -> None:
    found = one(make.mission(truce(make)), [make.posts()], make.at("2020-11-16"))
    assert found.status == "kept"
    assert (found.exposure.state, found.exposure.n_posts) == ("posts present, coverage not computed", 9)
    assert found.reasons[0].code == "kept.posts_present"


def test_posts_known_later_or_planned_or_only_in_the_pack_see_nothing(make: SimpleNamespace) -> None:
    mission = make.mission(truce(make))
    assert one(mission, [make.posts(known="2020-11-20")], make.at("2020-11-16")).status == "not_observed"
    assert one(mission, [make.posts(modality="planned")], make.at("2020-11-16")).status == "not_observed"


def test_posts_in_one_of_two_zones_do_not_see_the_other(make: SimpleNamespace) -> None:
    mission = make.mission(truce(make, zones=("zone:north", "zone:south")))
    assert one(mission, [make.posts()], make.at("2020-11-16")).status == "not_observed"
    both = [make.posts(), make.posts("zone:south")]
    found = one(mission, both, make.at("2020-11-16"))
    assert (found.status, found.exposure.n_posts) == ("kept", 18)


def test_posts_that_left_see_nothing(make: SimpleNamespace) -> None:
    gone = make.posts(known="2020-11-15", polarity="negated", day="2020-11-15")
    assert (
        one(make.mission(truce(make)), [make.posts(), gone], make.at("2020-11-16")).status == "not_observed"
    )


@pytest.mark.parametrize(
    ("subtype", "polarity", "state"),
    [
        ("restricted", "affirmed", "access refused"),
        (None, "affirmed", "access refused"),
        ("free", "negated", "access refused"),
        ("restricted", "negated", "posts present, coverage not computed"),
        (None, "negated", "posts present, coverage not computed"),
        ("free", "affirmed", "posts present, coverage not computed"),
    ],
)
def test_a_refusal_is_a_restriction_affirmed_or_free_movement_negated(
    make: SimpleNamespace, subtype: str | None, polarity: str, state: str
) -> None:
    moved = make.claim(
        "freedom_of_movement", day="2020-11-14", subtype=subtype, polarity=polarity, at_=("place:hill",)
    )
    found = one(make.mission(truce(make)), [make.posts(), moved], make.at("2020-11-16"))
    assert found.exposure.state == state
    assert found.exposure.n_restrictions == (1 if state == "access refused" else 0)


def test_posts_are_said_to_be_there_for_ninety_days_unless_a_later_word_confirms_them(
    make: SimpleNamespace,
) -> None:
    mission = make.mission(truce(make))
    assert one(mission, [make.posts()], make.at("2021-02-10")).status == "kept"
    assert one(mission, [make.posts()], make.at("2021-02-11")).status == "not_observed"
    confirmed = [make.posts(), make.posts(known="2021-02-01", n=1)]
    assert one(mission, confirmed, make.at("2021-02-11")).status == "kept"
    assert one(mission, confirmed, make.at("2024-02-11")).exposure.state == "unknown"


def test_nothing_is_kept_after_what_is_known(make: SimpleNamespace) -> None:
    mission, later = make.mission(truce(make)), make.at("2020-12-01")
    for known_at in (make.at("2020-11-16"), None):
        now = assess(mission, [make.posts()], (), known_at=known_at)[0]
        then = assess(mission, [make.posts()], (), valid_at=later, known_at=known_at)[0]
        assert (now.status, then.status) == ("kept", "not_observed")
        assert then.reasons[0].code == "exposure.after_known"
        assert then.reasons[0].text.startswith("after what is known")


def test_refused_access_is_not_observed_until_it_is_granted_again(make: SimpleNamespace) -> None:
    mission = make.mission(truce(make))
    refused = make.claim("freedom_of_movement", day="2020-11-14", subtype="restricted", at_=("place:hill",))
    granted = make.claim("freedom_of_movement", day="2020-11-15", subtype="free", at_=("place:hill",), n=1)
    shut = one(mission, [make.posts(), refused], make.at("2020-11-16"))
    assert (shut.status, shut.exposure.state, shut.exposure.n_restrictions) == (
        "not_observed",
        "access refused",
        1,
    )
    open_ = one(mission, [make.posts(), refused, granted], make.at("2020-11-16"))
    assert (open_.status, open_.exposure.n_restrictions) == ("kept", 1)


@pytest.mark.parametrize("modality", ["accused", "alleged", "asserted"])
def test_what_others_say_of_a_party_is_disputed_and_never_breached(
    make: SimpleNamespace, modality: str
) -> None:
    item = fire(make, by="office:b-mod", modality=modality)
    found = one(make.mission(truce(make)), [make.posts(), item], make.at("2020-11-16"))
    assert found.status == "disputed"
    assert (found.reasons[0].claim, found.reasons[0].review) == (item.id, "machine-read")


def test_a_party_in_office_against_its_own_interest_is_a_breach(make: SimpleNamespace) -> None:
    item = fire(make, by="office:a-mod", modality="admitted")
    found = one(make.mission(truce(make)), [item], make.at("2020-11-16"))
    assert found.status == "breached"
    assert found.reasons[0].code == "breach.admitted"


def test_a_former_officers_admission_does_not_turn_his_sides_denial(make: SimpleNamespace) -> None:
    former = fire(make, by="person:a-general", modality="admitted", capacity=("former", "in office"))
    denial = fire(make, by="office:a-mod", modality="denied", n=1)
    found = one(make.mission(truce(make)), [former, denial], make.at("2020-11-16"))
    assert found.status == "disputed"
    assert {r.code for r in found.reasons} == {"breach.said", "breach.denied"}


def test_a_party_that_acknowledges_its_loss_admits_no_breach(make: SimpleNamespace) -> None:
    suffered = fire(make, by="office:b-mod", modality="admitted")
    assert one(make.mission(truce(make)), [suffered], make.at("2020-11-16")).status == "disputed"


def test_what_happened_before_the_truce_is_no_breach_of_it(make: SimpleNamespace) -> None:
    before = fire(make, day="2020-09-27")
    assert one(make.mission(truce(make)), [make.posts(), before], make.at("2020-11-16")).status == "kept"


def test_blame_without_a_day_is_shown_and_not_counted(make: SimpleNamespace) -> None:
    found = one(make.mission(truce(make)), [make.posts(), fire(make, day=None)], make.at("2020-11-16"))
    assert found.status == "kept"
    assert found.reasons[-1].code == "undated.not_counted"


def test_a_border_happening_is_not_counted_while_nobody_reads_the_agreement_as_covering_it(
    make: SimpleNamespace,
) -> None:
    item = fire(make, at_=("place:peak",))
    found = one(make.mission(truce(make)), [make.posts(), item], make.at("2020-11-16"))
    assert (found.status, found.scope) == ("kept", "agreement")
    assert found.reasons[-1].code == "border.not_counted"


def test_a_border_happening_is_disputed_once_a_party_reads_the_agreement_as_covering_it(
    make: SimpleNamespace,
) -> None:
    asked = make.question("interp:border", "obl:duty", BORDER_COUNTS, "outside", opened_on="2020-11-12")
    mission = make.mission(truce(make), interpretations=(asked,))
    found = one(mission, [make.posts(), fire(make, at_=("place:peak",))], make.at("2020-11-16"))
    assert (found.status, found.scope, found.disputes) == ("disputed", "disputed", ("interp:border",))


def test_an_admission_on_the_border_is_disputed_not_breached(make: SimpleNamespace) -> None:
    asked = make.question("interp:border", "obl:duty", BORDER_COUNTS, "outside")
    mission = make.mission(truce(make), interpretations=(asked,))
    item = fire(make, at_=("place:peak",), by="office:a-mod", modality="admitted")
    assert one(mission, [item], make.at("2020-11-16")).status == "disputed"


def test_the_valid_time_looks_back_and_the_known_time_hides_what_came_later(make: SimpleNamespace) -> None:
    mission = make.mission(truce(make))
    claims = [make.posts(day="2020-11-11"), fire(make, known="2020-11-20")]
    assert one(mission, claims, make.at("2020-11-16")).status == "kept"
    assert one(mission, claims, make.at("2020-11-21")).status == "disputed"
    looking_back = assess(
        mission, claims, (), valid_at=make.at("2020-11-12T23:00:00Z"), known_at=make.at("2020-11-21")
    )
    assert looking_back[0].status == "disputed"
    before = assess(
        mission, claims, (), valid_at=make.at("2020-11-12T12:00:00Z"), known_at=make.at("2020-11-21")
    )
    assert before[0].status == "kept"


def test_a_claim_without_a_moment_counts_only_when_no_moment_is_asked_for(make: SimpleNamespace) -> None:
    mission = make.mission(truce(make))
    claims = [make.posts(), fire(make, known=None)]
    assert one(mission, claims, make.at("2020-12-31")).status == "kept"
    assert assess(mission, claims, (), valid_at=make.at("2020-12-31"), known_at=None)[0].status == "disputed"


def caps(make: SimpleNamespace, **rest: Any) -> Any:
    evidence = (make.bearing("limits", "force_deployment"),)
    base = {
        "duty_bearer": ("party:c",),
        "caps": (Cap("person", Decimal(1960)), Cap("vehicle", Decimal(380))),
        "evidence": evidence,
    }
    return make.duty("cap", **(base | rest))


def count(make: SimpleNamespace, value: str, unit: str, op: str = "=", **rest: Any) -> Any:
    return make.claim("force_deployment", day="2020-11-14", figure=(value, unit, op), **rest)


def test_a_ceiling_without_a_count_is_not_breached_and_says_so(make: SimpleNamespace) -> None:
    found = one(make.mission(caps(make)), [], make.at("2020-11-16"))
    assert found.status == "not_observed"
    assert [r.code for r in found.reasons] == ["cap.no_count", "cap.no_count"]


def test_all_figures_within_their_ceilings_are_kept_and_one_missing_is_not_observed(
    make: SimpleNamespace,
) -> None:
    mission = make.mission(caps(make))
    both = [count(make, "1960", "person"), count(make, "380", "vehicle", n=1)]
    assert one(mission, both, make.at("2020-11-16")).status == "kept"
    assert one(mission, both[:1], make.at("2020-11-16")).status == "not_observed"


@pytest.mark.parametrize(
    ("value", "op", "by", "status"),
    [
        ("1961", "=", "office:c-mod", "disputed"),
        ("1961", "=", "office:b-mod", "disputed"),
        ("2000", "~", "office:c-mod", "disputed"),
        ("1900", "~", "office:c-mod", "kept"),
        ("2000", ">=", "office:b-mod", "disputed"),
        ("1000", ">=", "office:c-mod", "not_observed"),
        ("1960", ">", "office:b-mod", "disputed"),
        ("1960", "<", "office:c-mod", "kept"),
        ("5000", "<", "office:c-mod", "not_observed"),
    ],
)
def test_a_figure_counts_by_its_sign_and_its_speaker(
    make: SimpleNamespace, value: str, op: str, by: str, status: str
) -> None:
    mission = make.mission(caps(make, caps=(Cap("person", Decimal(1960)),)))
    assert one(mission, [count(make, value, "person", op, by=by)], make.at("2020-11-16")).status == status


def test_a_figure_above_that_the_bound_side_acknowledges_is_a_breach(make: SimpleNamespace) -> None:
    mission = make.mission(caps(make, caps=(Cap("person", Decimal(1960)),)))
    item = count(make, "2400", "person", modality="admitted", actors=("party:c",))
    assert one(mission, [item], make.at("2020-11-16")).status == "breached"


def test_a_planned_figure_is_no_count(make: SimpleNamespace) -> None:
    mission = make.mission(caps(make, caps=(Cap("person", Decimal(1960)),)))
    item = count(make, "5000", "person", modality="planned")
    assert one(mission, [item], make.at("2020-11-16")).status == "not_observed"


def corridor(make: SimpleNamespace) -> Any:
    evidence = (make.bearing("breaches", "attack"), make.bearing("limits", "territorial_control"))
    return make.duty("corridor", width_km=5.0, evidence=evidence)


def test_a_corridor_is_kept_with_posts_and_disputed_when_told_narrower(make: SimpleNamespace) -> None:
    mission = make.mission(corridor(make))
    wide = make.claim("territorial_control", day="2020-11-13", figure=("5000", "m"))
    narrow = make.claim("territorial_control", day="2020-11-13", figure=("4", "km"), n=1)
    assert one(mission, [make.posts()], make.at("2020-11-16")).status == "kept"
    assert one(mission, [make.posts(), wide], make.at("2020-11-16")).status == "kept"
    assert one(mission, [make.posts(), narrow], make.at("2020-11-16")).status == "disputed"
    assert one(mission, [], make.at("2020-11-16")).status == "not_observed"
    assert one(mission, [make.posts(), fire(make)], make.at("2020-11-16")).status == "disputed"


def term(make: SimpleNamespace) -> Any:
    evidence = (make.bearing("notices", "diplomatic_statement"),)
    return make.duty("renewing", term=Term(5, 6), observable=False, evidence=evidence)


def test_a_term_gives_its_last_day_for_notice_and_its_end(make: SimpleNamespace) -> None:
    found = one(make.mission(term(make)), [], make.at("2020-11-22"))
    assert (found.status, found.due) == ("not_yet_due", "2025-05-10")
    assert dict(found.reasons[0].facts)["end"] == "2025-11-10"


def test_without_notice_a_term_renews_itself(make: SimpleNamespace) -> None:
    mission = make.mission(term(make))
    late = one(mission, [], make.at("2025-06-01"))
    assert (late.status, late.reasons[-1].code) == ("not_yet_due", "term.renews")
    second = one(mission, [], make.at("2026-01-01"))
    assert (second.status, second.due) == ("not_yet_due", "2030-05-10")


def test_notice_in_time_ends_the_term_and_late_notice_is_disputed(make: SimpleNamespace) -> None:
    mission = make.mission(term(make))
    given = make.claim("diplomatic_statement", day="2025-05-10", known="2025-05-11", by="party:a")
    late = make.claim("diplomatic_statement", day="2025-05-12", known="2025-05-12", by="party:a")
    assert one(mission, [given], make.at("2025-06-01")).status == "due"
    assert one(mission, [given], make.at("2025-11-11")).status == "expired"
    assert one(mission, [late], make.at("2025-06-01")).status == "disputed"
