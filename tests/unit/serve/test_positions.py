"""Positions over the API: what a side signed elsewhere is taken in as it is; the service signs for nobody."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from asked_service import NOW, Service

from truceline.core.release import Realm
from truceline.determine.events import round_id
from truceline.ledger.checkpoint import Checkpoint
from truceline.ledger.entry import Statement
from truceline.ledger.keys import decode_base64, derive_demo_key
from truceline.ledger.signing import sign_statement

MISSION = "karabakh-2020"


def proposal(
    service: Service, incident: str, owner: str = "A", signer: str = "A/head", at: Any = NOW
) -> dict[str, str]:
    """A proposal as a side's own machine signs it."""
    desk = service.client.get(f"/api/v1/rounds/{incident}/desk").json()
    body = {
        "step": "propose", "incident": incident, "number": desk.get("number", 0), "question": "happening",
        "meeting": "apart", "level": "preliminary", "urgency": "routine", "matters": [], "evidence": ["report_x"],
    }  # fmt: skip
    seen = Checkpoint(desk["origin"], desk["size"], decode_base64(desk["root"]))
    subject = round_id(incident, body["number"])
    statement = Statement(
        type="determination", id=subject, mission=MISSION, realm=Realm.DEMO, body=body, owner=owner, release="joint",
        known_at=at, round=desk["next"]["determination"],
    )  # fmt: skip
    signed = sign_statement(statement, [derive_demo_key(Realm.DEMO, MISSION, signer)], seen)
    return {name: base64.b64encode(getattr(signed, name)).decode() for name in ("note", "payload")}


def test_a_side_proposes_and_both_see_the_round(service: Service) -> None:
    client = service.sign_in("head", "A")
    answer = client.post("/api/v1/positions", json=proposal(service, "incident_one"))
    assert answer.status_code == 201
    for role, side in (("duty", "A"), ("duty", "B"), ("observer", "")):
        found = service.sign_in(role, side).get("/api/v1/rounds").json()["items"]
        assert [one["incident"] for one in found if one["incident"] == "incident_one"] == ["incident_one"]
    assert service.leave().get("/api/v1/rounds").status_code == 401


@pytest.mark.parametrize(
    ("made", "status", "says"),
    [
        ({"owner": "B", "signer": "B/head"}, 403, "its own delegation"),
        ({"signer": "B/head"}, 409, ""),
        ({"at": NOW + timedelta(days=1)}, 409, "a time that has not come"),
    ],
)
def test_what_a_side_did_not_sign_itself_or_in_its_time_is_refused(
    service: Service, made: dict[str, Any], status: int, says: str
) -> None:
    client = service.sign_in("head", "A")
    before = client.get("/healthz").json()["entries"]
    answer = client.post("/api/v1/positions", json=proposal(service, "incident_two", **made))
    assert (answer.status_code, says in answer.json()["what"]) == (status, True), answer.json()
    assert client.get("/healthz").json()["entries"] == before


@pytest.mark.parametrize(
    "body", [{}, {"note": "x", "payload": "y"}, {"note": "", "payload": ""}, {"note": 1}, []]
)
def test_what_is_no_statement_is_refused_in_one_line(service: Service, body: Any) -> None:
    answer = service.sign_in("head", "A").post("/api/v1/positions", json=body)
    assert answer.status_code == 400
    assert answer.json()["what"]


@pytest.mark.parametrize(
    ("role", "side"), [("observer", ""), ("analyst", ""), ("technician", ""), ("party", "party:armenia")]
)
def test_only_officers_of_a_delegation_give_positions(service: Service, role: str, side: str) -> None:
    sent = proposal(service.sign_in("head", "A") and service, "incident_three")
    client = service.sign_in(role, side)
    assert client.get("/api/v1/rounds/incident_three/desk").status_code == 403
    assert client.post("/api/v1/positions", json=sent).status_code == 403
