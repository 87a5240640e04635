from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from truceline.assess import assess
from truceline.core.counters import Counter
from truceline.core.mission import CountingRule
from truceline.core.parties import Source
from truceline.link import link
from truceline.picture import picture
from truceline.picture.counting import period_start

NOW = "2020-12-01"


def rule(make: SimpleNamespace, slug: str, types: tuple[str, ...], unit: str, **rest: Any) -> Any:
    return make.CounterRule(f"counter:{slug}", make.names(slug), types, unit, "event:deployment", **rest)


def rows(make: SimpleNamespace, rules: list[Any], claims: list[Any], known: str = NOW) -> tuple[Counter, ...]:
    mission = make.mission(make.duty(), counters=tuple(rules))
    return picture(mission, claims, (), (), known_at=make.at(known)).counters


def flights(make: SimpleNamespace, value: str, day: str, **rest: Any) -> Any:
    base = {"day": day, "known": day, "n": value} | rest
    return make.claim("deployment_flights", figure=(value, "flight"), **base)


def test_a_total_takes_its_last_figure_and_knows_the_one_before(make: SimpleNamespace) -> None:
    one = rule(make, "flights", ("deployment_flights",), "flight")
    claims = [flights(make, "95", "2020-11-14"), flights(make, "118", "2020-11-15")]
    row = rows(make, [one], claims)[0]
    assert (row.value, row.previous, row.claimant, row.since_event) == (
        118,
        118 - 23,
        "party:c",
        "event:deployment",
    )
    assert row.rule == "as stated by party:c"
    assert row.as_of == make.at("2020-11-15T19:59:59Z")


def test_a_total_never_falls_in_silence(make: SimpleNamespace) -> None:
    one = rule(make, "flights", ("deployment_flights",), "flight")
    fell = [flights(make, "118", "2020-11-15"), flights(make, "22", "2020-11-16")]
    corrected = [flights(make, "118", "2020-11-15"), flights(make, "116", "2020-11-16", subtype="correction")]
    row = rows(make, [one], fell)[0]
    assert (row.value, row.notes) == (118, ("falls_without_correction",))
    row = rows(make, [one], corrected)[0]
    assert (row.value, row.notes) == (116, ("corrected",))


def test_figures_in_two_units_of_one_measure_agree(make: SimpleNamespace) -> None:
    one = rule(make, "cleared", ("humanitarian",), "hectare")
    claims = [
        make.claim("humanitarian", day="2020-11-20", known="2020-11-20", figure=("1400", "hectare")),
        make.claim("humanitarian", day="2020-11-21", known="2020-11-21", figure=("15", "km2")),
    ]
    row = rows(make, [one], claims)[0]
    assert (row.value, row.unit, row.notes) == (Decimal(1500), "hectare", ())


def test_a_figure_in_another_unit_feeds_nothing(make: SimpleNamespace) -> None:
    one = rule(make, "cleared", ("humanitarian",), "hectare")
    row = rows(make, [one], [make.claim("humanitarian", day="2020-11-20", figure=("7", "person"))])[0]
    assert (row.value, row.claims) == (None, ())


def post_rules(make: SimpleNamespace) -> list[Any]:
    parts = [
        rule(make, z, ("observation_posts",), "observation_post", scope=f"zone:{z}", cumulative=False)
        for z in ("north", "south")
    ]
    whole = rule(make, "posts", ("observation_posts",), "observation_post", cumulative=False,
                 parts=("counter:north", "counter:south"))  # fmt: skip
    return [whole, *parts]


def test_a_whole_and_its_parts_keep_their_scopes_and_are_summed(make: SimpleNamespace) -> None:
    claims = [
        make.posts("place:region", "18", report="r", n=1),
        make.posts("zone:north", "9", report="r", n=2),
        make.posts("zone:south", "9", report="r", n=3),
    ]
    whole, north, south = rows(make, post_rules(make), claims)
    assert (whole.value, north.value, south.value) == (18, 9, 9)
    assert whole.notes == ("parts_add_up",)
    claims[2] = make.posts("zone:south", "10", report="r", n=3)
    assert rows(make, post_rules(make), claims)[0].notes == ("parts_do_not_add_up",)


def test_parts_of_another_item_are_not_held_against_a_total(make: SimpleNamespace) -> None:
    claims = [
        make.posts("place:region", "25", report="r", n=1),
        make.posts("zone:north", "11", report="r2", n=2),
    ]
    assert rows(make, post_rules(make), claims)[0].notes == ()


def dead(make: SimpleNamespace, value: str, by: str, of: str, **rest: Any) -> Any:
    base = {"day": "2020-11-20", "known": "2020-11-20"} | rest
    return make.claim("casualties", targets=(of,), by=by, figure=(value, "killed"), n=f"{value}{by}", **base)


