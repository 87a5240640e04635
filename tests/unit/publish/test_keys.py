"""The key panel and the queue: nothing of the other's position before the round opens; the urgent first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.publish import PublishInput
from truceline.publish.desk import Desk
from truceline.publish.keys import keys_of, panel_of
from truceline.publish.stage import desk_of
from truceline.publish.watch import urgency
from truceline.testing.rounds import Play

HOURS = st.integers(0, 24 * 400).map(lambda hours: timedelta(hours=hours))


@pytest.fixture(scope="module", params=["en", "ar"])
def desk(request: pytest.FixtureRequest, example: PublishInput) -> Desk:
    return desk_of(example, request.param)


def states(desk: Desk, play: Play, letter: str) -> list[tuple[str, str]]:
    return [(slot.letter, slot.state) for slot in panel_of(desk, play.stands(), letter).slots]


def test_ones_own_key_stands_first_and_the_other_shows_nothing_not_even_whether_it_is_in(desk: Desk) -> None:
    empty, sealed = Play().propose(), Play().propose().seal("B")
    assert states(desk, empty, "A") == states(desk, sealed, "A") == [("A", "mine-open"), ("B", "hidden")]
    panel = panel_of(desk, sealed.stands(), "A")
    assert panel == panel_of(desk, empty.stands(), "A")
    assert states(desk, sealed, "B") == [("B", "sealed"), ("A", "hidden")]


def test_nothing_of_a_position_is_in_the_panel_before_both_are_open(desk: Desk) -> None:
    play = Play().propose().seal("A", reasons="ZEBRA").seal("B", reasons="ZEBRA").open("A")
    for letter in ("A", "B", ""):
        panel = panel_of(desk, play.stands(), letter)
        assert panel.fields == ()
        assert "ZEBRA" not in repr(panel)


@pytest.mark.parametrize(
    ("b_says", "style", "state"),
    [
        ({}, "met", "opened"),
        (
            {"happened": "no", "kind": None, "where": None, "when": None, "clause": None},
            "disputed",
            "differs",
        ),
    ],
)
def test_both_stand_side_by_side_once_the_round_has_ended(
    desk: Desk, b_says: dict[str, Any], style: str, state: str
) -> None:
    play = Play().propose().seal("A").seal("B", **b_says).open("A").open("B")
    panel = panel_of(desk, play.stands(), "B")
    assert (panel.style, [slot.state for slot in panel.slots]) == (style, [state, state])
    assert [slot.letter for slot in panel.slots] == ["B", "A"]
    assert all(len(says) == 2 for _, _, says in panel.fields)
    assert {key.state for key in keys_of(desk, [play.stands()], "A")} == {
        "agrees" if state == "opened" else "differs"
    }


def test_silence_is_shown_as_silence(desk: Desk) -> None:
    play = Play().propose().seal("A").wait(hours=72).open("A")
    assert states(desk, play, "A") == [("A", "opened"), ("B", "absent")]
    assert panel_of(desk, play.stands(), "A").style == "late"


@given(st.floats(1, 5), st.floats(1, 5), HOURS, HOURS, HOURS)
def test_what_is_graver_newer_or_nearer_its_deadline_comes_first(
    severity: float, more: float, age: timedelta, older: timedelta, until: timedelta
) -> None:
    here = urgency(severity, age, until)
    assert urgency(severity + more, age, until) > here
    assert urgency(severity, age + older + timedelta(hours=1), until) < here
    assert urgency(severity, age, until + older + timedelta(hours=1)) < here
    assert here > urgency(severity, age, None)
