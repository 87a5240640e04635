"""Conclusions drawn by a process of its own: what a service writes is linked and assessed by whoever works beside it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest
from click.testing import CliRunner

from truceline.app import wiring
from truceline.app.entering import Observation, Where
from truceline.app.working import set_up
from truceline.cli import truceline
from truceline.core.access import Viewer
from truceline.core.addresses import StoreAddress, parse_store
from truceline.testing.cluster import Cluster

WORDS = "Moscow, 3 March 2021\n\nThe Russian Ministry of Defence said on Wednesday that its peacekeepers set up 27 observation posts in Nagorno-Karabakh.\n"
MISSION = "karabakh-2020"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StoreAddress]:
    """A store of a mission with one bulletin, of either kind."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "posts.txt").write_text(WORDS, encoding="utf-8")
    server: Cluster | None = None
    text = f"sqlite:///{tmp_path / 'out' / 'store.db'}"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        text = server.new_database()
    words = [
        "run",
        "--mission",
        MISSION,
        "--inbox",
        str(inbox),
        "--out",
        str(tmp_path / "out"),
        "--store",
        text,
    ]
    done = CliRunner().invoke(truceline, words)
    assert done.exit_code == 0, done.output
    yield parse_store(text, tmp_path / "out" / "evidence")
    if server is not None:
        server.drop(text)


def test_what_a_service_writes_is_concluded_from_by_the_process_beside_it(
    place: StoreAddress, tmp_path: Path
) -> None:
    service = set_up(
        lambda: wiring.open_store(place),
        wiring.open_world(MISSION),
        lambda: datetime.now(UTC),
        is_deriving=False,
    )
    service.start(lambda _: None)
    words = [
        "-m",
        "truceline",
        "work",
        "--mission",
        MISSION,
        "--store",
        place.text,
        "--evidence",
        str(place.evidence),
    ]
    process = subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    try:
        assert process.stdout
        assert process.stdout.readline().startswith("working for ")
        officer = Viewer("A:0001", wiring.load_rights()["duty"], "A")
        act = Observation(
            "ceasefire_violation", "2021-03-02 07:30", Where("place:agdam"), "Shots heard", "", "heard"
        )
        done = service.writer.act(officer, act).result(30)
        store = wiring.open_store(place)
        until, found = monotonic() + 40, False
        while not found and monotonic() < until:
            claims = set((store.models.get("reports", done.id) or {}).get("claims", ()))
            found = any(claims & set(one["claims"]) for one in store.models.list("incidents"))
            sleep(0.1)
        store.close()
        assert found
    finally:
        service.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stdout
        assert "stopped" in process.stdout.read()


def test_it_says_that_there_is_nothing_to_work_for(tmp_path: Path) -> None:
    done = CliRunner().invoke(truceline, ["work", "--mission", MISSION, "--store", str(tmp_path / "none.db")])
    assert "nothing has been recorded yet" in str(done.exception)


def test_a_server_tells_at_once_that_entries_were_written(postgres: Cluster, tmp_path: Path) -> None:
    from truceline.testing.ledger_store import make_statements, open_log  # noqa: PLC0415 - needs no store before

    address = postgres.new_database()
    ours, theirs = (wiring.open_store(parse_store(address, tmp_path / "evidence")) for _ in range(2))
    assert ours.written is not None
    assert ours.written(0.2) is False, "nobody wrote"
    told: list[float] = []
    wait = ours.written
    listening = threading.Thread(target=lambda: told.append(monotonic()) if wait(20) else None)
    listening.start()
    sleep(0.3)
    began = monotonic()
    open_log(theirs.ledger, theirs.payloads).append(make_statements(0, 3))
    listening.join(25)
    assert told
    assert told[0] - began < 20
    ours.close()
    theirs.close()
    postgres.drop(address)
