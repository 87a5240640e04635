"""One's own account, the technician's page, tokens of programs, and the audit."""

from __future__ import annotations

import re
from typing import Any

import pytest
from asked_service import AGENT, Service

from truceline.app.access import Access
from truceline.testing.accounts import PASSWORD, signed_in

NEW = "nine other words nobody joins"


def number_of(service: Service, role: str, side: str = "") -> str:
    """The number under which the service's tests sign a role in."""
    letter = side if side in {"A", "B"} else "P" if side else "C"
    return f"{letter}:{list(service.rights).index(role):02d}01"


def post(service: Service, path: str, **fields: Any) -> Any:
    return service.client.post(path, data=fields, headers={"accept-language": "en"}, follow_redirects=False)


@pytest.fixture
def mine(service: Service) -> Service:
    """An analyst who is signed in, with a password that nobody changed."""
    service.sign_in("analyst")
    return service


def test_a_password_is_changed_with_the_old_one_and_ends_all_other_sessions(mine: Service) -> None:
    number = number_of(mine, "analyst")
    other = mine.access.begin(number, AGENT, None)
    assert post(mine, "/account/password", old="something else", password=NEW, again=NEW).status_code == 403
    assert post(mine, "/account/password", old=PASSWORD, password=NEW, again="other").status_code == 400
    assert post(mine, "/account/password", old=PASSWORD, password="short", again="short").status_code == 400
    assert mine.access.session(other, AGENT), "nothing happened so far"
    assert post(mine, "/account/password", old=PASSWORD, password=NEW, again=NEW).status_code == 303
    assert mine.access.session(other, AGENT) is None
    assert mine.client.get("/account").status_code == 200, "this one goes on"
    assert post(mine, "/account/password", old=NEW, password=PASSWORD, again=PASSWORD).status_code == 303


def test_own_sessions_are_listed_and_ended_with_the_password(mine: Service) -> None:
    number = number_of(mine, "analyst")
    others = [mine.access.begin(number, "curl/8", None) for _ in range(2)]
    page = mine.client.get("/account").text
    assert page.count("curl/other") >= 2
    assert post(mine, "/account/end", session="all", password="wrong").status_code == 403
    keys = [one.key for one in mine.access.sessions.of(number) if one.agent == "curl/other"]
    assert post(mine, "/account/end", session=keys[0][:16], password=PASSWORD).status_code == 303
    assert sum(mine.access.session(one, "curl/8") is not None for one in others) == 1
    assert post(mine, "/account/end", session="all", password=PASSWORD).status_code == 303
    assert not any(mine.access.session(one, "curl/8") for one in others)
    theirs = signed_in(mine.access, "C:9901", "observer", "", AGENT)
    key = mine.access.sessions.of("C:9901")[0].key
    post(mine, "/account/end", session=key[:16], password=PASSWORD)
    assert mine.access.session(theirs, AGENT), "nobody ends another's"


def test_a_second_step_is_added_and_dropped_with_the_password_and_one_always_stays(mine: Service) -> None:
    number = number_of(mine, "analyst")
    assert post(mine, "/account/second", kind="code", password="wrong").status_code == 403
    answer = post(mine, "/account/second", kind="passkey", password=PASSWORD)
    assert answer.headers["location"] == "/set-up/second"
    asked = mine.client.post("/set-up/passkey/options", content=b"").json()
    assert asked["rp"]["id"] == "localhost"
    assert len(asked["challenge"]) >= 43
    wrong = mine.client.post("/set-up/passkey", content=b'{"id": "x"}')
    assert (wrong.status_code, wrong.json()["code"]) == (400, "passkey.wrong")
    assert "last second step" in post(mine, "/account/drop", which="code", password=PASSWORD).text
    assert mine.access.people.passkeys(number) == []


def test_a_token_reads_and_does_no_more_than_its_scope_and_ends(mine: Service) -> None:
    made = post(
        mine, "/account/token", reads=["claims", "incidents"], does=["export"], days="3", password=PASSWORD
    )
    found = re.search(r"tl_[\w-]{43}", made.text)
    assert found
    assert found[0] not in mine.client.get("/account").text, "it is shown once"
    kept = mine.access.sessions.tokens(number_of(mine, "analyst"))
    assert [(one.reads, one.does) for one in kept] == [({"claims", "incidents"}, {"export"})]
    client = mine.leave()
    client.headers["authorization"] = f"Bearer {found[0]}"
    assert client.get("/api/v1/claims").status_code == 200
    assert client.get("/api/v1/reports").status_code == 403
    assert client.get("/account").status_code == 403, "a token is no session"
    assert client.post("/api/v1/reports", json={}).status_code == 403
    mine.sign_in("analyst")
    assert post(mine, "/account/token/drop", token=kept[0].id).status_code == 303
    client = mine.leave()
    client.headers["authorization"] = f"Bearer {found[0]}"
    assert client.get("/api/v1/claims").status_code == 401


@pytest.mark.parametrize(
    "fields",
    [{"reads": ["accounts"], "days": "1"}, {"does": ["release"], "days": "1"}, {"days": "1"}, {"reads": ["claims"], "days": "1000"},
     {"reads": ["claims"], "days": "x"}, {"reads": ["nothing"], "days": "1"}],
)  # fmt: skip
def test_no_token_is_worth_more_than_its_owner_or_lives_for_ever(
    mine: Service, fields: dict[str, Any]
) -> None:
    assert post(mine, "/account/token", password=PASSWORD, **fields).status_code == 400


