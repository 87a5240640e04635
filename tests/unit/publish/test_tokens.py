"""Every machine token stays whole inside a text of the other direction."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.adapters.catalogues import load_catalogue
from truceline.publish import PublishInput, publish
from truceline.publish.catalogue import Catalogue
from truceline.publish.edition import Drawing
from truceline.publish.tokens import END, LTR, RTL, Tokens, balanced, bare, loose_figures

BAKU = ZoneInfo("Asia/Baku")
CATALOGUES = {language: load_catalogue(language) for language in ("en", "ar")}
EN, AR = (Tokens(CATALOGUES[language], BAKU) for language in ("en", "ar"))


def test_a_day_is_one_token_in_the_direction_of_its_words() -> None:
    assert EN.day("2020-11-25") == f"{LTR}25 Nov 2020{END}"
    assert AR.day(date(2020, 11, 25)) == f"{RTL}25 نوفمبر 2020{END}"


def test_a_range_of_days_is_one_token() -> None:
    assert bare(EN.days("2020-11-10", "2020-11-16")) == "10 Nov 2020 – 16 Nov 2020"
    assert AR.days("2020-11-10", "2020-11-16").count(END) == 1


def test_a_moment_is_printed_in_the_missions_zone() -> None:
    assert bare(EN.instant(datetime(2020, 11, 22, 8, 0, tzinfo=UTC))) == "22 Nov 2020, 12:00\u202fUTC+4"


def test_a_bare_date_of_knowledge_keeps_the_day_it_bears() -> None:
    known = datetime(2020, 11, 16, 23, 59, 59, tzinfo=UTC)
    assert bare(EN.known_day(known)) == "16 Nov 2020"
    assert "16 Nov 2020" in bare(EN.known(known))


def test_sign_figure_and_unit_of_a_place_are_one_token() -> None:
    assert AR.coordinate(46.12, 39.62, 7000) == f"{LTR}39.62°N, 46.12°E ±7\u202fkm{END}"
    assert AR.precision(900) == f"{LTR}±0.9\u202fkm{END}"


def test_quantities_take_the_form_of_their_number_and_are_never_rounded() -> None:
    assert bare(EN.quantity(Decimal(1960), "person")) == "1,960 persons"
    assert bare(AR.quantity(Decimal(12), "prisoner")) == "12 أسيرًا"
    assert bare(EN.quantity(Decimal("15.5"), "km2", ">=")) == "at least 15.5 km²"
    assert bare(EN.quantity(Decimal(3), "unheard_of")) == "3 × unheard of"


@given(st.decimals(min_value=0, max_value=10**9, places=3), st.sampled_from(["=", "~", ">", "<", ">="]))
def test_a_figure_is_always_isolated(value: Decimal, op: str) -> None:
    for tokens in (EN, AR):
        text = tokens.quantity(value, "hectare", op)
        assert balanced(text)
        assert loose_figures(text) == []


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Catalogue | Drawing):
        return []
    if is_dataclass(value) and not isinstance(value, type):
        return [text for field in fields(value) for text in _strings(getattr(value, field.name))]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _strings(item)]
    return []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_isolate_of_an_edition_is_closed(example: PublishInput, language: str) -> None:
    texts = _strings(publish(example, language))
    assert len(texts) > 500
    assert [text for text in texts if not balanced(text)] == []


def test_no_figure_of_an_arabic_report_stands_loose(example: PublishInput) -> None:
    edition = publish(example, "ar")
    printed = [edition.report.cut_off, edition.masthead.counting, edition.report.title]
    for part in (
        edition.report.brief,
        edition.report.accepted,
        edition.report.machine,
        edition.report.counters,
        edition.report.sources,
        edition.report.restrictions,
        edition.report.record,
        edition.moments,
        edition.board.ticks,
        [(i.title, i.when, i.where, i.independent, i.sides) for i in edition.report.incidents],
        [(duty.due, duty.clause, duty.exposed) for duty in edition.report.duties],
        [row.chip for group in edition.board.groups for row in group.rows],
    ):
        printed += _strings(list(part) if isinstance(part, tuple) else [part] if is_dataclass(part) else part)
    loose = {text: loose_figures(text) for text in printed if loose_figures(text)}
    assert loose == {}
