"""What changed is told to everybody who may know of it: type, id and place, in order, with nothing lost in between."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from living import Living

from truceline.app.telling import MOST_AT_ONCE, since
from truceline.core.release import Realm
from truceline.core.rows import Recipient
from truceline.ledger.log import read_log
from truceline.serve.api.events import MOST_WAITING, RESET, Hub

FIRE = {"phrase": "fire_reported", "place": "place:agdam", "since": "2020-11-28 15:10"}
A, B, JOINT = (Recipient(word, Realm.DEMO) for word in ("A", "B", "joint"))


def act(centre: Living, release: str) -> dict[str, Any]:
    body = {
        "kind": "attack", "when": "2020-11-27 07:30", "where": {"place": "place:agdam"}, "says": "",
        "what": f"kept {release}", "basis": "saw", "release": release,
    }  # fmt: skip
    return centre.done("A:0001", "reports", body)


def test_each_is_told_what_they_may_know(centre: Living) -> None:
    shared, kept = act(centre, "joint"), act(centre, "owner")
    ours, theirs = (dict.fromkeys(one.index for one in since(centre.store, 0, who)[0]) for who in (A, B))
    assert shared["entry"] in ours
    assert shared["entry"] in theirs
    assert kept["entry"] in ours
    assert kept["entry"] not in theirs
    assert kept["entry"] + 1 not in theirs, "nor of the claims that were read in it"


def test_a_side_is_told_what_its_head_released_to_a_party_and_the_other_is_not(centre: Living) -> None:
    kept = act(centre, "owner")
    body = {"report": kept["id"], "to": "party:armenia", "seen": kept["version"]}
    done = centre.done("A:0009", "disclosures", body, role="head")
    assert done["entry"] in {one.index for one in since(centre.store, 0, A)[0]}
    assert done["entry"] not in {one.index for one in since(centre.store, 0, B)[0]}


def test_who_comes_back_hears_what_was_missed_and_who_was_away_too_long_looks_anew(centre: Living) -> None:
    first = centre.done("A:0001", "notices", FIRE)
    second = centre.done("A:0001", f"notices/{first['id']}/read-back", {"seen": first["version"]})
    missed, is_whole = since(centre.store, first["entry"], B)
    assert is_whole
    assert second["entry"] in {one.index for one in missed}
    assert first["entry"] not in {one.index for one in missed}
    assert since(centre.store, 10**9, B) == ([], False), (
        "a number that this record has not reached is another record's"
    )
    assert MOST_AT_ONCE >= 1000


def test_a_message_is_made_once_for_all_who_may_know_the_same(centre: Living) -> None:
    centre.done("A:0001", "notices", FIRE)
    items = tuple(read_log(centre.store.ledger, centre.store.payloads))

    async def listen() -> list[list[bytes]]:
        hub, heard = Hub(), list[list[bytes]]()

        async def one(who: Recipient) -> None:
            mine: list[bytes] = []
            heard.append(mine)
            async for message in hub.listen(who, lambda: b""):
                mine.append(message)
                if len(mine) == 2:
                    return

        tasks = [asyncio.create_task(one(who)) for who in (A, A, B, JOINT)]
        await asyncio.sleep(0)
        assert len(hub) == 4
        hub.publish(items)
        await asyncio.gather(*tasks)
        return heard

    heard = asyncio.run(listen())
    assert heard[0][1] is heard[1][1]
    assert b"event: notice" in heard[2][1]
    assert heard[0][0].startswith(b"retry: ")


def test_a_listener_that_does_not_read_is_told_to_look_anew_and_holds_nobody_up(centre: Living) -> None:
    centre.done("A:0001", "notices", FIRE)
    items = tuple(read_log(centre.store.ledger, centre.store.payloads))

    async def listen() -> bytes:
        hub = Hub()
        stream = hub.listen(A, lambda: b"")
        await anext(stream)
        for _ in range(MOST_WAITING + 1):
            hub.publish(items[-1:])
        return await anext(stream)

    assert asyncio.run(listen()) == RESET


def test_only_who_subscribes_is_told(centre: Living) -> None:
    assert centre.get("P:1", "events", role="party", side="party:armenia").status_code == 403
    assert centre.client.get("/api/v1/events").status_code == 401
    assert centre.get("A:0001", "events", last_event_id="x").status_code == 400


def test_a_page_is_told_of_all_that_came_after_what_it_shows(centre: Living) -> None:
    first = centre.done("A:0001", "notices", FIRE)
    page = centre.get("A:0001", "/").text
    (told,) = re.findall(r'data-listen="/api/v1/events\?after=(\d+)"', page)
    shown = int(told)
    assert shown >= first["entry"]
    second = centre.done("A:0001", f"notices/{first['id']}/read-back", {"seen": first["version"]})
    assert second["entry"] in {one.index for one in since(centre.store, shown, A)[0]}
    assert first["entry"] not in {one.index for one in since(centre.store, shown, A)[0]}
