"""Who says it in English: subjects before and behind the verb, carriers, bulletins, offices in apposition."""

from __future__ import annotations

from functools import cache

import pytest

from truceline.adapters.languages import load_language
from truceline.adapters.packs import load_mission
from truceline.core.claims import Claim
from truceline.core.ids import ReportId, identify
from truceline.core.reports import Report
from truceline.extract import Reader, extract


@cache
def _reader() -> Reader:
    return Reader(load_mission("karabakh-2020"), load_language("en"))


def read(text: str, published: str | None = "2020-11-20") -> tuple[Claim, ...]:
    report = Report(
        id=ReportId(identify("report", {"text": text})), doc="own.txt", kind="article", sha256="", size=len(text),
        media_type="text/plain", language="en", text=text,
    )  # fmt: skip
    return extract(report, {"en": _reader()}, published=published).claims


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Troops of Azerbaijan entered Agdam, the Azerbaijani Defence Ministry said.", "Azerbaijani Ministry of Defence"),
        ("The Ministry of Defence of Azerbaijan said that its troops had entered Agdam.", "Azerbaijani Ministry of Defence"),
        ("According to the Defence Ministry of Azerbaijan, its troops entered Agdam.", "Azerbaijani Ministry of Defence"),
        ("Hikmet Hajiyev, an aide to the President of Azerbaijan, said that troops had entered Agdam.", "Hikmet Hajiyev"),
        ('"Azerbaijani troops have entered Agdam," said Aliyev.', "Ilham Aliyev"),
        ("Azerbaijani troops entered Agdam, according to Baku.", "Azerbaijan (Baku)"),
        ("On Friday Azerbaijan's President Ilham Aliyev told reporters that troops had entered Agdam.", "Ilham Aliyev"),
        ("Earlier in the day the Azerbaijani ministry reported that Azerbaijani troops had entered Agdam.", "Azerbaijani"),
    ],
)  # fmt: skip
def test_the_innermost_speaker_is_found_wherever_the_verb_stands(text: str, speaker: str) -> None:
    found = [claim for claim in read(text) if claim.type == "territorial_control"]
    assert found
    assert speaker in found[0].attribution[0]


def test_he_added_goes_on_with_the_speaker_of_the_sentence_before() -> None:
    text = "Lavrov spoke of the ceasefire on Friday. He said that it held. He added that peacekeepers had been deployed."
    deployed = [claim for claim in read(text) if claim.type == "force_deployment"]
    assert [claim.attribution[0] for claim in deployed] == ["Sergei Lavrov"]


def test_the_ministry_is_the_one_named_before() -> None:
    text = (
        "The Armenian Defence Ministry spoke on Friday. "
        "Azerbaijani forces shelled a village near Talish, the ministry said."
    )
    assert [claim.attribution[0] for claim in read(text)] == ["Armenian Ministry of Defence"]


def test_its_servicemen_are_those_of_the_party_that_heads_the_sentence() -> None:
    (claim,) = read("Armenia's Defence Ministry said two of its servicemen were killed near Hadrut.")
    assert [ref.label for ref in claim.targets] == ["Armenian soldiers"]
    assert claim.modality == "admitted"


def test_a_bulletin_speaks_for_the_institution_in_its_head_line() -> None:
    text = "RUSSIAN DEFENCE MINISTRY\nAs of 14 November 2020\n\nPeacekeepers watch the ceasefire from twelve observation posts."
    posts = [claim for claim in read(text, None) if claim.type == "observation_posts"]
    assert [claim.attribution[0] for claim in posts] == ["Russian Ministry of Defence"]
    assert posts[0].known_at is not None


def test_a_former_officer_speaks_as_former() -> None:
    (claim,) = read(
        "Former chief of the General Staff Movses Hakobyan said that the Armenian army had used Iskander missiles."
    )
    assert claim.capacity[0] == "former"
    assert claim.modality == "admitted"


def test_a_verb_in_another_clause_does_not_speak_for_this_one() -> None:
    text = (
        "Charles Michel spoke with Aliyev by phone and called for an immediate ceasefire in Nagorno-Karabakh."
    )
    told = {claim.type: claim.modality for claim in read(text)}
    assert told["contact"] == "asserted"
    assert told["appeal"] == "urged"


def test_both_sides_of_a_semicolon_keep_their_own_speaker() -> None:
    text = "The Armenian Foreign Ministry denied violating the ceasefire; Baku said that Armenia had violated it again near Hadrut."
    first = next(claim for claim in read(text) if claim.modality == "denied")
    assert first.attribution[0] == "Armenian Ministry of Foreign Affairs"


def test_a_dateline_city_acts_for_nobody_and_dates_the_item() -> None:
    text = "BAKU, Nov 25, 2020 (Reuters) - Units of the Azerbaijani army entered the Kelbajar district on Wednesday."
    (claim,) = read(text, None)
    assert [ref.label for ref in claim.actors] == ["Azerbaijani army"]
    assert claim.when is not None
    assert claim.when.start == "2020-11-25"


def test_abbreviations_and_initials_end_no_sentence() -> None:
    text = "Lt. Gen. Rustam Muradov said on Nov. 12 that Russian peacekeepers had been deployed along the line of contact."
    (claim,) = read(text)
    assert claim.attribution[0] == "Rustam Muradov"


def test_a_clock_time_neither_ends_a_clause_nor_counts() -> None:
    (claim,) = read(
        "At 18:30 on 16 November the ceasefire on the Armenian-Azerbaijani border came into force."
    )
    assert claim.quantities == ()
    assert claim.evidence.text.startswith("At 18:30")
