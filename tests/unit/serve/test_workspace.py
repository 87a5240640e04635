"""A delegation's workspace: its own officers open it, nobody else, and the file shows nothing of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asked_service import NOW, Service

from truceline.app import wiring, workspace
from truceline.app.access import Access
from truceline.app.accounts import add_account, lock, reset_account
from truceline.core.access import Viewer
from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.testing.accounts import PASSWORD, cheap_access


@pytest.fixture(autouse=True)
def unopened(service: Service) -> None:
    """No delegation has a workspace yet: in the session's service an officer of another test may have begun one."""
    for command in ("DELETE FROM notes", "DELETE FROM grants", "DELETE FROM side_keys"):
        service.access.database.do(command)


SECRET = "the driver at post seven told us so"


def incident(service: Service) -> str:
    found = service.sign_in("duty", "A").get("/api/v1/incidents").json()["items"]
    return str(found[0]["id"])


def put(service: Service, id_: str, kind: str, body: dict[str, Any]) -> Any:
    return service.client.put(f"/api/v1/workspace/{id_}/{kind}", json=body)


def test_notes_and_grades_are_kept_by_version_for_the_own_side_alone(service: Service) -> None:
    id_ = incident(service)
    for kind, value in (
        ("note", {"text": SECRET}),
        ("draft", {"text": "d"}),
        ("grade", {"grade": {"source": "B", "item": "2"}}),
    ):
        assert service.client.get(f"/api/v1/workspace/{id_}/{kind}").json()["version"] == 0
        written = put(service, id_, kind, {"seen": 0, **value})
        assert written.status_code == 200, written.text
        assert service.client.get(f"/api/v1/workspace/{id_}/{kind}").json()["version"] == 1
    stale = put(service, id_, "note", {"seen": 0, "text": "over it"})
    assert (stale.status_code, stale.json()["code"]) == (409, "workspace.version"), (
        "nothing is overwritten unseen"
    )
    assert service.client.get(f"/api/v1/workspace/{id_}/note").json()["value"] == SECRET
    other = service.sign_in("duty", "B")
    assert other.get(f"/api/v1/workspace/{id_}/note").json()["version"] == 0, "B has a workspace of its own"
    for role in ("observer", "analyst", "technician", "protection"):
        assert service.sign_in(role).get(f"/api/v1/workspace/{id_}/note").status_code == 403


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [("note", {"seen": 0}, 400), ("grade", {"seen": 0, "text": "x"}, 400), ("grade", {"seen": 0, "grade": {"source": "G", "item": "1"}}, 400),
     ("thought", {"seen": 0, "text": "x"}, 404), ("note", {"seen": 0, "text": "x" * 10_001}, 400), ("note", {"seen": -1, "text": "x"}, 400),
     ("note", {"seen": 0, "text": "x", "owner": "B"}, 400)],
)  # fmt: skip
def test_what_is_no_note_is_refused(service: Service, kind: str, body: dict[str, Any], status: int) -> None:
    assert put(service, incident(service), kind, body).status_code == status
    assert put(service, "incident_none", "note", {"seen": 0, "text": "x"}).status_code == 404


def officer(access: Access, number: str) -> tuple[Viewer, str]:
    """An officer who is signed in, and the hash of the session's token."""
    side = number[0]
    if access.people.find(number) is None:
        add_account(access, number, "duty", side, "", None, "command")
    private = wiring.new_pair().private
    lock(access, number, PASSWORD, private)
    viewer = access.viewer(number)
    assert viewer
    token = access.begin(number, "x", private)
    workspace.enter_workspace(access, viewer, private)
    return viewer, wiring.token_hash(token)


@pytest.fixture
def access(tmp_path: Path) -> Access:
    return cheap_access(tmp_path / "access.db", lambda: NOW)


def test_the_file_shows_nothing_of_it(access: Access, tmp_path: Path) -> None:
    viewer, session = officer(access, "A:0001")
    text = f"{SECRET} {'سمعناه هناك'}"
    workspace.write_thing(access, viewer, session, "incident_hadrut", "note", text, 0)
    workspace.write_thing(
        access, viewer, session, "incident_hadrut", "grade", {"source": "B", "item": "2"}, 0
    )
    access.database.close()
    held = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for word in (SECRET, "driver", "سمعناه", "incident_hadrut", "hadrut", '"source"', PASSWORD):
        assert word.encode() not in held, word


def test_what_is_written_is_of_one_length_and_never_twice_the_same(access: Access) -> None:
    viewer, session = officer(access, "A:0001")
    for n, text in enumerate(("a", "b" * 100, "a")):
        workspace.write_thing(access, viewer, session, "incident_x", "note", text, n)
        workspace.write_thing(access, viewer, session, f"incident_{n}", "note", "a", 0)
    values = [row[0] for row in access.database.all("SELECT value FROM notes")]
    assert len({len(value) for value in values}) == 1
    assert len(set(values)) == len(values)


