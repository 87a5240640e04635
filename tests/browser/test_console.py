"""The console in a browser, in English and Arabic: drawn, operable by keys, without a fault that axe finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Look = Callable[..., Any]
PAGES = ("/", "/board", "/map", "/report", "/search?q=shusha", "/sign-in")
OWN_PAGES = ("/review", "/account", "/feeds")
BOTH = (("en", "light"), ("ar", "dark"))
"""Both directions and both themes, each page with two of the four."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize(("language", "theme"), BOTH)
@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_a_fault_that_axe_finds(
    look: Look, axe: str, address: str, language: str, theme: str
) -> None:
    page = look(address, language, theme)
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    told = [
        (one["id"], node["target"], node["failureSummary"][:160])
        for one in found["violations"]
        for node in one["nodes"]
    ]
    assert told == []


@pytest.mark.parametrize(("language", "theme"), BOTH)
@pytest.mark.parametrize("address", OWN_PAGES)
def test_no_page_of_an_officer_has_a_fault_that_axe_finds(
    look: Look, console: Any, axe: str, address: str, language: str, theme: str
) -> None:
    page = look(console.links["A"].removeprefix(console.address), language, theme)
    page.goto(console.address + address)
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [(one["id"], node["target"]) for one in found["violations"] for node in one["nodes"]] == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_claims_are_reviewed_by_single_keys_and_an_act_is_taken_back(
    look: Look, console: Any, language: str
) -> None:
    page = look(console.links["A"].removeprefix(console.address), language)
    page.goto(f"{console.address}/review")
    first, second = (page.locator(".claimcard").nth(n).get_attribute("data-claim") for n in (0, 1))
    page.keyboard.press("a")
    page.wait_for_selector(f".claimcard[data-claim={second}]:not([hidden])")
    state = "id => fetch('/api/v1/claims/' + id).then(a => a.json()).then(c => c.review.state)"
    assert page.evaluate(state, first) == "accepted"
    page.wait_for_selector(f".claimcard[data-claim={second}] [data-undo]:not([hidden])")
    page.keyboard.press("u")
    page.wait_for_selector(f".claimcard[data-claim={first}]:not([hidden])")
    assert page.evaluate(state, first) == "machine-read"
    page.keyboard.press("r")
    page.keyboard.press("2")
    page.wait_for_selector(f".claimcard[data-claim={second}]:not([hidden])")
    assert page.evaluate(state, first) == "rejected"


def test_a_mended_claim_says_what_a_person_read(look: Look, console: Any) -> None:
    page = look(console.links["A"].removeprefix(console.address))
    page.goto(f"{console.address}/review")
    card = page.locator(".claimcard:not([hidden])")
    id_ = card.get_attribute("data-claim")
    page.keyboard.press("m")
    card.locator("select[name=place]").select_option("place:shusha")
    card.locator("form.mendform button[type=submit]").click()
    page.wait_for_function(
        "id => document.querySelector(`.claimcard[data-claim=${id}]`).dataset.done", arg=id_
    )
    told = page.evaluate("id => fetch('/api/v1/claims?q=shusha').then(a => a.json()).then(p => p.items)", id_)
    (copy,) = [claim for claim in told if claim.get("mends") == id_]
    assert [place["id"] for place in copy["places"]] == ["place:shusha"]
    assert copy["review"]["state"] == "accepted"


def test_the_palette_goes_to_a_page_by_its_name(look: Look) -> None:
    page = look("/")
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill("map")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/map" in url)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_map_is_drawn_and_a_mark_opens_its_evidence(look: Look, language: str) -> None:
    page = look("/", language)
    page.wait_for_selector("#map[data-idle]", timeout=20_000)
    row = page.locator(".qrow[data-pick^=incident]").nth(2)
    wanted = row.get_attribute("data-pick")
    row.click()
    page.wait_for_selector(f"#evidence [data-case={wanted}]")
    page.wait_for_url(lambda url: f"at={wanted}" in url)
    assert page.locator("#evidence .quote").count() > 0


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_is_wider_than_the_screen(look: Look, language: str) -> None:
    for width, height in ((1440, 900), (1280, 720), (390, 800)):
        for address in PAGES:
            page = look(address, language, width=width, height=height)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (address, width)


