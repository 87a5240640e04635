"""Pages of the console: open to visitors where they are public, whole in every language, past the gate, without inline code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from asked_service import Service

from truceline.publish.tokens import MARKS

PAGES = ("/", "/board", "/map")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_sees_what_is_public_in_every_language(service: Service, page: str, language: str) -> None:
    answer = service.client.get(page, params={"lang": language})
    assert answer.status_code == 200
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in answer.text
    assert "⟨" not in answer.text, "a word is missing"
    assert not set(answer.text) & set(MARKS), "a token's mark was left in the page"


def test_what_a_delegation_keeps_is_in_no_page_of_anybody_else(service: Service) -> None:
    addresses = [*PAGES, "/watch.json", "/board.json", "/map.json", "/map/marks.json", "/timeline.json"]
    for role, side in (("", ""), ("duty", "B"), ("observer", ""), ("party", "party:azerbaijan")):
        client = service.sign_in(role, side) if role else service.leave()
        for address in addresses:
            assert "one of its soldiers" not in client.get(address).text, (role, address)
        assert client.get("/watch.json").text.count("incident_") < 40
    mine = service.sign_in("duty", "A").get("/").text
    assert "one of its soldiers" in mine


@pytest.mark.parametrize("address", ["/api/v1/incidents", "/api/v1/claims/tally", "/incidents/incident_x"])
def test_everything_else_wants_a_session(service: Service, address: str) -> None:
    assert service.client.get(address).status_code == 401


def test_a_role_reads_no_further_than_its_rights(service: Service) -> None:
    client = service.sign_in("observer")
    assert client.get("/api/v1/incidents").status_code == 200
    assert client.get("/api/v1/watches").status_code == 403
    technician = service.sign_in("technician")
    for address in ("/", "/board", "/map", "/api/v1/incidents", "/map/marks.json", "/watch.json"):
        assert technician.get(address).status_code == 403, address


def test_an_address_that_nobody_knows_shows_not_everything(service: Service) -> None:
    answer = service.client.get("/", params={"knd": "attack"}, headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "filter.name"
    wrong = service.client.get("/board", params={"known_at": "yesterday"}, headers={"accept": "text/html"})
    assert wrong.status_code == 400
    assert "2020-11-16" in wrong.text, "it says how to write it"


def test_the_whole_console_turns_to_the_moment_asked_for(service: Service) -> None:
    then = service.client.get("/", params={"known_at": "2020-11-20", "lang": "en"}).text
    assert 'data-known="past"' in then
    assert "As known at" in then
    assert "data-pick=" not in then, "nothing was known yet"
    board = service.client.get("/board.json", params={"known_at": "2020-11-16"}).json()
    assert all(row["status"] for row in board)


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_bears_the_policy_and_no_page_breaks_it(service: Service, page: str) -> None:
    answer = service.client.get(page)
    policy = answer.headers["content-security-policy"]
    assert "'unsafe-inline'" not in policy
    assert "script-src 'self'" in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", answer.text)
    assert not re.search(r"\sstyle=", answer.text)
    assert not re.search(r"\son[a-z]+=", answer.text)
    assert not re.search(r'(?:src|href)="https?:', answer.text), "no other address is asked for"


def test_templates_hold_no_words_of_their_own(texts: Path) -> None:
    for template in sorted(texts.glob("*.j2")):
        text = re.sub(
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>",
            " ",
            template.read_text(encoding="utf-8"),
            flags=re.DOTALL,
        )
        loose = set(re.findall(r"[A-Za-z]{2,}", text)) - {"doctype", "html"}
        assert loose == set(), template.name
