"""Undone as never on a screen, struck through as entered in error, released by a head alone, counted once."""

from __future__ import annotations

from typing import Any

import pytest
from living import Living

from truceline.core.filters import Filter
from truceline.core.release import Realm
from truceline.core.rows import Recipient

SHOTS = {
    "kind": "ceasefire_violation", "when": "2020-11-27 07:30", "where": {"place": "place:agdam"},
    "what": "Shots heard from the east", "says": "", "basis": "heard",
}  # fmt: skip


def models(centre: Living) -> list[bytes]:
    """Every row but those that tell up to which entry conclusions were drawn: there are none of these."""
    centre.settle()
    return centre.rows()


def test_an_act_undone_is_as_if_it_had_never_been_on_a_screen(centre: Living) -> None:
    before = models(centre)
    done = centre.done("A:0001", "reports", SHOTS)
    assert models(centre) != before
    centre.done("A:0001", "corrections", {"entry": done["entry"], "step": "undo"})
    assert models(centre) == before


def test_undoing_is_for_half_a_minute_and_for_whoever_did_it(centre: Living) -> None:
    done = centre.done("A:0001", "reports", SHOTS)
    assert centre.post("A:0002", "corrections", {"entry": done["entry"], "step": "undo"}).status_code == 403
    centre.pass_time(seconds=31)
    late = centre.post("A:0001", "corrections", {"entry": done["entry"], "step": "undo"})
    assert (late.status_code, late.json()["code"]) == (409, "undo.late")


def test_what_was_entered_in_error_stays_in_sight_struck_through(centre: Living) -> None:
    done = centre.done("A:0001", "reports", SHOTS)
    centre.pass_time(minutes=10)
    body = {"entry": done["entry"], "step": "error", "reason": "another sector", "seen": done["version"]}
    assert centre.post("B:0001", "corrections", body).status_code == 403
    centre.done("A:0002", "corrections", body)
    report = centre.get("B:0001", f"reports/{done['id']}").json()
    assert report["struck"]
    assert report["entered"]["what"] == "Shots heard from the east"
    assert report["history"][0]["in_error"]["reason"] == "another sector"
    claim = centre.get("B:0001", f"claims/{report['claims'][0]}").json()
    assert (claim["review"]["state"], bool(claim["struck"])) == ("rejected", True)
    centre.settle()
    assert not any(claim["id"] in one["claims"] for one in centre.get("B:0001", "incidents").json()["items"])


def test_a_review_in_error_gives_way_to_what_was_before_it(centre: Living) -> None:
    claim = centre.get("A:0001", "claims").json()["items"][0]
    path = f"claims/{claim['id']}/review"
    first = centre.done("A:0001", path, {"step": "accept", "seen": 0})
    second = centre.done("A:0001", path, {"step": "reject", "reason": "misread", "seen": first["version"]})
    body = {"entry": second["entry"], "step": "error", "reason": "wrong line", "seen": second["version"]}
    centre.done("A:0001", "corrections", body)
    now = centre.get("A:0001", f"claims/{claim['id']}").json()
    assert now["review"]["state"] == "accepted"
    assert [bool(line.get("in_error")) for line in now["history"]] == [False, False, True]
    again = centre.post("A:0001", "corrections", {**body, "seen": now["version"]})
    assert (again.status_code, again.json()["code"]) == (409, "correction.twice")


def test_an_undo_is_not_undone_but_a_word_of_error_is(centre: Living) -> None:
    claim = centre.get("A:0001", "claims").json()["items"][0]
    first = centre.done("A:0001", f"claims/{claim['id']}/review", {"step": "accept", "seen": 0})
    wrong = centre.done(
        "A:0001", "corrections", {"entry": first["entry"], "step": "error", "seen": first["version"]}
    )
    centre.done("A:0001", "corrections", {"entry": wrong["entry"], "step": "undo"})
    assert centre.get("A:0001", f"claims/{claim['id']}").json()["review"]["state"] == "accepted"
    undone = centre.done("A:0001", "corrections", {"entry": first["entry"], "step": "undo"})
    answer = centre.post("A:0001", "corrections", {"entry": undone["entry"], "step": "undo"})
    assert (answer.status_code, answer.json()["code"]) == (400, "undo.undo")


@pytest.mark.parametrize("entry", [0, 3, 10**9])
def test_only_acts_of_people_are_taken_back(centre: Living, entry: int) -> None:
    answer = centre.post("A:0001", "corrections", {"entry": entry, "step": "undo"})
    assert answer.status_code in {400, 404}


