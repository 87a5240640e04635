"""Before a route: hosts, addresses, sizes, other sites' pages, and the headers of every answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asked_service import Service

from truceline.serve.guarding import CSRF_HEADER
from truceline.serve.screening import MOST_BODY, Screen

ELSEWHERE = "http://elsewhere.example"


def ask(service: Service, path: bytes, headers: list[tuple[bytes, bytes]], method: str = "GET") -> int:
    """Ask as no well-behaved client would: headers and path as they are."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "method": method, "path": path.decode("latin-1"), "raw_path": path, "query_string": b"",
        "headers": headers, "http_version": "1.1", "scheme": "http", "client": ("127.0.0.1", 1), "server": ("x", 1),
        "root_path": "", "extensions": {},
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    async def inner(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    screen: Any = Screen(inner, frozenset({"centre.example"}), {"X-Test": "1"})
    asyncio.run(screen(scope, receive, send))
    names = {name for name, _ in sent[0]["headers"]}
    assert {b"x-test", b"cache-control"} <= names
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("localhost:8460", 200), ("127.0.0.1:1", 200), ("[::1]:8460", 200), ("centre.example", 200),
     ("CENTRE.example:443", 200), ("evil.example", 421), ("localhost.evil.example", 421), ("centre.example.evil", 421),
     ("", 421), ("localhost@evil.example", 421), ("127.0.0.1.nip.example", 421), ("localhost:99999999", 421), ("2130706433", 421)],
)  # fmt: skip
def test_only_hosts_that_are_named_are_served(service: Service, host: str, status: int) -> None:
    assert ask(service, b"/", [(b"host", host.encode())]) == status


def test_a_request_names_one_host(service: Service) -> None:
    assert ask(service, b"/", []) == 421
    assert ask(service, b"/", [(b"host", b"localhost"), (b"host", b"centre.example")]) == 421


@pytest.mark.parametrize(
    "path",
    [b"/static/../secret", b"/static/..%2fsecret", b"/static/%2e%2e/secret", b"/static/%252e%252e/x", b"//evil.example",
     b"/a\\b", b"/a%5cb", b"/a%00b", b"/a\x0db", b"/./x", b"/static/.."],
)  # fmt: skip
def test_tricks_in_an_address_are_refused(service: Service, path: bytes) -> None:
    assert ask(service, path, [(b"host", b"localhost")]) == 400


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [(b"/" + b"x" * 3000, [], 414), (b"/", [(b"x-long", b"x" * 40_000)], 431)],
)  # fmt: skip
def test_long_addresses_and_headers_are_refused(
    service: Service, path: bytes, headers: list[tuple[bytes, bytes]], status: int
) -> None:
    assert ask(service, path, [(b"host", b"localhost"), *headers]) == status


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "DEBUG"])
def test_methods_that_nobody_needs_are_refused(service: Service, method: str) -> None:
    assert ask(service, b"/", [(b"host", b"localhost")], method) == 405


def test_plain_addresses_with_letters_of_any_script_pass(service: Service) -> None:
    for path in (b"/incidents/A%3A0417", b"/x/%D8%A7", b"/a.b/c..d"):
        assert ask(service, path, [(b"host", b"localhost")]) == 200


@pytest.mark.parametrize(
    ("path", "content_type"),
    [("/api/v1/positions", "application/json"), ("/sign-in", "application/x-www-form-urlencoded")],
)
def test_a_body_that_is_too_long_is_refused(service: Service, path: str, content_type: str) -> None:
    client = service.sign_in("head", "A")
    body = b'{"note":"' + b"x" * MOST_BODY + b'"}'
    headers = {"content-type": content_type, "accept": "application/json"}
    assert client.post(path, content=body, headers=headers).status_code == 413

    def pieces() -> Any:
        for _ in range(30):
            yield b"x" * 100_000

    assert client.post(path, content=pieces(), headers=headers).status_code == 413, (
        "also where it says no length"
    )


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/static/nothing.js", "/nowhere", "/api/v1/nothing", "/healthz", "/account"]
)
def test_every_answer_bears_the_headers_of_safety(service: Service, path: str) -> None:
    for client in (service.leave(), service.sign_in("observer")):
        for headers in ({"accept": "text/html"}, {"accept": "application/json"}, {"host": "evil.example"}):
            answer = client.get(path, headers=headers)
            there = answer.headers
            assert "default-src 'none'" in there["content-security-policy"], (path, answer.status_code)
            assert "frame-ancestors 'none'" in there["content-security-policy"]
            assert "base-uri 'none'" in there["content-security-policy"]
            assert "object-src 'none'" in there["content-security-policy"]
            assert there["x-content-type-options"] == "nosniff"
            assert there["referrer-policy"] == "same-origin"
            assert (
                there["cross-origin-opener-policy"] == there["cross-origin-resource-policy"] == "same-origin"
            )
            assert "access-control-allow-origin" not in there
            assert there["cache-control"] == (
                "public, max-age=600" if path.startswith("/static") else "no-store"
            )


