"""The first day of a centre, driven from its first start to the export: once in English, once in Arabic, each in a store of its own."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

ARTICLE = {
    "en": "MOSCOW, 12 December 2020\n\nThe Russian Defence Ministry said a ceasefire violation was recorded in the Hadrut "
    "district on 11 December. Four soldiers were wounded, the ministry said.\n",
    "ar": "موسكو، 12 ديسمبر 2020\n\nأعلنت وزارة الدفاع الروسية تسجيل خرق لوقف إطلاق النار في منطقة هادروت يوم 11 ديسمبر، "
    "وقالت الوزارة إن أربعة جنود أصيبوا بجروح.\n",
}
AGREED = {"en": "yes", "ar": "no"}
END = {"en": "met", "ar": "disputed"}
REALM = {"en": "Exercise", "ar": "تمرين"}
N_REVIEWED = 60
BUDGET_S = 600.0


@pytest.fixture(params=["en", "ar"])
def language(request: pytest.FixtureRequest) -> str:
    """The language of the officers."""
    return str(request.param)


@pytest.fixture
def officers(browser: Browser, exercise: Any, language: str) -> Iterator[dict[str, Any]]:
    """An officer of each delegation at a page of their own; what its script complains of fails the test."""
    complaints: list[str] = []
    pages = {}
    for letter in "AB":
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=language)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(exercise.links[letter])
        pages[letter] = page
    yield pages
    for page in pages.values():
        page.context.close()
    assert complaints == []


def got(page: Any, path: str) -> Any:
    """What the API answers to this officer."""
    return page.evaluate("path => fetch('/api/v1/' + path).then(answer => answer.json())", path)


def written(page: Any, do: Callable[[], object]) -> None:
    """Do what is written; the page comes anew with what it says."""
    with page.expect_navigation():
        do()
    page.wait_for_load_state("load")


def come_in(page: Any, address: str, language: str) -> str:
    """Intake: an article handed in as a file; the report that it became."""
    page.goto(f"{address}/enter?lang={language}")
    page.set_input_files(
        "input[name=file]",
        {"name": "خبر 1.txt", "mimeType": "text/plain", "buffer": ARTICLE[language].encode()},
    )
    page.locator("form[data-files] button[type=submit]").click()
    page.wait_for_function(
        "() => document.querySelector('.dutysays span').textContent === document.querySelector('[data-files]').dataset.said.replace('{n}', '1')"
    )
    assert page.locator(".refusals").is_hidden()
    report = got(page, "reports?order=entered&limit=1")["items"][0]
    assert report["doc"] == "خبر 1.txt"
    assert report["claims"]
    return str(report["id"])


def review(page: Any, address: str, report: str, language: str) -> None:
    """Review: every claim of the article accepted, one key each."""
    page.goto(f"{address}/review?report={report}&lang={language}")
    cards = page.locator(".claimcard")
    for n in range(cards.count()):
        page.wait_for_selector(f".claimcard:nth-of-type({n + 1}):not([hidden])")
        page.keyboard.press("a")
        page.wait_for_selector(f".claimcard:nth-of-type({n + 1})[data-done]", state="attached")
    states = {
        got(page, f"claims/{one}")["review"]["state"] for one in got(page, f"reports/{report}")["claims"]
    }
    assert states == {"accepted"}


def find_incident(page: Any, address: str, report: str, language: str) -> str:
    """The incident that the article speaks of, opened on the watch and on a page of its own."""
    claims = set(got(page, f"reports/{report}")["claims"])
    found = ""
    for _ in range(60):
        items = got(page, "incidents?limit=200")["items"]
        found = next((one["id"] for one in items if claims & set(one["claims"])), "")
        if found:
            break
        page.wait_for_timeout(500)
    assert found, "conclusions follow from what was taken in"
    page.goto(f"{address}/?at={found}&lang={language}")
    page.wait_for_selector(f"#evidence [data-case={found}]")
    quoted = page.locator("#evidence").inner_text()
    assert "خبر" in quoted or ARTICLE[language].split("\n\n")[1][:40] in quoted
    page.goto(f"{address}/incidents/{found}?lang={language}")
    assert page.locator("[data-page=incident]").count()
    return found


def determine(officers: dict[str, Any], address: str, incident: str, language: str) -> None:
    """Both seal apart, the round opens by itself; in English they agree, in Arabic they differ."""
    for page in officers.values():
        page.goto(f"{address}/?at={incident}&lang={language}")
        page.wait_for_selector(f"#evidence [data-case={incident}]")
    officers["A"].locator("[data-propose]").click()
    officers["A"].wait_for_selector(f"[data-case={incident}] form.position")
    for letter, says in (("A", "yes"), ("B", AGREED[language])):
        page = officers[letter]
        page.reload()
        assert page.locator(".slot.hidden").count() == 1
        page.locator(f"form.position input[value={says}]").check()
        page.locator("form.position textarea").fill(f"{letter} · سمعناه")
        page.locator("form.position button[type=submit]").click()
        page.wait_for_selector(".slot.sealed, .slot.waiting, .slot.opened, .slot.differs")
    for page in (officers["A"], officers["B"], officers["A"]):
        page.reload()
        page.wait_for_timeout(600)
    officers["A"].reload()
    officers["A"].wait_for_selector(f".keypanel .outcome.{END[language]}")


def notify(officers: dict[str, Any], address: str, language: str) -> None:
    """A notice by one key, read back by both, stood down."""
    ours = officers["A"]
    ours.goto(f"{address}/notices?lang={language}")
    ours.select_option("select[name=place]", "place:hadrut")
    ours.locator("h1").click()
    written(ours, lambda: ours.keyboard.press("1"))
    id_ = ours.locator(".notice.open").first.get_attribute("data-notice")
    for page in officers.values():
        page.goto(f"{address}/notices?lang={language}")
        written(page, page.locator(f"[data-notice={id_}] form[data-act$=read-back] button").click)
    ours.goto(f"{address}/notices?lang={language}")
    written(ours, ours.locator(f"[data-notice={id_}] form[data-act$=stand-down] button").click)
    assert got(ours, f"notices/{id_}")["state"] == "stood_down"


def hand_over(page: Any, address: str, language: str) -> None:
    """The watch taken, then handed over line by line."""
    page.goto(f"{address}/handover?lang={language}")
    for _ in range(2):
        for box in page.locator("input[data-many]").all():
            box.check()
        written(page, page.locator("form[data-all] button[type=submit]").click)
    assert page.locator(".handover .says").inner_text()


def look_back(page: Any, address: str, report: str, language: str) -> None:
    """As known then: what came in today was not known, and nothing can be written."""
    page.goto(f"{address}/?known_at=2020-11-16&lang={language}")
    assert page.locator("html").get_attribute("data-known") == "past"
    assert page.locator("[data-propose], form.position").count() == 0
    told = got(page, "reports?known_at=2020-11-16&limit=500")["items"]
    assert told
    assert report not in {one["id"] for one in told}
    page.keyboard.press("t")
    page.wait_for_selector("html[data-known=now]")


def board(page: Any, address: str, language: str) -> None:
    """The board: a moved date stays legible, a row opens its clause."""
    page.goto(f"{address}/board?lang={language}")
    row = page.locator("tr.row[data-row*=kelbajar]").first
    assert row.locator("s, del, .old").count()
    row.click()
    assert page.locator("[data-detail*=kelbajar]:not([hidden])").count()


def export(page: Any, address: str, language: str) -> None:
    """What is exported is what is on the screen, row by row and in its order."""
    page.goto(f"{address}/map?kind=casualties&lang={language}")
    page.wait_for_selector(".list .card")
    shown = [card.get_attribute("data-pick") for card in page.locator(".list .card").all()]
    text = page.evaluate(
        "fetch('/api/v1/incidents?kind=casualties&format=csv').then(answer => answer.text())"
    )
    exported = [row["id"] for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))]
    assert shown
    assert sorted(exported) == sorted(shown)


def review_many(page: Any, address: str, language: str) -> None:
    """Sixty claims, one key each: what is left of ten minutes is the officer's, to read in."""
    began = time.monotonic()
    before = got(page, "claims/tally?by=state")["accepted"]
    page.goto(f"{address}/review?lang={language}")
    for _ in range(N_REVIEWED):
        if not page.locator(".claimcard:not([hidden])").count():
            page.goto(f"{address}/review?lang={language}")
        id_ = page.locator(".claimcard:not([hidden])").get_attribute("data-claim")
        page.keyboard.press("a")
        page.wait_for_function(
            "id => document.querySelector(`.claimcard:not([hidden])`)?.dataset.claim !== id", arg=id_
        )
    assert got(page, "claims/tally?by=state")["accepted"] == before + N_REVIEWED
    assert time.monotonic() - began < BUDGET_S / 2


def test_the_first_day(officers: dict[str, Any], exercise: Any, language: str) -> None:
    address, ours = exercise.address, officers["A"]
    ours.wait_for_selector("#tour:not([hidden])")
    ours.keyboard.press("Escape")
    assert REALM[language] in ours.locator(".realmbar").inner_text()
    officers["B"].keyboard.press("Escape")
    report = come_in(ours, address, language)
    review(ours, address, report, language)
    incident = find_incident(ours, address, report, language)
    determine(officers, address, incident, language)
    notify(officers, address, language)
    hand_over(ours, address, language)
    look_back(ours, address, report, language)
    board(ours, address, language)
    export(ours, address, language)
    if language == "en":  # what a key costs is the same in every language
        review_many(ours, address, language)