def kept(centre: Living) -> dict[str, Any]:
    done = centre.done("A:0001", "reports", SHOTS | {"release": "owner"})
    found: dict[str, Any] = centre.get("A:0001", f"reports/{done['id']}").json()
    return found


def test_a_mark_is_raised_by_a_head_of_its_owner_alone(centre: Living) -> None:
    report = kept(centre)
    body = {"report": report["id"], "to": "joint", "seen": report["version"]}
    assert centre.post("A:0001", "disclosures", body).status_code == 403
    assert centre.post("B:0009", "disclosures", body, role="head").status_code == 404
    assert centre.get("B:0001", f"reports/{report['id']}").status_code == 404
    done = centre.done("A:0009", "disclosures", body, role="head")
    assert centre.get("B:0001", f"reports/{report['id']}").json()["release"] == "joint"
    claim = centre.get("B:0001", f"claims/{report['claims'][0]}").json()
    assert claim["release"] == "joint", "its claims travel with it"
    down = {"report": report["id"], "to": "owner", "seen": done["version"]}
    assert centre.post("A:0009", "disclosures", down, role="head").json()["code"] == "release.raise"


def test_what_is_released_to_one_party_reaches_that_party_late_and_coarse(centre: Living) -> None:
    done = centre.done(
        "A:0001", "reports", SHOTS | {"release": "owner", "where": {"lon": 46.93417, "lat": 39.99121}}
    )
    body = {"report": done["id"], "to": "party:armenia", "seen": done["version"]}
    centre.done("A:0009", "disclosures", body, role="head")
    path = f"reports/{done['id']}"
    assert centre.get("P:1", path, role="party", side="party:armenia").status_code == 404, "a day late"
    centre.pass_time(hours=25)
    told = centre.get("P:1", path, role="party", side="party:armenia").json()
    assert told["position"]["precision_m"] == 1000
    assert abs(told["position"]["lon_deg"] - 46.93417) > 1e-4
    assert told["entered"]["where"]["lon"] == told["position"]["lon_deg"]
    assert centre.get("P:2", path, role="party", side="party:azerbaijan").status_code == 404
    assert centre.get("B:0001", path).status_code == 404


def test_boxes_tell_whoever_stands_outside_no_more_than_one_answer_does(centre: Living) -> None:
    done = centre.done("A:0001", "reports", SHOTS | {"where": {"lon": 46.93417, "lat": 39.99121}})
    released = {"report": done["id"], "to": "public", "seen": done["version"]}
    centre.done("A:0009", "disclosures", released, role="head")
    centre.pass_time(hours=25)
    west, south = 46.93417, 39.99121
    for shift in (0.0001, 0.001, 0.003):
        box = f"{west - 0.02 - shift},{south - 0.02},{west - shift},{south + 0.02}"
        asked = [
            done["id"] in centre.get("P:1", f"reports?box={box}", role="party", side="party:armenia").text
            for box in (box, f"{west - shift},{south - 0.02},{west + 0.02},{south + 0.02}")
        ]
        assert asked == [True, True] or shift > 0.002, "the cell as a whole is found"
    exact = centre.store.models.find(
        "reports", Filter(box=(46.93, 39.99, 46.9321, 40.0)), Recipient("A", Realm.DEMO)
    )
    assert not exact.values


def test_a_request_that_comes_again_counts_once_and_is_answered_the_same(centre: Living) -> None:
    first = centre.done("A:0001", "reports", SHOTS, idempotency_key="k-1")
    size = centre.store.ledger.size()
    centre.pass_time(hours=23)
    assert centre.done("A:0001", "reports", SHOTS, idempotency_key="k-1") == first
    centre.settle()
    assert [
        e.type for e in centre.store.ledger.entries(size, centre.store.ledger.size()) if e.type == "report"
    ] == []
    other = centre.post("A:0001", "reports", {**SHOTS, "what": "Another"}, idempotency_key="k-1")
    assert (other.status_code, other.json()["code"]) == (409, "act.key")
    mine = centre.done("B:0001", "reports", SHOTS, idempotency_key="k-1")
    assert mine["entry"] != first["entry"], "a key is its officer's own"


def test_keys_are_read_from_the_record_when_a_service_begins_anew(centre: Living) -> None:
    first = centre.done("A:0001", "reports", SHOTS, idempotency_key="k-1")
    work = centre.centre.work
    assert work is not None
    work.writer._keys.clear()
    work.writer._recall(centre.store)
    assert centre.done("A:0001", "reports", SHOTS, idempotency_key="k-1") == first
