"""When two answers are the same, and what is kept of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.determinations import COMPARED, HAPPENING, RESPONSIBILITY, FieldOutcome, Form, read_form
from truceline.determine.agreement import compare
from truceline.testing.rounds import SHELLING

LAT = 395_000_000
METRE_E7 = 89.83
"""A metre along a meridian, in 1e-7 degree."""


def form(**says: Any) -> Form:
    return read_form({**SHELLING, **says}, HAPPENING)


def field(name: str, *forms: Form, quorum: int = 2, chair: str = "") -> FieldOutcome:
    said = dict(zip("ABCDE", forms, strict=False))
    return next(one for one in compare(said, quorum, chair, HAPPENING) if one.name == name)


def at(metres: float, precision_m: int, place: str | None = None) -> dict[str, Any]:
    """A point so many metres north of the others'."""
    return {
        "place": place,
        "lon_e7": 470_000_000,
        "lat_e7": LAT + round(metres * METRE_E7),
        "precision_m": precision_m,
    }


@pytest.mark.parametrize(
    ("metres", "one_m", "other_m", "is_agreed"),
    [
        (0, 0, 0, True),
        (990, 500, 500, True),
        (1010, 500, 500, False),
        (1010, 500, 520, True),
        (5, 0, 0, False),
    ],
)
def test_two_points_agree_where_their_circles_touch(
    metres: float, one_m: int, other_m: int, is_agreed: bool
) -> None:
    found = field("where", form(where=at(0, one_m)), form(where=at(metres, other_m)))
    assert found.is_agreed is is_agreed


def test_of_two_points_that_agree_the_more_exact_is_kept() -> None:
    exact, coarse = at(300, 50), at(0, 2000)
    for pair in ((exact, coarse), (coarse, exact)):
        found = field("where", *(form(where=one) for one in pair))
        assert (found.is_agreed, found.value) == (True, exact)


def test_one_slug_is_one_place_and_a_point_in_it_is_kept() -> None:
    spot, bare = at(0, 900, "place:hadrut"), {"place": "place:hadrut", "precision_m": 100}
    found = field("where", form(where=bare), form(where=spot))
    assert (found.is_agreed, found.value) == (True, spot)
    assert not field("where", form(where={"place": "place:shusha"}), form(where=spot)).is_agreed
    assert not field("where", form(where=None), form(where=spot)).is_agreed


def test_closeness_does_not_carry_over() -> None:
    forms = [form(where=at(metres, 500)) for metres in (0, 900, 1800)]
    assert field("where", *forms).is_agreed is False, "A with B and B with C: two groups of one size"
    assert field("where", *forms, quorum=3).is_agreed is False
    assert field("where", *forms, form(where=at(900, 100))).is_agreed is False
    close = [form(where=at(metres, 500)) for metres in (0, 400, 800)]
    assert field("where", *close, quorum=3).is_agreed is True


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        ("2020-11-15T07:00:00Z", "2020-11-15T09:00:00Z", ("2020-11-15T07:00:00Z", "2020-11-15T08:00:00Z")),
        ("2020-11-15T08:00:00Z", "2020-11-15T09:00:00Z", ("2020-11-15T08:00:00Z", "2020-11-15T08:00:00Z")),
        ("2020-11-15T10:30:00+04:00", "2020-11-15T07:00:00Z", ("2020-11-15T10:30:00+04:00", "2020-11-15T07:00:00Z")),
        ("2020-11-15T08:00:01Z", "2020-11-15T09:00:00Z", None),
    ],
)  # fmt: skip
def test_two_times_agree_where_they_overlap_and_what_they_share_is_kept(
    start: str, end: str, kept: tuple[str, str] | None
) -> None:
    other = form(when={"start": start, "end": end})
    for pair in ((form(), other), (other, form())):
        found = field("when", *pair)
        assert found.is_agreed is (kept is not None)
        assert found.value == (kept and {"start": kept[0], "end": kept[1]})


def test_basis_and_reasons_are_each_sides_own() -> None:
    names = {one.name for one in compare({"A": form(), "B": form()}, 2, "", HAPPENING)}
    assert names == set(COMPARED)
    assert not names & {"basis", "reasons"}


def test_who_answers_is_compared_in_its_own_round_alone_with_its_standard() -> None:
    one = read_form({**SHELLING, "responsible": "party:armenia"}, RESPONSIBILITY)
    names = [found.name for found in compare({"A": one, "B": one}, 2, "", RESPONSIBILITY)]
    assert names == ["responsible", "standard"]


def test_a_chair_decides_only_where_no_agreement_is_reached() -> None:
    forms = form(breach="yes"), form(breach="yes"), form(breach="no")
    found = field("breach", *forms, chair="C")
    assert (found.value, found.is_by_chair) == ("yes", False)
    found = field("breach", forms[0], form(breach="unable"), forms[2], chair="C")
    assert (found.value, found.is_by_chair) == ("no", True)
    found = field("breach", forms[0], forms[2], chair="D")
    assert (found.value, found.is_agreed) == (None, False), "a chair that gave no position decides nothing"


@given(st.integers(0, 3000), st.integers(0, 1500), st.integers(0, 1500))
def test_who_is_named_first_changes_nothing(metres: int, one_m: int, other_m: int) -> None:
    one, other = form(where=at(0, one_m)), form(where=at(metres, other_m))
    ours, theirs = field("where", one, other), field("where", other, one)
    assert (ours.is_agreed, ours.value) == (theirs.is_agreed, theirs.value)
    assert ours.says["A"] == theirs.says["B"]
