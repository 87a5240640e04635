"""JSON of core things: what is written is read back as the same thing."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from truceline.app import shapes
from truceline.core.claims import Quantity, Ref, Review
from truceline.core.incidents import Location
from truceline.core.times import ValidAt, When

MOMENTS = st.datetimes(timezones=st.just(UTC)).map(lambda value: value.replace(microsecond=0))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_figures_come_back_exact(value: Decimal) -> None:
    quantity = Quantity(value, "flight", ">=")
    assert shapes.decode(shapes.encode(quantity), Quantity) == quantity


@given(MOMENTS, MOMENTS)
def test_times_come_back_in_utc(start: datetime, end: datetime) -> None:
    interval = ValidAt(start, end, "day", "explicit")
    assert shapes.decode(shapes.encode(interval), ValidAt) == interval


@given(st.text())
def test_any_words_come_back(words: str) -> None:
    words = words.encode("utf-8", "ignore").decode("utf-8")
    ref = Ref(None, words)
    assert shapes.revive(shapes.plain(ref), Ref) == ref


def test_instants_end_in_z_and_decimals_are_numbers() -> None:
    moment = datetime(2020, 11, 9, 21, tzinfo=UTC)
    assert shapes.encode(Review("accepted", "7", moment)) == (
        b'{"state":"accepted","by":"7","known_at":"2020-11-09T21:00:00Z"}'
    )
    assert shapes.plain(Quantity(Decimal("0.667"), "share_of_territory"))["value"] == 0.667


def test_lines_are_one_thing_each() -> None:
    things = [Location(46.5, 39.8, 1000.0), When("2020-11-10", None, "day", "explicit")]
    assert shapes.lines(things).count(b"\n") == 2
