"""A wire's text counts once, however many papers print it; another day's bulletin is no copy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.collect.copies import tie_copies
from truceline.core.ids import ReportId
from truceline.core.reports import Publication, Report

WIRE = (
    "The ministry said that nine posts stand in the northern zone and nine in the southern zone, and that seven more "
    "were set up along the corridor since the tenth of the month. Officers watch the road day and night, it said, and "
    "both sides keep to the agreement. Two convoys of families came back by the road on Sunday under escort."
)
OTHER = (
    "The foreign ministers spoke by telephone about the exchange of the fallen and the prisoners, and agreed to meet "
    "before the end of the month in the capital. Neither side gave a date, and the office of the commissioner asked "
    "both to let its staff visit all places of detention without delay or conditions of any kind."
)


def report(name: str, text: str, day: int = 16, source: str | None = None) -> Report:
    return Report(
        id=ReportId(f"report_{name}"),
        doc=f"{name}.txt",
        kind="article",
        sha256=name,
        size=len(text),
        media_type="text/plain",
        text=text,
        source=source,
        publication=Publication(f"2020-11-{day:02}", "manifest"),
        known_at=datetime(2020, 11, day, 23, 59, 59, tzinfo=UTC),
        known_basis="published",
    )


def tied(*reports: Report) -> dict[str, tuple[str | None, str | None]]:
    return {one.doc: (one.copy_of, one.copy_kind) for one in tie_copies(reports)}


def test_the_same_words_with_other_white_space_are_an_exact_copy_of_the_earlier() -> None:
    found = tied(report("late", WIRE.replace(" ", "\n"), 17), report("early", WIRE, 16))
    assert found == {"early.txt": (None, None), "late.txt": ("report_early", "exact")}


def test_a_paper_that_shortens_a_wire_reprints_it() -> None:
    found = tied(report("wire", WIRE, 16), report("paper", WIRE[: WIRE.index("Two convoys")], 17))
    assert found["paper.txt"] == ("report_wire", "reprint")


def test_a_paper_that_adds_a_line_to_a_wire_reprints_it() -> None:
    found = tied(report("wire", WIRE, 16), report("paper", "Our desk has this from the capital. " + WIRE, 17))
    assert found["paper.txt"] == ("report_wire", "reprint")


def test_a_paper_that_adds_a_figure_of_its_own_still_reprints() -> None:
    found = tied(report("wire", WIRE, 16), report("paper", WIRE + " Read 1240 times.", 17))
    assert found["paper.txt"] == ("report_wire", "reprint")


def test_other_texts_are_no_copies() -> None:
    found = tied(report("one", WIRE), report("two", OTHER))
    assert set(found.values()) == {(None, None)}


def test_the_next_bulletin_with_other_figures_is_no_copy() -> None:
    today = WIRE.replace("nine posts", "9 posts")
    found = tied(
        report("one", today, 16, "src:a"), report("two", today.replace("9 posts", "11 posts"), 17, "src:a")
    )
    assert set(found.values()) == {(None, None)}


def test_one_source_that_says_the_same_on_another_day_says_it_anew() -> None:
    found = tied(report("one", WIRE, 16, "src:a"), report("two", WIRE + " ", 17, "src:a"))
    assert set(found.values()) == {(None, None)}


def test_words_told_again_weeks_later_are_no_reprint() -> None:
    found = tied(report("one", WIRE, 1), report("two", WIRE + " ", 28))
    assert set(found.values()) == {(None, None)}


def test_what_is_open_to_all_is_no_copy_of_what_is_not() -> None:
    closed = replace(report("closed", WIRE, 15), owner="del:a", release="owner")
    assert tied(closed, report("open", WIRE + " ", 16))["open.txt"] == (None, None)


def test_a_copy_points_at_an_original_never_at_a_copy() -> None:
    many = [report(f"p{n:02}", f"{WIRE} {'x' * n}", 16 + n % 3) for n in range(12)]
    found = tied(*many)
    originals = {name for name, (of, _) in found.items() if of is None}
    assert originals == {"p00.txt"}
    assert {of for of, _ in found.values()} == {None, "report_p00"}


def test_who_is_the_original_is_settled_anew_once_moments_are_known() -> None:
    first, second = tie_copies([report("a", WIRE, 16), report("b", WIRE + " ", 17)])
    assert (first.id, second.copy_of) == ("report_a", "report_a")
    later = replace(first, known_at=datetime(2020, 11, 18, tzinfo=UTC))
    again = tie_copies([later, second])
    assert [(one.id, one.copy_of) for one in again] == [("report_b", None), ("report_a", "report_b")]


def test_unknown_moments_come_last() -> None:
    unknown = replace(report("a", WIRE), known_at=None, known_basis=None, publication=None)
    found = tied(unknown, report("z", WIRE + "\n", 20))
    assert found["a.txt"] == ("report_z", "exact")


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(6)))
def test_order_does_not_matter(order: list[int]) -> None:
    pool = [
        report("a", WIRE, 16),
        report("b", WIRE + "\n", 16),
        report("c", WIRE[:250], 18),
        report("d", OTHER, 15),
        report("e", OTHER.upper(), 17),
        report("f", WIRE + OTHER, 19),
    ]
    assert tie_copies([pool[index] for index in order]) == tie_copies(pool)


def test_a_thousand_reprints_are_tied_in_a_moment() -> None:
    words = WIRE.split()
    many = [
        report(f"p{n:04}", " ".join([*words, f"word{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}"]))
        for n in range(1000)
    ]
    started = datetime.now(tz=UTC)
    found = tied(*many)
    assert sum(of is None for of, _ in found.values()) == 1
    assert (datetime.now(tz=UTC) - started).total_seconds() < 5
