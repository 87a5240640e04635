"""The day of an item: what heads and feet of papers and agencies say, and what is worked out where they say no year."""

from __future__ import annotations

from pathlib import Path

import pytest

from truceline.app.wiring import items_of, open_world
from truceline.collect import collect
from truceline.core.reports import Publication
from truceline.extract import extract

WORLD = open_world("karabakh-2020")
AR = "قالت وزارة الدفاع الأذربيجانية إن جنديين قتلا في هادروت أمس الخميس."
EN = "The Azerbaijani defence ministry said two of its soldiers were killed near Hadrut on Thursday."


def published(folder: Path, text: str) -> Publication | None:
    (folder / "item.txt").write_text(text, encoding="utf-8")
    (report,) = collect(items_of([folder / "item.txt"]), WORLD.knowledge).reports
    return extract(report, WORLD.readers).report.publication


@pytest.mark.parametrize(
    "text",
    [
        f"الجمعة - 03 جمادى الأولى 1442 هـ - 18 ديسمبر 2020 مـ رقم العدد [ 15361]\n\n{AR}",
        f"قتل جنديان في هادروت\n\n{AR}\n\nنشر في: 18/12/2020",
        f"قتل جنديان في هادروت\n\n{AR}\n\n(وكالات)\n18 ديسمبر 2020",
        f"قتل جنديان في هادروت\n\nتاريخ النشر: 18.12.2020 | 14:05 GMT\n\n{AR}",
        f"Two soldiers killed in Hadrut\n12/18/2020 2:05 PM EST\n{EN}",
        f"Two soldiers killed in Hadrut\n\n{EN}\n\n© 2020 Harbour Wire. Updated: Fri., Dec. 18, 2020",
    ],
)
def test_a_day_stated_at_the_head_or_at_the_foot_is_the_publication(tmp_path: Path, text: str) -> None:
    found = published(tmp_path, text)
    assert found is not None
    assert (found.value, found.basis) == ("2020-12-18", "explicit")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param(
            "باكو، 6 نيسان/أبريل (وكالة الشمال) - اتهمت أذربيجان أرمينيا اليوم الثلاثاء بإطلاق النار على مواقعها في شوشة. "
            "ووقعت الهدنة في 10 نوفمبر 2020.",
            "2021-04-06",
            id="behind the days it tells of",
        ),
        pytest.param(
            f"باكو 18 ديسمبر/كانون الأول (وكالة الشمال) - {AR}\n\nجميع الحقوق محفوظة © 2020",
            "2020-12-18",
            id="rights",
        ),
        pytest.param(
            "BAKU, Oct 12 (Harbour Wire) - Azerbaijan's defence ministry accused Armenian forces of opening fire near "
            "Shusha on Tuesday. The truce was signed in November 2020.",
            "2021-10-12",
            id="behind the month it tells of",
        ),
    ],
)
def test_a_dateline_without_a_year_takes_it_from_the_text_and_says_so(
    tmp_path: Path, text: str, day: str
) -> None:
    found = published(tmp_path, text)
    assert found is not None
    assert (found.value, found.basis) == (day, "inferred")
    assert found.text.endswith("year from the rest of the text")


def test_a_dateline_without_a_year_that_nothing_settles_stays_open(tmp_path: Path) -> None:
    assert published(tmp_path, f"BAKU, Dec 18 (Harbour Wire) - {EN}") is None


def test_a_dateline_whose_weekday_fits_no_year_that_the_text_names_stays_open(tmp_path: Path) -> None:
    text = "نار في قره باغ\n\nباكو، 7 نيسان/أبريل (وكالة الشمال) - اتهمت أذربيجان أرمينيا أمس الأربعاء بإطلاق النار. ووقعت الهدنة في 10 نوفمبر 2020."
    assert published(tmp_path, text) is None


@pytest.mark.parametrize(
    ("head", "month", "day"), [("9/10/2020", "سبتمبر", "2020-09-10"), ("9/10/2020", "أكتوبر", "2020-10-09")]
)
def test_the_month_that_the_text_calls_current_settles_which_figure_of_a_date_is_the_month(
    tmp_path: Path, head: str, month: str, day: str
) -> None:
    other = {"سبتمبر": "أكتوبر", "أكتوبر": "سبتمبر"}[month]
    text = (
        f"لافروف: سنراقب وقف إطلاق النار\n\n  • {head}\n  • 00:00\n\nقالت وزارة الدفاع الروسية إن أرمينيا تسلم أغدام حتى 13 {month} الجاري، "
        f"وكانت قد تسلمت القرار في 2 {other}.\n"
    )
    found = published(tmp_path, text)
    assert found is not None
    assert found.value == day