def test_a_note_put_in_anothers_place_or_an_older_version_does_not_open(access: Access) -> None:
    viewer, session = officer(access, "A:0001")
    for one in ("incident_x", "incident_y"):
        workspace.write_thing(access, viewer, session, one, "note", one, 0)
    (first, value), (second, _) = access.database.all("SELECT id, value FROM notes ORDER BY id")
    access.database.do("UPDATE notes SET value = ? WHERE id = ?", value, second)
    access.database.do("UPDATE notes SET version = 7 WHERE id = ?", first)
    for one in ("incident_x", "incident_y"):
        with pytest.raises(IntegrityError):
            workspace.read_thing(access, viewer, session, one, "note")


def test_a_second_officer_waits_until_the_first_gives_the_key(access: Access) -> None:
    first, one = officer(access, "A:0001")
    workspace.write_thing(access, first, one, "incident_x", "note", SECRET, 0)
    second, two = officer(access, "A:0002")
    assert workspace.state_of(access, second, two) == "waiting"
    with pytest.raises(ConflictError, match="not wrapped for you"):
        workspace.read_thing(access, second, two, "incident_x", "note")
    (waits,) = workspace.waiting_for(access, first)
    assert (waits.number, waits.fingerprint) == ("A:0002", workspace.own_fingerprint(access, second))
    with pytest.raises(ConflictError, match="another one by now"):
        workspace.give_key(access, first, one, "A:0002", "0000 0000 0000 0000 0000 0000")
    workspace.give_key(access, first, one, "A:0002", waits.fingerprint)
    shown = workspace.read_thing(access, second, two, "incident_x", "note")
    assert (shown.value, shown.by) == (SECRET, "A:0001")
    assert workspace.waiting_for(access, first) == []


def test_the_key_is_given_to_the_own_side_alone(access: Access) -> None:
    first, one = officer(access, "A:0001")
    officer(access, "B:0001")
    with pytest.raises(InputError, match="nobody of this number waits"):
        workspace.give_key(access, first, one, "B:0001", "")


def test_a_reset_loses_the_key_until_it_is_given_again(access: Access) -> None:
    first, one = officer(access, "A:0001")
    workspace.write_thing(access, first, one, "incident_x", "note", SECRET, 0)
    second, two = officer(access, "A:0002")
    workspace.give_key(access, first, one, "A:0002", workspace.own_fingerprint(access, second))
    reset_account(access, "A:0002", None, "command")
    second, two = officer(access, "A:0002")
    assert workspace.state_of(access, second, two) == "waiting"
    workspace.give_key(access, first, one, "A:0002", workspace.own_fingerprint(access, second))
    assert workspace.read_thing(access, second, two, "incident_x", "note").value == SECRET


def test_where_no_officer_is_left_a_new_key_begins_and_the_old_notes_stay_shut(access: Access) -> None:
    first, one = officer(access, "A:0001")
    workspace.write_thing(access, first, one, "incident_x", "note", SECRET, 0)
    reset_account(access, "A:0001", None, "command")
    first, one = officer(access, "A:0001")
    assert workspace.state_of(access, first, one) == "open"
    assert workspace.read_thing(access, first, one, "incident_x", "note").version == 0


def test_a_session_that_outlives_the_service_is_locked_until_the_password_is_given(service: Service) -> None:
    id_ = incident(service)
    service.access.keys.clear()
    answer = service.client.get(f"/api/v1/workspace/{id_}/note")
    assert (answer.status_code, answer.json()["code"]) == (409, "workspace.locked")
    assert "Locked in this session" in service.client.get("/account", params={"lang": "en"}).text
    wrong = service.client.post(
        "/account/unlock", data={"password": "something else"}, follow_redirects=False
    )
    assert wrong.status_code == 403
    assert (
        service.client.post(
            "/account/unlock", data={"password": PASSWORD}, follow_redirects=False
        ).status_code
        == 303
    )
    assert service.client.get(f"/api/v1/workspace/{id_}/note").status_code == 200


def test_a_token_never_opens_it(service: Service) -> None:
    id_ = incident(service)
    viewer = service.access.viewer(f"A:{list(service.rights).index('duty'):02d}01")
    assert viewer
    token, _ = service.access.make_token(viewer, frozenset({"workspace"}), frozenset({"note"}), 1)
    service.leave().headers["authorization"] = f"Bearer {token}"
    assert service.client.get(f"/api/v1/workspace/{id_}/note").status_code == 403
