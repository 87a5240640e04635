from __future__ import annotations

import random
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from truceline.core.claims import Ref
from truceline.core.ids import identify
from truceline.core.obligations import BORDER_COUNTS
from truceline.link import link
from truceline.link.ports import Group

DAY = "2021-11-16"


def fight(make: SimpleNamespace, **rest: Any) -> Any:
    base = {
        "day": DAY, "known": "2021-11-17", "report": "r1", "actors": ("party:a", "party:b"), "at_": ("place:frontier",),
        "span": (800, 900), "by": "src:wire",
    } | rest  # fmt: skip
    return make.claim(rest.pop("type", "clash"), **{k: v for k, v in base.items() if k != "type"})


def episode(make: SimpleNamespace) -> list[Any]:
    """The fighting of one day as one article tells it."""
    return [
        fight(make),
        fight(make, type="hostilities_ended", at_=("place:peak",), span=(600, 780), by="office:c-mod"),
        fight(make, type="prisoners", actors=("party:b",), targets=("party:a",), span=(1000, 1050), by="office:a-mod",
              modality="admitted", figure=("12", "prisoner")),
        fight(make, type="position_lost", actors=("party:b",), targets=("party:a",), at_=(), span=(1070, 1100),
              by="office:a-mod", modality="admitted", figure=("2", "combat_position")),
        fight(make, type="accusation", actors=("party:a",), at_=(), span=(910, 960), by="party:b", modality="accused"),
    ]  # fmt: skip


def test_one_days_fighting_told_by_one_article_is_one_incident(make: SimpleNamespace) -> None:
    claims = episode(make)
    found = link(claims, make.mission(make.duty()))
    assert len(found) == 1
    assert set(found[0].claims) == {c.id for c in claims}
    assert found[0].place is not None
    assert found[0].place.id == "place:peak"
    assert found[0].location is not None
    assert found[0].location.precision_m == 10_000


def test_sides_are_kept_apart_in_the_packs_order_and_third_speakers_stand_under_other(
    make: SimpleNamespace,
) -> None:
    found = link(episode(make), make.mission(make.duty()))[0]
    assert [side.party for side in found.sides] == ["party:a", "party:b", "other"]
    assert len(found.sides[0].claims) == 2
    assert found.sides[0].says[0].startswith("A Mod acknowledges: prisoners; B to A; 12 prisoner")


def test_no_probability_is_made_up(make: SimpleNamespace) -> None:
    found = link(episode(make), make.mission(make.duty()))[0]
    assert found.p_happened is None
    assert all(kind.p is None for kind in found.types)
    assert (found.state, found.determination) == ("reported", None)


def test_the_id_comes_from_the_earliest_claim(make: SimpleNamespace) -> None:
    claims = episode(make)
    later = fight(make, report="r2", known="2021-11-19", at_=("place:peak",), n=7)
    first = min(claims, key=lambda c: c.id)
    found = link([later, *claims], make.mission(make.duty()))
    assert [i.id for i in found] == [identify("incident", {"opener": first.id})]


def test_scope_is_border_where_all_put_it_there_and_nobody_invokes_the_agreement(
    make: SimpleNamespace,
) -> None:
    assert link(episode(make), make.mission(make.duty()))[0].scope == "border"


def test_scope_is_disputed_where_the_ceasefire_is_invoked_beside_it(make: SimpleNamespace) -> None:
    recalled = fight(make, type="agreement_signed", day="2020-11-09", at_=(), span=(1300, 1400))
    assert link([*episode(make), recalled], make.mission(make.duty()))[0].scope == "disputed"


def test_scope_is_disputed_where_the_parties_read_the_agreement_differently(make: SimpleNamespace) -> None:
    early = make.question("interp:border", "obl:duty", BORDER_COUNTS, "outside", opened_on="2021-05-12")
    late = make.question("interp:border", "obl:duty", BORDER_COUNTS, "outside", opened_on="2022-05-12")
    assert link(episode(make), make.mission(make.duty(), interpretations=(early,)))[0].scope == "disputed"
    assert link(episode(make), make.mission(make.duty(), interpretations=(late,)))[0].scope == "border"


def test_scope_is_disputed_where_speakers_differ_and_agreement_inside_it(make: SimpleNamespace) -> None:
    inside = [fight(make, at_=("place:hill",))]
    both = [fight(make, at_=("place:hill", "place:peak"))]
    assert link(inside, make.mission(make.duty()))[0].scope == "agreement"
    assert link(both, make.mission(make.duty()))[0].scope == "disputed"


