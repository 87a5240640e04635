"""A language is named by its script and letters; the model is asked only where these do not decide."""

from __future__ import annotations

import sys

import pytest

from truceline.collect import languages
from truceline.collect.languages import language_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("فتحت القوات الممر صباح اليوم ولم تسجل أي خرق لوقف إطلاق النار في المنطقة.", "ar"),
        (
            "أعلنت الوزارة (پاکستان پوائنٹ نیوز) أن الرئيس سيواصل التوسط " * 1
            + "في تسوية النزاع بين البلدين كما قال " * 6,
            "ar",
        ),
        ("نیروهای حافظ صلح امروز گذرگاه را باز کردند و پس از گفتگو چند پست دیگر برپا شد.", "fa"),
        ("امن فوج نے آج راستہ کھول دیا ہے اور مزید چوکیاں قائم کی ہیں۔", "ur"),
        ("Миротворцы открыли ещё один пост на дороге.", "ru"),
        ("Миротворці відкрили ще один пост і їх підтримали місцеві жителі.", "uk"),
        ("Խաղաղապահները բացեցին ճանապարհը։", "hy"),
        ("მშვიდობისმყოფელებმა გზა გახსნეს.", "ka"),
        ("Rus barış gücü Karabağ'da yeni gözlem noktası kurdu.", "tr"),
        ("Rusiya sülhməramlıları Qarabağda müşahidə məntəqəsi qurub.", "az"),
        ("The observers counted the shots and said that the road was open.", "en"),
        ("2020-11-16 09:30", "und"),
        ("", "und"),
    ],
)
def test_letters_decide(text: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "_by_model", lambda _: "asked")
    assert language_of(text) == code


def test_the_model_is_not_loaded_for_a_script_that_decides() -> None:
    sys.modules.pop("py3langid", None)
    language_of("فتحت القوات الممر صباح اليوم")
    assert "py3langid" not in sys.modules


def test_the_model_answers_for_other_latin_texts() -> None:
    assert language_of("Les observateurs ont ouvert un nouveau poste près de la route hier soir.") == "fr"
