"""Reviews: what people decide of machine-read claims, on the version that they saw, told of in the record for ever."""

from __future__ import annotations

from typing import Any

from living import Living

from truceline.app.projecting import project
from truceline.ledger.log import read_log


def claim_of(centre: Living, number: str = "A:0001", at: int = 0) -> dict[str, Any]:
    found: list[dict[str, Any]] = centre.get(
        number, "claims?kind=ceasefire_violation,handover_deadline"
    ).json()["items"]
    return found[at] if found else centre.get(number, "claims").json()["items"][at]


def again(centre: Living, id_: str, number: str = "A:0001") -> dict[str, Any]:
    found: dict[str, Any] = centre.get(number, f"claims/{id_}").json()
    return found


def test_a_claim_is_accepted_and_the_record_says_by_whom(centre: Living) -> None:
    claim = claim_of(centre)
    done = centre.done("A:0001", f"claims/{claim['id']}/review", {"step": "accept", "seen": 0})
    now = again(centre, claim["id"])
    assert now["review"] == {"state": "accepted", "by": "A:0001", "known_at": done["known_at"]}
    assert now["version"] == done["entry"] == done["version"]
    entry = next(item for item in read_log(centre.store.ledger, centre.store.payloads, done["entry"]))
    assert entry.payload is not None
    assert (entry.type, entry.payload["owner"], entry.payload["release"]) == ("claim", "A", "joint")
    assert entry.payload["by"] == {"stage": "console", "officer": "A:0001"}


def test_a_rejection_says_why_and_the_claim_counts_no_more(centre: Living) -> None:
    claim = claim_of(centre)
    path = f"claims/{claim['id']}/review"
    assert centre.post("A:0001", path, {"step": "reject", "seen": 0}).json()["code"] == "act.reason"
    centre.done("A:0001", path, {"step": "reject", "seen": 0, "reason": "misread"})
    assert again(centre, claim["id"])["history"][-1]["reason"] == "misread"
    before = len(centre.get("A:0001", "incidents").json()["items"])
    centre.settle()
    after = [one for one in centre.get("A:0001", "incidents").json()["items"] if claim["id"] in one["claims"]]
    assert after == [], before


def test_a_mended_copy_takes_the_place_of_the_claim_and_both_stay(centre: Living) -> None:
    claim = claim_of(centre)
    body = {"step": "supersede", "seen": 0, "mended": {"modality": "alleged"}}
    done = centre.done("A:0001", f"claims/{claim['id']}/review", body)
    old = again(centre, claim["id"])
    copies = [
        one
        for one in centre.get("A:0001", "claims?limit=500").json()["items"]
        if one.get("mends") == claim["id"]
    ]
    assert old["review"]["state"] == "superseded"
    assert [(one["modality"], one["review"]["state"]) for one in copies] == [("alleged", "accepted")]
    assert copies[0]["evidence"] == claim["evidence"]
    centre.done("A:0001", "corrections", {"entry": done["entry"], "step": "undo"})
    assert centre.get("A:0001", f"claims/{copies[0]['id']}").status_code == 404
    assert again(centre, claim["id"])["review"]["state"] == "machine-read"


def test_what_a_copy_rests_on_cannot_be_mended(centre: Living) -> None:
    claim = claim_of(centre)
    path = f"claims/{claim['id']}/review"
    for mended in (
        {"evidence": {"start": 0, "end": 1, "text": "x"}}, {"owner": "B"}, {}, {"modality": "sure"}, {"type": "x"},
        {"when": {"start": "2020-99-99", "end": None, "precision": "day", "basis": "x"}}, {"speakers": []},
    ):  # fmt: skip
        answer = centre.post("A:0001", path, {"step": "supersede", "seen": 0, "mended": mended})
        assert answer.status_code == 400, mended
    assert "version" not in again(centre, claim["id"])


def test_two_officers_on_one_claim_are_shown_both_versions_and_nothing_is_overwritten(centre: Living) -> None:
    claim = claim_of(centre)
    path = f"claims/{claim['id']}/review"
    first = centre.done("A:0001", path, {"step": "accept", "seen": 0})
    answer = centre.post("B:0001", path, {"step": "reject", "reason": "misread", "seen": 0})
    assert answer.status_code == 409
    assert answer.json()["yours"] == {
        "seen": 0,
        "asked": {"step": "reject", "reason": "misread", "mended": None},
    }
    assert answer.json()["theirs"]["version"] == first["version"]
    assert answer.json()["theirs"]["value"]["review"]["state"] == "accepted"
    assert again(centre, claim["id"])["review"]["by"] == "A:0001"
    tag = centre.get("B:0001", f"claims/{claim['id']}").headers["etag"]
    centre.done("B:0001", path, {"step": "reject", "reason": "misread"}, if_match=tag)


def test_an_act_that_names_no_version_is_sent_back(centre: Living) -> None:
    claim = claim_of(centre)
    assert centre.post("A:0001", f"claims/{claim['id']}/review", {"step": "accept"}).status_code == 428
    answer = centre.post("A:0001", f"claims/{claim['id']}/review", {"step": "accept"}, if_match='"x"')
    assert answer.json()["where"] == "If-Match"


def test_what_a_side_keeps_is_reviewed_by_that_side_alone(centre: Living) -> None:
    own = [one for one in centre.get("A:0001", "claims").json()["items"] if one["owner"] == "A"]
    assert own
    path = f"claims/{own[0]['id']}/review"
    assert centre.post("B:0001", path, {"step": "accept", "seen": 0}).status_code == 404
    done = centre.done("A:0001", path, {"step": "accept", "seen": 0})
    entry = next(iter(read_log(centre.store.ledger, centre.store.payloads, done["entry"])))
    assert entry.payload is not None
    assert entry.payload["release"] == "owner", "not even that it was reviewed is told to others"


def test_whoever_stands_outside_never_sees_who_reviewed(centre: Living) -> None:
    claim = claim_of(centre)
    centre.done("A:0001", f"claims/{claim['id']}/review", {"step": "accept", "seen": 0})
    centre.pass_time(hours=30)
    seen = centre.get("P:0001", f"claims/{claim['id']}", role="party", side="party:armenia")
    assert seen.status_code == 200
    assert "A:0001" not in seen.text
    assert "history" not in seen.json()


def test_a_review_later_than_the_moment_asked_about_is_not_known_yet(centre: Living) -> None:
    claim = claim_of(centre)
    centre.done("A:0001", f"claims/{claim['id']}/review", {"step": "reject", "reason": "misread", "seen": 0})
    then = centre.get("A:0001", "/watch.json?known_at=2020-11-27T00:00:00Z").json()["items"]
    assert any(claim["id"] in one["claims"] for one in then)
    now = centre.get("A:0001", "/watch.json?known_at=2020-11-29T00:00:00Z").json()["items"]
    assert not any(claim["id"] in one["claims"] for one in now)


def test_a_run_that_is_made_again_keeps_what_people_decided(centre: Living) -> None:
    claim = claim_of(centre)
    centre.done("A:0001", f"claims/{claim['id']}/review", {"step": "accept", "seen": 0})
    centre.settle()
    before = centre.rows()
    assert project(centre.store) == ()
    assert centre.rows() == before