def test_keys_move_and_turn_back_to_now(look: Look) -> None:
    page = look("/?known_at=2020-12-12")
    first = page.locator(".qrow[aria-current]").get_attribute("data-pick")
    page.keyboard.press("j")
    page.wait_for_function(
        "id => document.querySelector('.qrow[aria-current]').dataset.pick !== id", arg=first
    )
    page.keyboard.press("?")
    assert page.locator("#keys-help[open]").count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.wait_for_url(lambda url: "known_at" not in url)
    assert page.locator("html").get_attribute("data-known") == "now"


def test_a_window_on_the_timeline_filters_list_and_map(look: Look) -> None:
    page = look("/")
    page.wait_for_selector(".tl-handle")
    before = page.locator(".tl-happened.in").count()
    handle = page.locator("[data-end=from]")
    handle.focus()
    for _ in range(12):
        page.keyboard.press("PageUp")
    page.wait_for_function("new URLSearchParams(location.search).has('since')")
    assert page.locator(".tl-happened.in").count() < before


def test_an_officer_signs_in_by_the_link_and_sees_own_role(look: Look, console: Any) -> None:
    page = look(console.links["A"].removeprefix(console.address))
    assert page.locator(".whoami .letter").inner_text() == "A"
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_selector(".whoami")
    assert page.locator(".whoami .letter").count() == 0


@pytest.mark.parametrize(("language", "b_says", "end"), [("en", "yes", "met"), ("ar", "no", "disputed")])
def test_both_delegations_seal_and_the_round_opens_by_itself(
    look: Look, console: Any, language: str, b_says: str, end: str
) -> None:
    pages = {
        letter: look(console.links[letter].removeprefix(console.address), language) for letter in ("A", "B")
    }
    incident = pages["A"].locator(".qrow[data-pick^=incident]").nth(3 if language == "en" else 4)
    wanted = incident.get_attribute("data-pick")
    for letter, page in pages.items():
        page.goto(f"{console.address}/?at={wanted}&lang={language}")
        page.wait_for_selector(f"#evidence [data-case={wanted}]")
        assert page.locator(".whoami .letter").inner_text() == letter
    pages["A"].locator("[data-propose]").click()
    pages["A"].wait_for_selector(f"[data-case={wanted}] form.position")
    for letter, says in (("A", "yes"), ("B", b_says)):
        page = pages[letter]
        page.reload()
        assert page.locator(".slot.hidden").count() == 1, (
            "nothing of the other shows, not even whether it is in"
        )
        page.locator(f"form.position input[value={says}]").check()
        page.locator("form.position textarea").fill(f"سمعناه · {letter}")
        page.locator("form.position button[type=submit]").click()
        page.wait_for_selector(".slot.sealed, .slot.waiting, .slot.opened, .slot.differs")
    for page in (pages["A"], pages["B"], pages["A"]):
        page.reload()
        page.wait_for_timeout(600)
    pages["A"].reload()
    pages["A"].wait_for_selector(f".keypanel .outcome.{end}")
    assert pages["A"].locator(".keypanel .slot:has(.sig)").count() == 2


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_tour_leads_through_every_page_and_is_left_for_good(
    look: Look, console: Any, language: str, axe: str
) -> None:
    page = look(console.links["A"].removeprefix(console.address), language)
    page.goto(f"{console.address}/?lang={language}")
    assert page.locator("#tour").is_hidden(), "it begins by itself in an exercise alone"
    page.click(".who summary")
    page.click("[data-act=tour]")
    seen, places = [], []
    while True:
        page.wait_for_selector("#tour:not([hidden])")
        card = page.locator("#tour")
        seen.append(card.locator("h2").inner_text())
        assert "(" not in card.inner_text().replace("(A)", ""), "a word of the catalogue is missing"
        inside = card.bounding_box()
        assert inside["x"] >= 0
        assert inside["y"] >= 0
        assert inside["x"] + inside["width"] <= 1440
        assert inside["y"] + inside["height"] <= 900
        assert page.evaluate("document.activeElement.closest('#tour') !== null")
        if card.locator("[data-tour=next]").is_visible():
            page.keyboard.press("Enter")
            continue
        places.append(page.evaluate("location.pathname"))
        onward = card.locator("[data-tour=on]")
        if not onward.count():
            break
        with page.expect_navigation():
            onward.click()
    assert places == ["/", "/board", "/map", "/review", "/notices", "/report"]
    assert len(seen) == len(set(seen))
    page.evaluate(axe)
    found = page.evaluate(
        "rules => axe.run({runOnly: rules}).then((told) => told.violations.map((one) => one.id))", RULES
    )
    assert found == []
    page.keyboard.press("Escape")
    page.reload()
    assert page.locator("#tour").is_hidden()