def test_two_villages_on_one_day_are_two_incidents_even_with_a_summary_beside_them(
    make: SimpleNamespace,
) -> None:
    claims = [
        fight(make, at_=("place:hill",), span=(0, 50)),
        fight(make, at_=("place:ford",), span=(300, 350)),
        fight(make, at_=("place:region",), span=(600, 650)),
    ]
    found = link(claims, make.mission(make.duty()))
    assert sorted(len(i.claims) for i in found) == [1, 1, 1]


def test_two_days_at_one_place_are_two_incidents(make: SimpleNamespace) -> None:
    claims = [
        fight(make, at_=("place:hill",)),
        fight(make, at_=("place:hill",), day="2021-11-18", span=(0, 9)),
    ]
    assert len(link(claims, make.mission(make.duty()))) == 2


def test_another_item_about_the_same_place_and_day_joins(make: SimpleNamespace) -> None:
    other = fight(
        make, type="attack", report="r2", at_=("place:peak",), by="office:b-mod", modality="accused"
    )
    found = link([*episode(make), other], make.mission(make.duty()))
    assert len(found) == 1
    assert other.id in found[0].claims


def test_a_claim_that_names_no_place_joins_the_only_fight_of_that_day(make: SimpleNamespace) -> None:
    bare = fight(make, type="prisoners", report="r2", at_=(), by="office:b-mod")
    elsewhere = fight(make, report="r3", at_=("place:ford",))
    assert len(link([*episode(make), bare], make.mission(make.duty()))) == 1
    assert len(link([*episode(make), elsewhere, bare], make.mission(make.duty()))) == 3


def losses(make: SimpleNamespace, day: str, **rest: Any) -> Any:
    base = {"known": day, "report": "r-next", "targets": ("party:a",), "actors": ("party:b",)} | rest
    return make.claim("prisoners", day=day, figure=("13", "prisoner"), **base)


def clash(make: SimpleNamespace, **rest: Any) -> Any:
    base = {"day": "2020-12-12", "known": "2020-12-12", "report": "r-first", "span": (100, 180)} | rest
    return make.claim("clash", actors=("party:a", "party:b"), **base)


def test_losses_told_the_day_after_the_only_fight_of_both_parties_belong_to_it(make: SimpleNamespace) -> None:
    mission = make.mission(make.duty())
    assert len(link([clash(make), losses(make, "2020-12-13")], mission)) == 1
    assert len(link([clash(make), losses(make, "2020-12-15")], mission)) == 2
    two_fights = [clash(make, at_=("place:hill",)), clash(make, at_=("place:ford",), n=1)]
    assert len(link([*two_fights, losses(make, "2020-12-13")], mission)) == 3
    elsewhere = losses(make, "2020-12-13", at_=("place:ford",))
    assert len(link([clash(make, at_=("place:hill",)), elsewhere], mission)) == 2


def test_a_text_that_goes_on_about_a_fight_goes_on_in_its_incident(make: SimpleNamespace) -> None:
    both = {"report": "r-first", "actors": ("party:b",), "targets": ("party:a",), "known": "2020-12-12"}
    taken = make.claim("prisoners", span=(400, 470), **both)
    killed = make.claim("casualties", span=(400, 470), figure=("1", "killed"), **both)
    blamed = make.claim("attack", span=(480, 600), at_=("place:district",), modality="accused", **both)
    far = make.claim("casualties", span=(900, 950), figure=("9", "killed"), **both)
    found = link([clash(make), taken, killed, blamed, far], make.mission(make.duty()))
    assert len(found) == 1
    assert {taken.id, killed.id, blamed.id} < set(found[0].claims)
    assert far.id not in found[0].claims


def test_scope_is_disputed_where_a_text_names_the_border_beside_a_fight_without_a_place(
    make: SimpleNamespace,
) -> None:
    asked = make.question("interp:border", "obl:duty", BORDER_COUNTS, "outside", opened_on="2020-12-01")
    beside = make.claim("contact", at_=("place:frontier",), report="r-first", known="2020-12-12")
    open_, closed = make.mission(make.duty(), interpretations=(asked,)), make.mission(make.duty())
    assert link([clash(make), beside], open_)[0].scope == "disputed"
    assert link([clash(make), beside], closed)[0].scope == "agreement"
    assert link([clash(make)], open_)[0].scope == "agreement"
    assert link([clash(make, at_=("place:hill",)), beside], open_)[0].scope == "agreement"


