"""Deadline arithmetic: readings, days of the mission's zone, months and years after an event."""

from __future__ import annotations

import importlib.util
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.assess import assess
from truceline.assess.deadline import counted_from
from truceline.core.obligations import Relative
from truceline.core.times import add_months, day_end, day_start


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make = _load("claims_of_any_kind").make
PASSED = "not_observed"
"""What a deadline that has passed in silence gives."""

ZONE = ZoneInfo("Asia/Baku")
dues = st.dates(date(2020, 11, 13), date(2021, 12, 31))
seconds = st.integers(-2 * 86_400, 3 * 86_400)
"""Around a due date, and never before the instrument's publication: until then it has no status at all."""


def status_at(reading: str, due: date, moment: datetime) -> str:
    duty = make.duty("dated", due=due.isoformat(), reading=reading, observable=False)
    return str(assess(make.mission(duty), (), (), known_at=moment)[0].status)


@settings(max_examples=80, deadline=None)
@given(due=dues, offset=seconds)
def test_inclusive_runs_to_24_00_and_exclusive_to_00_00_local_time(due: date, offset: int) -> None:
    moment = day_start(due, ZONE) + timedelta(seconds=offset)
    assert (status_at("inclusive", due, moment) == PASSED) == (moment >= day_end(due, ZONE))
    assert (status_at("exclusive", due, moment) == PASSED) == (moment >= day_start(due, ZONE))


@settings(max_examples=80, deadline=None)
@given(due=dues, offset=seconds)
def test_an_exclusive_deadline_is_the_inclusive_one_of_the_day_before(due: date, offset: int) -> None:
    moment = day_start(due, ZONE) + timedelta(seconds=offset)
    assert status_at("exclusive", due, moment) == status_at("inclusive", due - timedelta(days=1), moment)


@settings(max_examples=80, deadline=None)
@given(due=dues, offset=st.integers(0, 400 * 86_400))
def test_time_alone_never_turns_a_deadline_back(due: date, offset: int) -> None:
    order = ["not_yet_due", "due", PASSED]
    start = datetime(2020, 11, 10, tzinfo=UTC)
    first = start + timedelta(seconds=offset)
    later = first + timedelta(hours=7)
    assert order.index(status_at("inclusive", due, first)) <= order.index(status_at("inclusive", due, later))


@given(day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), months=st.integers(0, 240))
def test_months_after_a_day_keep_the_day_or_the_months_last_one(day: date, months: int) -> None:
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)


@given(day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), years=st.integers(0, 9), days=st.integers(0, 60))
def test_years_are_twelve_months_and_days_come_last(day: date, years: int, days: int) -> None:
    assert counted_from(day, Relative("effective", years=years, days=days)) == add_months(
        day, 12 * years
    ) + timedelta(days=days)
