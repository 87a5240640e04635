"""Setting up by a link, signing in by two steps, waits after failures, sessions that end: over HTTP, as a browser does it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from asked_service import AGENT, Clock
from litestar.testing import TestClient

from truceline.app.access import Access
from truceline.app.accounts import add_account, first_link, reset_account, shut_account
from truceline.core.codes import code_at
from truceline.serve.asking import csrf_of
from truceline.serve.cookies import HALF_WAY, SESSION
from truceline.serve.service import Reached, build
from truceline.testing.accounts import ADDRESS, PASSWORD, cheap_access

FORM = {"content-type": "application/x-www-form-urlencoded", "accept-language": "en"}


class Desk:
    """A browser at a service, and the service's accounts."""

    def __init__(self, client: TestClient[Any], access: Access, clock: Clock) -> None:
        self.client, self.access, self.clock = client, access, clock
        self.secrets: dict[str, str] = {}
        client.headers["user-agent"] = AGENT

    def post(self, path: str, **fields: str) -> Any:
        """Send a form as a page of ours does."""
        token = self.client.cookies.get(SESSION, "")
        body = {**fields, "csrf": csrf_of(token)} if token else fields
        return self.client.post(path, data=body, headers={"accept-language": "en"}, follow_redirects=False)

    def set_up(self, word: str, password: str = PASSWORD) -> Any:
        """Set an account up by its link."""
        answer = self.post(f"/set-up/{word}", password=password, again=password)
        assert answer.status_code == 303, answer.text
        page = self.client.get("/set-up/second").text
        secret = re.search(r"<code dir=\"ltr\">([A-Z2-7 ]+)</code>", page)
        number = re.search(r"<b>([A-Z]+:\d{4})</b>", page)
        assert secret
        assert number
        self.secrets[number[1]] = secret[1]
        return self.post("/set-up/second", code=self.code(number[1]))

    def code(self, number: str) -> str:
        """The code of this moment, as an authenticator shows it."""
        from base64 import b32decode  # noqa: PLC0415 - the authenticator's side

        return code_at(b32decode(self.secrets[number].replace(" ", "")), int(self.clock().timestamp()) // 30)

    def sign_in(self, number: str, password: str = PASSWORD) -> Any:
        """Sign in by both steps."""
        self.client.cookies.clear()
        self.clock.pass_by(seconds=31)
        answer = self.post("/sign-in", number=number, password=password)
        assert answer.status_code == 303, answer.text
        return self.post("/sign-in/second", code=self.code(number))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(served_centre: Any, tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    access = cheap_access(tmp_path / "access.db", clock)
    app = build(served_centre(clock), access, {}, lambda: None)
    with TestClient(app, base_url=ADDRESS) as client:
        yield Desk(client, access, clock)


@pytest.fixture
def officer(desk: Desk) -> Desk:
    """A desk at which A:0417 is set up and signed in."""
    _, word = add_account(desk.access, "A:0417", "duty", "A", "", None, "command")
    assert desk.set_up(word).status_code == 303
    return desk


def is_in(desk: Desk) -> bool:
    return bool(desk.client.get("/account").status_code == 200)


def test_the_first_start_sets_a_technician_up_who_adds_accounts(desk: Desk) -> None:
    word = first_link(desk.access)
    assert word
    answer = desk.set_up(word)
    assert answer.headers["location"] == "/accounts"
    assert first_link(desk.access) is None, "somebody can sign in now"
    shown = desk.post("/accounts", number="B:0007", role="head", side="B", language="ar")
    link = re.search(r"http://localhost/set-up/([\w-]+)", shown.text)
    assert link
    desk.client.cookies.clear()
    assert desk.set_up(link[1]).headers["location"] == "/"
    assert is_in(desk)
    assert desk.client.get("/sign-in/second").status_code in {401, 403}, "no half way is left"


def test_a_set_up_link_works_once_and_for_a_day(desk: Desk) -> None:
    _, word = add_account(desk.access, "A:0417", "duty", "A", "", None, "command")
    for _ in range(3):
        assert desk.client.get(f"/set-up/{word}").status_code == 200, "looking uses nothing up"
    desk.set_up(word)
    assert desk.client.get(f"/set-up/{word}").status_code in {401, 403}
    _, late = add_account(desk.access, "A:0418", "duty", "A", "", None, "command")
    desk.clock.pass_by(hours=25)
    assert desk.client.get(f"/set-up/{late}").status_code in {401, 403}


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [("short", "short", "too short"), ("password123456", "password123456", "first that anybody would guess"), (PASSWORD, "other", "differ")],
)  # fmt: skip
def test_a_password_that_will_not_do_is_said_on_the_page(
    desk: Desk, password: str, again: str, says: str
) -> None:
    _, word = add_account(desk.access, "A:0417", "duty", "A", "", None, "command")
    answer = desk.post(f"/set-up/{word}", password=password, again=again)
    assert answer.status_code == 400
    assert says in answer.text
    assert f'value="{password}"' not in answer.text


def test_nothing_is_kept_before_the_second_step_works(desk: Desk) -> None:
    _, word = add_account(desk.access, "A:0417", "duty", "A", "", None, "command")
    desk.post(f"/set-up/{word}", password=PASSWORD, again=PASSWORD)
    assert desk.post("/set-up/second", code="000000").status_code == 400
    kept = desk.access.people.credentials("A:0417")
    assert kept
    assert kept.password is None
    picture = desk.client.get("/set-up/qr.svg")
    assert picture.headers["content-type"].startswith("image/svg")
    desk.client.cookies.clear()
    assert desk.client.get("/set-up/qr.svg").status_code == 401


def test_signing_in_takes_both_steps(officer: Desk) -> None:
    officer.post("/sign-out")
    assert not is_in(officer)
    officer.clock.pass_by(seconds=31)
    first = officer.post("/sign-in", number="a:0417 ", password=PASSWORD)
    assert first.headers["location"] == "/sign-in/second"
    assert not is_in(officer), "a password alone is not enough"
    assert officer.post("/sign-in/second", code=officer.code("A:0417")).status_code == 303
    assert is_in(officer)


def test_a_code_is_taken_once(officer: Desk) -> None:
    officer.sign_in("A:0417")
    officer.client.cookies.clear()
    officer.post("/sign-in", number="A:0417", password=PASSWORD)
    assert officer.post("/sign-in/second", code=officer.code("A:0417")).status_code == 401
    assert not is_in(officer)


def test_the_second_step_ends_after_five_tries_or_five_minutes(officer: Desk) -> None:
    officer.client.cookies.clear()
    officer.post("/sign-in", number="A:0417", password=PASSWORD)
    for _ in range(5):
        assert officer.post("/sign-in/second", code="000000").status_code in {401, 429}
        officer.clock.pass_by(seconds=20)
    assert officer.post("/sign-in/second", code=officer.code("A:0417")).status_code in {401, 429}
    officer.clock.pass_by(minutes=10)
    officer.post("/sign-in", number="A:0417", password=PASSWORD)
    officer.clock.pass_by(minutes=6)
    assert officer.post("/sign-in/second", code=officer.code("A:0417")).status_code == 401


@pytest.mark.parametrize("number", ["A:0417", "A:9999", "А:0417", "nobody", "A:0417'--"])
def test_whatever_was_wrong_the_answer_is_the_same(officer: Desk, number: str) -> None:
    officer.client.cookies.clear()
    answer = officer.post("/sign-in", number=number, password="a wrong password of some length")
    assert answer.status_code == 401
    assert "Number, password or second step do not match." in answer.text
    plain = re.sub(r'name="number" value="[^"]*"', "", answer.text)
    other = officer.post("/sign-in", number="B:0001", password="a wrong password of some length")
    assert plain == re.sub(r'name="number" value="[^"]*"', "", other.text)
    assert not answer.headers.get_list("set-cookie")


def test_an_account_that_is_shut_answers_like_none(officer: Desk) -> None:
    shut_account(officer.access, "A:0417", None, "command")
    assert not is_in(officer), "its sessions end at once"
    officer.client.cookies.clear()
    shut = officer.post("/sign-in", number="A:0417", password=PASSWORD)
    none = officer.post("/sign-in", number="A:0416", password=PASSWORD)
    assert (shut.status_code, shut.text.replace("0417", "")) == (
        none.status_code,
        none.text.replace("0416", ""),
    )


def test_an_unknown_number_takes_as_long_as_a_wrong_password(
    served_centre: Any, tmp_path: Path, clock: Clock
) -> None:
    from truceline.app.access import open_access  # noqa: PLC0415 - the real cost, here alone
    from truceline.app.accounts import lock  # noqa: PLC0415
    from truceline.app.half_way import HalfWays  # noqa: PLC0415
    from truceline.app.signing_in import SigningIn  # noqa: PLC0415
    from truceline.app.wiring import new_pair  # noqa: PLC0415
    from truceline.core.access import ForbiddenError  # noqa: PLC0415
    from truceline.core.release import Realm  # noqa: PLC0415

    access = open_access(tmp_path / "access.db", Realm.DEMO, clock)
    add_account(access, "A:0417", "duty", "A", "", None, "command")
    lock(access, "A:0417", PASSWORD, new_pair().private)
    way = SigningIn(access, HalfWays(access))
    took: dict[str, list[float]] = {"A:0417": [], "A:0001": [], "А:0417": []}
    for n in range(7):
        for number, times in took.items():
            clock.pass_by(hours=1)
            before = time.perf_counter()
            with pytest.raises(ForbiddenError):
                way.begin(number, "some other password", f"address {n}")
            times.append(time.perf_counter() - before)
    known, *others = (median(times) for times in took.values())
    assert all(0.6 < other / known < 1.6 for other in others), took


def test_waits_grow_for_a_number_and_an_address_whether_there_is_such_a_number_or_not(officer: Desk) -> None:
    officer.client.cookies.clear()
    for number in ("A:0417", "A:9999"):
        answers = [officer.post("/sign-in", number=number, password="wrong wrong wrong") for _ in range(8)]
        assert [one.status_code for one in answers] == [401] * 5 + [429] * 3
        assert answers[-1].headers["retry-after"] == "2"
        assert "Wait 2 seconds" in answers[-1].text
        assert officer.post("/sign-in", number=number, password=PASSWORD).status_code == 429, (
            "even the right one"
        )
        officer.clock.pass_by(seconds=3)
        assert officer.post("/sign-in", number=number, password="wrong wrong wrong").status_code == 401
        assert officer.post("/sign-in", number=number, password="x").headers["retry-after"] == "4"
    officer.clock.pass_by(minutes=6)
    assert officer.sign_in("A:0417").status_code == 303, (
        "nobody is locked out for longer than the longest wait"
    )
    assert officer.access.sessions.failures("number:A:0417")[0] == 0, "a success forgets"


def test_an_address_waits_too(officer: Desk) -> None:
    officer.client.cookies.clear()
    statuses = [
        officer.post("/sign-in", number=f"A:{n:04}", password="wrong").status_code for n in range(1000, 1040)
    ]
    assert statuses == [401] * 30 + [429] * 10


def test_a_session_ends_when_idle_and_after_half_a_day(officer: Desk) -> None:
    officer.clock.pass_by(minutes=29)
    assert is_in(officer)
    officer.clock.pass_by(minutes=31)
    assert not is_in(officer)
    officer.sign_in("A:0417")
    for _ in range(35):
        officer.clock.pass_by(minutes=20)
        assert is_in(officer)
    officer.clock.pass_by(minutes=25)
    assert not is_in(officer), "12 hours have passed"


def test_a_session_is_bound_to_its_browser(officer: Desk) -> None:
    officer.client.headers["user-agent"] = AGENT.replace("140", "141")
    assert is_in(officer), "a newer version is the same browser"
    officer.client.headers["user-agent"] = "curl/8.5.0"
    assert not is_in(officer)
    officer.client.headers["user-agent"] = AGENT
    assert not is_in(officer), "it ended for good"


def test_each_signing_in_brings_a_new_token_and_ends_the_old_session(officer: Desk) -> None:
    old = officer.client.cookies[SESSION]
    officer.clock.pass_by(seconds=31)
    officer.post("/sign-in", number="A:0417", password=PASSWORD)
    officer.post("/sign-in/second", code=officer.code("A:0417"))
    new = officer.client.cookies[SESSION]
    assert old != new
    assert len(new) >= 43
    officer.client.cookies.clear()
    officer.client.cookies.set(SESSION, old)
    assert not is_in(officer)


def test_a_session_outlives_the_service_and_only_its_hash_is_kept(
    officer: Desk, served_centre: Any, tmp_path: Path
) -> None:
    token = officer.client.cookies[SESSION]
    again = cheap_access(tmp_path / "access.db", officer.clock)
    with TestClient(build(served_centre(officer.clock), again, {}, lambda: None), base_url=ADDRESS) as client:
        client.headers["user-agent"] = AGENT
        client.cookies.set(SESSION, token)
        assert client.get("/account").status_code == 200
    for file in tmp_path.glob("access.db*"):
        assert token.encode() not in file.read_bytes()


def test_signing_out_ends_the_session_and_clears_the_browser(officer: Desk) -> None:
    token = officer.client.cookies[SESSION]
    answer = officer.post("/sign-out")
    assert '"cookies"' in answer.headers["clear-site-data"]
    officer.client.cookies.set(SESSION, token)
    assert not is_in(officer)


@pytest.mark.parametrize(("is_secure", "name"), [(False, "truceline"), (True, "__Host-truceline")])
def test_cookies_are_for_this_host_and_no_script(
    served_centre: Any, tmp_path: Path, clock: Clock, *, is_secure: bool, name: str
) -> None:
    access = cheap_access(tmp_path / "access.db", clock)
    _, word = add_account(access, "A:0417", "duty", "A", "", None, "command")
    reached = Reached(frozenset({"centre.example"}), is_secure=is_secure)
    scheme = "https" if is_secure else "http"
    with TestClient(
        build(served_centre(clock), access, {}, lambda: None, reached), base_url=f"{scheme}://centre.example"
    ) as client:
        answer = client.post(
            f"/set-up/{word}", data={"password": PASSWORD, "again": PASSWORD}, follow_redirects=False
        )
    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.startswith(f"{name}-half-way=")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= parts
    assert ("secure" in parts) == is_secure
    assert not any(part.startswith("domain") for part in parts)
    assert ("strict-transport-security" in answer.headers) == is_secure


def test_a_reset_takes_everything_away_and_the_technician_never_knows_a_password(officer: Desk) -> None:
    word = reset_account(officer.access, "A:0417", None, "command")
    assert not is_in(officer)
    officer.client.cookies.clear()
    assert officer.post("/sign-in", number="A:0417", password=PASSWORD).status_code == 401
    assert officer.set_up(word, "seven other words for a door").status_code == 303
    assert is_in(officer)


def test_a_demo_link_signs_in_in_a_demo_or_an_exercise_and_never_live(
    desk: Desk, tmp_path: Path, clock: Clock
) -> None:
    from truceline.app.demo_officers import demo_link  # noqa: PLC0415
    from truceline.core.errors import ConflictError  # noqa: PLC0415
    from truceline.core.release import Realm  # noqa: PLC0415

    word = demo_link(desk.access, "A")
    for _ in range(2):
        answer = desk.client.get(f"/sign-in/{word}", follow_redirects=False)
        assert answer.headers["location"] == "/"
        assert is_in(desk)
    assert desk.client.get("/api/v1/workspace").json()["state"] == "open"
    desk.client.cookies.clear()
    assert desk.client.get("/sign-in/something", follow_redirects=False).status_code == 401
    assert demo_link(cheap_access(tmp_path / "exercise.db", clock, Realm.EXERCISE), "A")
    with pytest.raises(ConflictError, match="no demo officers"):
        demo_link(cheap_access(tmp_path / "live.db", clock, Realm.LIVE), "A")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_doors_speak_every_language(officer: Desk, language: str) -> None:
    for path in ("/account", "/sign-in"):
        page = officer.client.get(path, params={"lang": language}).text
        assert f'lang="{language}"' in page
        assert "⟨" not in page, "a word is missing"
        assert not re.search(r"\sstyle=|<script(?![^>]*\bsrc=)", page)


def test_half_way_words_are_no_sessions(officer: Desk) -> None:
    officer.client.cookies.clear()
    officer.post("/sign-in", number="A:0417", password=PASSWORD)
    word = officer.client.cookies[HALF_WAY]
    officer.client.cookies.clear()
    officer.client.cookies.set(SESSION, word)
    assert not is_in(officer)