def test_scope_is_disputed_where_a_text_sets_two_views_of_a_fight_without_a_place_against_each_other(
    make: SimpleNamespace,
) -> None:
    asked = make.question("interp:border", "obl:duty", BORDER_COUNTS, "outside", opened_on="2020-12-01")
    mission = make.mission(make.duty(), interpretations=(asked,))
    view = {"modality": "opinion", "report": "r-first", "known": "2020-12-12"}
    yes = make.claim("position_statement", by="party:a", **view)
    no = make.claim("position_statement", by="party:b", polarity="negated", n=1, **view)
    same = make.claim("position_statement", by="party:a", polarity="negated", n=2, **view)
    assert link([clash(make), yes, no], mission)[0].scope == "disputed"
    assert link([clash(make), yes, same], mission)[0].scope == "agreement"
    assert link([clash(make), yes, no], make.mission(make.duty()))[0].scope == "agreement"


def test_the_day_of_an_incident_is_that_of_the_fight_and_not_of_the_telling_of_its_losses(
    make: SimpleNamespace,
) -> None:
    found = link([clash(make), losses(make, "2020-12-13")], make.mission(make.duty()))[0]
    assert found.valid_at is not None
    assert found.valid_at.end == make.at("2020-12-12T20:00:00Z")


def test_background_makes_no_incident(make: SimpleNamespace) -> None:
    background = [
        fight(make, type="ceasefire_violation", day=None, by="mutual accusations", modality="accused"),
        fight(make, type="hostilities", day=None, span=(0, 9)),
        fight(make, type="hostilities_started", day="2020-09-27", report="r2"),
        fight(make, type="casualties", day=None, report="r3", figure=("91", "killed_civilian")),
        fight(make, type="ceasefire_violation", report="r4", figure=("30", "violation")),
        fight(make, type="clash", day="2021-10-01", end="2021-11-16", report="r5"),
        fight(make, type="attack", modality="planned", report="r6"),
        fight(make, type="attack", modality="denied", report="r7"),
        fight(make, type="accusation", report="r8"),
    ]
    assert link(background, make.mission(make.duty())) == ()


def test_a_rejected_claim_is_left_out(make: SimpleNamespace) -> None:
    rejected = replace(fight(make), review=replace(fight(make).review, state="rejected"))
    assert link([rejected], make.mission(make.duty())) == ()


def test_a_mine_and_a_fight_of_one_day_and_place_stay_apart(make: SimpleNamespace) -> None:
    claims = [
        fight(make, at_=("place:hill",)),
        fight(make, type="mine_incident", at_=("place:hill",), report="r2"),
    ]
    assert len(link(claims, make.mission(make.duty()))) == 2


def case(make: SimpleNamespace) -> list[Any]:
    """A weapon's use as one article tells it: acknowledged by a former officer, alleged, to be looked into."""
    return [
        fight(make, type="weapon_use", day=None, subtype="lance", actors=("party:a",), at_=("place:region",),
              by="person:a-general", capacity=("former", "in office"), modality="admitted", span=(2374, 2554)),
        fight(make, type="attack", day=None, actors=("party:a",), at_=(), by=None, modality="alleged", span=(2740, 2801)),
        fight(make, type="investigation", day=None, actors=("office:a-mod",), at_=(), by="office:a-mod",
              modality="planned", span=(2973, 3060)),
        fight(make, type="casualties", day=None, actors=("party:a",), at_=(), by="office:b-mod", modality="accused",
              span=(3132, 3190), figure=("91", "killed_civilian")),
    ]  # fmt: skip


def test_a_weapon_case_shows_its_stages_and_leaves_totals_of_a_war_out(make: SimpleNamespace) -> None:
    claims = case(make)
    found = link(claims, make.mission(make.duty()))
    assert len(found) == 1
    assert found[0].claims == tuple(c.id for c in sorted(claims[:3], key=lambda c: c.id))
    assert set(found[0].stages) == {"admitted", "alleged", "investigated"}
    assert found[0].valid_at is None


def test_a_former_officers_admission_is_not_his_sides_word(make: SimpleNamespace) -> None:
    denial = fight(make, type="weapon_use", day=None, subtype="lance", actors=("party:a",), at_=(), report="r2",
                   by="office:a-mod", modality="denied", known="2021-11-20")  # fmt: skip
    found = link([*case(make), denial], make.mission(make.duty()))
    assert len(found) == 1
    by_party = {side.party: side for side in found[0].sides}
    assert "denies" in " ".join(by_party["party:a"].says)
    assert "(former) acknowledges" in " ".join(by_party["other"].says)
    assert found[0].stages[-1] == "denied"


