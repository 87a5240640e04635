"""What holds over a whole text: topic, titles, publication, sums, noise, traps of the trade."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from truceline.core.ids import identify
from truceline.core.reports import Report, Segment
from truceline.extract import Extraction, Reader, extract

Read = Callable[..., Extraction]


def kinds(extraction: Extraction) -> list[str]:
    return [claim.type for claim in extraction.claims]


def test_nothing_from_an_empty_text_or_an_unknown_language(reader: Reader) -> None:
    for text, language in (("", "ar"), ("خرقت أذربيجان الهدنة", "xx")):
        report = Report(
            id=identify("report", {"t": text}), doc="x", kind="article", sha256="", size=0, media_type="text/plain",
            language=language, text=text,
        )  # fmt: skip
        assert extract(report, {"ar": reader}).claims == ()


def test_nothing_from_a_text_about_another_war(read: Read) -> None:
    assert (
        kinds(
            read(
                "اجتمعت الأطراف الليبية في سرت لتثبيت وقف إطلاق النار وتبادل 20 أسيرا.\nوسجل المراقبون خرقا للهدنة."
            )
        )
        == []
    )


def test_another_war_inside_a_text_ends_where_the_theatre_is_named_again(read: Read) -> None:
    text = (
        "قصفت القوات الأذربيجانية قرية قرب مارتوني.\nوفي أوكرانيا قصفت المدفعية مدينة أخرى.\nوقتل ثلاثة أشخاص.\n"
        "وفي هادروت سجل المراقبون الروس خرقين لوقف إطلاق النار."
    )
    assert kinds(read(text)) == ["attack", "ceasefire_violation"]


@pytest.mark.parametrize("kind", ["comment", "share", "read_also", "footer", "masthead"])
def test_nothing_from_noise(reader: Reader, kind: str) -> None:
    text = "خرقت أذربيجان وقف إطلاق النار ثلاث مرات وقصفت مواقع أرمينية."
    report = Report(
        id=identify("report", {"t": text}), doc="x", kind="article", sha256="", size=0, media_type="text/plain",
        language="ar", text=text, segments=(Segment(0, len(text), kind),),
    )  # fmt: skip
    assert extract(report, {"ar": reader}).claims == ()


def test_a_sentence_said_twice_is_one_claim_with_repeats(read: Read) -> None:
    sentence = "نشرت قوات حفظ السلام الروسية 25 نقطة مراقبة في قره باغ."
    claims = read(f"{sentence}\n{sentence}").claims
    assert len(claims) == 1
    assert len(claims[0].repeats) == 1


def test_two_speakers_stay_two_claims_where_they_differ(read: Read) -> None:
    text = (
        "أعلنت وزارة الدفاع الأرمينية مقتل ستة جنود أرمن.\n"
        "وقالت وزارة الدفاع الأذربيجانية إن سبعة جنود أرمن قتلوا."
    )
    assert [float(c.quantities[0].value) for c in read(text).claims if c.type == "casualties"] == [6, 7]


def test_parts_that_add_up_are_said_to(read: Read) -> None:
    text = (
        "نشرت القوات الروسية 25 نقطة مراقبة في قره باغ، منها 7 نقاط مراقبة في ممر لاتشين و9 نقاط مراقبة في المنطقة "
        "الجنوبية، والعدد نفسه في المنطقة الشمالية."
    )
    assert any("7 + 9 + 9 = 25 adds up" in note for note in read(text).notes)


def test_publication_is_the_dateline(reader: Reader) -> None:
    for line in (
        "20.11.2020",
        "الجمعة 20 نوفمبر 2020",
        "باكو (أ ف ب) - 20 نوفمبر 2020 - أعلنت أذربيجان دخول أغدام.",
    ):
        report = Report(
            id=identify("report", {"t": line}), doc="x", kind="article", sha256="", size=0, media_type="text/plain",
            language="ar", text=line + "\nدخلت القوات الأذربيجانية أغدام أمس.",
        )  # fmt: skip
        settled = extract(report, {"ar": reader}).report
        assert settled.publication is not None, line
        assert settled.publication.value == "2020-11-20"


def test_a_weapon_made_in_russia_is_not_used_by_russia(read: Read) -> None:
    claims = read("أعلن وزير الدفاع الأرميني أن الجيش الأرميني استخدم صواريخ روسية الصنع في قره باغ.").claims
    used = [claim for claim in claims if claim.type == "weapon_use"]
    assert [ref.label for claim in used for ref in claim.actors] == ["Armenian army"]


def test_its_captive_soldiers_are_the_speakers(read: Read) -> None:
    claims = read("أعلنت وزارة الدفاع الأرمينية وقوع 15 من جنودها أسرى.").claims
    (claim,) = (c for c in claims if c.type == "prisoners")
    assert "Armenia" in claim.targets[0].label
    assert claim.actors[0].label == "implicit: Azerbaijan"
    assert claim.modality == "admitted"


def test_the_text_wins_over_the_pack_about_who_holds_an_office(read: Read) -> None:
    claims = read("قال رئيس الوزراء الأذربيجاني نيكول باشينيان إن القوات الأرمينية خرقت الهدنة.").claims
    (claim,) = (c for c in claims if c.type == "ceasefire_violation")
    assert claim.modality == "accused"
    assert "Azerbaijan" in claim.attribution[0]


def test_he_added_goes_on_with_the_speaker(read: Read) -> None:
    text = "قال لافروف إن اتفاق قره باغ ينفذ بنجاح.\nوأضاف أن القوات الروسية نشرت 23 نقطة مراقبة في قره باغ."
    assert [claim.attribution[0] for claim in read(text).claims] == ["Sergei Lavrov", "Sergei Lavrov"]


def test_a_quotation_goes_on_over_sentences(read: Read) -> None:
    text = 'قال بيسكوف: "اتفاق قره باغ ينفذ رغم الصعوبات. والوضع على خط التماس هادئ".'
    assert [claim.attribution[0] for claim in read(text).claims] == ["Dmitry Peskov", "Dmitry Peskov"]


def test_reading_is_the_same_every_time(read: Read) -> None:
    text = "سجل المراقبون الروس 4 خروقات لوقف إطلاق النار في هادروت يوم 11 نوفمبر."
    assert read(text) == read(text)
