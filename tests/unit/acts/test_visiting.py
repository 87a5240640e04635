"""A running service has witnesses cosign, and acknowledges what each side's own list shows: what is left out can be shown."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from living import NOON, Living

from truceline.app import outbox, positions
from truceline.app.determining import take_signed
from truceline.app.founding import demo_cosigners, demo_policy
from truceline.app.rounds import rounds_of_store
from truceline.app.visiting import Visits
from truceline.app.wiring import open_store, serve_witness, witness_at
from truceline.core.errors import InputError, IntegrityError
from truceline.ledger.cosigning import recorded_policy, standings
from truceline.ledger.keys import derive_demo_key
from truceline.ledger.signing import sign_statement


@pytest.fixture
def keep(tmp_path: Path) -> Path:
    """B's own folder."""
    return tmp_path / "keep-of-b"


def hand(centre: Living, keep: Path, incident: str, *, is_lost: bool = False) -> str:
    """Have B propose a round; where the exchange is lost, the list alone knows of it. Returns the proposal's id."""
    mission = centre.centre.world.mission
    signer = derive_demo_key(mission.settings.realm, mission.settings.id, "B/duty")
    desk = positions.Desk(rounds_of_store(centre.store), (signer,), NOON)
    signed = positions.propose(
        desk, incident, question="happening", meeting="apart", level="preliminary", urgency="routine",
        matters=(), evidence=(),
    )  # fmt: skip
    head = outbox.handed_over(desk, signed, keep)
    if not is_lost:
        both = [("head", head), ("statement", signed)]
        taking = centre.centre.acts().alone(lambda store: take_signed(store, mission, both, NOON)).result(30)
        assert [one.why for one in taking.taken] == ["", ""]
    return incident


def wait_until(is_so: Callable[[], object]) -> None:
    """Wait for what another thread brings about."""
    until = monotonic() + 20
    while not is_so() and monotonic() < until:
        sleep(0.05)
    assert is_so()


def test_the_head_of_a_list_that_grew_is_acknowledged_once(centre: Living, keep: Path) -> None:
    hand(centre, keep, "incident_one")
    assert outbox.acknowledged(centre.store, outbox.heads_of(keep), NOON) == []
    hand(centre, keep, "incident_two", is_lost=True)
    (statement,) = outbox.acknowledged(centre.store, outbox.heads_of(keep), NOON)
    assert (statement.type, statement.owner, statement.body["size"]) == ("seen", "centre", 2)


def test_nobody_makes_up_a_list_for_another_side(centre: Living, keep: Path, tmp_path: Path) -> None:
    hand(centre, tmp_path / "never-named", "incident_one", is_lost=True)
    assert outbox.acknowledged(centre.store, outbox.heads_of(tmp_path / "never-named"), NOON) == []
    hand(centre, keep, "incident_two")
    (own,) = json.loads(outbox.heads_of(keep))
    forged = own | {"checkpoint": own["checkpoint"].replace("\n1\n", "\n9\n")}
    with pytest.raises(IntegrityError):
        outbox.acknowledged(centre.store, json.dumps([forged]).encode(), NOON)


@pytest.mark.parametrize("wrong", [{}, {"size": 10**9}, {"size": "many"}, {"vkey": "another"}])
def test_what_one_side_says_of_anothers_list_stands_in_nobodys_way(
    centre: Living, keep: Path, wrong: dict[str, Any]
) -> None:
    hand(centre, keep, "incident_one")
    (own,) = json.loads(outbox.heads_of(keep))
    mission = centre.centre.world.mission
    signer = derive_demo_key(mission.settings.realm, mission.settings.id, "A/duty")
    desk = positions.Desk(rounds_of_store(centre.store), (signer,), NOON)
    body = {
        "origin": own["vkey"].partition("+")[0],
        "vkey": own["vkey"],
        "size": 2,
        "root": "00" * 32,
    } | wrong
    body = body if wrong else {"nothing": "of it"}
    false = sign_statement(desk.statement("seen", "outbox:a:false", body), desk.signers, desk.rounds.head)
    taken = centre.centre.acts().alone(lambda store: take_signed(store, mission, [("false", false)], NOON))
    assert [one.why for one in taken.result(30).taken] == [""]
    hand(centre, keep, "incident_two", is_lost=True)
    (statement,) = outbox.acknowledged(centre.store, outbox.heads_of(keep), NOON)
    assert (statement.body["origin"], statement.body["size"]) == (own["vkey"].partition("+")[0], 2)
    assert list(outbox.omitted(rounds_of_store(centre.store), keep)) == []


def test_a_list_that_lost_what_it_showed_is_said(centre: Living, keep: Path) -> None:
    hand(centre, keep, "incident_one")
    before = outbox.heads_of(keep)
    hand(centre, keep, "incident_two")
    with pytest.raises(IntegrityError, match="the list ends at 1, and the record acknowledges 2"):
        outbox.acknowledged(centre.store, before, NOON)


@pytest.mark.parametrize("shown", [b"", b"[1]", b"{}x", b'[{"vkey": "x"}]', b"[" * 100_000])
def test_what_is_no_list_of_heads_is_refused(centre: Living, shown: bytes) -> None:
    with pytest.raises(InputError, match="no list of heads"):
        outbox.acknowledged(centre.store, shown, NOON)


def test_a_visited_side_proves_what_was_left_out_though_nothing_of_the_exchange_arrived(
    centre: Living, keep: Path, tmp_path: Path
) -> None:
    mission = centre.centre.world.mission
    hand(centre, keep, "incident_one")
    hand(centre, keep, "incident_two", is_lost=True)
    said: queue.Queue[str] = queue.Queue()
    make = witness_at(tmp_path / "witness-b.db", demo_cosigners(mission)["B"], demo_policy(mission).logs)
    heads = partial(outbox.heads_of, keep)
    threading.Thread(target=serve_witness, args=(make, "localhost:0", said.put, heads), daemon=True).start()
    visits = Visits(lambda: open_store(tmp_path / "store" / "store.db"), {"B": said.get(timeout=10), "A": "http://localhost:9"},
                    centre.centre.acts(), lambda: NOON)  # fmt: skip
    visits.start()
    try:
        wait_until(lambda: list(outbox.omitted(rounds_of_store(centre.store), keep)))
    finally:
        visits.close()
    (left_out,) = outbox.omitted(rounds_of_store(centre.store), keep)
    assert (left_out.type, left_out.listed) == ("determination", 1)
    policy = recorded_policy(centre.store.ledger, centre.store.payloads)
    behind = {one.name: one.n_behind for one in standings(centre.store.ledger, policy)}
    assert behind["B"] <= 1, "B cosigned what was there when it was visited"
