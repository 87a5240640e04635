"""What an edition says, and what it never says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from shapely.geometry import Point, Polygon

from truceline.core.errors import InputError
from truceline.core.release import Realm
from truceline.publish import PublishInput, publish
from truceline.publish.charting import band_path, kept_clear
from truceline.publish.desk import Desk
from truceline.publish.edition import Edition, Row, Run, runs
from truceline.publish.ground import Room, Sheet
from truceline.publish.tokens import bare


@pytest.fixture(scope="module")
def english(example: PublishInput) -> Edition:
    return publish(example, "en")


@pytest.fixture(scope="module")
def arabic(example: PublishInput) -> Edition:
    return publish(example, "ar")


def _row(edition: Edition, slug: str) -> Row:
    return next(row for group in edition.board.groups for row in group.rows if row.id == slug)


def _at(found: tuple[Run[Any], ...], step: int) -> Any:
    return next(run.value for run in found if run.first <= step <= run.last)


def test_runs_gather_equal_neighbours_and_leave_gaps() -> None:
    assert runs([1, 1, None, 1, 2]) == (Run(0, 1, 1), Run(3, 3, 1), Run(4, 4, 2))


def test_a_replaced_due_date_stays_and_leads_to_the_new_one(english: Edition) -> None:
    row = _row(english, "obl:2020-6-kelbajar")
    before, after = _at(row.due, 2), _at(row.due, 4)
    assert (before.old, bare(before.now)) == ((), "15 Nov 2020")
    assert ([bare(day) for day in after.old], bare(after.now)) == (["15 Nov 2020"], "25 Nov 2020")
    old = next(run.value for run in row.marks if run.value.kind == "old")
    assert old.to is not None
    assert old.x < old.to


def test_an_amendment_waits_for_its_evidence(english: Edition) -> None:
    standing = _row(english, "obl:2020-6-kelbajar").detail.amendments[0].standing
    assert "not on record" in _at(standing, 0)
    assert "in force" in _at(standing, 7).lower()


def test_every_status_is_sign_and_word(english: Edition) -> None:
    chips = [run.value for group in english.board.groups for row in group.rows for run in row.chip]
    assert chips
    assert all(chip.word and chip.sign and chip.style for chip in chips)


def test_kept_is_printed_as_no_breach_recorded_with_its_exposure(english: Edition) -> None:
    row = _row(english, "obl:2020-6-corridor")
    assert _at(row.chip, 7).word == "No breach recorded"
    assert "posts present" in _at(row.exposed, 7).word


def test_both_readings_stand_where_accepted_claims_differ(english: Edition) -> None:
    assert "Not observed" in _at(_row(english, "obl:2020-1-ceasefire").accepted, 7)


def test_copies_are_no_further_speakers(english: Edition) -> None:
    counted = _at(_row(english, "obl:2020-1-ceasefire").counted, 7)
    assert (bare(counted.reports), bare(counted.speakers)) == ("3 reports", "2 independent")


def test_evidence_keeps_its_own_words_language_and_direction(english: Edition) -> None:
    quote = _row(english, "obl:2020-6-kelbajar").detail.quotes[0].value
    assert (quote.words, quote.language, quote.direction) == ("بحلول 15 نوفمبر", "ar", "rtl")
    assert quote.review_word == "machine-read"


def test_a_count_of_incidents_has_its_rule_and_exposure_beside_it(english: Edition) -> None:
    sentence = next(s.text for s in english.report.brief if "incidents are on record" in s.text)
    assert "under this rule" in sentence
    assert "exposure not known" in sentence
    assert "gap of one hour" in english.masthead.counting


def test_sides_are_never_merged_and_silence_is_shown(english: Edition) -> None:
    violation = next(i for i in english.report.incidents if "Askeran" in i.title)
    assert [(side.party, len(side.says)) for side in violation.sides] == [("Armenia", 0), ("Azerbaijan", 1)]


def test_machine_read_claims_stand_apart_from_accepted_ones(english: Edition) -> None:
    accepted = {line.what for group in english.report.accepted for line in group.lines}
    machine = {line.what for group in english.report.machine for line in group.lines}
    assert len(accepted) == 2
    assert len(machine) == 8
    assert accepted & machine == set()


def test_a_counter_without_a_figure_is_no_zero(example: PublishInput) -> None:
    last = example.steps[-1]
    silent = replace(last.counters[0], value=None)
    edition = publish(replace(example, steps=(*example.steps[:-1], replace(last, counters=(silent,)))), "en")
    assert edition.report.counters == ()
    assert "Deployment flights" in edition.report.uncounted


def test_restrictions_are_always_a_section(english: Edition, example: PublishInput) -> None:
    assert len(english.report.restrictions) == 1
    bare_view = replace(example, claims=tuple(c for c in example.claims if c.type != "freedom_of_movement"))
    empty = publish(bare_view, "en")
    assert empty.report.restrictions == ()
    assert "not observed" in empty.words.say("report.none_restrictions")


def test_the_naming_profile_chooses_the_names(example: PublishInput) -> None:
    places = {
        profile: publish(replace(example, profile=profile), "en").report.incidents[1].title
        for profile in ("both", "az", "am")
    }
    assert [title.rpartition(", ")[2] for title in places.values()] == [
        "Asgaran · Askeran",
        "Asgaran",
        "Askeran",
    ]


def test_both_languages_have_the_same_rows_and_steps(english: Edition, arabic: Edition) -> None:
    ids = [[row.id for group in e.board.groups for row in group.rows] for e in (english, arabic)]
    assert ids[0] == ids[1]
    assert english.statuses == arabic.statuses
    assert len(english.moments) == len(english.statuses) == 8


def test_the_realm_is_said_in_every_language(
    english: Edition, arabic: Edition, example: PublishInput
) -> None:
    assert (english.masthead.realm_word, arabic.masthead.realm_word) == ("DEMO DATA", "بيانات تجريبية")
    live = publish(replace(example, realm=Realm.LIVE), "en")
    assert live.masthead.realm_word == ""
    assert live.report.machine == ()


def test_the_same_input_gives_the_same_edition(example: PublishInput, english: Edition) -> None:
    assert publish(example, "en") == english


def test_no_step_or_no_words_is_refused(example: PublishInput) -> None:
    with pytest.raises(InputError, match="at least one moment"):
        publish(replace(example, steps=()), "en")
    with pytest.raises(InputError, match="no words for the language 'fr'"):
        publish(example, "fr")


def test_the_corridor_is_drawn_at_its_true_width_and_leaves_shusha_alone(example_module: Any) -> None:
    mission = example_module.pack.mission()
    desk = Desk.__new__(Desk)
    object.__setattr__(desk, "view", type("View", (), {"mission": mission})())
    clear = kept_clear(desk)
    assert clear == ((46.749, 39.758),)
    sheet = Sheet(46.0, 40.5, 47.5, 39.2)
    path = band_path(sheet, example_module.pack.CORRIDOR, 5.0, clear)
    ring = [
        tuple(map(float, pair.split())) for pair in path.strip("MZ").split("Z")[0].replace("M", "").split("L")
    ]
    band = Polygon(ring)
    assert not band.buffer(-0.1).contains(Point(*sheet.xy(46.749, 39.758)))
    straight = {"type": "LineString", "coordinates": [[46.2, 39.6], [46.6, 39.6]]}
    ys = [float(pair.split()[1]) for pair in band_path(sheet, straight, 5.0, ()).strip("MZ").split("L")]
    assert (max(ys) - min(ys)) * sheet.km_per_unit == pytest.approx(5.0, abs=0.1)


def test_disputed_lines_are_dashed_and_say_their_source(english: Edition) -> None:
    assert 'class="l-dashed"' in english.map.drawing.inner
    assert any("Natural Earth" in caption for caption in english.map.captions)
    assert any("made up" in caption for caption in english.map.captions)


def test_labels_take_free_room_or_stay_hidden() -> None:
    room = Room(300, 100)
    first = room.find(100, 50, 60, 12, 7)
    second = room.find(100, 50, 60, 12, 7)
    assert first
    assert second
    assert (first[0], first[2]) != (second[0], second[2])
    for _ in range(10):
        third = room.find(100, 50, 60, 12, 7)
    assert third is None


def test_uncertainty_is_soft_and_missing_below_a_kilometre(english: Edition) -> None:
    inner = english.map.drawing.inner
    assert inner.count('class="halo"') == 2
    assert inner.count('class="inc"') == 3