def test_own_losses_and_the_other_sides_claim_of_them_are_never_merged(make: SimpleNamespace) -> None:
    one = rule(make, "killed", ("casualties",), "killed", cumulative=False, per_claimant=False)
    claims = [
        dead(make, "2783", "office:a-mod", "party:a"),
        dead(make, "7630", "office:b-mod", "party:a"),
        dead(make, "2718", "office:b-mod", "party:b"),
    ]
    found = rows(make, [one], claims)
    assert {(r.claimant, r.of, r.value) for r in found} == {
        ("party:a", "party:a", Decimal(2783)),
        ("party:b", "party:a", Decimal(7630)),
        ("party:b", "party:b", Decimal(2718)),
    }
    assert len({r.id for r in found}) == 3


def test_each_claimant_keeps_a_row_or_one_row_says_that_they_differ(make: SimpleNamespace) -> None:
    claims = [flights(make, "118", "2020-11-15"), flights(make, "120", "2020-11-15", by="office:b-mod")]
    apart = rows(make, [rule(make, "flights", ("deployment_flights",), "flight")], claims)
    joint = rows(make, [rule(make, "flights", ("deployment_flights",), "flight", per_claimant=False)], claims)
    assert {(r.claimant, r.value) for r in apart} == {("party:c", 118), ("party:b", 120)}
    assert [r.notes for r in joint] == [("claimants_differ",)]


def test_a_total_since_a_day_is_as_of_when_it_was_told_and_falls_by_no_part_of_it(
    make: SimpleNamespace,
) -> None:
    one = rule(make, "flights", ("deployment_flights",), "flight", since="2020-11-10")
    told = [("42", "2020-11-13"), ("95", "2020-11-14"), ("23", "2020-11-15"), ("118", "2020-11-15")]
    claims = [flights(make, value, "2020-11-10", known=known, report=known) for value, known in told]
    row = rows(make, [one], claims)[0]
    assert (row.value, row.previous, row.notes) == (118, 95, ())
    assert row.as_of == make.at("2020-11-15")


def test_as_of_lies_within_the_last_day_and_not_on_the_next(make: SimpleNamespace) -> None:
    one = rule(make, "violations", ("ceasefire_violation",), "violation", cumulative=False)
    told = make.claim("ceasefire_violation", day="2020-11-20", known="2020-11-22", figure=("8", "violation"))
    row = rows(make, [one], [told])[0]
    assert row.as_of is not None
    assert row.as_of.astimezone(ZoneInfo("Asia/Baku")).date().isoformat() == "2020-11-20"
    assert row.per_day == Decimal("8.00")


@pytest.mark.parametrize(
    ("type_", "unit"), [("observation_posts", "observation_post"), ("prisoners", "prisoner"), ("casualties", "killed")]
)  # fmt: skip
def test_a_stock_has_no_rate(make: SimpleNamespace, type_: str, unit: str) -> None:
    one = rule(make, "stock", (type_,), unit, cumulative=False)
    told = make.claim(type_, day="2020-11-20", known="2020-11-22", figure=("8", unit), at_=("zone:north",))
    assert rows(make, [one], [told])[0].per_day is None


def test_a_toll_of_one_incident_never_stands_in_for_the_total(make: SimpleNamespace) -> None:
    one = rule(make, "killed", ("casualties",), "killed", cumulative=False)
    total = dead(make, "2783", "office:a-mod", "party:a", day=None)
    later = dead(make, "2900", "office:a-mod", "party:a", day=None, known="2020-11-25")
    fight = dead(
        make, "4", "office:a-mod", "party:a", day="2020-11-26", known="2020-11-26", at_=("place:hill",)
    )
    loose = dead(make, "7", "office:a-mod", "party:a", day=None, known="2020-11-27")
    mission = make.mission(make.duty(), counters=(one,))
    claims = [total, later, fight, loose]
    found = picture(mission, claims, link(claims, mission), (), known_at=make.at(NOW)).counters
    by_value = {row.value: row for row in found}
    assert (by_value[Decimal(2900)].previous, by_value[Decimal(2900)].notes) == (2783, ())
    assert (by_value[Decimal(4)].previous, by_value[Decimal(4)].notes) == (None, ("of_one_incident",))
    assert by_value[Decimal(4)].scope == "place:hill"
    assert (by_value[Decimal(7)].previous, by_value[Decimal(7)].notes) == (None, ("scope_not_told",))
    assert len({row.id for row in found}) == 3


