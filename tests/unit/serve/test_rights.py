"""Every route answers every role as the policy says, and nobody where it says nothing."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asked_service import Service

from truceline.app import wiring
from truceline.core.access import ENTITIES, VISITOR, Need
from truceline.serve.needs import NEED, named_in
from truceline.serve.service import ROUTES

SIDES = {"duty": "A", "head": "B", "party": "party:armenia"}
GIVEN = {"id_:str": "x", "word:str": "x", "incident:str": "x", "kind:str": "note"}
REFUSALS = {
    "access.sign_in",
    "access.does",
    "access.reads",
    "access.token",
    "access.undeclared",
    "access.nothing",
}


def asked(handler: Any) -> Iterator[tuple[str, str, str]]:
    """Method, path and entity of every way to ask a route."""
    for path in sorted(handler.paths):
        filled = path
        for name, value in GIVEN.items():
            filled = filled.replace(f"{{{name}}}", value)
        assert "{" not in filled, f"the test knows no value for {filled}"
        for method in sorted(handler.http_methods):
            yield method, filled, named_in(path)


def refusal(client: Any, method: str, path: str) -> tuple[int, str]:
    """The status, and the code where it was refused for who asks."""
    body = {"content": "", "headers": {"content-type": "application/x-www-form-urlencoded"}}
    more: dict[str, Any] = {} if method == "GET" else body
    # a stream does not end by itself: this one is refused once the asker was let through
    headers = {"accept": "application/json", "last-event-id": "none", **more.get("headers", {})}
    answer = client.request(
        method, path, follow_redirects=False, headers=headers, content=more.get("content")
    )
    is_json = "json" in answer.headers.get("content-type", "")
    code = answer.json().get("code", "") if is_json and answer.status_code in {401, 403} else ""
    return answer.status_code, code if code in REFUSALS else ""


@pytest.mark.parametrize("handler", ROUTES, ids=lambda one: str(one.name))
def test_every_route_answers_every_role_as_the_policy_says(service: Service, handler: Any) -> None:
    need: Need | None = handler.opt.get(NEED)
    assert need is not None, "a route says what it needs"
    for role, its in service.rights.items():
        for method, path, entity in asked(handler):
            client = service.leave() if role == VISITOR else service.sign_in(role, SIDES.get(role, ""))
            status, code = refusal(client, method, path)
            expected = need.allows(its, is_signed_in=role != VISITOR, named=entity)
            if expected:
                assert (code, status == 500) == ("", False), (role, method, path, status)
            else:
                assert (bool(code), status) == (True, 401 if role == VISITOR else 403), (role, method, path)


@pytest.mark.parametrize("handler", ROUTES, ids=lambda one: str(one.name))
def test_no_route_answers_a_token_beyond_its_scope(service: Service, handler: Any) -> None:
    service.sign_in("head", "A")
    viewer = service.access.viewer("A:0201")
    assert viewer
    token, _ = service.access.make_token(viewer, frozenset({"claims"}), frozenset({"export"}), 1)
    need: Need = handler.opt[NEED]
    for method, path, entity in asked(handler):
        client = service.leave()
        client.headers["authorization"] = f"Bearer {token}"
        _, code = refusal(client, method, path)
        role = service.access.by_token(token)
        assert role
        assert bool(code) != need.allows(role.role, is_signed_in=True, by_token=True, named=entity), (
            method,
            path,
        )


def test_every_entity_and_act_of_a_need_is_one_of_the_policy() -> None:
    for handler in ROUTES:
        need: Need = handler.opt[NEED]
        assert need.reads in {"", "*", *ENTITIES}, handler.name
        words = [act for role in wiring.load_rights().values() for act in role.does]
        assert not need.does or need.does in words, handler.name


def test_the_technician_reads_nothing_of_what_the_centre_holds(service: Service) -> None:
    role = service.rights["technician"]
    assert (role.receives, role.reads) == ("nothing", {"health", "accounts"})
    client = service.sign_in("technician")
    for path in ("/", "/api/v1/reports", "/api/v1/claims", "/audit", "/api/v1/workspace"):
        assert client.get(path).status_code == 403, path


def test_the_page_of_rights_is_as_the_program_decides(root: Path) -> None:
    path = root / "scripts" / "write_rights_reference.py"
    spec = importlib.util.spec_from_file_location("write_rights_reference", path)
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.OUT.read_text(encoding="utf-8") == script.reference(), "run `make docs`"
