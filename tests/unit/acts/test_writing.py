"""The one that writes: groups share a flush, others may write too, and what fails is answered and lost nowhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from living import Living

from truceline.app import flow
from truceline.app.acts import Plan
from truceline.app.noticing import Issue, ReadBack
from truceline.app.wiring import World, beside_others, open_log
from truceline.core.access import ForbiddenError, Viewer
from truceline.core.errors import ConflictError, InputError, UnavailableError
from truceline.ledger.entry import Statement
from truceline.ledger.log import RecordItem

MORE = """Moscow, 27 November 2020

Two servicemen were wounded in a mine explosion near Madagiz on 26 November, the Russian Defence Ministry said.
"""


def officer(centre: Living, letter: str = "A", role: str = "duty") -> Viewer:
    return Viewer(f"{letter}:0001", centre.centre.rights[role], letter)


def issue(n: int) -> Issue:
    return Issue("fire_reported", "place:agdam", f"2020-11-{10 + n % 18} 1{n % 10}:{n % 60:02}")


def test_many_acts_at_once_are_all_written_each_once(centre: Living) -> None:
    writer = centre.centre.acts()
    with ThreadPoolExecutor(24) as many:
        found = list(many.map(lambda n: writer.act(officer(centre), issue(n)).result(30), range(120)))
    assert len({one.entry for one in found}) == 120
    assert centre.store.models.count("notices") == 120
    for one in found:
        entry = centre.store.ledger.entry(one.entry)
        assert (entry.type, entry.id) == ("notice", one.id)


def test_of_two_acts_on_one_thing_at_once_one_counts(centre: Living) -> None:
    writer = centre.centre.acts()
    done = writer.act(officer(centre), issue(1)).result(30)
    both = [writer.act(officer(centre, letter), ReadBack(done.id, done.version)) for letter in "AB"]
    outcomes = [future.exception(30) for future in both]
    assert [type(one) for one in outcomes].count(ConflictError) == 1
    assert outcomes.count(None) == 1


def test_who_may_not_is_told_before_anything_waits(centre: Living) -> None:
    with pytest.raises(ForbiddenError):
        centre.centre.acts().act(officer(centre, role="observer"), issue(1))
    with pytest.raises(ForbiddenError):
        centre.centre.acts().act(Viewer("", centre.centre.rights["duty"], "A"), issue(1))


def test_another_process_may_write_in_between(centre: Living) -> None:
    writer = centre.centre.acts()
    writer.act(officer(centre), issue(1)).result(30)
    mission = centre.centre.world.mission
    statement = Statement(
        type="estimate", id="estimate:elsewhere", mission=mission.settings.id, realm=mission.settings.realm, body={"n": 1}
    )  # fmt: skip
    (place,) = beside_others(lambda: open_log(centre.store, mission).append([statement]))
    done = writer.act(officer(centre), issue(2)).result(30)
    assert done.entry > place
    assert centre.store.models.upto() > done.entry


def test_whoever_writes_beside_the_service_tries_anew_and_passes_any_other_error_on() -> None:
    tries: list[int] = []

    def write(code: str) -> str:
        tries.append(1)
        if len(tries) < 3:
            raise ConflictError(code, "somebody else wrote")
        return "written"

    assert beside_others(lambda: write("store.moved")) == "written"
    tries.clear()
    with pytest.raises(ConflictError):
        beside_others(lambda: write("record.round"))
    with pytest.raises(ConflictError, match="somebody else wrote"):
        beside_others(_never)


def _never() -> None:
    raise ConflictError("store.moved", "somebody else wrote")


def test_what_another_process_ran_is_told_and_seen_at_once(
    centre: Living, world: World, tmp_path: Path
) -> None:
    """The other one makes the read models itself, so nothing is left to follow: it is told all the same."""
    centre.settle()
    before = [one["id"] for one in centre.get("A:0001", "incidents").json()["items"]]
    told: list[RecordItem] = []
    writer = centre.centre.acts()
    writer.tell(told.extend)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "more.txt").write_text(MORE, encoding="utf-8")
    size = centre.store.ledger.size()
    flow.run(
        world, [tmp_path / "in"], tmp_path / "store", known_at=None, accepted_only=False, say=lambda *_: None
    )
    until = monotonic() + 20
    while len(told) < centre.store.ledger.size() - size and monotonic() < until:
        sleep(0.02)
    assert [one.index for one in told] == list(range(size, centre.store.ledger.size()))
    assert writer.facts == told[-1].index
    found = [one["id"] for one in centre.get("A:0001", "incidents").json()["items"]]
    assert found
    assert found != before, "no picture from before is shown"


def test_an_act_that_meets_a_defect_is_answered_and_the_next_goes_on(
    centre: Living, monkeypatch: Any
) -> None:
    writer = centre.centre.acts()
    monkeypatch.setattr(Issue, "plan", lambda *_: 1 / 0)
    with pytest.raises(UnavailableError, match="ZeroDivisionError"):
        writer.act(officer(centre), issue(1)).result(30)
    monkeypatch.undo()
    assert writer.act(officer(centre), issue(2)).result(30).entry


def test_what_cannot_be_an_entry_takes_no_act_of_its_group_along(centre: Living) -> None:
    """What a machine derives wrongly is refused alone; an officer's act that waited beside it is written."""
    writer = centre.centre.acts()
    settings = centre.centre.world.mission.settings
    wrong = Statement(type="track", id="track_x", mission=settings.id, realm=settings.realm, body={"p": 7})
    writer.alone(lambda _: sleep(0.3))
    refused = writer.derived(Plan((wrong,)))
    done = writer.act(officer(centre), issue(1))
    assert isinstance(refused.exception(30), InputError)
    assert centre.store.ledger.entry(done.result(30).entry).type == "notice"


def test_where_the_disk_is_full_nothing_is_acknowledged_and_all_goes_on_after(
    centre: Living, monkeypatch: Any
) -> None:
    writer = centre.centre.acts()
    writer.act(officer(centre), issue(1)).result(30)
    size = centre.store.ledger.size()
    full = OSError(28, "No space left on device")

    def refuse(*_: Any, **__: Any) -> None:
        raise full

    monkeypatch.setattr("truceline.adapters.sqlite.ledger_store.SqliteLedgerStore.append", refuse)
    with pytest.raises(UnavailableError, match="OSError"):
        writer.act(officer(centre), issue(2), key="k").result(30)
    assert centre.store.ledger.size() == size
    monkeypatch.undo()
    assert writer.act(officer(centre), issue(2), key="k").result(30).entry >= size


def test_what_was_written_but_not_acknowledged_is_found_by_its_key(centre: Living, monkeypatch: Any) -> None:
    writer = centre.centre.acts()
    centre.settle()
    broken = OSError(5, "Input/output error")
    real = centre.store.models.__class__.change

    def refuse(*_: Any, **__: Any) -> None:
        raise broken

    monkeypatch.setattr("truceline.adapters.sqlite.read_models.SqliteReadModels.change", refuse)
    with pytest.raises(UnavailableError):
        writer.act(officer(centre), issue(3), key="k", asked=b"x").result(30)
    monkeypatch.setattr("truceline.adapters.sqlite.read_models.SqliteReadModels.change", real)
    size = centre.store.ledger.size()
    done = writer.act(officer(centre), issue(3), key="k", asked=b"x").result(30)
    assert done.entry < size, "the entry stands already; the same request is answered with it"
    assert centre.store.models.get("notices", done.id) is not None
