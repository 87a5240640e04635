"""Board and map are single files that ask for nothing and run nothing but their own script."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from truceline.adapters.pages import render_board, render_map
from truceline.adapters.pages.render import isolated
from truceline.publish.edition import Edition

PAGES = {"board": render_board, "map": render_map}
LIMIT = 1_500_000


class _Reader(HTMLParser):
    """Collects tags, attributes and the depth of open elements."""

    VOID = frozenset({"meta", "input", "br", "col", "link", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag


@pytest.fixture(scope="module", params=sorted(PAGES))
def page(request: pytest.FixtureRequest, editions: tuple[Edition, ...]) -> str:
    return PAGES[request.param](editions)


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    return reader


def test_a_page_asks_for_no_address(page: str) -> None:
    assert re.findall(r"(?:src|href|url\()\s*=?\s*[\"'(]?\s*(?:https?:)?//", page) == []
    addresses = set(re.findall(r"https?://[^\s\"'<)]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in page


def test_a_page_is_well_formed_and_closed(page: str) -> None:
    assert _read(page).open == []


def test_no_handler_stands_in_the_markup(page: str) -> None:
    names = {name for _, attrs in _read(page).tags for name in attrs}
    assert {name for name in names if name.startswith("on")} == set()


def test_the_policy_lets_the_pages_own_script_run_and_no_other(page: str) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 1
    digest = b64encode(sha256(scripts[0].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page


def test_a_page_is_light_enough(page: str) -> None:
    assert len(page.encode()) < LIMIT


def test_the_same_editions_give_the_same_page(editions: tuple[Edition, ...]) -> None:
    assert all(render(editions) == render(editions) for render in PAGES.values())


def test_each_step_carries_every_status(page: str, editions: tuple[Edition, ...]) -> None:
    found = re.search(r'<script type="application/json" id="steps">(.*?)</script>', page, re.DOTALL)
    assert found
    steps = json.loads(found.group(1))["steps"]
    assert steps[0]["known_at"] == "2020-11-10T23:59:59Z"
    assert len(steps) == len(editions[0].moments)
    assert steps[0]["statuses"]["obl:2020-6-kelbajar"] == "not_yet_due"
    assert steps[-1]["statuses"]["obl:2020-6-kelbajar"] == "fulfilled_on_time"


def test_every_language_is_framed_and_marked_as_demo(page: str, editions: tuple[Edition, ...]) -> None:
    for edition in editions:
        assert (
            f'id="{edition.language}" lang="{edition.language}" dir="{edition.direction}" data-realm="demo"'
            in page
        )
        assert f"<b>{edition.masthead.realm_word}</b>" in page


def test_no_isolate_and_no_missing_word_is_left_in_the_markup(page: str) -> None:
    visible = re.sub(r"<script.*?</script>|<style.*?</style>", "", page, flags=re.DOTALL)
    assert not set("\u2066\u2067\u2068\u2069⟨⟩") & set(visible)


def test_isolates_become_elements_and_markup_stays_text() -> None:
    assert (
        isolated("<b>\u206625 Nov\u2069 & \u2068x\u2069")
        == '&lt;b&gt;<bdi dir="ltr">25 Nov</bdi> &amp; <bdi>x</bdi>'
    )


def test_machine_read_claims_carry_their_mark(editions: tuple[Edition, ...]) -> None:
    board = render_board(editions)
    assert 'class="mach machine-read"' in board
    assert 'class="mach accepted"' in board


def test_quoted_words_take_the_direction_of_their_content(editions: tuple[Edition, ...]) -> None:
    quotes = [attrs for tag, attrs in _read(render_board(editions)).tags if tag == "blockquote"]
    assert quotes
    assert all(attrs["dir"] == "auto" and attrs["lang"] for attrs in quotes)


def test_styles_use_the_side_of_reading_and_not_left_or_right() -> None:
    from importlib import resources  # noqa: PLC0415

    css = (resources.files("truceline") / "data" / "pages" / "page.css").read_text(encoding="utf-8")
    physical = r"(?:^|[;{\s])(?:margin|padding|border)-(?:left|right)|(?:^|[;{\s])(?:left|right|float|text-align):\s*(?:left|right)"
    assert re.findall(physical, css) == []
