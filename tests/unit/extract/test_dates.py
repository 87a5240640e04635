"""The date grammar of newspapers: a table of what is written and what it means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from truceline.core.times import When
from truceline.extract.dates import Calendar, resolve
from truceline.extract.units import Unit

PUBLISHED = date(2020, 11, 16)  # a Monday


def found(
    units_of: Callable[[str], list[Unit]], text: str, calendar: Calendar, *, future: bool = False
) -> When:
    raw = [unit.values["date"] for unit in units_of(text) if unit.has("DATE")]
    assert len(raw) == 1, text
    return resolve(raw[0], calendar, future=future)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("وقع في 9 نوفمبر 2020", "2020-11-09"),
        ("وقع في 9 تشرين الثاني/نوفمبر 2020", "2020-11-09"),
        ("وقع في 9 تشرين الثاني/ نوفمبر", "2020-11-09"),
        ("وقع في 9 نوفمبر (تشرين الثاني) 2020", "2020-11-09"),
        ("وقع في 13/11/2020", "2020-11-13"),
        ("وقع في 11/13/2020", "2020-11-13"),
        ("وقع في 20.11.2020", "2020-11-20"),
        ("وقع في 2020-11-20", "2020-11-20"),
        ("وقع أمس", "2020-11-15"),
        ("وقع أمس الأحد", "2020-11-15"),
        ("وقع اليوم الاثنين", "2020-11-16"),
        ("وقع الجمعة", "2020-11-13"),
        ("وقع مساء السبت", "2020-11-14"),
        ("وقع في 9 نوفمبر الماضي", "2020-11-09"),
        ("وقع في العاشر من نوفمبر", "2020-11-10"),
        ("وقع في الخامس والعشرين من الشهر الجاري", "2020-11-25"),
        ("وقع في العشرين من الشهر الماضي", "2020-10-20"),
        ("وقع أول أمس", "2020-11-14"),
    ],
)
def test_what_is_written_and_what_it_means(
    units_of: Callable[[str], list[Unit]], text: str, day: str
) -> None:
    assert found(units_of, text, Calendar(PUBLISHED)).start == day


def test_a_deadline_without_a_year_looks_forward(units_of: Callable[[str], list[Unit]]) -> None:
    assert found(units_of, "حتى 1 ديسمبر", Calendar(PUBLISHED), future=True).start == "2020-12-01"
    assert found(units_of, "حتى 5 يناير المقبل", Calendar(PUBLISHED), future=True).start == "2021-01-05"


def test_the_same_month_is_the_one_named_before(units_of: Callable[[str], list[Unit]]) -> None:
    calendar = Calendar(PUBLISHED)
    found(units_of, "حتى 15 نوفمبر", calendar)
    assert found(units_of, "حتى 20 من الشهر نفسه", calendar).start == "2020-11-20"
    assert found(units_of, "في الخامس والعشرين منه", calendar).start == "2020-11-25"


def test_the_same_month_without_one_is_unresolved(units_of: Callable[[str], list[Unit]]) -> None:
    when = found(units_of, "حتى 20 من الشهر نفسه", Calendar(PUBLISHED))
    assert when.start is None
    assert "unresolved" in when.basis


def test_two_month_names_that_contradict_each_other_are_noted(units_of: Callable[[str], list[Unit]]) -> None:
    calendar = Calendar(PUBLISHED)
    assert found(units_of, "في 9 تشرين الأول/نوفمبر 2020", calendar).start == "2020-11-09"
    assert any("contradict" in note for note in calendar.notes)


def test_of_two_month_names_the_one_used_elsewhere_counts(units_of: Callable[[str], list[Unit]]) -> None:
    calendar = Calendar(PUBLISHED, seen=[date(2020, 10, 9)])
    assert found(units_of, "في 9 تشرين الأول/نوفمبر 2020", calendar).start == "2020-10-09"


def test_a_weekday_that_does_not_fit_is_noted(units_of: Callable[[str], list[Unit]]) -> None:
    calendar = Calendar(PUBLISHED)
    assert found(units_of, "يوم الأربعاء 9 نوفمبر 2020", calendar).start == "2020-11-09"
    assert calendar.notes


def test_a_range_has_both_ends(units_of: Callable[[str], list[Unit]]) -> None:
    when = found(units_of, "في 11-12 نوفمبر 2020", Calendar(PUBLISHED))
    assert (when.start, when.end) == ("2020-11-11", "2020-11-12")


def test_no_publication_leaves_weekdays_open(units_of: Callable[[str], list[Unit]]) -> None:
    assert found(units_of, "وقع يوم الجمعة", Calendar()).start is None


def test_no_year_and_no_publication_is_said(units_of: Callable[[str], list[Unit]]) -> None:
    when = found(units_of, "وقع في 9 نوفمبر", Calendar())
    assert when.start is None
    assert when.precision == "unknown"


def test_a_day_that_does_not_exist_is_no_day(units_of: Callable[[str], list[Unit]]) -> None:
    assert found(units_of, "في 31 نوفمبر 2020", Calendar(PUBLISHED)).start is None


def test_the_number_two_is_not_monday(units_of: Callable[[str], list[Unit]]) -> None:
    assert not any(unit.has("DATE") for unit in units_of("أصيب جنديان اثنان من العسكريين"))


def test_a_month_of_last_year_is_last_years(units_of: Callable[[str], list[Unit]]) -> None:
    calendar = Calendar(date(2021, 10, 20))
    assert found(units_of, "وقع في 9 تشرين الثاني من العام الماضي", calendar).start == "2020-11-09"


def test_a_bare_weekday_that_lies_ahead_is_the_next_one(units_of: Callable[[str], list[Unit]]) -> None:
    assert found(units_of, "وقع الجمعة", Calendar(PUBLISHED), future=True).start == "2020-11-20"


def test_four_of_them_is_no_date(units_of: Callable[[str], list[Unit]]) -> None:
    assert not any(unit.has("DATE") for unit in units_of("قتل أربعة منهم"))