def unsafe(service: Service, **headers: str) -> int:
    """Change something of one's own with some headers."""
    service.sign_in("observer")
    word = service.client.headers.pop(CSRF_HEADER)
    fields = {"language": ""}
    if "field" in headers:
        fields["csrf"] = word if headers.pop("field") == "right" else "another"
    if headers.get(CSRF_HEADER) == "right":
        headers[CSRF_HEADER] = word
    return int(
        service.client.post(
            "/account/language", data=fields, headers=headers, follow_redirects=False
        ).status_code
    )


def test_a_change_bears_the_sessions_word_in_a_header_or_a_field(service: Service) -> None:
    assert unsafe(service, field="right") == 303
    assert unsafe(service, **{CSRF_HEADER: "right"}) == 303
    assert unsafe(service) == 403
    assert unsafe(service, field="wrong") == 403
    assert unsafe(service, **{CSRF_HEADER: "wrong"}) == 403
    assert unsafe(service, **{CSRF_HEADER: "x"}, field="right") == 403, (
        "the header counts where both are there"
    )


@pytest.mark.parametrize(
    "headers",
    [{"origin": ELSEWHERE}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
     {"origin": "https://localhost"}, {"origin": "http://localhost:8461"}],
)  # fmt: skip
def test_a_change_that_another_sites_page_asks_for_is_refused(
    service: Service, headers: dict[str, str]
) -> None:
    assert unsafe(service, field="right", **headers) == 403
    service.leave()
    answer = service.client.post("/sign-in", data={"number": "A:0001", "password": "x"}, headers=headers)
    assert answer.status_code == 401
    assert "page of ours" in answer.text, "nobody is signed in from elsewhere either"


@pytest.mark.parametrize(
    "headers", [{"origin": "http://localhost"}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}]
)
def test_a_change_from_our_own_page_passes(service: Service, headers: dict[str, str]) -> None:
    assert unsafe(service, field="right", **headers) == 303


def test_another_sessions_word_does_not_count(service: Service) -> None:
    service.sign_in("observer")
    others = service.client.headers[CSRF_HEADER]
    service.sign_in("analyst")
    service.client.headers[CSRF_HEADER] = others
    assert (
        service.client.post("/account/language", data={"language": ""}, follow_redirects=False).status_code
        == 403
    )


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"language": "ar", "role": "head"}, 400), ({"language": ["ar", "en"]}, 400), ({"language": "xx"}, 400), ({"language": "x" * 6000}, 400)],
)  # fmt: skip
def test_forms_hold_what_the_route_knows_each_once(
    service: Service, fields: dict[str, Any], status: int
) -> None:
    client = service.sign_in("observer")
    assert client.post("/account/language", data=fields, follow_redirects=False).status_code == status


def test_a_form_is_a_form(service: Service) -> None:
    client = service.sign_in("observer")
    for content_type in ("text/plain", "application/json", "multipart/form-data; boundary=x"):
        answer = client.post(
            "/account/language", content=b"language=ar", headers={"content-type": content_type}
        )
        assert answer.status_code == 400, content_type


def test_a_token_beside_a_cookie_counts_alone(service: Service) -> None:
    client = service.sign_in("observer")
    client.headers["authorization"] = "Bearer tl_nothing"
    assert client.get("/api/v1/incidents").status_code == 401
    client.headers["authorization"] = "Basic QTowNDE3Ong="
    assert client.get("/api/v1/incidents").status_code == 401


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (None, 401),
        ("127.0.0.1", 200),
        ("198.51.100.7", 401),
        ("127.0.0.1, 198.51.100.7", 401),
        ("nobody", 401),
    ],
)
def test_figures_for_the_machine_itself_go_to_nobody_behind_a_proxy_that_does_not_say_who_asks(
    service: Service, monkeypatch: pytest.MonkeyPatch, said: str | None, status: int
) -> None:
    app: Any = service.client.app
    monkeypatch.setattr(app.state, "is_behind_proxy", True)
    headers = {"x-forwarded-for": said} if said else {}
    assert service.client.get("/metrics", headers=headers).status_code == status
