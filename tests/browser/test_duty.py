"""The pages of the watch, driven as an officer does: a notice, a report entered, the watch taken and handed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Look = Callable[..., Any]
GIVEN = {"en": "The notice is given.", "ar": "صدر الإشعار."}
BOTH = {"en": "read back by both", "ar": "أكد الطرفان تسلمه"}
STANDS = {"en": "stands the watch since", "ar": "في المناوبة منذ"}
HANDS = {"en": "hands the watch over since", "ar": "يسلّم المناوبة منذ"}


def officer(look: Look, console: Any, letter: str, language: str = "en") -> Any:
    """Sign an officer in."""
    page = look(console.links[letter].removeprefix(console.address), language)
    page.goto(f"{console.address}/?lang={language}")
    return page


def written(page: Any, do: Callable[[], object]) -> None:
    """Do what is written; the page comes anew with what it says."""
    with page.expect_navigation():
        do()
    page.wait_for_load_state("load")


def confirm_all(page: Any) -> None:
    """Confirm every line of the list."""
    assert (
        page.locator("form[data-all] button[type=submit]").is_disabled()
        or not page.locator("[data-many]").count()
    )
    for box in page.locator("input[data-many]").all():
        box.check()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_notice_goes_to_both_is_read_back_by_each_and_stood_down(
    look: Look, console: Any, language: str
) -> None:
    ours, theirs = officer(look, console, "A", language), officer(look, console, "B")
    with ours.expect_navigation():
        ours.keyboard.press("n")
    ours.goto(f"{console.address}/notices?lang={language}")
    ours.select_option("select[name=place]", "place:khojavend")
    ours.fill("input[name=since]", "2020-11-20 7:30")
    ours.locator("h1").click()
    ours.click("button[data-key='2']")
    asked = ours.locator(".asks p")
    assert "7:30" in asked.inner_text()
    written(ours, ours.locator(".asks button").first.click)
    assert GIVEN[language] in ours.locator(".dutysays").inner_text()
    given = ours.locator(".notice.open").first
    id_ = given.get_attribute("data-notice")
    for page in (theirs, ours):
        page.goto(f"{console.address}/notices")  # what was seen must be what stands
        written(page, page.locator(f"[data-notice={id_}] form[data-act$=read-back] button").click)
    ours.goto(f"{console.address}/notices?lang={language}")
    assert BOTH[language] in ours.locator(f"[data-notice={id_}]").inner_text()
    assert "Unverified: explosion reported near" in theirs.locator(f"[data-notice={id_}] .says").inner_text()
    assert theirs.locator(f"[data-notice={id_}] form[data-act$=stand-down]").count() == 0, "its side's alone"
    written(ours, ours.locator(f"[data-notice={id_}] form[data-act$=stand-down] button").click)
    assert "open" not in str(ours.locator(f"[data-notice={id_}]").get_attribute("class"))


def test_a_notice_is_taken_back_within_its_time_and_leaves_no_trace_on_the_page(
    look: Look, console: Any
) -> None:
    page = officer(look, console, "A")
    page.goto(f"{console.address}/notices")
    page.select_option("select[name=place]", "place:hadrut")
    written(page, page.locator("button[data-key='6']").click)
    id_ = page.locator(".notice").first.get_attribute("data-notice")
    page.locator("h1").click()
    written(page, lambda: page.keyboard.press("u"))
    assert page.locator(f"[data-notice={id_}]").count() == 0


def test_a_notice_that_somebody_acted_on_is_not_written_over(look: Look, console: Any) -> None:
    ours, theirs = officer(look, console, "A"), officer(look, console, "B")
    ours.goto(f"{console.address}/notices")
    ours.select_option("select[name=place]", "place:agdam")
    written(ours, ours.locator("button[data-key='1']").click)
    id_ = ours.locator(".notice.open").first.get_attribute("data-notice")
    theirs.goto(f"{console.address}/notices")
    written(theirs, theirs.locator(f"[data-notice={id_}] form[data-act$=read-back] button").click)
    ours.locator(f"[data-notice={id_}] form[data-act$=stand-down] button").click()
    ours.wait_for_selector(".dutysays.bad")
    assert "Somebody else acted on it meanwhile" in ours.locator(".dutysays").inner_text()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_report_is_entered_in_six_fields_after_what_looks_wrong_was_asked_about(
    look: Look, console: Any, language: str
) -> None:
    page = officer(look, console, "A", language)
    page.goto(f"{console.address}/enter?lang={language}")
    page.select_option("select[name=kind]", "ceasefire_violation")
    page.fill("input[name=when]", "2020-11-20 07:30")
    page.fill("input[name='where.lat']", "46.9")
    page.fill("input[name='where.lon']", "39.9")
    page.fill("textarea[name=what]", f"Single shots were heard ({language}).")
    page.press("textarea[name=what]", "Control+Enter")
    page.wait_for_selector(".asks button")
    written(page, page.locator(".asks button").first.click)
    assert page.locator(".dutysays [data-undo]").is_visible()
    found = page.evaluate(
        "fetch('/api/v1/reports?limit=1').then((answer) => answer.json()).then((told) => told.items[0].position)"
    )
    assert (found["lon_deg"], found["lat_deg"]) == (46.9, 39.9), (
        "the figures were exchanged by whoever entered them"
    )


def test_a_pasted_message_is_read_and_waits_for_review(look: Look, console: Any) -> None:
    page = officer(look, console, "B")
    page.goto(f"{console.address}/enter")
    page.fill(
        "textarea[name=pasted]",
        "Baku, 20 November 2020\n\nOne soldier was wounded by a mine near Fuzuli on 19 November, Azerbaijan's Defence Ministry said.",
    )
    written(page, page.locator("form:has(textarea[name=pasted]) button[type=submit]").click)
    assert "Entered." in page.locator(".dutysays").inner_text()
    page.goto(f"{console.address}/review")
    assert "message-" in page.content() or "19 November" in page.content()


@pytest.mark.parametrize(("letter", "language"), [("A", "en"), ("B", "ar")])
def test_the_watch_is_taken_and_handed_over_line_by_line(
    look: Look, console: Any, letter: str, language: str
) -> None:
    page = officer(look, console, letter, language)
    page.goto(f"{console.address}/handover?lang={language}")
    confirm_all(page)
    written(page, page.locator("form[data-all] button[type=submit]").click)
    assert STANDS[language] in page.locator(".handover .says").inner_text()
    confirm_all(page)
    written(page, page.locator("form[data-all] button[type=submit]").click)
    assert HANDS[language] in page.locator(".handover .says").inner_text()


@pytest.mark.parametrize("path", ["/notices", "/enter", "/handover"])
@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "dark")])
def test_everybody_can_use_them(
    look: Look, console: Any, axe: str, path: str, language: str, theme: str
) -> None:
    page = look(console.links["A"].removeprefix(console.address), language, theme)
    for width in (1440, 1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{console.address}{path}?lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.evaluate(axe)
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found["violations"]] == []


def test_what_was_known_then_offers_no_act(look: Look, console: Any) -> None:
    page = officer(look, console, "A")
    page.goto(f"{console.address}/notices?known_at=2020-11-20")
    assert page.locator(".actform").count() == 0
