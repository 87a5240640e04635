"""Who watched when: the line that became known last counts, and what contradicts itself is no observation."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from truceline.core.exposure import CheckIn, Equipment, Patrol, WatchBook, check_book
from truceline.cover.watchers import patrol_watchers, spans_of, watchers_of
from truceline.testing.theatre import EARS, EYES, HOUR, RULES, START, at, post, stay

WITHIN = (START, START + 24 * HOUR)
BAKU = ZoneInfo("Asia/Baku")


def hours(*stays: object, slug: str = "post:A") -> list[tuple[float, float]]:
    spans, _ = spans_of(slug, post("post:A", 0, 0), stays, WITHIN, BAKU)  # type: ignore[arg-type]
    return [((start - START) / HOUR, (end - START) / HOUR) for start, end in spans]


def test_a_roster_says_when_a_post_was_manned() -> None:
    assert hours(
        stay("post:A", "manned", 2, 5), stay("post:A", "manned", 5, 7), stay("post:B", "manned", 0, 24)
    ) == [(2, 7)]


def test_the_line_that_became_known_last_counts() -> None:
    manned = stay("post:A", "manned", 0, None, known_h=0)
    assert hours(manned, stay("post:A", "unmanned", 4, 6, known_h=20)) == [(0, 4), (6, 24)]
    assert hours(stay("post:A", "unmanned", 4, 6, known_h=-1), manned) == [(0, 24)]


def test_a_line_with_an_end_stands_inside_one_without() -> None:
    assert hours(stay("post:A", "manned", 0), stay("post:A", "withdrawn", 9, 10)) == [(0, 9), (10, 24)]
    assert hours(stay("post:A", "manned", 0), stay("post:A", "withdrawn", 9)) == [(0, 9)]


def test_lines_that_contradict_each_other_are_no_observation_and_said() -> None:
    spans, notes = spans_of(
        "post:A",
        post("post:A", 0, 0),
        (stay("post:A", "manned", 0, 6), stay("post:A", "unmanned", 4, 8)),
        WITHIN,
        BAKU,
    )
    assert spans == [(START, START + 4 * HOUR)]
    assert len(notes) == 1
    assert "contradict" in notes[0]


def test_without_a_roster_a_post_counts_in_the_packs_days_and_it_is_said() -> None:
    later = dataclasses.replace(post("post:A", 0, 0), since="2020-11-16", until="2020-11-20")
    spans, notes = spans_of("post:A", later, (), WITHIN, BAKU)
    assert spans == [(datetime(2020, 11, 15, 20, tzinfo=UTC), WITHIN[1])]
    assert "no roster" in notes[0]


def test_who_is_not_equipped_has_the_usual_means() -> None:
    book = WatchBook(
        equipment=(
            Equipment("post:B", ("eyes",), 9.0, ((300.0, 60.0),)),
            Equipment("feed:r", ("ears",), 5.0, lon=46.7, lat=39.9),
        )
    )
    found = watchers_of((post("post:A", 0, 0), post("post:B", 0, 0)), book, RULES)
    assert [(item.id, item.means, item.height_m, item.is_post) for item in found] == [
        ("post:A", (EYES, EARS), 4.0, True), ("post:B", (EYES,), 9.0, True), ("feed:r", (EARS,), 5.0, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("book", "said"),
    [
        (WatchBook(equipment=(Equipment("post:A", ("telepathy",), 1.0),)), "'telepathy' is no means"),
        (WatchBook(equipment=(Equipment("feed:x", ("eyes",), 1.0),)), "give lon and lat"),
        (WatchBook(equipment=(Equipment("post:A", ("eyes",), -1.0),)), "not negative"),
        (WatchBook(equipment=(Equipment("post:A", ("eyes",), 1.0, reach_m=0.0),)), "not negative"),
        (WatchBook(equipment=(Equipment("post:A", ("eyes",), 1.0, ((10.0, 400.0),)),)), "two bearings"),
        (WatchBook(roster=(stay("post:A", "manned", 5, 4),)), "ends before it begins"),
        (WatchBook(roster=(stay("post:Z", "manned", 5),)), "no such post"),
    ],
)
def test_what_cannot_be_is_one_sentence(book: WatchBook, said: str) -> None:
    found = check_book(book, RULES, frozenset({"post:A"}), frozenset({"zone:west"}))
    assert len(found) == 1
    assert said in found[0]


def patrol(*hours: float, **more: object) -> Patrol:
    track = tuple(CheckIn(START + hour * HOUR, *at(1000 * hour, 0)) for hour in hours)
    return Patrol("patrol:x", "a look", ("eyes",), track, **more)  # type: ignore[arg-type]


def test_a_patrol_watches_along_its_way_ten_minutes_at_a_time() -> None:
    found = patrol_watchers((patrol(0, 0.5),), RULES)
    assert [span for _, span in found] == [
        (START + n * HOUR / 6, START + (n + 1) * HOUR / 6) for n in range(3)
    ]
    lons = [who.lon for who, _ in found]
    assert lons == sorted(lons)
    assert at(0, 0)[0] < lons[0] < lons[2] < at(500, 0)[0]
    assert {who.group for who, _ in found} == {"patrols"}


def test_while_a_patrol_does_not_tell_nothing_is_assumed() -> None:
    assert len(patrol_watchers((patrol(0, 0.5, 2, 2.5),), RULES)) == 6


def test_a_patrol_that_does_not_tell_is_overdue_until_it_ends() -> None:
    out = patrol(0, 0.5)
    assert out.overdue_since(START + 0.9 * HOUR) is None
    assert out.overdue_since(START + 1.1 * HOUR) == START + HOUR
    assert out.overdue_since(START + 0.2 * HOUR) is None
    assert patrol(0, 0.5, end="completed").overdue_since(START + 9 * HOUR) is None


def test_where_a_patrol_was_is_known_as_it_tells() -> None:
    book = WatchBook(patrols=(patrol(0, 0.5, 1),)).known_by(START + 0.6 * HOUR)
    assert [point.at for point in book.patrols[0].track] == [START, START + 0.5 * HOUR]


def test_a_patrol_goes_the_short_way_across_the_antimeridian() -> None:
    track = (CheckIn(START, 179.9, 10.0), CheckIn(START + HOUR / 2, -179.9, 10.0))
    found = patrol_watchers((Patrol("patrol:x", "a look", ("eyes",), track),), RULES)
    assert all(abs(who.lon) > 179.8 for who, _ in found)


@pytest.mark.parametrize(
    ("book", "said"),
    [
        (WatchBook(patrols=(patrol(1, 0.5),)), "not in order"),
        (WatchBook(patrols=(patrol(0, 1, every_min=0),)), "not negative"),
        (WatchBook(patrols=(patrol(0, 1, end="turned_back"),)), "why it turned back"),
        (
            WatchBook(patrols=(Patrol("patrol:x", "", ("eyes",), (CheckIn(START, 39.8, 146.7),)),)),
            "lon comes before lat",
        ),
    ],
)
def test_a_patrol_that_cannot_be_is_one_sentence(book: WatchBook, said: str) -> None:
    (found,) = check_book(book, RULES, frozenset(), frozenset())
    assert said in found