def test_the_technician_adds_shuts_opens_ends_and_resets(service: Service) -> None:
    service.sign_in("technician")
    shown = post(service, "/accounts", number="B:7001", role="duty", side="B", language="")
    assert re.search(r"http://localhost/set-up/[\w-]{43}", shown.text)
    assert post(service, "/accounts", number="B:7001", role="duty", side="B", language="").status_code == 409
    for bad in ({"number": "В:7002"}, {"role": "king"}, {"side": "A"}, {"language": "xx"}):
        form = {"number": "B:7002", "role": "duty", "side": "B", "language": "", **bad}
        assert post(service, "/accounts", **form).status_code == 400, bad
    token = signed_in(service.access, "B:7001", "duty", "B", AGENT)
    assert post(service, "/accounts/shut", number="B:7001", how="end").status_code == 303
    assert service.access.session(token, AGENT) is None
    assert post(service, "/accounts/shut", number="B:7001", how="disable").status_code == 303
    assert service.access.viewer("B:7001") is None
    assert post(service, "/accounts/shut", number="B:7001", how="enable").status_code == 303
    assert "/set-up/" in post(service, "/accounts/reset", number="B:7001").text
    assert service.access.people.credentials("B:7001").password is None  # type: ignore[union-attr]
    own = number_of(service, "technician")
    assert post(service, "/accounts/shut", number=own, how="disable").status_code == 400, (
        "nobody shuts themselves out"
    )
    assert post(service, "/accounts/reset", number="B:9999").status_code == 404
    twin = service.client.get("/accounts.json").json()["items"]
    assert {"number", "role", "side"} <= set(twin[0])
    assert not {"password", "salt", "code", "private"} & set(twin[0])


def lines(service: Service) -> list[dict[str, str]]:
    found: list[dict[str, str]] = service.client.get("/audit.json").json()["items"]
    return found


def test_reading_what_is_watched_is_written_down_without_what_stood_there(service: Service) -> None:
    client = service.sign_in("duty", "A")
    client.get("/api/v1/rejected", params={"q": "a very telling word"})
    client.get("/api/v1/claims", params={"q": "a very telling word"})
    incident = client.get("/api/v1/incidents").json()["items"][0]["id"]
    client.get(f"/api/v1/workspace/{incident}/note")
    service.sign_in("head", "A")
    found = lines(service)
    assert any((one["deed"], one["entity"]) == ("read", "rejected") for one in found)
    assert any((one["entity"], one["thing"]) == ("workspace", f"{incident}/note") for one in found)
    assert not any(one["entity"] == "claims" for one in found), "not watched"
    assert "telling" not in str(found)
    assert all(one["at"].endswith("Z") for one in found)
    assert client.get("/audit", params={"lang": "ar"}).status_code == 200


def test_heads_see_their_own_side_and_what_is_done_to_its_accounts(service: Service) -> None:
    service.sign_in("technician")
    post(service, "/accounts", number="A:7101", role="duty", side="A", language="")
    service.sign_in("head", "B").get("/api/v1/workspace")
    service.sign_in("head", "A")
    found = lines(service)
    assert ("account_added", "A:7101") in {(one["deed"], one["thing"]) for one in found}
    assert not any(one["number"].startswith("B:") for one in found)
    service.sign_in("protection")
    assert not any(one["entity"] == "workspace" for one in lines(service)), (
        "no workspace is anybody else's business"
    )
    for role in ("technician", "observer", "analyst"):
        assert service.sign_in(role).get("/audit").status_code == 403


def test_signing_in_failing_and_being_refused_are_written_down(service: Service) -> None:
    service.leave()
    post(service, "/sign-in", number="C:8801", password="wrong password here")
    post(service, "/sign-in", number="my secret password", password="x")
    service.sign_in("observer").get("/api/v1/watches")
    service.sign_in("protection")
    found = lines(service)
    assert ("sign_in_failed", "C:8801") in {(one["deed"], one["thing"]) for one in found}
    assert any((one["deed"], one["entity"]) == ("refused", "watches") for one in found)
    assert "secret" not in str(found), "what is no number may be a password in the wrong field"


def test_no_page_or_line_of_the_audit_bears_markup_of_others(service: Service) -> None:
    service.sign_in("duty", "A").get("/api/v1/rejected/<script>alert(1)")
    service.access.note(
        service.access.viewer(number_of(service, "duty", "A")), "read", entity="rejected", thing="<b>\n\r"
    )
    page = service.sign_in("head", "A").get("/audit").text
    assert "<script>alert" not in page
    assert "<b>\n" not in page
    assert "&lt;b&gt;" in page


def test_a_role_that_changes_counts_at_once(service: Service) -> None:
    access: Access = service.access
    service.take(signed_in(access, "C:7201", "analyst", "", AGENT))
    assert service.client.get("/api/v1/rejected").status_code == 200
    access.database.do("UPDATE people SET role = 'observer' WHERE number = 'C:7201'")
    assert service.client.get("/api/v1/rejected").status_code == 403
    access.people.set_disabled("C:7201", is_disabled=True)
    assert service.client.get("/api/v1/incidents").status_code == 401


def test_a_defect_tells_nothing_of_the_inside(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("SELECT secret FROM people")

    monkeypatch.setattr(service.access, "audit", broken, raising=False)
    monkeypatch.setattr(type(service.access), "audit", broken)
    client = service.sign_in("protection")
    client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    answer = client.get("/audit.json")
    assert answer.status_code == 500
    assert "SELECT" not in answer.text
    assert "Traceback" not in answer.text
