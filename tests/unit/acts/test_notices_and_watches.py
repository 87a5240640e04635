"""Notices reach both delegations at once in fixed words; the watch is taken line by line."""

from __future__ import annotations

from typing import Any

from living import Living

from truceline.app import watching
from truceline.app.wiring import load_forms

FIRE = {"phrase": "fire_reported", "place": "place:agdam", "since": "2020-11-28 15:10"}
LANGUAGES = {"ar", "en", "ru", "tr", "az", "hy"}


def notice(centre: Living, id_: str, number: str = "B:0001") -> dict[str, Any]:
    found: dict[str, Any] = centre.get(number, f"notices/{id_}").json()
    return found


def lines(centre: Living, number: str = "A:0001") -> list[str]:
    return [line["key"] for line in centre.get(number, "hand-over").json()["lines"]]


def test_every_phrase_says_in_every_language_first_that_it_is_unverified() -> None:
    first: dict[str, set[str]] = {}
    for phrase in load_forms().phrases.values():
        assert set(phrase.words) == LANGUAGES
        for language, words in phrase.words.items():
            first.setdefault(language, set()).add(words.split()[0])
    assert all(len(openings) == 1 for openings in first.values()), first


def test_a_notice_is_read_by_both_sides_in_the_same_fixed_words(centre: Living) -> None:
    done = centre.done("A:0001", "notices", FIRE)
    ours, theirs = notice(centre, done["id"], "A:0001"), notice(centre, done["id"])
    assert ours == theirs
    assert ours["words"]["en"] == "Unverified: fire reported near Agdam since 15:10."
    assert set(ours["words"]) == LANGUAGES
    assert "15:10" in ours["words"]["ar"]
    assert ours["state"] == "issued"


def test_a_notice_counts_as_read_when_each_side_has_read_it_back(centre: Living) -> None:
    done = centre.done("A:0001", "notices", FIRE)
    first = centre.done("B:0001", f"notices/{done['id']}/read-back", {"seen": done["version"]})
    assert (notice(centre, done["id"])["state"], set(notice(centre, done["id"])["read_back"])) == (
        "issued",
        {"B"},
    )
    centre.done("A:0002", f"notices/{done['id']}/read-back", {"seen": first["version"]})
    assert notice(centre, done["id"])["state"] == "read_back"


def test_a_notice_is_stood_down_by_its_side_with_a_reason(centre: Living) -> None:
    done = centre.done("A:0001", "notices", FIRE)
    path = f"notices/{done['id']}/stand-down"
    assert centre.post("B:0001", path, {"reason": "ended", "seen": done["version"]}).status_code == 403
    assert (
        centre.post("A:0001", path, {"reason": "bored", "seen": done["version"]}).json()["code"]
        == "act.reason"
    )
    down = centre.done("A:0002", path, {"reason": "unfounded", "seen": done["version"]})
    assert notice(centre, done["id"])["stood_down"]["reason"] == "unfounded"
    late = centre.post("B:0001", f"notices/{done['id']}/read-back", {"seen": down["version"]})
    assert (late.status_code, late.json()["code"]) == (409, "act.state")


def test_a_notice_says_nothing_that_is_no_phrase(centre: Living) -> None:
    assert centre.post("A:0001", "notices", {**FIRE, "phrase": "they did it"}).status_code == 400
    assert centre.post("A:0001", "notices", {**FIRE, "place": "somewhere"}).status_code == 400
    assert centre.post("A:0001", "notices", {**FIRE, "text": "free words"}).status_code == 400
    assert centre.post("A:0001", "notices", {**FIRE, "since": "2020-11-28 9:10"}).status_code == 409


def test_a_notice_never_reaches_the_public_or_a_party(centre: Living) -> None:
    done = centre.done("A:0001", "notices", FIRE)
    centre.pass_time(days=3)
    assert (
        centre.get("P:0001", f"notices/{done['id']}", role="party", side="party:armenia").status_code == 404
    )
    assert centre.client.get(f"/api/v1/notices/{done['id']}").status_code in {401, 403}


def test_a_watch_is_taken_when_every_line_is_confirmed(centre: Living) -> None:
    issued = centre.done("B:0001", "notices", FIRE)
    wanted = lines(centre)
    assert {f"notice:{issued['id']}", "intake"} <= set(wanted)
    answer = centre.post("A:0001", "watches", {"confirmed": wanted[1:]})
    assert (answer.status_code, answer.json()["open"]) == (409, wanted[:1])
    done = centre.done("A:0001", "watches", {"confirmed": wanted})
    watch = centre.get("A:0001", f"watches/{done['id']}").json()
    assert (watch["state"], watch["by"], [line["key"] for line in watch["lines"]]) == (
        "standing",
        "A:0001",
        wanted,
    )


def test_a_watch_is_handed_over_and_ends_when_the_next_takes_it(centre: Living) -> None:
    first = centre.done("A:0001", "watches", {"confirmed": lines(centre)})
    given = {"confirmed": lines(centre), "seen": first["version"]}
    assert centre.post("A:0002", f"watches/{first['id']}/hand-over", given).status_code == 400
    handed = centre.done("A:0001", f"watches/{first['id']}/hand-over", given)
    body = {"confirmed": lines(centre, "A:0002"), "follows": first["id"], "seen": handed["version"]}
    second = centre.done("A:0002", "watches", body)
    old = centre.get("A:0002", f"watches/{first['id']}").json()
    assert (old["state"], old["until"]) == ("ended", second["known_at"])
    assert centre.get("A:0002", "hand-over").json()["standing"]["id"] == second["id"]
    centre.done("A:0002", "corrections", {"entry": second["entry"], "step": "undo"})
    assert centre.get("A:0001", "hand-over").json()["standing"]["id"] == first["id"], (
        "it has not ended after all"
    )


def test_two_who_take_one_watch_are_told_of_each_other(centre: Living) -> None:
    first = centre.done("A:0001", "watches", {"confirmed": lines(centre)})
    answer = centre.post("A:0002", "watches", {"confirmed": lines(centre)})
    assert (answer.status_code, answer.json()["theirs"]["value"]["id"]) == (409, first["id"])
    assert (
        centre.post(
            "A:0001", "watches", {"confirmed": lines(centre), "follows": first["id"], "seen": 0}
        ).status_code
        == 409
    )


def test_each_side_stands_its_own_watch_unseen_by_the_other(centre: Living) -> None:
    ours = centre.done("A:0001", "watches", {"confirmed": lines(centre)})
    centre.done("B:0001", "watches", {"confirmed": lines(centre, "B:0001")})
    assert len(centre.get("B:0001", "watches").json()["items"]) == 1
    assert centre.get("B:0001", f"watches/{ours['id']}").status_code == 404


def test_a_later_register_adds_lines_of_its_own(centre: Living, monkeypatch: Any) -> None:
    line = watching.Line("hotline:7", "hotline", "call_7")
    monkeypatch.setattr(watching, "THEMES", (*watching.THEMES, lambda _desk: [line]))
    assert "hotline:7" in lines(centre)
    answer = centre.post("A:0001", "watches", {"confirmed": ["intake"]})
    assert "hotline:7" in answer.json()["open"]
