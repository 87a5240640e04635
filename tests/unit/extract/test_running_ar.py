"""What a sentence takes over from those before it: the day, the place, whose soldiers "its soldiers" are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from truceline.extract import Extraction

Read = Callable[..., Extraction]
FIRST = "قصفت القوات الأذربيجانية مواقع أرمينية قرب هادروت الجمعة.\n"


def test_the_day_named_before_holds_for_two_sentences(read: Read) -> None:
    claims = read(
        FIRST + "وقتل جندي أرميني.\nوناقش الطرفان الوضع.\nتقع البلدة على تلة.\nوأصيب مدنيان."
    ).claims
    days = {
        claim.quantities[0].unit: claim.when and claim.when.start
        for claim in claims
        if claim.type == "casualties"
    }
    assert days == {"killed": "2020-11-13", "injured_civilian": None}


def test_there_is_the_place_named_before(read: Read) -> None:
    claims = read(FIRST + "وقتل هناك ثلاثة جنود.").claims
    assert [ref.label for claim in claims if claim.type == "casualties" for ref in claim.places] == ["Hadrut"]


def test_its_soldiers_are_those_of_who_speaks(read: Read) -> None:
    text = "اتهمت وزارة الدفاع الأذربيجانية القوات الأرمينية بالتصعيد، مؤكدة أن خمسة من جنودها أصيبوا."
    claims = [claim for claim in read(text).claims if claim.type == "casualties"]
    assert all("Azerbaijan" in ref.label for claim in claims for ref in claim.targets)
    assert [claim.quantities[0].value for claim in claims] == [5]


@pytest.mark.parametrize(
    "text",
    [
        "وماذا لو استؤنفت الحرب في قره باغ.",
        "وتوعد علييف بالرد إذا قصفت القوات الأرمينية مواقع في قره باغ.",
    ],
)
def test_what_is_only_supposed_is_no_fact(read: Read, text: str) -> None:
    assert not {"attack", "hostilities_started"} & {claim.type for claim in read(text).claims}


def test_a_party_charged_is_the_one_that_the_verb_names(read: Read) -> None:
    (claim,) = [
        c for c in read("اتهمت يريفان باكو باستخدام قنابل فوسفورية.").claims if c.type == "weapon_use"
    ]
    assert claim.modality == "accused"
    assert "Azerbaijan" in claim.actors[0].label


def test_a_demand_keeps_its_last_day(read: Read) -> None:
    text = "وطالبت أذربيجان أرمينيا بتسليم خرائط الألغام قبل نهاية فبراير."
    assert {c.due for c in read(text, published="2021-02-02").claims} == {"2021-02-28"}