def test_an_official_source_of_a_party_is_no_second_claimant_beside_its_office(make: SimpleNamespace) -> None:
    names = make.names("Ministry's site")
    sources = (
        Source("src:c-site", names, "official", "saw", interest=("party:c",)),
        Source("src:c-agency", names, "agency", "saw", interest=("party:c",)),
    )
    one = rule(make, "flights", ("deployment_flights",), "flight")
    mission = make.mission(make.duty(), counters=(one,), sources=sources)
    outlet = {"by": "outlet", "sources": ("src:c-site",)}
    claims = [
        flights(make, "95", "2020-11-14"),
        flights(make, "118", "2020-11-15", by="src:c-site"),
        flights(make, "119", "2020-11-16", **outlet),
        flights(make, "120", "2020-11-17", by="src:c-agency"),
    ]
    found = picture(mission, claims, (), (), known_at=make.at(NOW)).counters
    assert {(row.claimant, row.value, len(row.claims)) for row in found} == {("party:c", 119, 3), ("src:c-agency", 120, 1)}  # fmt: skip


def test_a_row_names_its_counting_rule_and_what_could_be_seen(make: SimpleNamespace) -> None:
    one = rule(make, "flights", ("deployment_flights",), "flight")
    plain = make.mission(make.duty(), counters=(one,))
    stated = (CountingRule("rule:as-stated", "1", make.names("As stated")),)
    mission = replace(plain, settings=replace(plain.settings, counting_rules=stated))
    claims = [flights(make, "95", "2020-11-14")]
    blind = picture(
        mission,
        claims,
        (),
        assess(mission, claims, (), known_at=make.at("2020-11-15")),
        known_at=make.at("2020-11-15"),
    )
    claims.append(make.posts())
    manned = picture(
        mission,
        claims,
        (),
        assess(mission, claims, (), known_at=make.at("2020-11-15")),
        known_at=make.at("2020-11-15"),
    )
    assert blind.counters[0].rule == "as-stated/1: as stated by party:c"
    assert blind.counters[0].exposure == "unknown"
    assert manned.counters[0].exposure == "posts present, coverage not computed"


def test_unequal_periods_are_compared_by_rate(make: SimpleNamespace) -> None:
    one = rule(make, "violations", ("ceasefire_violation",), "violation", cumulative=False)
    claims = [
        make.claim("ceasefire_violation", day="2020-11-20", end="2020-11-21", known="2020-11-22", figure=("8", "violation")),
        make.claim("ceasefire_violation", day="2020-11-22", known="2020-11-23", figure=("6", "violation")),
    ]  # fmt: skip
    row = rows(make, [one], claims)[0]
    assert (row.value, row.previous) == (6, 8)
    assert (row.per_day, row.previous_per_day) == (Decimal("6.00"), Decimal("4.00"))
    assert row.notes == ("unequal_periods",)


def test_plans_and_duties_are_no_figures_and_later_ones_are_not_known(make: SimpleNamespace) -> None:
    one = rule(make, "flights", ("deployment_flights",), "flight")
    claims = [flights(make, "99", "2020-11-12", modality="planned"), flights(make, "140", "2020-11-18")]
    assert rows(make, [one], claims, "2020-11-16")[0].value is None
    assert rows(make, [one], claims, "2020-11-18")[0].value == 140


def test_a_figure_keeps_its_sign(make: SimpleNamespace) -> None:
    one = rule(make, "flights", ("deployment_flights",), "flight")
    item = make.claim("deployment_flights", day="2020-11-18", figure=("140", "flight", ">"))
    assert rows(make, [one], [item])[0].op == ">"


@pytest.mark.parametrize(
    ("at", "start"),
    [
        ("2020-11-16T15:29:00Z", "2020-11-15T15:30:00Z"),
        ("2020-11-16T15:30:00Z", "2020-11-15T15:30:00Z"),
        ("2020-11-16T15:31:00Z", "2020-11-16T15:30:00Z"),
    ],
)
def test_the_reporting_period_begins_at_the_cut_off(make: SimpleNamespace, at: str, start: str) -> None:
    found: datetime = period_start(make.at(at), make.mission(make.duty()))
    assert found == make.at(start)


@pytest.mark.parametrize(
    ("at", "start"),
    [
        ("2020-11-16T19:59:00Z", "2020-11-15T20:00:00Z"),
        ("2020-11-16T20:00:00Z", "2020-11-15T20:00:00Z"),
        ("2020-11-16T20:01:00Z", "2020-11-16T20:00:00Z"),
    ],
)
def test_a_day_may_end_at_24_00_of_the_mission(make: SimpleNamespace, at: str, start: str) -> None:
    mission = make.mission(make.duty())
    late = replace(mission, settings=replace(mission.settings, cut_off="24:00"))
    assert period_start(make.at(at), late) == make.at(start)
