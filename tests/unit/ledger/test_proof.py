"""Proofs of one entry. Source: C2SP tlog-proof."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.errors import InputError, IntegrityError, TrucelineError
from truceline.core.release import Realm
from truceline.ledger.cosigning import collect_cosignatures
from truceline.ledger.keys import derive_demo_cosigner, derive_demo_key
from truceline.ledger.policy import Policy, PolicyWitness, require_all
from truceline.ledger.proof import HEADER, check_proof, make_proof
from truceline.ledger.witness import Witness
from truceline.testing.ledger_store import (
    MISSION,
    MemoryBlobs,
    MemoryLedgerStore,
    MemoryWitnessStore,
    make_statements,
    open_log,
)

LOG = derive_demo_key(Realm.DEMO, MISSION).verifier
KEY = derive_demo_cosigner(Realm.DEMO, MISSION, "A")
POLICY = require_all(LOG, [PolicyWitness("A", KEY.verifier)])
N = 300


@pytest.fixture(scope="module")
def record() -> tuple[MemoryLedgerStore, MemoryBlobs]:
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    open_log(store, blobs).append(make_statements(0, N))
    witness = Witness(KEY, {LOG.name: [LOG]}, MemoryWitnessStore(), lambda: 7)
    collect_cosignatures(store, POLICY, {"A": witness})
    return store, blobs


@pytest.mark.parametrize("index", [0, 1, 127, 255, 256, N - 1])
def test_an_entry_is_shown_with_its_payload(
    record: tuple[MemoryLedgerStore, MemoryBlobs], index: int
) -> None:
    store, blobs = record
    proof = make_proof(store, POLICY, index)
    assert proof.startswith(HEADER.encode() + b"\nextra ")
    payload = blobs.get(store.entry(index).payload_sha256)
    proven = check_proof(proof, POLICY, payload=payload, latest_s=7)
    assert (proven.index, proven.head.size, proven.cosigned_at_s) == (index, N, {"A": 7})
    assert proven.payload is not None
    assert proven.payload["id"] == proven.leaf.id == f"report_{index:04d}"


def test_what_a_policy_wants_is_wanted(record: tuple[MemoryLedgerStore, MemoryBlobs]) -> None:
    store, _ = record
    proof = make_proof(store, Policy((LOG,)), 3)
    with pytest.raises(IntegrityError, match="not cosigned by A"):
        check_proof(proof, POLICY)
    assert check_proof(proof, Policy((LOG,))).cosigned_at_s == {}
    stranger = derive_demo_key(Realm.DEMO, "another").verifier
    with pytest.raises(IntegrityError):
        check_proof(proof, Policy((stranger,)))
    with pytest.raises(IntegrityError, match="time to come"):
        check_proof(make_proof(store, POLICY, 3), POLICY, latest_s=6)


def test_there_is_no_proof_of_what_is_not_there(record: tuple[MemoryLedgerStore, MemoryBlobs]) -> None:
    with pytest.raises(InputError):
        make_proof(record[0], POLICY, N)


def test_another_payload_is_refused(record: tuple[MemoryLedgerStore, MemoryBlobs]) -> None:
    with pytest.raises(IntegrityError, match="not the one"):
        check_proof(make_proof(record[0], POLICY, 3), POLICY, payload=b"{}")


def test_every_turned_bit_of_a_proof_is_noticed(record: tuple[MemoryLedgerStore, MemoryBlobs]) -> None:
    proof = make_proof(record[0], POLICY, 5)
    for at in range(len(proof)):
        for bit in (0, 3, 6):
            bad = proof[:at] + bytes([proof[at] ^ (1 << bit)]) + proof[at + 1 :]
            with pytest.raises(TrucelineError):
                check_proof(bad, POLICY)


@given(st.binary(max_size=120))
def test_any_bytes_are_refused_with_a_reason(data: bytes) -> None:
    for file in (data, HEADER.encode() + b"\n" + data, HEADER.encode() + b"\nextra AAAA\nindex 0\n\n" + data):
        with pytest.raises(TrucelineError):
            check_proof(file, POLICY)
