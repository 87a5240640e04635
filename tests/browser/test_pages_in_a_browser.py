"""Board and map as people meet them: in a browser, with the cable pulled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from truceline.adapters.pages import render_board, render_map
from truceline.publish.edition import Edition


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, editions: tuple[Edition, ...]) -> Path:
    out = tmp_path_factory.mktemp("pages")
    (out / "board.html").write_text(render_board(editions), encoding="utf-8")
    (out / "map.html").write_text(render_map(editions), encoding="utf-8")
    return out


class Visit:
    """A page that is open, with what it asked for and complained about."""

    def __init__(self, browser: Any, file: Path, query: str = "", **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.goto(f"{file.as_uri()}{query}")


@pytest.fixture
def visit(browser: Any, folder: Path) -> Iterator[Any]:
    open_pages: list[Visit] = []

    def _visit(name: str, query: str = "", **options: Any) -> Visit:
        open_pages.append(Visit(browser, folder / name, query, **options))
        return open_pages[-1]

    yield _visit
    for opened in open_pages:
        opened.context.close()


@pytest.mark.parametrize("name", ["board.html", "map.html"])
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (390, 844)])
def test_a_page_opens_without_error_request_or_sideways_scroll(
    visit: Any, name: str, language: str, size: tuple[int, int]
) -> None:
    here = visit(name, f"?lang={language}", viewport={"width": size[0], "height": size[1]})
    assert here.errors == []
    assert [url for url in here.asked if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in here.asked if url.startswith("file:")]) == 1
    wide = here.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    assert here.page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        language,
        {"en": "ltr", "ar": "rtl"}[language],
    ]


def test_the_slider_shows_what_was_known_and_the_frame_turns_amber(visit: Any) -> None:
    page = visit("board.html", "?lang=en").page
    row = page.locator('#en tr.row[data-row="obl:2020-6-kelbajar"]')
    assert row.locator(".state:visible").inner_text() == "Done on time"
    assert page.locator("#en").get_attribute("data-known") == "now"
    page.locator('#en input[type="range"]').fill("0")
    assert row.locator(".state:visible").inner_text() == "Not due yet"
    assert page.locator("#en").get_attribute("data-known") == "past"
    assert "10 Nov 2020" in page.locator("#en .says").inner_text()
    page.keyboard.press("t")
    assert page.locator("#en").get_attribute("data-known") == "now"


def test_picking_a_row_opens_its_pane_by_mouse_and_by_key(visit: Any) -> None:
    page = visit("board.html", "?lang=en").page
    page.locator('#en button.rowbtn[data-row="obl:2020-6-kelbajar"]').click()
    assert page.locator("#en .pane article:visible h2").inner_text() == "Kelbajar is handed over"
    page.keyboard.press("j")
    assert page.locator("#en .pane article:visible h2").inner_text() != "Kelbajar is handed over"
    quote = page.locator('#en article[data-detail="obl:2020-6-kelbajar"] blockquote').first
    assert quote.evaluate("node => getComputedStyle(node).direction") == "rtl"


def test_the_language_changes_in_place_and_keeps_the_moment(visit: Any) -> None:
    page = visit("board.html", "?lang=en&step=3").page
    page.locator('#en [data-language="ar"]').click()
    assert page.locator("#ar").is_visible()
    assert not page.locator("#en").is_visible()
    assert page.locator("#ar").get_attribute("data-known") == "past"
    assert page.title().startswith("لوحة الالتزامات")


def test_dark_is_taken_from_the_system_and_can_be_turned(visit: Any) -> None:
    page = visit("board.html", "?lang=en", color_scheme="dark").page
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.locator('#en [data-act="theme"]').click()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_the_type_of_a_page_is_its_own(visit: Any) -> None:
    page = visit("board.html", "?lang=ar").page
    loaded = page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family))"
    )
    assert {"Noto Sans", "Noto Sans Arabic"} <= {family.strip('"') for family in loaded}


def test_incidents_appear_with_their_moment_and_in_the_list(visit: Any) -> None:
    page = visit("map.html", "?lang=en").page
    assert page.locator("#en .inc:not([hidden])").count() == 3
    assert page.locator("#en .card:visible").count() == 3
    page.locator('#en input[type="range"]').fill("4")
    assert page.locator("#en .inc:not([hidden])").count() == 0
    assert page.locator("#en .card:visible").count() == 0


def test_names_follow_the_profile_that_is_chosen(visit: Any) -> None:
    page = visit("map.html", "?lang=en").page
    shusha = page.locator("#en .lb.n-city", has_text="Shush")
    assert shusha.text_content() == "Shusha · Shushi"
    page.locator('#en select[data-act="names"]').select_option("2")
    assert shusha.text_content() == "Shushi"


def test_no_two_labels_of_the_map_lie_on_each_other(visit: Any) -> None:
    page = visit("map.html", "?lang=ar").page
    page.locator('#ar [data-act="zoom"]').first.click()
    overlaps = page.evaluate(
        """() => {
          const boxes = [...document.querySelectorAll("#ar .lb:not(.off)")].map(n => n.getBBox() && n.getBoundingClientRect());
          let n = 0;
          for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
            const a = boxes[i], b = boxes[j];
            const w = Math.min(a.right, b.right) - Math.max(a.left, b.left), h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (w > 4 && h > 6) n++;
          }
          return [n, boxes.length];
        }"""
    )
    assert overlaps[0] == 0
    assert overlaps[1] > 10


def test_a_page_prints_white_and_whole(visit: Any) -> None:
    here = visit("board.html", "?lang=en")
    here.page.emulate_media(media="print")
    assert not here.page.locator("#en .slide").is_visible()
    assert here.page.locator("#en table.board").is_visible()
    assert (
        here.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        == "rgb(255, 255, 255)"
    )
