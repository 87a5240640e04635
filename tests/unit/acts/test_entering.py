"""Entering a report: six fields or a pasted message; what looks wrong is asked about before anything is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema_rs import validator_for
from living import Living

from truceline.app.wiring import load_forms

SHOTS = {
    "kind": "ceasefire_violation", "when": "2020-11-27 07:30", "where": {"place": "place:agdam"},
    "what": "Shots heard from the east", "says": "", "basis": "heard",
}  # fmt: skip
MESSAGE = (
    "BAKU, 27 November 2020. Azerbaijan's Defence Ministry said that 374 of its soldiers were killed in fighting "
    "near Agdam on 26 November."
)


def asked(centre: Living, **other: Any) -> set[str]:
    """The codes that are asked about; nothing may have been written."""
    size = centre.store.ledger.size()
    answer = centre.post("A:0001", "reports", {**SHOTS, **other})
    assert answer.status_code == 409, answer.text
    entries = list(centre.store.ledger.entries(size, centre.store.ledger.size()))
    assert [one for one in entries if one.type == "report"] == []
    return {one["code"] for one in answer.json()["questions"]}


def test_six_fields_make_a_report_and_the_one_claim_that_it_is(centre: Living) -> None:
    done = centre.done("A:0001", "reports", SHOTS)
    report = centre.get("A:0001", f"reports/{done['id']}").json()
    assert report["entered"]["what"] == "Shots heard from the east"
    assert report["valid_at"]["start"] == "2020-11-27T03:30:00Z", "07:30 was meant in the mission's zone"
    (id_,) = report["claims"]
    claim = centre.get("A:0001", f"claims/{id_}").json()
    assert (claim["type"], claim["review"]["state"], claim["rule"]) == (
        "ceasefire_violation",
        "accepted",
        "entered",
    )
    assert claim["places"] == [{"id": "place:agdam", "label": "Agdam"}]
    assert claim["attribution"] == ["Russian delegation"]
    centre.settle()
    assert any(id_ in one["claims"] for one in centre.get("B:0001", "incidents").json()["items"])


def test_no_words_stand_in_the_record_only_their_hash(centre: Living) -> None:
    done = centre.done("A:0001", "reports", SHOTS)
    for entry in centre.store.ledger.entries(done["entry"], centre.store.ledger.size()):
        payload = centre.store.payloads.get(entry.payload_sha256)
        assert payload is not None
        assert b"Shots" not in payload


def test_what_is_kept_as_evidence_has_the_form_of_its_schema(centre: Living) -> None:
    done = centre.done(
        "A:0001", "reports", SHOTS | {"where": {"lon": 46.9, "lat": 39.9}, "says": "party:armenia"}
    )
    report = centre.get("A:0001", f"reports/{done['id']}").json()
    data = centre.store.evidence.get(report["sha256"])
    assert data is not None
    form = json.loads(data)
    schema = validator_for(dict(load_forms().schemas["observation"]))
    assert schema.is_valid(form)
    assert not schema.is_valid({**form, "weapon": "x"})
    assert form == report["entered"]


def test_a_time_in_the_future_is_asked_about(centre: Living) -> None:
    assert asked(centre, when="2020-12-24 07:30") == {"future:2020-12-24T03:30:00Z"}
    done = centre.post(
        "A:0001",
        "reports",
        SHOTS | {"when": "2020-12-24 07:30", "confirmed": ["future:2020-12-24T03:30:00Z"]},
    )
    assert done.status_code == 201


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7:30 pm", "15:30"),
        ("7:30 AM", "03:30"),
        ("07:30", "03:30"),
        ("12:05 am", "20:05"),
        ("19:30 ", "15:30"),
        ("٠7", None),
    ],
)
def test_a_clock_that_says_which_half_of_the_day_it_means_is_not_asked(
    centre: Living, typed: str, meant: str | None
) -> None:
    answer = centre.post("A:0001", "reports", SHOTS | {"when": f"2020-11-26 {typed}"})
    if meant is None:
        assert answer.status_code == 400
        return
    report = centre.get("A:0001", f"reports/{answer.json()['id']}").json()
    assert report["valid_at"]["start"].endswith(f"T{meant}:00Z")


def test_morning_or_evening_is_asked_about(centre: Living) -> None:
    assert asked(centre, when="2020-11-26 7:30") == {"ampm:2020-11-26 7:30"}


def test_exchanged_coordinates_are_asked_about_and_never_put_right_in_silence(centre: Living) -> None:
    assert asked(centre, where={"lon": 39.9, "lat": 46.9}) == {"position.swapped"}
    assert asked(centre, where={"lon": 10.0, "lat": 50.0}) == {"position.outside"}
    done = centre.done(
        "A:0001", "reports", SHOTS | {"where": {"lon": 39.9, "lat": 46.9}, "confirmed": ["position.swapped"]}
    )
    assert centre.get("A:0001", f"reports/{done['id']}").json()["position"]["lon_deg"] == 39.9


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"kind": "shooting"}, "enter.kind"), ({"basis": "guessed"}, "enter.basis"), ({"what": " "}, "enter.what"),
        ({"where": {"place": "place:atlantis"}}, "enter.place"), ({"where": {}}, "enter.where"),
        ({"where": {"lon": 46.0}}, "enter.where"), ({"says": "party:nobody"}, "enter.says"),
        ({"when": "soon"}, "enter.when"), ({"when": "2020-13-01"}, "enter.when"), ({"pasted": "x"}, "enter.both"),
    ],
)  # fmt: skip
def test_a_field_that_is_wrong_is_named(centre: Living, other: dict[str, Any], code: str) -> None:
    answer = centre.post("A:0001", "reports", SHOTS | other)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_the_same_words_twice_are_one_report(centre: Living) -> None:
    first = centre.done("A:0001", "reports", SHOTS)
    again = centre.post("A:0001", "reports", SHOTS)
    assert (again.status_code, again.json()["code"]) == (409, "enter.twice")
    assert again.json()["theirs"]["entry"] == first["entry"]
    other = centre.done("B:0001", "reports", SHOTS)
    assert other["id"] != first["id"], "the other side's words are its own report"


def test_words_that_were_undone_may_be_entered_again(centre: Living) -> None:
    first = centre.done("A:0001", "reports", SHOTS)
    centre.done("A:0001", "corrections", {"entry": first["entry"], "step": "undo"})
    assert centre.get("A:0001", f"reports/{first['id']}").status_code == 404
    second = centre.done("A:0001", "reports", SHOTS)
    assert second["id"] == first["id"]
    assert centre.get("A:0001", f"reports/{first['id']}").json()["version"] == second["entry"]


def test_a_pasted_message_is_read_and_its_claims_wait_for_review(centre: Living) -> None:
    done = centre.done("A:0001", "reports", {"pasted": MESSAGE, "source": "src:azertac"})
    report = centre.get("A:0001", f"reports/{done['id']}").json()
    assert (report["kind"], report["source"], report["known_at"]) == (
        "message",
        "src:azertac",
        done["known_at"],
    )
    claims = [centre.get("B:0001", f"claims/{id_}").json() for id_ in report["claims"]]
    assert any("374" in json.dumps(one["quantities"]) for one in claims)
    assert {one["review"]["state"] for one in claims} == {"machine-read"}


def test_a_pasted_message_is_asked_about_too(centre: Living) -> None:
    text = MESSAGE + " At 7:45 another shot fell at 46.91, 39.95."
    answer = centre.post("A:0001", "reports", {"pasted": text})
    codes = [one["code"] for one in answer.json()["questions"]]
    assert codes == ["ampm:7:45", "position.swapped:46.91, 39.95"]
    assert centre.post("A:0001", "reports", {"pasted": text, "confirmed": codes}).status_code == 201


def test_a_message_that_was_received_before_is_a_copy(centre: Living) -> None:
    first = centre.done("B:0001", "reports", {"pasted": MESSAGE})
    second = centre.done("A:0001", "reports", {"pasted": MESSAGE})
    assert centre.get("A:0001", f"reports/{second['id']}").json()["copy_of"] == first["id"]


def test_nobody_learns_from_a_copy_what_the_other_side_keeps(centre: Living) -> None:
    centre.done("B:0001", "reports", {"pasted": MESSAGE, "release": "owner"})
    mine = centre.done("A:0001", "reports", {"pasted": MESSAGE})
    assert centre.get("A:0001", f"reports/{mine['id']}").json()["copy_of"] is None


def test_what_a_side_keeps_leaves_no_trace_in_what_the_other_is_shown(centre: Living) -> None:
    centre.settle()
    before = {
        name: centre.get("B:0001", name).text
        for name in ("reports", "claims", "incidents", "obligations", "/board.json")
    }
    centre.done("A:0001", "reports", SHOTS | {"release": "owner"})
    centre.settle()
    after = {name: centre.get("B:0001", name).text for name in before}
    assert before == after
    assert centre.get("A:0001", "reports").text != before["reports"]


def test_what_a_side_keeps_hides_nothing_from_the_others_and_is_in_its_own_lists(centre: Living) -> None:
    centre.settle()
    (before,) = centre.get("B:0001", "incidents?kind=ceasefire_violation").json()["items"]
    same = {
        **SHOTS, "when": "2020-11-13", "where": {"place": before["place"]["id"]}, "what": "The same, seen by us",
        "release": "owner",
    }  # fmt: skip
    done = centre.done("A:0001", "reports", same)
    centre.settle()
    (claim,) = centre.get("A:0001", f"reports/{done['id']}").json()["claims"]
    assert centre.get("B:0001", "incidents?kind=ceasefire_violation").json()["items"] == [before]
    (ours,) = centre.get("A:0001", "incidents?kind=ceasefire_violation").json()["items"]
    assert set(ours["claims"]) == {*before["claims"], claim}
    raised = {"report": done["id"], "to": "joint", "seen": done["version"]}
    centre.done("A:0009", "disclosures", raised, role="head")
    (now,) = centre.get("B:0001", "incidents?kind=ceasefire_violation").json()["items"]
    assert claim in now["claims"]
    outside = centre.get("P:1", "incidents", role="party", side="party:armenia").json()["items"]
    assert [one["claims"] for one in outside if one["id"] == before["id"]] == [before["claims"]], (
        "still told of it"
    )


def test_a_role_that_does_not_enter_is_refused(centre: Living) -> None:
    assert centre.post("O:0001", "reports", SHOTS, role="observer").status_code == 403
    assert centre.client.post("/api/v1/reports", json=SHOTS).status_code in {401, 403}
