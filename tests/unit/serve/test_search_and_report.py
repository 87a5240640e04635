"""Search, report and review pages: through the gate, in the language asked for, and for the past as it was known."""

from __future__ import annotations

from asked_service import Service


def test_a_search_finds_words_of_any_script(service: Service) -> None:
    for words in ("Hadrut", "هادروت", "HADRUT dist"):
        page = service.client.get("/search", params={"q": words, "lang": "en"})
        assert page.status_code == 200
        assert 'class="hits"' in page.text, words


def test_a_search_for_nothing_teaches_and_one_without_a_hit_says_so(service: Service) -> None:
    assert "found by its beginning" in service.client.get("/search", params={"lang": "en"}).text
    assert "Nothing found" in service.client.get("/search", params={"q": "zorblax", "lang": "en"}).text


def test_a_search_of_the_past_finds_nothing_later(service: Service) -> None:
    asked = {"q": "Kelbajar", "lang": "en"}
    assert 'class="hits"' in service.client.get("/search", params=asked).text
    assert (
        'class="hits"' not in service.client.get("/search", params={**asked, "known_at": "2020-11-01"}).text
    )


def test_the_report_is_set_in_each_of_the_missions_languages(service: Service) -> None:
    page = service.client.get("/report", params={"lang": "en", "known_at": "2020-11-22"}).text
    assert "lang=en" in page
    assert "lang=ar" in page
    for language in ("en", "ar"):
        paper = service.client.get("/report.pdf", params={"lang": language, "known_at": "2020-11-22"})
        assert paper.status_code == 200, paper.content[:200]
        assert paper.content.startswith(b"%PDF-")
    refused = service.client.get("/report.pdf", params={"lang": "tr"})
    assert (refused.status_code, refused.json()["code"]) == (400, "report.language")


def test_review_shows_the_whole_words_and_marks_those_that_a_claim_rests_on(service: Service) -> None:
    page = service.sign_in("duty", "A").get("/review", params={"lang": "en"}).text
    assert 'mark class="now"' in page
    assert "data-review" in page
    visitor = service.leave().get("/review", headers={"accept": "application/json"})
    assert visitor.status_code == 401
