"""Page furniture never passes for words to read, and words to read never pass for furniture."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.adapters.files.chrome import read_chrome
from truceline.collect.lines import classify
from truceline.core.reports import READ_KINDS

CHROME = read_chrome()

PAGE_EN = """World
Observers count fewer shots along the line
Published: 16 November 2020, 09:30 GMT
By Our Correspondent
Observers at a post near the corridor - Agencies
Share
BARDIYAN, November 16. /TASS/. Observers counted fewer shots along the line on Monday, the centre said.

The week before

Both sides had accused each other of firing first, and neither gave figures.
Read also: Ministers meet in the capital
The talks go on next week.
#ceasefire #observers
Comments (2)
A reader
16 Nov 2020
They fired forty shells and nobody counted them.
"""

PAGE_RU = """В мире
Миротворцы открыли ещё один пост
16 ноября 2020, 12:05
Автор: Корреспондент отдела
МОСКВА, 16 ноя — РИА Новости. Миротворцы открыли ещё один пост на дороге, сообщило министерство.
Читайте также: Министры встретятся в столице
Пост работает круглосуточно, обстановка спокойная, нарушений не отмечено.
Все права защищены. При использовании материалов ссылка обязательна.
Поделиться
"""

PAGE_TR = """Dünya
Gözlemciler yeni noktayı açtı
16 Kasım 2020
Gözlemciler koridorda yeni bir noktayı pazartesi günü açtı, bakanlık açıkladı.
İlgili haberler: Bakanlar başkentte buluşacak
Noktada gün boyunca nöbet tutulacak ve ihlaller her akşam açıklanacak.
Tüm hakları saklıdır.
Yorumlar (1)
Bir okur yazdı, kırk atış olduğunu söyledi.
"""


def kinds(text: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in classify(text, CHROME)]


def kind_of(text: str, words: str) -> str:
    at = text.index(words)
    return next(one.kind for one in classify(text, CHROME) if one.start <= at < one.end)


@pytest.mark.parametrize(
    ("page", "words", "kind"),
    [
        (PAGE_EN, "World", "section"),
        (PAGE_EN, "Observers count fewer", "title"),
        (PAGE_EN, "Published:", "dateline"),
        (PAGE_EN, "By Our", "byline"),
        (PAGE_EN, "Observers at a post", "caption"),
        (PAGE_EN, "Share", "share"),
        (PAGE_EN, "BARDIYAN", "dateline"),
        (PAGE_EN, "Observers counted", "body"),
        (PAGE_EN, "The week before", "heading"),
        (PAGE_EN, "Read also", "read_also"),
        (PAGE_EN, "#ceasefire", "share"),
        (PAGE_EN, "They fired forty", "comment"),
        (PAGE_RU, "В мире", "section"),
        (PAGE_RU, "Миротворцы открыли", "title"),
        (PAGE_RU, "16 ноября", "dateline"),
        (PAGE_RU, "Автор", "byline"),
        (PAGE_RU, "МОСКВА", "dateline"),
        (PAGE_RU, "Читайте также", "read_also"),
        (PAGE_RU, "Все права", "footer"),
        (PAGE_RU, "Поделиться", "share"),
        (PAGE_TR, "Dünya", "section"),
        (PAGE_TR, "Gözlemciler yeni", "title"),
        (PAGE_TR, "16 Kasım", "dateline"),
        (PAGE_TR, "Gözlemciler koridorda", "body"),
        (PAGE_TR, "İlgili haberler", "read_also"),
        (PAGE_TR, "Tüm hakları", "footer"),
        (PAGE_TR, "Bir okur", "comment"),
    ],
)
def test_each_run_of_a_page_has_its_kind(page: str, words: str, kind: str) -> None:
    assert kind_of(page, words) == kind


def test_a_plain_bulletin_is_read_whole() -> None:
    text = "Over the past day no shots were counted. The road was open. Nine posts reported."
    assert kinds(text) == [("body", text)]


def test_a_bulletin_whose_first_word_opens_bylines_is_read() -> None:
    text = "By Friday, three hundred people had come back.\nTwo convoys passed on Saturday morning."
    assert {kind for kind, _ in kinds(text)} <= READ_KINDS


def test_a_link_to_comments_above_the_text_swallows_nothing() -> None:
    text = "The road is open again\nComments\nThe road was opened on Monday, said the centre in a note.\nIt stays open."
    assert kind_of(text, "The road was opened") == "body"
    assert kind_of(text, "It stays") == "body"


def test_the_title_told_again_under_a_picture_is_a_repeat() -> None:
    title = "Nine posts stand in the north and nine in the south"
    text = f"{title}\n{title} a picture\nNine posts were set up in the north, the ministry said on Sunday."
    assert [kind for kind, _ in kinds(text)] == ["title", "repeat", "body"]


def test_a_footer_inside_one_long_paragraph_is_cut_off() -> None:
    body = "The centre opened on Saturday, both sides said, and the first officers came. "
    text = (
        "The centre opens\n"
        + body * 4
        + "News published on the official page is shortened. To subscribe to the feed, call."
    )
    found = kinds(text)
    assert found[-1][0] == "footer"
    assert found[-1][1].startswith("News published on the official")
    assert found[-2][0] == "body"


def test_a_bracket_that_names_no_agency_and_no_date_is_read() -> None:
    text = "The road\n(The officers) left the post on Monday morning, said the ministry of defence."
    assert kind_of(text, "(The officers)") == "body"


def test_a_paragraph_that_only_begins_like_a_link_is_read() -> None:
    text = "عنوان الخبر هنا\nشاهد مراسلنا في المنطقة رتلا من الشاحنات يعبر الممر نحو المدينة صباح اليوم.\nولم يسجل أي خرق."
    assert kind_of(text, "شاهد مراسلنا") == "body"


BODY = "The road was opened on Monday, the ministry said in a note to both sides."


@pytest.mark.parametrize(
    "line",
    [
        "Ankara - 11.11.2020 (AA)",
        "TRT Haber - 15 Kasım 2020, 17:45",
        "باكو/ الأناضول",
        "موسكو، 11 كانون الثاني/يناير 2021 - سبوتنيك",
        "Published 13 December 2020",
    ],
)
def test_a_line_of_place_agency_and_day_is_a_dateline(line: str) -> None:
    assert kind_of(f"A road is opened again\n{line}\n{BODY}\nIt stays open.", line) == "dateline"


@pytest.mark.parametrize(
    "line", ["The truce of 9 November 2020", "اتفاق 9 نوفمبر 2020", "The road - a story of 9 long years"]
)
def test_a_second_headline_with_a_day_in_it_is_read(line: str) -> None:
    assert kind_of(f"A road is opened again\n{line}\n{BODY}\nIt stays open.", line) in READ_KINDS


@pytest.mark.parametrize(
    "opening",
    [
        "BAKU, Nov 25 (Reuters) - ",
        "YEREVAN/BAKU, Nov 17, 2021 (Reuters) - ",
        "MOSCOW, November 10, 2020 (TASS). ",
        "YEREVAN, NOVEMBER 19, ARMENPRESS. ",
        "Москва. 21 ноября 2020 года. ИНТЕРФАКС - ",
        "موسكو - سبوتنيك. ",
        "القاهرة (د ب أ) - ",
        "(وكالة الأناضول - 17 نوفمبر 2021) ",
        "[11/17/2021] ",
        "GENEVA, 3 May (UNHQ) - ",
    ],
)
def test_an_opening_of_place_day_and_agency_is_a_dateline_and_the_rest_is_read(opening: str) -> None:
    text = f"A road is opened again\n{opening}{BODY}\nIt stays open."
    assert kinds(text)[1:3] == [("dateline", opening.strip()), ("body", BODY)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister told Reuters - and others - that the road was open on Monday for all.",
        "وفقا لوكالة (تاس)، فتحت القوات الطريق صباح الاثنين أمام جميع السكان في المنطقة.",
        "Azerbaijan, Armenia and Russia agreed on Monday (AFP) that the road is to be open.",
        "Shells fell near the school: AFP - a reporter there said so on Monday in the evening.",
    ],
)
def test_an_agency_inside_a_sentence_cuts_nothing_off(sentence: str) -> None:
    text = f"A road is opened again\n{sentence}\nIt stays open."
    assert kind_of(text, sentence[:9]) == "body"


def test_facts_above_a_text_and_a_signature_below_it_are_no_news() -> None:
    text = f"---\ntitle: The week\ndate: 2021-03-14\n---\n# The week\n{BODY}\n--\nAnswer with STOP to leave the list."
    assert [kind for kind, _ in kinds(text)] == [
        *("masthead", "masthead", "dateline", "masthead", "title", "body", "footer", "footer")
    ]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab ا9\n.:\xa0-(•#\r\u2028\ufeff"), max_size=200))
def test_segments_are_in_order_apart_and_lose_no_letter(text: str) -> None:
    end = 0
    covered = set()
    for one in classify(text, CHROME):
        assert end <= one.start < one.end <= len(text)
        end = one.end
        covered.update(range(one.start, one.end))
    assert all(index in covered for index, char in enumerate(text) if char.isalnum())


@pytest.mark.shared
def test_the_five_articles_lose_their_noise_and_keep_their_claims(shared: Path) -> None:
    gold = json.loads((shared / "gold" / "claims_seeds.json").read_text(encoding="utf-8"))
    wrong: list[str] = []
    n_titles = 0
    for document in gold["documents"]:
        text = (shared / "seeds" / document["file"]).read_bytes().decode("utf-8")
        segments = classify(text, CHROME)
        noise = {i for one in segments if one.kind not in READ_KINDS for i in range(one.start, one.end)}
        n_titles += sum(one.kind == "title" for one in segments)
        for span in document["noise"]:
            start, end = span["span"]
            held = [i in noise for i in range(start, end) if not text[i].isspace()]
            if sum(held) < 0.9 * len(held):
                wrong.append(f"{document['file']}: {span['kind']} is read")
        for claim in document["claims"]:
            start, end = claim["evidence_span"]
            if any(i in noise for i in range(start, end)):
                wrong.append(f"{document['file']}: {claim['id']} is lost")
    assert wrong == []
    assert n_titles == len(gold["documents"])
