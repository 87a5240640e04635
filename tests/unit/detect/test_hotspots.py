"""Hot spots: what burns every season is usual, what burns out of season is not, and what no clear pass saw was not observed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from truceline.detect.hotspots import NOT_OBSERVED, NOTHING, UNUSUAL, USUAL, Look, Seasons, Spot

FIELD, FOREST, PLANT = (46.72, 39.62), (46.92, 39.82), (47.12, 39.42)
AREA = (46.5, 39.3, 47.3, 40.0)


def at(day: date, hour: float = 22.5) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() + hour * 3600


def passes(days: list[date], cloud: float = 0.3) -> list[Look]:
    return [Look(at(day, hour), "N20", *AREA, cloud) for day in days for hour in (9.5, 22.5)]


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=n) for n in range(365)]


def history(chance: np.random.Generator) -> tuple[list[Spot], list[Look]]:
    """Five years: a field that burns in August, a plant that is hot all year, a forest that never burns."""
    spots, looks = [], []
    for year in range(2015, 2020):
        looks += passes(days_of(year))
        for day in days_of(year):
            for hour in (9.5, 22.5):
                if day.month == 8 and chance.random() < 0.5:
                    spots.append(Spot(*FIELD, at(day, hour), "N20"))
                if chance.random() < 0.6:
                    spots.append(Spot(*PLANT, at(day, hour), "N20"))
    return spots, looks


@pytest.fixture(scope="module")
def seasons() -> Seasons:
    return Seasons(*history(np.random.default_rng(1)))


def judged(seasons: Seasons, day: date, where: tuple[float, float], n: int, cloud: float = 0.3) -> str:
    spots = [Spot(*where, at(day, hour), "N20") for hour in (9.5, 22.5)[:n]]
    cell = tuple(int(np.floor(edge / 0.05)) for edge in where)
    found = list(seasons.judge(spots, passes([day], cloud)))
    (one,) = [one for one in found if (round(one.west / 0.05), round(one.south / 0.05)) == cell]
    return one.state


def test_a_field_that_burns_every_august_is_usual_then_and_unusual_in_january(seasons: Seasons) -> None:
    assert judged(seasons, date(2020, 8, 12), FIELD, 2) == USUAL
    assert judged(seasons, date(2020, 1, 12), FIELD, 2) == UNUSUAL


def test_a_plant_that_is_always_hot_is_never_unusual_and_a_forest_that_never_burns_is(
    seasons: Seasons,
) -> None:
    assert {judged(seasons, date(2020, month, 12), PLANT, 2) for month in range(1, 13)} == {USUAL}
    assert judged(seasons, date(2020, 11, 12), FOREST, 2) == UNUSUAL


def test_nothing_seen_through_cloud_is_not_observed(seasons: Seasons) -> None:
    assert judged(seasons, date(2020, 11, 12), FOREST, 0, cloud=0.1) == NOTHING
    assert judged(seasons, date(2020, 11, 12), FOREST, 0, cloud=1.0) == NOT_OBSERVED


def test_the_season_goes_round_the_turn_of_the_year() -> None:
    spots = [Spot(*FIELD, at(date(year, 12, 30)), "N20") for year in range(2015, 2020)]
    looks = [look for year in range(2015, 2020) for look in passes(days_of(year))]
    seasons = Seasons(spots, looks)
    (new_year,) = seasons.judge([Spot(*FIELD, at(date(2020, 1, 3)), "N20")], ())
    (summer,) = seasons.judge([Spot(*FIELD, at(date(2020, 7, 3)), "N20")], ())
    assert new_year.p > 5 * summer.p


def test_many_spots_of_one_pass_in_a_cell_are_one_hot_look(seasons: Seasons) -> None:
    spots = [Spot(FOREST[0] + n * 1e-3, FOREST[1], at(date(2020, 11, 12)) + n * 10, "N20") for n in range(20)]
    (one,) = seasons.judge(spots, ())
    assert (one.n_hot, one.n_looks) == (1, 0)


def test_days_as_the_season_has_them_are_rarely_called_unusual(seasons: Seasons) -> None:
    chance, told = np.random.default_rng(7), []
    for day in days_of(2020):
        spots = [Spot(*PLANT, at(day, hour), "N20") for hour in (9.5, 22.5) if chance.random() < 0.6]
        told += [one.p for one in seasons.judge(spots, passes([day], 0.0)) if one.n_hot]
    assert len(told) > 200
    # a chance of 0.05 comes about in no more than one of twenty, with room for what chance itself does
    assert np.mean(np.array(told) < 0.05) < 0.08


@pytest.mark.parametrize(("size_deg", "weeks"), [(0, 2), (9, 2), (0.05, 0), (0.05, 40), (float("nan"), 2)])
def test_cells_and_seasons_that_are_none_are_refused(size_deg: float, weeks: float) -> None:
    with pytest.raises(ValueError, match="cell"):
        Seasons([], size_deg=size_deg, weeks=weeks)


def test_a_history_of_one_season_is_as_many_looks_as_that_season_had() -> None:
    august = [Spot(*PLANT, at(date(2019, 8, day)), "N20") for day in range(1, 31, 2)]
    (one,) = Seasons(august).judge([Spot(*PLANT, at(date(2020, 8, 12)), "N20")], ())
    assert 0.3 < one.expected / one.clear < 0.7
    assert one.state == USUAL


def test_passes_over_the_whole_world_cost_no_more_than_the_cells_that_anything_was_seen_in(
    seasons: Seasons,
) -> None:
    world = Look(at(date(2020, 11, 12)), "N20", -180.0, -90.0, 180.0, 90.0, 0.1)
    found = list(seasons.judge([Spot(*FOREST, at(date(2020, 11, 12)), "N20")], [world]))
    assert len(found) < 200