def test_a_named_weapon_stays_one_case_across_items_for_half_a_year(make: SimpleNamespace) -> None:
    again = fight(
        make,
        type="weapon_use",
        day=None,
        subtype="lance",
        actors=("party:a",),
        report="r2",
        known="2022-02-20",
    )
    much_later = replace(again, known_at=make.at("2023-02-20"))
    assert len(link([*case(make), again], make.mission(make.duty()))) == 1
    assert len(link([*case(make), much_later], make.mission(make.duty()))) == 2


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_claims_changes_nothing(make: SimpleNamespace, seed: int) -> None:
    claims = [*episode(make), *case(make), fight(make, report="r3", at_=("place:ford",))]
    shuffled = list(claims)
    random.Random(seed).shuffle(shuffled)  # noqa: S311
    mission = make.mission(make.duty())
    assert link(shuffled, mission) == link(claims, mission)


def test_a_copy_is_kept_and_is_no_further_voice(make: SimpleNamespace) -> None:
    first = fight(make, by="office:a-mod", at_=("place:hill",))
    copy = fight(make, by="office:a-mod", at_=("place:hill",), report="r2", known="2021-11-18")
    other = fight(make, by="office:b-mod", at_=("place:hill",), report="r3", known="2021-11-18")
    mission = make.mission(make.duty())
    found = link([first, copy, other], mission, copies={copy.report})[0]
    assert (len(found.claims), found.n_independent) == (3, 2)


def test_ten_papers_with_one_spokesman_are_one_voice(make: SimpleNamespace) -> None:
    claims = [fight(make, by="office:a-mod", at_=("place:hill",), report=f"r{n}", n=n) for n in range(10)]
    assert link(claims, make.mission(make.duty()))[0].n_independent == 1


def test_a_wire_that_carries_a_speaker_is_no_voice_of_its_own(make: SimpleNamespace) -> None:
    told = fight(make, by="office:a-mod", at_=("place:hill",), attribution=("A Mod", "Wire", "outlet"))
    own = fight(
        make, type="attack", at_=("place:hill",), attribution=("Wire", "outlet"), speakers=(make.ref(None),)
    )
    assert link([told, own], make.mission(make.duty()))[0].n_independent == 1


def test_what_was_known_later_is_not_linked_earlier(make: SimpleNamespace) -> None:
    claims = [
        fight(make, at_=("place:hill",)),
        fight(make, at_=("place:hill",), report="r2", known="2021-11-19"),
    ]
    mission = make.mission(make.duty())
    assert link(claims, mission, known_at=make.at("2021-11-16")) == ()
    assert len(link(claims, mission, known_at=make.at("2021-11-18"))[0].claims) == 1
    assert len(link(claims, mission, known_at=make.at("2021-11-20"))[0].claims) == 2


def test_another_engine_fills_the_port(make: SimpleNamespace) -> None:
    def together(material: Any, _mission: Any) -> list[Group]:
        ids = tuple(c.id for c in material.claims)
        return [Group(ids, p_happened=0.5, p_of_type=(("clash", 0.75),))]

    engine = SimpleNamespace(rule="everything/1", group=together)
    found = link([fight(make)], make.mission(make.duty()), linker=engine)[0]
    assert (found.rule, found.p_happened, found.types[0].p) == ("everything/1", 0.5, 0.75)


def test_an_incident_travels_no_further_than_its_narrowest_claim(make: SimpleNamespace) -> None:
    claims = [
        fight(make, at_=("place:hill",)),
        fight(make, at_=("place:hill",), report="r2", release="owner"),
    ]
    assert link(claims, make.mission(make.duty()))[0].release == "owner"


def test_a_zone_is_found_by_name_and_by_shape(make: SimpleNamespace) -> None:
    by_shape = tuple(replace(p, within=()) if p.id == "place:hill" else p for p in make.PLACES)
    claims = [fight(make, at_=("place:hill",))]
    assert link(claims, make.mission(make.duty()))[0].zone == "zone:north"
    assert link(claims, make.mission(make.duty(), places=by_shape))[0].zone == "zone:north"


def test_a_place_that_the_text_reader_left_without_an_id_is_found_by_its_english_name(
    make: SimpleNamespace,
) -> None:
    unnamed = replace(fight(make, at_=()), places=(Ref(None, "Frontier"),))
    found = link([unnamed], make.mission(make.duty()))[0]
    assert found.place == Ref("place:frontier", "Frontier")
    assert found.scope == "border"
