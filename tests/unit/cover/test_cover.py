"""Exposure: what could be seen, by whom, when; nothing that was not watched counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pytest

pytest.importorskip("numba", reason="exposure needs the extra 'cover'")

from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.exposure import Equipment, Look, Restriction, WatchBook, Weather
from truceline.core.places import Line, Post
from truceline.cover import cover, views
from truceline.cover.points import spread
from truceline.cover.stage import Exposure
from truceline.cover.stage import Ground as Seen
from truceline.cover.views import OutsideError, in_sectors, view_of
from truceline.cover.watchers import watchers_of
from truceline.testing.theatre import (
    CELL_M,
    EYES,
    HOUR,
    KINDS,
    RULES,
    SIDE,
    START,
    ZONES,
    Ground,
    at,
    circle_share,
    post,
    square,
    stay,
)

POST = post("post:A", -3000, 0)
EMPTY = WatchBook()
FULL = {"post:A": [(START, START + 24 * HOUR)]}


def ground_of(
    posts: Sequence[Post] = (POST,),
    book: WatchBook = EMPTY,
    ground: Ground | None = None,
    zones: Sequence[Line] = ZONES,
) -> Seen:
    points = spread(zones, RULES.most_points)
    views = [view_of(item, points, ground or Ground(), RULES) for item in watchers_of(posts, book, RULES)]
    return Seen(points, views, RULES)


def share(found: Exposure, kind: str, zone: int = 0, hour: int = 0) -> float:
    return float(found.share[zone, hour, KINDS[kind]])


def day(
    seen: Seen,
    spans: dict[str, list[tuple[datetime, datetime]]] = FULL,
    book: WatchBook = EMPTY,
    hours: int = 4,
) -> Exposure:
    return cover(seen, spans, book, (START, START + hours * HOUR))


def test_points_are_spread_evenly_over_polygons_and_corridors() -> None:
    line = {"type": "LineString", "coordinates": [list(at(-5000, 0)), list(at(5000, 0))]}
    corridor = Line("zone:c", "corridor", {}, line, "ours", width_km=2.0)
    points = spread((*ZONES, corridor), 2000)
    for index, area in enumerate((36e6, 36e6, 10e3 * 2e3 + np.pi * 1e6)):
        n = points.masks[index].bit_count()
        assert n * points.spacing_m[index] ** 2 == pytest.approx(area, rel=0.03)
        assert n == (points.zone == index).sum()
        assert 1500 < n < 2500


def test_on_flat_ground_the_share_is_the_area_within_range() -> None:
    found = day(ground_of())
    assert share(found, "vehicle") == pytest.approx(circle_share(2000, 6000), abs=0.01)
    assert share(found, "sound") == pytest.approx(circle_share(3000, 6000), abs=0.01)
    assert share(found, "fire") == 0
    assert 0 < share(found, "flash", zone=1) < 0.1


def test_nobody_there_is_nothing_observed() -> None:
    found = day(ground_of(), {})
    assert not found.share.any()
    assert not found.post_hours.any()


def test_part_of_an_hour_counts_as_that_part() -> None:
    whole = day(ground_of())
    found = day(ground_of(), {"post:A": [(START + 0.25 * HOUR, START + 1.5 * HOUR)]})
    assert share(found, "sound") == pytest.approx(0.75 * share(whole, "sound"))
    assert share(found, "sound", hour=1) == pytest.approx(0.5 * share(whole, "sound", hour=1))
    assert found.post_hours[0].tolist() == pytest.approx([0.75, 0.5, 0, 0])
    assert not found.post_hours[1].any()


def test_a_ridge_hides_what_is_behind_it_and_nothing_that_is_heard() -> None:
    heights = np.zeros((SIDE, SIDE))
    heights[:, SIDE // 2 - 25] = 200.0  # 2.5 km west of the middle: 0.5 km east of the post
    flat, found = day(ground_of()), day(ground_of(ground=Ground(heights)))
    assert share(found, "vehicle") < 0.75 * share(flat, "vehicle")
    assert share(found, "sound") == share(flat, "sound")


def test_a_sector_may_lie_across_north() -> None:
    bearings = np.array([0.0, 45, 61, 180, 299, 300, 359])
    assert in_sectors(bearings, ((300.0, 60.0),)).tolist() == [True, True, False, False, False, True, True]
    assert in_sectors(bearings, ((0.0, 360.0),)).all()
    book = WatchBook(equipment=(Equipment("post:A", ("eyes", "ears"), 4.0, ((270.0, 90.0),)),))
    assert share(day(ground_of(book=book)), "sound") == pytest.approx(
        0.5 * share(day(ground_of()), "sound"), rel=0.05
    )


def test_haze_shortens_sight_and_wind_hearing() -> None:
    seen = ground_of()
    clear = day(seen)
    haze = day(
        seen, book=WatchBook(weather=(Weather(START, START + HOUR, visibility_m=1000.0, wind_ms=12.0),))
    )
    assert share(haze, "vehicle") == pytest.approx(circle_share(1000, 6000), abs=0.01)
    assert share(haze, "sound") == pytest.approx(circle_share(1500, 6000), abs=0.01)
    assert share(haze, "vehicle", hour=1) == share(clear, "vehicle", hour=1)
    unknown = day(seen, book=WatchBook(weather=(Weather(START, START + HOUR),)))
    assert (unknown.share == clear.share).all()


def test_by_night_less_far_is_seen() -> None:
    seen = ground_of()
    spans = {"post:A": [(START, START + 24 * HOUR)]}
    found = cover(seen, spans, WatchBook(), (START, START + 24 * HOUR))
    night = int(np.argmax(found.light[0, :, 2] == 1))
    assert share(found, "vehicle", hour=night) == pytest.approx(circle_share(500, 6000), abs=0.005)
    assert np.allclose(found.light.sum(axis=2), 1)


def restricted(means: tuple[str, ...], zones: tuple[str, ...] = ("zone:west",)) -> WatchBook:
    return WatchBook(
        restrictions=(
            Restriction(
                "restriction:x", "denied", "order", "unknown", "unknown", zones, means, START, START + HOUR
            ),
        )
    )


@pytest.mark.parametrize("means", [("all",), ("posts",), ("post:A",), ("eyes", "ears")])
def test_a_restriction_opens_a_gap_in_its_zone(means: tuple[str, ...]) -> None:
    seen = ground_of()
    found, free = day(seen, book=restricted(means)), day(seen)
    assert not found.share[0, 0].any()
    assert (found.share[1] == free.share[1]).all()
    assert (found.share[0, 1:] == free.share[0, 1:]).all()
    assert found.restricted[0].tolist() == [1, 0, 0, 0]


def test_what_is_touched_is_all_that_is_lost() -> None:
    found = day(ground_of(), book=restricted(("eyes",)))
    assert share(found, "flash") == 0
    assert share(found, "sound") > 0.5
    assert found.post_hours[0, 0] == 1


def footprint(cloud: float = 0.0, start_h: float = 0.0, end_h: float = 1.0) -> Look:
    corners = [
        at(x, y) for x, y in ((-6000, -3000), (-3000, -3000), (-3000, 3000), (-6000, 3000), (-6000, -3000))
    ]
    ring = [list(pair) for pair in corners]
    return Look(
        "sortie:x",
        {"type": "Polygon", "coordinates": [ring]},
        ("vehicle", "fire"),
        START + start_h * HOUR,
        START + end_h * HOUR,
        cloud,
    )


def test_a_flight_sees_what_was_in_its_pictures_and_no_more() -> None:
    found = day(ground_of(), {}, WatchBook(looks=(footprint(),)))
    assert share(found, "vehicle") == pytest.approx(0.5, abs=0.02)
    assert share(found, "flash") == 0
    assert share(found, "vehicle", hour=1) == 0


def test_cloud_hides_its_share() -> None:
    found = day(ground_of(), {}, WatchBook(looks=(footprint(cloud=0.4),)))
    assert share(found, "vehicle") == pytest.approx(0.3, abs=0.02)


def test_an_overpass_sees_what_lasts_and_was_there_then() -> None:
    found = day(ground_of(), {}, WatchBook(looks=(footprint(start_h=1.5, end_h=1.5),)))
    assert share(found, "fire", hour=0) == pytest.approx(0.25, abs=0.02)
    assert share(found, "fire", hour=1) == pytest.approx(0.25, abs=0.02)
    assert share(found, "vehicle", hour=1) == 0


def test_two_watchers_who_see_the_same_count_it_once() -> None:
    twin = dataclasses.replace(POST, id="post:B")
    spans = {**FULL, "post:B": FULL["post:A"]}
    one, two = day(ground_of()), day(ground_of((POST, twin)), spans)
    assert (one.share == two.share).all()
    assert (two.post_hours[0] == 2).all()


def test_two_lines_of_equipment_are_one_post() -> None:
    book = WatchBook(equipment=(Equipment("post:A", ("eyes",), 4.0), Equipment("post:A", ("ears",), 1.0)))
    found, plain = day(ground_of(book=book)), day(ground_of())
    assert (found.post_hours == plain.post_hours).all()
    assert share(found, "sound") == share(plain, "sound")


def test_a_watcher_outside_the_model_is_refused_by_name() -> None:
    with pytest.raises(OutsideError, match="post:far"):
        ground_of((post("post:far", 50_000, 0),))


def test_ground_from_afar_is_looked_at_in_larger_steps() -> None:
    far = dataclasses.replace(
        RULES, means=(dataclasses.replace(EYES, ranges_m={"flash": (9000.0,) * 3}),), usual_means=("eyes",)
    )
    points = spread(ZONES, 500)
    (who,) = watchers_of((POST,), WatchBook(), far)
    whole = view_of(who, points, Ground(), far)
    before, views._MOST_SIDE = views._MOST_SIDE, 60
    try:
        coarse = view_of(who, points, Ground(), far)
    finally:
        views._MOST_SIDE = before
    assert (whole.step, coarse.step) == (1, 4)
    assert coarse.mask("flash", "day", None, None, frozenset()).bit_count() == pytest.approx(
        whole.mask("flash", "day", None, None, frozenset()).bit_count(), rel=0.02
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 99), st.floats(500, 6000), st.floats(0, 3000), st.floats(0, 20))
def test_more_range_more_height_more_watchers_never_see_less(
    seed: int, range_m: float, more_m: float, higher_m: float
) -> None:
    heights = 60 * np.random.default_rng(seed).random((SIDE // 4, SIDE // 4)).repeat(4, 0).repeat(4, 1)
    ground = Ground(heights)

    def seen(reach_m: float, height_m: float, posts: Sequence[Post] = (POST,)) -> np.ndarray:
        rules = dataclasses.replace(RULES, means=(dataclasses.replace(EYES, ranges_m={"flash": (reach_m,) * 3}),), usual_means=("eyes",), usual_height_m=height_m)  # fmt: skip
        points = spread(ZONES, 400)
        views = [view_of(item, points, ground, rules) for item in watchers_of(posts, WatchBook(), rules)]
        spans = {item.id: [(START, START + HOUR)] for item in posts}
        return cover(Seen(points, views, rules), spans, WatchBook(), (START, START + HOUR)).share

    low = seen(range_m, 4.0)
    assert (seen(range_m + more_m, 4.0) >= low).all()
    assert (seen(range_m, 4.0 + higher_m) >= low - 0.005).all()
    assert (seen(range_m, 4.0, (POST, post("post:B", 1000, 500))) >= low).all()


def test_zones_that_swap_swap_their_exposure() -> None:
    west, east = ZONES
    mirrored = (dataclasses.replace(west, id="zone:east"), dataclasses.replace(east, id="zone:west"))
    one, two = day(ground_of()), day(ground_of(zones=mirrored))
    assert one.zones == two.zones[::-1]
    assert (one.share == two.share).all()


def test_what_recurs_is_worked_out_once() -> None:
    seen = ground_of()
    day(seen, hours=4)
    n = len(seen.known)
    day(seen, hours=6)
    assert len(seen.known) == n == 2


def test_a_roster_is_taken_as_it_was_known() -> None:
    book = WatchBook(
        roster=(stay("post:A", "manned", 0, known_h=0), stay("post:A", "unmanned", 1, 2, known_h=9))
    )
    assert len(book.known_by(START + 8 * HOUR).roster) == 1
    assert len(book.known_by(START + 9 * HOUR).roster) == 2


def test_small_zones_still_have_points() -> None:
    assert spread((square("zone:s", 0, 0, 300),), 2000).masks[0].bit_count() >= 800


def test_cells_are_as_long_as_the_model_says() -> None:
    assert Ground().cell_m(0, 0) == (CELL_M, CELL_M)
