"""The live demonstration, as an officer sees it: from a sensor's bytes to an alert to a report to an incident."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

pytest.importorskip("sapient_msg", reason="sensors need the extra 'sensors'")

_WAIT_MS = 60_000
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def officer(browser: Browser, live: Any) -> Iterator[Callable[..., Any]]:
    """A page of an officer of a side, in a language; what its script complains of fails the test."""
    complaints, contexts = list[str](), []

    def sign_in(side: str, language: str) -> Any:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=language)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live.links[side])
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize(
    ("language", "corridor", "side"), [("en", "Lachin corridor", "A"), ("ar", "ممر لاتشين", "B")]
)
def test_a_crossing_is_followed_from_the_feed_to_an_incident(
    officer: Callable[..., Any], live: Any, axe: str, language: str, corridor: str, side: str
) -> None:
    page = officer(side, language)
    page.goto(f"{live.address}/feeds?lang={language}")
    heard = page.locator("tr.feed.is-heard")
    expect(heard).to_have_count(3, timeout=_WAIT_MS)
    alert = page.locator(".alertlist li", has_text=corridor).first
    expect(alert).to_be_visible(timeout=_WAIT_MS)
    page.evaluate(axe)
    faults = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    assert [(one["id"], node["target"]) for one in faults for node in one["nodes"]] == []
    # nothing that was received is unaccounted for
    for row in page.request.get(f"{live.address}/api/v1/feeds").json()["items"]:
        counts = row["counts"]
        assert counts["received"] == sum(counts[name] for name in ("decoded", "refused", "late", "dropped"))
        assert counts["dropped"] == counts["refused"] == 0
    page.goto(f"{live.address}/?lang={language}")
    queued = page.locator("a.qrow.alert", has_text=corridor).first
    expect(queued).to_be_visible()
    queued.click()
    expect(page.locator(".alertlist li:target")).to_be_visible()
    page.locator(".alertlist li:target a.btn").click()
    expect(page.locator("textarea[name=what]")).to_have_value(re.compile(corridor + r" \[track_.*sha256"))
    form = page.locator("form.actform.grid")
    form.locator("select[name=kind]").select_option("ceasefire_violation")
    form.locator("button[type=submit]").click()
    expect(page.locator(".dutysays > span")).not_to_be_empty(timeout=_WAIT_MS)
    entered = page.request.get(f"{live.address}/api/v1/reports?limit=1").json()["items"][0]
    made = _until(lambda: [one for one in _items(page, live, "claims") if one["report"] == entered["id"]])
    assert made[0]["type"] == "ceasefire_violation"
    assert _until(lambda: [one for one in _items(page, live, "incidents") if made[0]["id"] in one["claims"]])


def _items(page: Any, live: Any, entity: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.request.get(f"{live.address}/api/v1/{entity}?limit=500").json()[
        "items"
    ]
    return found


def _until(found: Callable[[], list[dict[str, Any]]], seconds: float = 30) -> list[dict[str, Any]]:
    """Ask again until there is something: conclusions are drawn behind the act."""
    until = time.monotonic() + seconds
    while not (there := found()):
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.2)
    return there


def test_tracks_move_on_the_map_from_right_to_left_too(officer: Callable[..., Any], live: Any) -> None:
    page = officer("B", "ar")
    with page.expect_response(lambda answer: answer.url.endswith("/api/v1/tracks"), timeout=_WAIT_MS):
        page.goto(f"{live.address}/?lang=ar")
    layers = {
        one["properties"]["layer"]
        for one in page.request.get(f"{live.address}/api/v1/tracks").json()["features"]
    }
    assert layers <= {"track", "trail"}
    places = []
    for _ in range(2):
        page.wait_for_timeout(1500)
        features = page.request.get(f"{live.address}/api/v1/tracks").json()["features"]
        places.append(
            {
                one["properties"]["id"]: one["geometry"]["coordinates"]
                for one in features
                if one["properties"]["layer"] == "track"
            }
        )
    both = places[0].keys() & places[1].keys()
    assert both
    assert any(places[0][one] != places[1][one] for one in both)
    expect(page.locator("[data-layer=tracks]")).to_have_count(1)
    assert page.evaluate("document.documentElement.dir") == "rtl"
    # the minutes before, followed anew: the clock runs, and what is live comes back
    page.locator("[data-replay]").click()
    expect(page.locator(".replayclock")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"), timeout=_WAIT_MS)
    page.locator("[data-replay]").click()


def test_an_alert_that_one_side_has_seen_says_so_to_the_other(officer: Callable[..., Any], live: Any) -> None:
    ours, theirs = officer("A", "en"), officer("B", "ar")
    ours.goto(f"{live.address}/feeds?lang=en")
    open_ = ours.locator(".alertlist li.open")
    expect(open_.first).to_be_visible(timeout=_WAIT_MS)
    id_ = open_.first.get_attribute("id")
    ours.locator(f"[id='{id_}'] form.actform button").click()
    expect(ours.locator(".dutysays span")).to_have_text("The alert is marked as seen.", timeout=_WAIT_MS)
    theirs.goto(f"{live.address}/feeds?lang=ar")
    expect(theirs.locator(f"[id='{id_}']")).to_contain_text("A:0001")
    expect(theirs.locator(f"[id='{id_}'] form")).to_have_count(0)


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_a_frame_is_marked_by_pointing_and_becomes_a_claim(
    officer: Callable[..., Any], live: Any, axe: str, language: str, direction: str
) -> None:
    page = officer("A", language)
    page.goto(f"{live.address}/imagery?lang={language}")
    expect(page.locator("html")).to_have_attribute("dir", direction)
    expect(page.locator(".sorties li")).to_have_count(2)
    _axe(page, axe)
    page.locator(".sorties a").first.click()
    expect(page.locator(".frames li")).to_have_count(6)
    _axe(page, axe)
    # each language reads a frame of its own
    page.locator(".frames a").nth({"en": 1, "ar": 2}[language]).click()
    stage = page.locator(".stage")
    expect(stage).to_have_class(re.compile("muted"))
    page.locator("[data-colour]").click()
    expect(stage).to_have_class(re.compile("coloured"))
    button = page.locator("[data-markform] button[type=submit]")
    expect(button).to_be_disabled()
    edge = page.locator(".stage .whole").bounding_box()
    page.mouse.click(edge["x"] + edge["width"] / 4, edge["y"] + edge["height"] / 2)
    stage.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("input[name=x_px]")).to_have_value(re.compile(r"28[78]|289"))
    page.locator("[data-markform] select[name=kind]").select_option("vehicle")
    page.locator("[data-markform] input[name=n]").fill("")
    button.click()
    expect(page.locator(".marks li")).to_have_count(1, timeout=_WAIT_MS)
    expect(page.locator("[data-undo]")).to_be_visible()
    expect(page.locator(".overlay .mark")).to_have_attribute("data-y", re.compile(r"36\d|359"))
    _axe(page, axe)
    frame = page.url.split("/frames/")[1].split("?")[0]
    marks = [
        one
        for one in _items(page, live, "reports")
        if one["kind"] == "mark" and one["mark"]["frame"] == frame
    ]
    (claim,) = marks[0]["claims"]
    told = page.request.get(f"{live.address}/api/v1/claims/{claim}").json()
    assert (told["rule"], told["quantities"], told["subtype"]) == ("marked", [], "vehicle")
    # what was there the day before lies under it, pixel on pixel
    page.locator(".frames.small a").last.click()
    expect(page.locator(".before")).to_have_attribute("style", re.compile("matrix3d"))
    page.locator("[data-draw]").click()
    page.mouse.move(edge["x"] + 50, edge["y"] + 50)
    page.mouse.down()
    page.mouse.move(edge["x"] + 150, edge["y"] + 120)
    page.mouse.up()
    page.locator("[data-blurform] button[type=submit]").click()
    expect(page.locator("[data-undo]")).to_be_visible(timeout=_WAIT_MS)
    copies = [
        one
        for one in _items(page, live, "reports")
        if one["kind"] == "blurred" and one["blurred"]["frame"] == frame
    ]
    assert (
        page.request.get(f"{live.address}/api/v1/reports/{copies[0]['id']}/picture").headers["content-type"]
        == "image/png"
    )


def _axe(page: Any, axe: str) -> None:
    page.evaluate(axe)
    faults = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    assert [(one["id"], node["target"]) for one in faults for node in one["nodes"]] == []
