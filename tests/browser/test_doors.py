"""The doors in a browser, in English and Arabic: set up by link, codes and passkeys, the account, the technician's page."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from base64 import b32decode
from collections.abc import Callable
from typing import Any

import pytest

from truceline.core.codes import code_at

Look = Callable[..., Any]
PASSWORD = "seven lamps eat slow trains"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def add(console: Any, number: str, role: str, side: str = "") -> str:
    """Add an account beside the running service, as a technician does; the path of its set-up link."""
    words = ["account", "add", number, "--role", role, "--store", f"sqlite:///{console.store}"]
    more = ["--side", side] if side else []
    done = subprocess.run(
        [sys.executable, "-m", "truceline", *words, *more], capture_output=True, text=True, check=True
    )
    found = re.search(r"/set-up/\S+", done.stdout)
    assert found
    return found[0]


def choose(page: Any) -> None:
    """Choose a password on the page of a set-up link."""
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/set-up/second*")


def faults(page: Any, axe: str) -> list[Any]:
    """What axe finds on a page."""
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [(one["id"], node["target"]) for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize(("language", "number"), [("en", "A:0501"), ("ar", "B:0501")])
def test_an_officer_sets_up_by_link_and_signs_in_by_code(
    look: Look, console: Any, axe: str, language: str, number: str
) -> None:
    page = look(add(console, number, "head", number[0]), language)
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert faults(page, axe) == []
    choose(page)
    assert page.evaluate("document.querySelector('.qr').naturalWidth") > 0, "the picture is drawn"
    assert faults(page, axe) == []
    secret = b32decode(page.locator("main code").inner_text().replace(" ", ""))
    page.fill("input[name=code]", code_at(secret, int(time.time()) // 30))
    page.click("main form button")
    page.wait_for_selector(".whoami .letter")
    for address in ("/account", "/audit"):
        page.goto(console.address + address)
        assert faults(page, axe) == [], address
    page.locator("header form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    page.fill("input[name=number]", number.lower())
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/sign-in/second")
    assert faults(page, axe) == []
    page.fill("input[name=code]", code_at(secret, int(time.time()) // 30 + 1))
    page.click("main form button")
    page.wait_for_selector(".whoami .letter")


def test_a_passkey_is_made_and_signs_in(look: Look, console: Any) -> None:
    page = look(add(console, "C:0502", "observer"))
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                     "isUserVerified": True, "automaticPresenceSimulation": True}},
    )  # fmt: skip
    choose(page)
    page.click("[data-passkey=create]")
    page.wait_for_url(console.address + "/")
    page.locator("header form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    page.fill("input[name=number]", "C:0502")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.click("[data-passkey=get]")
    page.wait_for_url(console.address + "/")
    assert page.locator("a[href='/account']").count() == 1


def test_the_technician_manages_accounts_and_sees_nothing_else(look: Look, console: Any, axe: str) -> None:
    page = look(add(console, "T:0503", "technician"))
    choose(page)
    secret = b32decode(page.locator("main code").inner_text().replace(" ", ""))
    page.fill("input[name=code]", code_at(secret, int(time.time()) // 30))
    page.click("main form button")
    page.wait_for_url("**/accounts")
    assert faults(page, axe) == []
    page.fill("main input[name=number]:visible", "A:0504")
    page.select_option("main select[name=role]", "duty")
    page.select_option("main select[name=side]", "A")
    page.click("form[action='/accounts'] button")
    assert "/set-up/" in page.locator(".shown code").inner_text()
    assert faults(page, axe) == []
    assert page.locator("header .nav a").count() == 1
