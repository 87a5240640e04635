"""Figures as newspapers write them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from truceline.extract import Extraction
from truceline.extract.units import Unit


@pytest.mark.parametrize(
    ("text", "value", "op"),
    [
        ("نشرت سبع نقاط", "7", "="),
        ("نشرت خمسا وعشرين نقطة", None, "="),
        ("نشرت خمسة وعشرين جنديا", "25", "="),
        ("نشرت ثماني عشرة نقطة", "18", "="),
        ("نشرت مئة وعشرين جنديا", "120", "="),
        ("نشرت ألفا وتسعمئة وستين جنديا", "1960", "="),
        ("عاد 25 ألف شخص", "25000", "="),
        ("عاد أكثر من 600 شخص", "600", ">"),
        ("عاد نحو مئتي شخص", "200", "~"),
        ("عاد ما لا يقل عن 40 شخصا", "40", ">="),
        ("عاد أقل من 40 شخصا", "40", "<"),
        ("توغلت ثلاثة كيلومترات ونصف الكيلومتر", "3.5", "="),
        ("استعادت ثلثي الأراضي", "0.667", "="),
        ("أزيلت 1,960 قطعة", "1960", "="),
        ("بلغ 15.5 هكتارا", "15.5", "="),
        ("سجلت صفر حالة", "0", "="),
    ],
)
def test_figures(units_of: Callable[[str], list[Unit]], text: str, value: str | None, op: str) -> None:
    figures = [unit for unit in units_of(text) if unit.has("NUM")]
    if value is None:
        assert figures
        return
    assert [figure.values["number"] for figure in figures] == [Decimal(value)]
    assert figures[0].values.get("op", "=") == op


def test_a_range_is_one_figure_with_two_ends(units_of: Callable[[str], list[Unit]]) -> None:
    figures = [unit for unit in units_of("أصيب بين 40 و50 شخصا") if unit.has("NUM")]
    assert [(figure.values["number"], figure.values["to"]) for figure in figures] == [(40, 50)]


def test_a_clock_is_no_figure(units_of: Callable[[str], list[Unit]]) -> None:
    assert not any(unit.has("NUM") for unit in units_of("توقف عند الساعة 18:30 مساء"))


def test_the_same_number_is_the_figure_before_it(read: Callable[..., Extraction]) -> None:
    text = (
        "نشرت قوات حفظ السلام الروسية 6 نقاط مراقبة في ممر لاتشين والعدد نفسه في المنطقة الشمالية من قره باغ."
    )
    values = [claim.quantities[0].value for claim in read(text).claims if claim.type == "observation_posts"]
    assert values == [6, 6]


def test_a_dual_counts_two(read: Callable[..., Extraction]) -> None:
    claims = read("قالت وزارة الدفاع الأرمينية إن قواتها خسرت موقعين قتاليين.").claims
    assert [(c.type, c.quantities[0].value) for c in claims] == [("position_lost", 2)]


def test_exactness_reaches_the_claim(read: Callable[..., Extraction]) -> None:
    claims = read("عاد ما لا يقل عن 300 نازح إلى ستيباناكيرت.").claims
    assert [(c.type, c.quantities[0].op) for c in claims] == [("humanitarian", ">=")]


def test_both_ends_of_a_range_reach_the_claim(read: Callable[..., Extraction]) -> None:
    claims = read("بين 40 و50 جنديا أرمينيا أصيبوا في قره باغ.").claims
    assert [sorted(q.value for q in c.quantities) for c in claims if c.type == "casualties"] == [[40, 50]]


def test_hundreds_behind_written_thousands_belong_to_the_figure(
    units_of: Callable[[str], list[Unit]],
) -> None:
    figures = [unit.values["number"] for unit in units_of("عاد 18 ألفا و312 شخصا") if unit.has("NUM")]
    assert figures == [18312]
