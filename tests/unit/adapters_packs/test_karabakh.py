"""What the packaged theatre holds: the instruments, the duties of every kind, the ground, the people, the sources."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from math import cos, radians
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from shapely.geometry import Point, shape

from truceline.adapters.packs import load_mission, mission_folder
from truceline.core.mission import Mission
from truceline.core.names import Name, both_names
from truceline.core.obligations import BORDER_COUNTS, Obligation, ObligationKind
from truceline.core.times import add_months, parse_instant

FOLDER = mission_folder("karabakh-2020")
SEVEN = ("agdam", "kelbajar", "lachin", "fuzuli", "jabrayil", "zangilan", "gubadly")
KM_PER_DEGREE = 111.32


def duty(mission: Mission, slug: str) -> Obligation:
    return next(item for item in mission.obligations if item.id == slug)


def test_the_duties_are_of_all_nine_kinds(karabakh: Mission) -> None:
    assert len(karabakh.obligations) >= 16
    assert {item.kind for item in karabakh.obligations} == set(get_args(ObligationKind))


def test_the_statement_has_nine_clauses_each_with_a_duty(karabakh: Mission) -> None:
    statement = next(i for i in karabakh.instruments if i.id == "instrument:statement-2020-11-09")
    numbers = [clause.n for clause in statement.clauses]
    assert numbers == [str(n) for n in range(1, 10)]
    assert {item.clause for item in statement.obligations} == set(numbers)


def test_three_dates_of_the_statement_are_three_fields(karabakh: Mission) -> None:
    statement = next(i for i in karabakh.instruments if i.id == "instrument:statement-2020-11-09")
    assert statement.dated_on == "2020-11-09"
    assert parse_instant(statement.effective_at or "") == datetime(2020, 11, 9, 21, tzinfo=UTC)
    assert parse_instant(statement.published_at or "") >= datetime(2020, 11, 9, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("slug", "due"),
    [
        ("obl:2020-2-agdam", "2020-11-20"),
        ("obl:2020-6-kelbajar", "2020-11-15"),
        ("obl:2020-6-lachin", "2020-12-01"),
        ("obl:2021-3-first-meeting", "2021-01-30"),
        ("obl:2021-4-list", "2021-03-01"),
    ],
)
def test_a_dated_duty_keeps_its_first_date(karabakh: Mission, slug: str, due: str) -> None:
    assert duty(karabakh, slug).due == due
    assert duty(karabakh, slug).kind == "dated"


def test_the_amendment_moves_kelbajar_alone_and_waits_for_its_evidence(karabakh: Mission) -> None:
    (amendment,) = karabakh.amendments
    assert (amendment.obligation, amendment.due) == ("obl:2020-6-kelbajar", "2020-11-25")
    assert amendment.form == "briefing"
    assert amendment.announced_on == "2020-11-15"
    assert [(b.types, b.places) for b in amendment.evidence] == [
        (("deadline_extended",), ("place:kelbajar",))
    ]


def test_the_ceiling_is_that_of_clause_3(karabakh: Mission) -> None:
    caps = {cap.unit: cap.value for cap in duty(karabakh, "obl:2020-3-contingent").caps}
    assert caps == {"person": Decimal(1960), "armoured_carrier": Decimal(90), "vehicle": Decimal(380)}


def test_the_term_ends_after_five_years_and_asks_for_notice_six_months_before(karabakh: Mission) -> None:
    term = duty(karabakh, "obl:2020-4-term").term
    assert term is not None
    end = add_months(datetime(2020, 11, 10, tzinfo=UTC).date(), 12 * term.years)
    assert end.isoformat() == "2025-11-10"
    assert add_months(end, -term.notice_months).isoformat() == "2025-05-10"


def test_the_border_lies_outside_the_mandate(karabakh: Mission) -> None:
    outside = [item for item in karabakh.obligations if not item.in_mandate]
    assert outside
    assert {item.scope for item in outside} == {"border"}


def test_by_before_and_until_stand_as_variants_and_as_an_open_question(karabakh: Mission) -> None:
    statement = next(i for i in karabakh.instruments if i.id == "instrument:statement-2020-11-09")
    told = " ".join(form.text for v in statement.clauses[1].variants for form in v.what["en"])
    assert all(f"'{word}'" in told for word in ("by", "before", "until"))
    assert any("Gazakh" in v.what["en"][0].text and not v.official for v in statement.clauses[1].variants)
    question = next(q for q in karabakh.interpretations if q.id == "interp:2020-2-by-before-until")
    assert {"inclusive", "exclusive"} <= {reading.effect for reading in question.readings}


def test_the_question_of_the_border_was_open_on_16_november_2021(karabakh: Mission) -> None:
    question = next(q for q in karabakh.interpretations if q.id == "interp:2020-1-border-or-line")
    assert BORDER_COUNTS in {reading.effect for reading in question.readings}
    assert (question.opened_on or "") < "2021-11-16"


def test_posts_are_seven_nine_and_nine_inside_their_zones(karabakh: Mission) -> None:
    count = Counter(post.zone for post in karabakh.posts)
    assert count == {"zone:lachin-corridor": 7, "zone:south": 9, "zone:north": 9}
    assert {p.status for p in karabakh.posts if p.zone == "zone:lachin-corridor"} == {"temporary"}
    assert all(post.illustrative for post in karabakh.posts)
    shapes = {line.id: shape(line.geometry) for line in karabakh.lines if line.width_km is None}
    for post in karabakh.posts:
        if post.zone in shapes:
            assert shapes[post.zone].contains(Point(post.lon, post.lat)), post.id


def test_the_parts_of_the_posts_counter_are_its_zones(karabakh: Mission) -> None:
    rules = {rule.id: rule for rule in karabakh.settings.counters}
    scopes = [rules[part].scope for part in rules["counter:observation-posts"].parts]
    assert scopes == ["zone:lachin-corridor", "zone:south", "zone:north"]


def test_the_corridor_is_five_kilometres_wide_and_leaves_shusha_alone(karabakh: Mission) -> None:
    corridor = next(line for line in karabakh.lines if line.kind == "corridor")
    assert corridor.width_km == duty(karabakh, "obl:2020-6-corridor").width_km == 5.0
    lon, lat = karabakh.place_of["place:shusha"].geometry["coordinates"]  # type: ignore[index]
    stretch = cos(radians(lat))
    course = shape(
        {
            "type": "LineString",
            "coordinates": [[x * stretch, y] for x, y in corridor.geometry["coordinates"]],
        }
    )
    assert course.distance(Point(lon * stretch, lat)) * KM_PER_DEGREE > corridor.width_km / 2
    assert not any(
        shape(line.geometry).contains(Point(lon, lat)) for line in karabakh.lines if line.kind == "zone"
    )


def test_there_are_eighty_places_and_the_seven_districts_have_outlines(karabakh: Mission) -> None:
    assert len(karabakh.places) >= 80
    for slug in SEVEN:
        place = karabakh.place_of[f"place:{slug}"]
        assert place.kind == "district"
        assert place.geometry is not None
        assert place.geometry["type"].endswith("Polygon")


def test_lines_that_anyone_disputes_say_so_and_every_line_has_its_source(karabakh: Mission) -> None:
    assert all(line.source for line in karabakh.lines)
    assert all(
        line.disputed for line in karabakh.lines if line.kind in {"contact_line", "administrative", "border"}
    )
    contact = [line for line in karabakh.lines if line.kind == "contact_line"]
    assert [(line.valid_from, line.valid_to) for line in contact] == [
        ("1994-05-12", "2020-09-27"),
        ("2020-11-10", None),
    ]


def test_everything_has_an_english_and_an_arabic_name(karabakh: Mission) -> None:
    missing = [
        (type(thing).__name__, getattr(thing, "id", ""), field)
        for thing in _things(karabakh)
        for field, names in _names(thing)
        if names and not ({"en", "ar"} <= set(names))
    ]
    assert missing == []


def test_no_two_places_share_a_word(karabakh: Mission) -> None:
    owner: dict[tuple[str, str], str] = {}
    for place in karabakh.places:
        for language, forms in place.names.items():
            for form in forms:
                assert owner.setdefault((language, form.text.casefold()), place.id) == place.id, form.text


def test_no_two_people_share_a_whole_name(karabakh: Mission) -> None:
    owner: dict[tuple[str, str], str] = {}
    for holder in karabakh.holders:
        for language, forms in holder.names.items():
            for form in forms:
                assert owner.setdefault((language, form.text.casefold()), holder.id) == holder.id, form.text


def test_both_parties_words_stand_side_by_side(karabakh: Mission) -> None:
    parties = karabakh.settings.naming_profiles[0].parties
    names = karabakh.place_of["place:stepanakert"].names
    assert both_names(names, "en", parties) == "Stepanakert · Khankendi"
    assert both_names(names, "ar", parties) == "ستيباناكيرت · خانكندي"


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("place:nagorno-karabakh", ["قره باغ", "قره باج", "قرة باغ", "كاراباخ", "ناغورني قره باغ"]),
        ("place:agdam", ["أغدام"]),
        ("place:mount-kilisali", ["جبل كيليسالي"]),
        ("zone:lachin-corridor", ["ممر لاتشين"]),
        ("place:stepanakert", ["ستيباناكيرت"]),
    ],
)
def test_a_place_has_the_spellings_that_papers_use(karabakh: Mission, slug: str, words: list[str]) -> None:
    assert set(words) <= {form.text for form in karabakh.place_of[slug].names["ar"]}


def test_the_sides_are_two_and_the_guarantor_is_bound_too(karabakh: Mission) -> None:
    assert karabakh.sides == ("party:armenia", "party:azerbaijan")
    assert karabakh.bound_parties == ("party:armenia", "party:azerbaijan", "party:russia")
    assert karabakh.procedure.kind == "two-key"
    assert {d.party for d in karabakh.delegations} == {"party:russia", "party:turkey"}


def test_a_former_officer_left_his_office_before_he_spoke(karabakh: Mission) -> None:
    (holder,) = [h for h in karabakh.holders if h.id == "person:movses-hakobyan"]
    assert holder.until is not None
    assert holder.until < "2020-11-20"


def test_one_office_has_one_minister_at_a_time(karabakh: Mission) -> None:
    for office in karabakh.offices:
        if not office.kind.endswith(("_minister", "president")) or office.kind == "deputy_prime_minister":
            continue
        terms = sorted(
            (h.since or "", h.until or "9999", h.label) for h in karabakh.holders if h.office == office.id
        )
        for earlier, later in pairwise(terms):
            assert earlier[1] <= later[0], (earlier, later)


def test_every_source_of_the_inbox_is_known(karabakh: Mission) -> None:
    manifest = FOLDER / "inbox" / "manifest.jsonl"
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    known = {source.id for source in karabakh.sources}
    named = {slug for row in rows for slug in (row.get("source"), row.get("wire")) if slug}
    assert named <= known


def test_exchanging_the_parties_exchanges_the_mission_and_nothing_else(karabakh: Mission, pack: Path) -> None:
    for path in pack.rglob("*.*"):
        path.write_text(_exchanged(path.read_text(encoding="utf-8")), encoding="utf-8")
    mirror = load_mission(str(pack))
    plain = json.dumps(msgspec.to_builtins(_fields(karabakh)), ensure_ascii=False)
    other = json.dumps(msgspec.to_builtins(_fields(mirror)), ensure_ascii=False)
    assert json.loads(other) == json.loads(_exchanged(plain))


def test_the_base_map_is_that_of_its_sources(karabakh: Mission, shared: Path) -> None:
    features = json.loads((shared / "geo" / "admin1.geojson").read_text(encoding="utf-8"))["features"]
    outlines = {f["properties"]["gn_name"]: shape(f["geometry"]) for f in features}
    for slug, name in (("agdam", "Aghdam Rayon"), ("lachin", "Lacin Rayonu"), ("khojaly", "Xankandi Sahari")):
        mine = shape(karabakh.place_of[f"place:{slug}"].geometry)
        assert mine.symmetric_difference(outlines[name]).area < 1e-3 * mine.area


def _exchanged(text: str) -> str:
    hidden = text.replace("party:armenia", "party:\0")
    return hidden.replace("party:azerbaijan", "party:armenia").replace("party:\0", "party:azerbaijan")


def _fields(mission: Mission) -> dict[str, Any]:
    return {f.name: getattr(mission, f.name) for f in dataclasses.fields(mission) if f.name != "version"}


def _things(value: Any) -> Iterator[Any]:
    if dataclasses.is_dataclass(value):
        yield value
        for field in dataclasses.fields(value):
            yield from _things(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _things(item)


def _names(thing: Any) -> Iterator[tuple[str, Mapping[str, tuple[Name, ...]]]]:
    for field in dataclasses.fields(thing):
        value = getattr(thing, field.name)
        if isinstance(value, Mapping) and any(
            isinstance(forms, tuple) and forms and isinstance(forms[0], Name) for forms in value.values()
        ):
            yield field.name, value
