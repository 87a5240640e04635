"""A witness over HTTP: what it answers in process it answers over a socket, and being away is told in one line."""

from __future__ import annotations

import http.client
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

import pytest

from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.witness_store import SqliteWitnessStore
from truceline.adapters.witness import HttpWitness, serve_witness
from truceline.core.errors import InputError, UnavailableError
from truceline.core.release import Realm
from truceline.ledger.checkpoint import Checkpoint, sign_checkpoint
from truceline.ledger.keys import derive_demo_cosigner, derive_demo_key
from truceline.ledger.tree import MemoryTree, consistency_proof, leaf_hash
from truceline.ledger.witness import Request, Witness, format_request

LOG = derive_demo_key(Realm.DEMO, "m")
KEY = derive_demo_cosigner(Realm.DEMO, "m", "A")
TREE = MemoryTree(leaf_hash(b"%d" % n) for n in range(30))


def request(old: int, size: int) -> bytes:
    proof = consistency_proof(TREE.node, old, size) if old else []
    return format_request(
        Request(old, tuple(proof), sign_checkpoint(Checkpoint(LOG.name, size, TREE.root(size)), LOG))
    )


@pytest.fixture
def url(tmp_path: Path) -> str:
    def make() -> Witness:
        store = SqliteWitnessStore(connect(tmp_path / "w.db"), KEY.name)
        return Witness(KEY, {LOG.name: [LOG.verifier]}, store, lambda: 5)

    make()
    said: Queue[str] = Queue()
    threading.Thread(target=serve_witness, args=(make, "localhost:0", said.put), daemon=True).start()
    return said.get(timeout=10)


def test_it_cosigns_and_keeps_the_connection(url: str) -> None:
    link = HttpWitness(url)
    assert [link.add_checkpoint(request(old, old + 1)).status for old in range(20)] == [200] * 20
    assert link.add_checkpoint(request(3, 9)).body == b"20\n"
    link.close()
    assert link.add_checkpoint(request(20, 21)).status == 200, "a closed connection opens again"


def test_of_many_at_once_one_advances(url: str) -> None:
    def one(size: int) -> int:
        return HttpWitness(url).add_checkpoint(request(0, size)).status

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(one, range(1, 17)))
    assert sorted(statuses) == [200] + [409] * 15


def test_what_is_no_request_is_refused_and_the_next_one_taken(url: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    for path, headers, status in (
        ("/other", {}, 404),
        ("/add-checkpoint", {"Content-Length": "99999999999"}, 400),
        ("/add-checkpoint", {"Content-Length": "x"}, 400),
    ):
        connection = http.client.HTTPConnection(host, int(port), timeout=5)
        connection.putrequest("POST", path)
        for name, value in {"Content-Length": "0", **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        assert connection.getresponse().status == status
        connection.close()
    assert HttpWitness(url).add_checkpoint(request(0, 3)).status == 200


def test_a_witness_that_is_away_is_told_in_one_line() -> None:
    with pytest.raises(UnavailableError, match="does not answer"):
        HttpWitness("http://localhost:9", timeout_s=1).add_checkpoint(b"x")


@pytest.mark.parametrize("address", ["localhost:9", "ftp://a", "http://", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="no address"):
        HttpWitness(address)


@pytest.mark.parametrize("bind", ["0.0.0.0:8470", "localhost", "example.org:1", ":x"])
def test_only_the_loopback_is_bound(bind: str) -> None:
    with pytest.raises(InputError):
        serve_witness(lambda: None, bind, print)  # type: ignore[arg-type,return-value]
